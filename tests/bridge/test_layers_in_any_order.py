"""Whatever is done to layers in whatever order: without a shown one, every channel is as on a twin without any."""

from contextlib import suppress
from typing import Any

import bpy
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mannerism.bridge import nla
from mannerism.bridge.curves import Curve, channels_of, new_action, write_curves
from mannerism.bridge.layer_tracks import LAYER, marked
from mannerism.bridge.shown import shown
from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.tools.synthetic.characters import (
    bust,
    degrees,
    nodding,
    plain_object,
    pose_at,
    set_mode,
    set_pose,
)

FRAMES = (1, 9, 24, 60)
POSE = rot.from_rotvec(np.array([0.3, -0.2, 0.4]))
MODES = ("XYZ", "QUATERNION", "AXIS_ANGLE")
PATHS = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle", "XYZ": "rotation_euler"}


def scene() -> Any:
    return bpy.context.scene


class Stage:
    """A character, its twin that no layer ever touches, and what the animator does to both of them."""

    def __init__(self, kind, mode, tmp_path, *, pose, tracks):
        self.bones = ("head", "neck", "torso") if kind == "armature" else ("",)
        self.file = str(tmp_path / "stage.blend")
        obj = bust() if kind == "armature" else plain_object()
        obj.name = "Ada"
        for bone in obj.pose.bones if obj.pose else ():
            set_mode(bone, mode)
        owner = obj.pose.bones["head"] if obj.pose else obj
        owner.rotation_mode = mode
        if pose:
            set_pose(owner, POSE)
            owner.location = (0.01, 0.02, 0.03)
        prefix = 'pose.bones["head"].' if obj.pose else ""
        self.actions(obj, prefix, mode)
        twin = obj.copy()
        twin.name = "Twin"
        scene().collection.objects.link(twin)
        twin.location = obj.location
        if tracks:
            self.both(self.own_track)
        scene().frame_set(1)
        bpy.context.view_layer.objects.active = obj
        bpy.ops.ed.undo_push(message="The animator's work")

    def actions(self, obj, prefix, mode):
        """Actions to switch between: all of the head's rotation, one channel of it, and its location."""
        rng = np.random.default_rng(3)
        frames = np.array([1.0, 20.0, 50.0])
        size = 3 if mode == "XYZ" else 4
        turns = [rot.from_rotvec(rng.normal(size=3) * 0.4) for _ in frames]
        wave = {"XYZ": rng.normal(size=(3, 3)) * 0.4, "QUATERNION": np.array(turns)}.get(mode)
        whole = [[0.3, 1.0, 0.0, 0.0], [0.5, 0.0, 1.0, 0.0], [0.1, 0.0, 0.0, 1.0]] if wave is None else wave
        channels = {
            "whole": [(PATHS[mode], i, np.array(whole)[:, i]) for i in range(size)],
            "one": [(PATHS[mode], 1, np.array([0.0, 0.3, -0.2]))],
            "place": [("location", i, rng.normal(size=3) * 0.05) for i in range(3)],
        }
        for name, curves in channels.items():
            action = new_action(name, obj)
            action.use_fake_user = True
            write_curves(action, [Curve(prefix + path, i, values) for path, i, values in curves], frames)

    def own_track(self, obj):
        action = bpy.data.actions.get("own") or new_action("own", obj)
        if not list(channels_of(action, action.slots[0]).fcurves):
            write_curves(action, [Curve("scale", 0, np.array([1.0, 1.5]))], [1.0, 50.0])
        track = obj.animation_data_create().nla_tracks.new()
        track.name = "own"
        track.strips.new("own", 1, action).action_slot = action.slots[0]

    @property
    def ada(self):
        return bpy.data.objects["Ada"]

    def both(self, do):
        for name in ("Ada", "Twin"):
            do(bpy.data.objects[name])
        bpy.context.view_layer.update()

    def do(self, step):
        what, number = step
        takes = marked(self.ada, LAYER)
        track = takes[number % len(takes)][0] if takes else None
        getattr(self, what)(number, track)
        bpy.context.view_layer.update()
        if what not in ("undo", "redo", "reopen"):
            bpy.ops.ed.undo_push(message=what)

    def generate(self, number, _):
        scene().frame_set(FRAMES[number])
        add_take(self.ada, nodding(1.25, number), line="hello", seed=number, start_frame=1)

    def mute(self, _, track):
        if track:
            track.mute = True

    def unmute(self, _, track):
        if track:
            track.mute = False

    def mute_strip(self, number, track):
        if track:
            track.strips[0].mute = bool(number % 2)

    def mute_all(self, *_):
        for track in self.ada.animation_data.nla_tracks:
            if track.name != "own":
                track.mute = True

    def remove(self, _, track):
        if track:
            nla.remove_layer(self.ada, nla.Layer(track.strips[0].action.name))

    def delete_track(self, _, track):
        """By hand, as with X in the NLA editor."""
        if track:
            self.ada.animation_data.nla_tracks.remove(track)

    def set_solo(self, obj, *, solo):
        for track in obj.animation_data.nla_tracks if obj.animation_data else ():
            if track.name == "own":
                track.is_solo = solo

    def solo(self, *_):
        self.both(lambda obj: self.set_solo(obj, solo=True))

    def no_solo(self, *_):
        self.both(lambda obj: self.set_solo(obj, solo=False))

    def switch(self, number, _):
        name = ("whole", "one", "place", "")[number]

        def act(obj):
            action = bpy.data.actions.get(name) if name else None
            data = obj.animation_data or obj.animation_data_create()
            data.action = action
            if action:
                data.action_slot = action.slots[0]

        self.both(act)

    def undo(self, *_):
        with suppress(RuntimeError):  # nothing to undo
            bpy.ops.ed.undo()

    def redo(self, *_):
        with suppress(RuntimeError):  # nothing to redo
            bpy.ops.ed.redo()

    def reopen(self, *_):
        bpy.ops.wm.save_as_mainfile(filepath=self.file)
        bpy.ops.wm.open_mainfile(filepath=self.file)
        bpy.ops.ed.undo_push(message="Opened")

    def frame(self, number, _):
        scene().frame_set(FRAMES[number])

    def check(self):
        """At the frame that is shown and then at others, a character without a shown take is as its twin."""
        ada, twin = self.ada, bpy.data.objects["Twin"]
        on = shown(ada)
        assert len(on) <= 1
        if on:
            return
        now = scene().frame_current
        for frame in (now, *FRAMES, now):
            for bone in self.bones:
                (turn, place), (told, there) = (pose_at(obj, bone, frame) for obj in (ada, twin))
                assert degrees(turn, told) < 0.05, (bone, frame)
                np.testing.assert_allclose(place, there, atol=1e-5)


STEPS = ["generate", "mute", "unmute", "mute_strip", "mute_all", "remove", "delete_track", "solo", "no_solo"]
STEPS += ["switch", "switch", "undo", "undo", "redo", "reopen", "frame", "generate", "mute"]


STARTS = st.fixed_dictionaries({"pose": st.booleans(), "tracks": st.booleans(), "action": st.integers(0, 3)})


@given(
    who=st.tuples(st.sampled_from(["armature", "object"]), st.sampled_from(MODES)),
    start=STARTS,
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), min_size=3, max_size=12),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order(extension, tmp_path, who, start, steps):
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    first = ("switch", start.pop("action"))
    stage = Stage(who[0], who[1], tmp_path, **start)
    for step in [first, ("generate", 1), *steps]:
        stage.do(step)
        stage.check()

"""Whatever an animator directs in whatever order: no key is changed, pins are met, and undo leads back."""

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mannerism.bridge import takes, worker
from mannerism.bridge.direct_edits import edits_of
from mannerism.bridge.layer_motion import motion_at, start_of
from mannerism.bridge.layer_tracks import LAYER, curves_of, marked
from mannerism.core import rotation as rot
from mannerism.core.generate import from_audio
from mannerism.core.jobs.table import JOBS
from mannerism.core.motion import no_progress
from mannerism.core.speech.features import extract_features
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tools.synthetic.characters import bust, degrees, key_pose

bpy = pytest.importorskip("bpy")

FRAMES = (8, 30, 47, 62, 85, 110)
PARTS = ((20, 50), (40, 90), (70, 120))
NEAR_S = 0.3


class Here:
    """A worker that does its jobs at once, in this process."""

    job = None

    def __init__(self, folder):
        self.folder = folder

    def start(self, job, arguments, *, label):
        answer = JOBS[job](no_progress, **arguments)
        return type("Done", (), {"wait": lambda _: answer, "result": lambda _: answer, "label": label})()


@pytest.fixture
def at_once(extension, monkeypatch, tmp_path):
    """Jobs in this process, and the features of a sound once."""
    known = lru_cache(lambda path: extract_features(path, no_progress))
    monkeypatch.setattr(from_audio, "extract_features", lambda path, *_, **__: known(path))
    here = Here(tmp_path)
    monkeypatch.setattr(worker, "shared", lambda: here)


def keys(action):
    return {
        key: tuple((*point.co, point.type) for point in curve.keyframe_points)
        for key, curve in curves_of(action, action.slots[0]).items()
    }


def degrees_of(pin):
    return pin.pitch, pin.yaw, pin.roll


class Stage:
    """A character, and what it must be like by now: pins by frame, keys by layer, and each state on the way."""

    def __init__(self):
        obj = bust()
        bpy.context.view_layer.objects.active = obj
        for frame, turn in ((1, (0.1, 0.0, 0.2)), (90, (-0.2, 0.1, 0.0))):
            key_pose(obj.pose.bones["head"], frame, rot.from_rotvec(np.array(turn)))
        chosen: Any = obj.mannerism
        chosen.style, chosen.audio, chosen.seed, chosen.engine = (
            "calm",
            str(EXAMPLES / "line_1.wav"),
            3,
            "puppet",
        )
        self.own = keys(obj.animation_data.action)
        assert bpy.ops.mannerism.generate() == {"FINISHED"}
        self.pins: dict[int, Any] = {}
        self.layers = {action.name: keys(action) for _, action in marked(obj, LAYER)}
        bpy.ops.ed.undo_push(message="The animator's work")
        self.states, self.at = [self.state()], 0

    @property
    def obj(self):
        return bpy.data.objects["Rig"]

    def state(self):
        return dict(self.pins), dict(self.layers)

    def do(self, step):
        what, number, value = step
        if what in {"undo", "redo"}:
            to = self.at + (1 if what == "redo" else -1)
            if 0 <= to < len(self.states):
                getattr(bpy.ops.ed, what)()
                self.at = to
                pins, layers = self.states[to]
                self.pins, self.layers = dict(pins), dict(layers)
            return
        if getattr(self, what)(number, value):
            self.states = [*self.states[: self.at + 1], self.state()]
            self.at += 1

    def call(self, operator, **given):
        assert getattr(bpy.ops.mannerism, operator)("EXEC_DEFAULT", True, **given) == {"FINISHED"}
        return True

    def pin(self, number, value):
        frame = FRAMES[number]
        bpy.context.scene.frame_set(frame)
        head = self.obj.pose.bones["head"]
        turn = rot.from_rotvec(np.array([0.12, -0.08, 0.05]) * value)
        head.rotation_quaternion = rot.multiply(np.array(head.rotation_quaternion), turn)
        self.call("pin_pose")
        pins = self.obj.mannerism.direct.pins
        self.pins[frame] = degrees_of(pins[self.obj.mannerism.direct.pin_index])
        return True

    def listed(self, number):
        pins = list(self.obj.mannerism.direct.pins)
        if not pins:
            return None, None
        index = number % len(pins)
        return index, round(float(pins[index].seconds) * 24) + 1

    def move(self, number, value):
        index, frame = self.listed(number)
        to = FRAMES[(number + 2) % len(FRAMES)]
        if index is None or to in self.pins:
            return False
        bpy.context.scene.frame_set(to)
        self.call("move_pin", index=index)
        self.pins[to] = self.pins.pop(frame)
        return True

    def delete(self, number, _):
        index, frame = self.listed(number)
        if index is None:
            return False
        self.call("delete_pin", index=index)
        del self.pins[frame]
        return True

    def edit(self, number, value):
        _, action = marked(self.obj, LAYER)[-1]
        for (path, index), curve in curves_of(action, action.slots[0]).items():
            if "head" in path and "quaternion" in path and index == 1:
                curve.keyframe_points[FRAMES[number] - 1].co[1] += 0.05 * value
                curve.update()
        self.layers[action.name] = keys(action)
        bpy.ops.ed.undo_push(message="edit")
        return True

    def generate(self, _, value):
        edits = edits_of(self.obj, takes.active_layer(self.obj).name)
        self.call("generate", next_take=value > 0)
        self.note()
        self.met(self.pins, edits.spans if edits else ())
        return True

    def part(self, number, _):
        first, last = PARTS[number % len(PARTS)]
        before = takes.active_layer(self.obj).name
        self.call("only_this_part", first_frame=first, last_frame=last)
        made = self.note()
        for channel, points in self.layers[made].items():
            for now, was in zip(points, self.layers[before][channel], strict=True):
                assert first <= now[0] <= last or now == pytest.approx(was, abs=1e-6), (channel, now, was)
        self.met({f: pin for f, pin in self.pins.items() if first + 3 < f < last - 3}, ())
        return True

    def note(self):
        """The new layer is one more."""
        made = takes.active_layer(self.obj).name
        assert made not in self.layers
        self.layers[made] = keys(bpy.data.actions[made])
        return made

    def met(self, pins, edited):
        """Pins are met as Blender evaluates the layer, where no edited keys are kept."""
        name = takes.active_layer(self.obj).name
        for frame, angles in pins.items():
            at = (frame - 1) / 24
            if any(start - NEAR_S < at < stop + NEAR_S for start, stop in edited):
                continue
            shown = motion_at(self.obj, name, start_of(self.obj, name), np.array([at])).rotation[0]
            assert degrees(shown, rot.from_euler(*np.radians(angles))) < 0.01, frame

    def check(self):
        assert keys(self.obj.animation_data.action) == self.own
        found = {action.name: keys(action) for _, action in marked(self.obj, LAYER)}
        assert found == self.layers
        pins = {round(float(pin.seconds) * 24) + 1: degrees_of(pin) for pin in self.obj.mannerism.direct.pins}
        assert pins == self.pins
        assert sum(not track.mute for track, _ in marked(self.obj, LAYER)) == 1


STEPS = [
    "pin",
    "pin",
    "pin",
    "move",
    "delete",
    "edit",
    "generate",
    "generate",
    "part",
    "undo",
    "undo",
    "redo",
]


@pytest.mark.slow
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 5), st.sampled_from([-1.0, 1.0])),
        min_size=2,
        max_size=6,
    )
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order(at_once, steps):
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    stage = Stage()
    for step in [("pin", 2, 1.0), *steps, ("generate", 0, 1.0)]:
        stage.do(step)
        stage.check()

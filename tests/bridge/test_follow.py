"""Layers that no longer fit are named, and follow; sounds go with their takes where that is wanted."""

import wave
from types import SimpleNamespace
from typing import Any

import bpy
import numpy as np
import pytest

from mannerism import panels
from mannerism.bridge import compat, layer_watch, made_with
from mannerism.bridge.follow import follow, why_stale
from mannerism.bridge.layer_motion import layer_motion, start_of, strip_of
from mannerism.bridge.layer_tracks import LAYER, curves_of, marked
from mannerism.bridge.nla import Layer
from mannerism.bridge.noted_sound import note_sound
from mannerism.bridge.sound import Speech
from mannerism.bridge.sound_strip import extend_scene, place_sound
from mannerism.bridge.takes import activate, active_layer, add_take, stored_motion, take_of
from mannerism.core import rotation as rot
from mannerism.tools.synthetic.characters import degrees, key_pose, nodding, posed


def context() -> Any:
    return bpy.context


def take(obj, seed=1, start=5):
    return add_take(obj, nodding(1.25, seed), line="hello", seed=seed, start_frame=start)


def far(one, other):
    return max(degrees(a, b) for a, b in zip(one.rotation, other.rotation, strict=True))


@pytest.fixture
def speech(tmp_path):
    path = tmp_path / "hello ü.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(np.zeros(32000, np.int16).tobytes())
    return Speech("hello ü", path, 5.0)


@pytest.mark.parametrize("kind", ["armature", "object"])
@pytest.mark.parametrize("mode", ["XYZ", "AXIS_ANGLE", "QUATERNION"])
def test_a_layer_follows_the_animation_below(extension, kind, mode):
    obj, bone = posed(kind, mode, "active")
    layer = take(obj)
    assert why_stale(obj, layer.name, context()) == ""
    owner = obj.pose.bones[bone] if bone else obj
    marked(obj, LAYER)[0][0].mute = True
    context().scene.frame_set(20)
    key_pose(owner, 20, rot.from_rotvec(np.array([0.4, 0.9, -0.5])))
    context().view_layer.update()
    marked(obj, LAYER)[0][0].mute = False
    assert "Animation below changed" in why_stale(obj, layer.name, context())
    follow(obj, layer.name, context())
    assert why_stale(obj, layer.name, context()) == ""
    assert [action.name for _, action in marked(obj, LAYER)] == [layer.name]
    now = layer_motion(obj, layer.name)
    assert far(now, stored_motion(layer).at(now.time_s)) < 0.1
    assert str(take_of(bpy.data.actions[layer.name])) == "Take 1 of hello"


def test_edited_keys_are_carried_over_and_kept(extension):
    obj, bone = posed("armature", "XYZ", "active")
    layer = take(obj)
    action = bpy.data.actions[layer.name]
    for (path, _), curve in curves_of(action, action.slots[0]).items():
        if "rotation" in path:
            for key in curve.keyframe_points:
                key.co[1] *= 0.5
            curve.update()
    edited = layer_motion(obj, layer.name)
    assert far(edited, stored_motion(layer).at(edited.time_s)) > 5
    marked(obj, LAYER)[0][0].mute = True
    context().scene.frame_set(20)
    key_pose(obj.pose.bones[bone], 20, rot.from_rotvec(np.array([0.4, 0.9, -0.5])))
    context().view_layer.update()
    marked(obj, LAYER)[0][0].mute = False
    said = follow(obj, layer.name, context())
    assert "kept, muted" in said[-1]
    (old_track, _), (new_track, new) = marked(obj, LAYER)
    assert (old_track.mute, new_track.mute) == (True, False)
    assert far(layer_motion(obj, new.name), edited) < 0.1


def key_below(obj, frame, turn):
    """A key of the animator's own on the head, under the layers."""
    shown = [track for track, _ in marked(obj, LAYER) if not track.mute]
    for track in shown:
        track.mute = True
    context().scene.frame_set(frame)
    key_pose(obj.pose.bones["head"], frame, rot.from_rotvec(np.array(turn)))
    context().view_layer.update()
    for track in shown:
        track.mute = False


def test_a_layer_follows_as_often_as_the_animation_changes_also_at_another_frame_rate(extension):
    obj, _ = posed("armature", "XYZ", "active")
    layer = take(obj)
    context().scene.render.fps = 30
    for turn, slower in (([0.4, 0.9, -0.5], 30 / 24), ([-0.3, 0.2, 0.6], 1.0)):
        before = layer_motion(obj, layer.name)
        key_below(obj, 20, turn)
        assert why_stale(obj, layer.name, context())
        follow(obj, layer.name, context())
        assert why_stale(obj, layer.name, context()) == ""
        now = layer_motion(obj, layer.name)
        # Its keys stay at their frames, which are shorter now; a degree is what lies between samples.
        assert far(now, before.at(now.time_s * slower)) < 1.0


def test_star_markers_and_settings_of_a_take_are_carried(extension):
    obj, _ = posed("armature", "XYZ", "active")
    layer = take(obj)
    made_with.note_settings(layer, made_with.settings_now(obj))
    action: Any = bpy.data.actions[layer.name]
    action.mannerism_star = True
    action.pose_markers.new("nod").frame = 20
    strip = strip_of(obj, layer.name)[0]
    strip.frame_end += 10
    strip.frame_start += 10
    key_below(obj, 20, [0.4, 0.9, -0.5])
    follow(obj, layer.name, context())
    action = bpy.data.actions[layer.name]
    assert action.mannerism_star
    assert [(marker.name, marker.frame) for marker in action.pose_markers] == [("nod", 30)]
    obj.mannerism.seed += 1
    assert made_with.differing(obj) == ("Seed",)


@pytest.mark.parametrize("chosen", [0, 1])
def test_the_chosen_take_stays_the_chosen_one(extension, chosen):
    obj, _ = posed("armature", "XYZ", "active")
    layers = take(obj, 1), take(obj, 2, 60)
    activate(obj, layers[chosen])
    key_below(obj, 20, [0.4, 0.9, -0.5])
    follow(obj, layers[0].name, context())
    assert active_layer(obj) == Layer(layers[chosen].name)


def test_a_layer_follows_its_sound(extension, speech):
    obj, _ = posed("armature", "QUATERNION", "rest")
    layer = take(obj)
    name, said = place_sound(speech, context())
    assert "channel 1" in said
    note_sound(layer, "STRIP", name, context())
    strip = compat.sequencer_scene(context()).sequence_editor.strips_all[name]
    move(strip, 25)
    assert "20 frames later" in why_stale(obj, layer.name, context())
    follow(obj, layer.name, context())
    assert start_of(obj, layer.name) == 25
    assert why_stale(obj, layer.name, context()) == ""
    move(strip, 15)
    follow(obj, layer.name, context())
    assert start_of(obj, layer.name) == 15
    track = marked(obj, LAYER)[0][0]
    track.strips[0].frame_end += 7
    track.strips[0].frame_start += 7
    assert "7 frames earlier" in why_stale(obj, layer.name, context())


def move(strip, frame):
    if hasattr(strip, "content_start"):
        strip.content_start = frame
    else:
        strip.frame_start = frame


def test_the_sound_lies_once_at_its_place(extension, speech):
    scene = context().scene
    place_sound(speech, context())
    assert "already" in place_sound(speech, context())[1]
    strips = scene.sequence_editor.strips_all
    assert len(strips) == 1
    assert round(compat.span(strips[0]).left) == 5
    other = Speech("other", speech.path, 20.0)
    assert "channel 2" in place_sound(other, context())[1]


def test_the_scene_grows_only_as_far_as_needed(extension):
    scene = context().scene
    scene.frame_end = 50
    assert extend_scene(40.5, scene) == ""
    assert "frame 61" in extend_scene(60.2, scene)
    assert scene.frame_end == 61


def test_the_panel_marks_what_no_longer_fits(extension):
    obj, bone = posed("armature", "XYZ", "active")
    context().view_layer.objects.active = obj
    layer = take(obj)
    marked(obj, LAYER)[0][0].mute = True
    context().scene.frame_set(20)
    key_pose(obj.pose.bones[bone], 20, rot.from_rotvec(np.array([0.4, 0.9, -0.5])))
    context().view_layer.update()
    layer_watch.look_again(obj)
    assert layer_watch.stale(obj) == {}, "while it is hidden"
    marked(obj, LAYER)[0][0].mute = False
    layer_watch.look_again(obj)
    assert layer_watch.stale(obj) == {layer.name: "Animation below changed"}
    drawn: list[str] = []

    class Row:
        def __getattr__(self, name):
            return lambda *args, **words: drawn.append(f"{name} {args} {words}") or Row()

    panel: Any = panels.layers.MANNERISM_PT_layers
    panel.draw(SimpleNamespace(layout=Row()), context())
    assert any("mannerism.follow" in each for each in drawn)
    assert getattr(bpy.ops, "mannerism").follow() == {"FINISHED"}  # noqa: B009
    assert layer_watch.stale(obj) == {}


def test_a_strip_in_tweak_mode_is_no_change_below_it(extension):
    """Its own keys stand where the animator's are then."""
    obj, _ = posed("armature", "XYZ", "active")
    context().view_layer.objects.active = obj
    layer = take(obj)
    layer_watch.look_again(obj)
    assert layer_watch.stale(obj) == {}
    track = marked(obj, LAYER)[0][0]
    for each in obj.animation_data.nla_tracks:
        each.select = each == track
    track.strips[0].select = True
    obj.animation_data.nla_tracks.active = track
    obj.animation_data.use_tweak_mode = True
    assert obj.animation_data.use_tweak_mode
    assert obj.animation_data.action.name == layer.name
    layer_watch.look_again(obj)
    assert layer_watch.stale(obj) == {}
    obj.animation_data.use_tweak_mode = False
    layer_watch.look_again(obj)
    assert layer_watch.stale(obj) == {}

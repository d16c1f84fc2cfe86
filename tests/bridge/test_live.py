"""The active take shaped in place: keys follow the sliders at once, and all else stays."""

from typing import Any

import numpy as np
import pytest

from mannerism.bridge import layer_watch, live, made_with, nla, takes
from mannerism.bridge.curves import hash_of, keys_of
from mannerism.bridge.follow import follow, why_stale
from mannerism.bridge.layer_motion import layer_motion, start_of, strip_of
from mannerism.bridge.live_take import curves_of_all
from mannerism.core import rotation as rot
from mannerism.core.generate.shape import SHAPE_DEFAULTS, SHAPE_RANGES, Shape
from mannerism.core.generate.shaped import shaped
from mannerism.tests.support.shaped_take import KINDS, SLIDES, course, far, state, take, turning
from mannerism.tools.synthetic.characters import key_pose, nodding, posed

bpy = pytest.importorskip("bpy")


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_each_slider_shows_as_the_shaped_motion_and_goes_back_to_the_same_bytes(extension, kind, mode):
    obj, action = take(kind, mode)
    before, written = state(action), action[nla.KEYS]
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
        assert getattr(obj.mannerism.shape, name) == pytest.approx(value)
        wanted = shaped(course(), Shape.of({name: value}))
        now = layer_motion(obj, action.name)
        assert far(now, wanted.at(now.time_s)) < 0.1
        assert np.abs(now.translation_m - wanted.at(now.time_s).translation_m).max() < 2e-4
        assert action[nla.KEYS] == hash_of(action)
        assert why_stale(obj, action.name, bpy.context) == ""
        setattr(obj.mannerism.shape, name, SHAPE_DEFAULTS[name])
    assert state(action) == before
    assert action[nla.KEYS] == written
    assert len(nla.list_layers(obj)) == 1


def test_zero_is_exactly_rest(extension):
    obj, action = take()
    obj.mannerism.shape.intensity = 0.0
    for (path, index), curve in curves_of_all(action).items():
        rest = 1.0 if path.endswith("quaternion") and index == 0 else 0.0
        assert np.abs(keys_of(curve)[:, 1] - rest).max() < 1e-15


def test_the_neck_takes_its_share(extension):
    obj, action = take()
    whole = layer_motion(obj, action.name)
    obj.mannerism.shape.neck_share = 0.0
    neck = [c for (p, i), c in curves_of_all(action).items() if '"neck"' in p and "rotation" in p and i]
    assert neck
    assert all(np.abs(keys_of(curve)[:, 1]).max() < 1e-6 for curve in neck)
    assert far(layer_motion(obj, action.name), whole) < 0.1


@pytest.mark.parametrize("stack", ["pose", "active"])
def test_rolls_lengthen_the_strip_and_give_it_back(extension, stack):
    obj, action = take("armature", "XYZ", stack)
    before, strip = state(action), strip_of(obj, action.name)[0]
    place = (strip.frame_start, strip.frame_end)
    begin = start_of(obj, action.name)
    obj.mannerism.shape.pre_roll_s = obj.mannerism.shape.post_roll_s = 0.5
    assert (strip.frame_start, strip.frame_end) == (place[0] - 13, place[1] + 13)
    assert strip.scale == 1.0
    assert start_of(obj, action.name) == begin
    assert why_stale(obj, action.name, bpy.context) == ""
    assert action[nla.KEYS] == hash_of(action)
    obj.mannerism.shape.pre_roll_s = obj.mannerism.shape.post_roll_s = 0.0
    assert (strip.frame_start, strip.frame_end) == place
    assert state(action) == before


def test_a_strip_stays_where_and_as_it_is(extension):
    obj, action = take()
    strip = strip_of(obj, action.name)[0]
    strip.frame_start, strip.scale = 40.0, 1.5
    obj.mannerism.influence = 0.4
    nla.track_of(obj, takes.active_layer(obj)).mute = True
    names = ("frame_start", "frame_end", "scale", "influence", "action_frame_start", "action_frame_end")
    place = [getattr(strip, name) for name in names]
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
    assert [getattr(strip, name) for name in names] == place
    assert nla.track_of(obj, takes.active_layer(obj)).mute
    begin = start_of(obj, action.name)
    obj.mannerism.shape.pre_roll_s = 0.4
    assert strip.frame_start == pytest.approx(place[0] - 1.5 * 10)
    assert (strip.scale, strip.frame_end) == pytest.approx((1.5, place[1]))
    assert start_of(obj, action.name) == pytest.approx(begin)


def test_values_belong_to_the_take_and_are_in_the_file(extension, tmp_path):
    obj, first = take()
    obj.mannerism.shape.yaw = 0.25
    second = takes.add_take(obj, course(), line="hello", seed=2, start_frame=5.0)
    assert obj.mannerism.shape.yaw == 1.0
    obj.mannerism.shape.pitch = 2.0
    tracks = list(obj.animation_data.nla_tracks)
    obj.mannerism.layer_index = tracks.index(nla.track_of(obj, nla.Layer(first.name)))
    assert (obj.mannerism.shape.yaw, obj.mannerism.shape.pitch) == (0.25, 1.0)
    keys = state(first)
    name, file = obj.name, str(tmp_path / "scene.blend")
    bpy.ops.wm.save_as_mainfile(filepath=file)
    bpy.ops.wm.open_mainfile(filepath=file)
    obj = bpy.data.objects[name]
    assert obj.mannerism.shape.yaw == 0.25
    assert state(bpy.data.actions["Mannerism: hello #1"]) == keys
    obj.mannerism.shape.yaw = 1.0
    assert bpy.data.actions["Mannerism: hello #1"][nla.KEYS] == hash_of(
        bpy.data.actions["Mannerism: hello #1"]
    )
    assert live.values_of(bpy.data.actions[second.name])["pitch"] == 2.0


def test_life_in_pauses_needs_the_speech(extension, caplog):
    obj, action = take()
    obj.mannerism.shape.pauses = 0.0
    assert obj.mannerism.shape.pauses == 1.0
    assert "generate to apply" in caplog.text
    live.note_activity(action, (np.arange(76) < 38).astype(float))
    before = layer_motion(obj, action.name)
    obj.mannerism.shape.pauses = 0.0
    assert obj.mannerism.shape.pauses == 0.0
    moved = np.degrees(rot.angle_between(layer_motion(obj, action.name).rotation, before.rotation))
    late = before.time_s > 2.0
    assert moved[late].max() > 3 * moved[before.time_s < 0.8].max()


def test_the_pose_below_stays(extension):
    obj, _ = take("armature", "XYZ", "active")
    below = obj.animation_data.action
    keys = [[tuple(k.co) for k in c.keyframe_points] for c in curves_of_all(below).values()]
    floor = [a.name for a in bpy.data.actions if a.name.startswith("Pose under")]
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
    layer_watch.visit(obj)
    assert [[tuple(k.co) for k in c.keyframe_points] for c in curves_of_all(below).values()] == keys
    assert [a.name for a in bpy.data.actions if a.name.startswith("Pose under")] == floor
    obj.mannerism.shape.intensity = 0.0
    nla.remove_layer(obj)
    assert nla.list_layers(obj) == ()


@pytest.mark.parametrize("by", [0.0, 0.2])
def test_a_take_that_followed_is_still_shaped_and_keeps_its_edits(extension, by):
    obj, action = take("armature", "XYZ", "active")
    obj.mannerism.shape.yaw = 0.5
    edited = next(key for key in turning(obj)[0].keyframe_points if key.co.x == 60)
    edited.co.y += by
    turning(obj)[0].update()
    bpy.context.scene.frame_set(20)
    key_pose(obj.pose.bones["head"], 20, rot.from_rotvec(np.array([0.4, 0.3, -0.2])))
    bpy.context.view_layer.update()
    assert why_stale(obj, action.name, bpy.context)
    follow(obj, action.name, bpy.context)
    name = takes.active_layer(obj).name
    assert not nla.track_of(obj, nla.Layer(name)).mute
    assert obj.mannerism.shape.yaw == 0.5
    obj.mannerism.shape.yaw = 1.0
    now = layer_motion(obj, name)
    away = np.degrees(rot.angle_between(now.rotation, course().at(now.time_s).rotation))
    at = now.time_s == pytest.approx(55 / 24)
    assert away[~at].max() < 0.3
    assert away[at] == pytest.approx(np.degrees(by), abs=0.3)
    assert why_stale(obj, name, bpy.context) == ""


def test_settings_that_need_a_new_take_are_named(extension):
    obj, _ = take()
    assert made_with.differing(obj) == ()  # nobody knows what an imported take was made with
    made_with.note_settings(takes.active_layer(obj), made_with.settings_now(obj))
    assert made_with.differing(obj) == ()
    obj.mannerism.personality, obj.mannerism.seed = 0.5, 17
    assert made_with.differing(obj) == ("Seed", "Personality")


def test_every_row_has_its_slider(extension):
    obj: Any = take()[0]
    assert set(SHAPE_RANGES) <= set(obj.mannerism.shape.bl_rna.properties.keys())


def test_a_table_of_motion_is_shaped_on_its_own_samples(extension):
    obj, _ = posed("armature", "QUATERNION", "pose")
    motion = nodding(1.25, 3)
    layer = takes.add_take(obj, motion, line="table", seed=0, start_frame=3.0)
    action = bpy.data.actions[layer.name]
    before = state(action)
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
        assert {key: len(rows) for key, rows in state(action).items()} == {
            k: len(r) for k, r in before.items()
        }
        setattr(obj.mannerism.shape, name, SHAPE_DEFAULTS[name])
    assert state(action) == before


def test_another_frame_rate_now_leaves_the_time_of_the_take(extension):
    obj, action = take()
    frames = {key: [row[0] for row in rows] for key, rows in state(action).items()}
    bpy.context.scene.render.fps = 60
    obj.mannerism.shape.intensity = 0.5
    assert {key: [row[0] for row in rows] for key, rows in state(action).items()} == frames

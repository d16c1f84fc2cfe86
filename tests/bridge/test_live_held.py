"""Sliders and what they must not move: pins that a take goes through, and keys that were kept."""

import json
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mannerism.bridge import direct_pins, live, live_held, nla, takes
from mannerism.bridge.curves import hash_of
from mannerism.bridge.direct_stored import keep_direction
from mannerism.bridge.follow import follow
from mannerism.core import rotation as rot
from mannerism.core.direct.direction import Direction, Pin
from mannerism.core.generate.shape import SHAPE_DEFAULTS
from mannerism.tests.support.directed import edit, keys, newest
from mannerism.tests.support.shaped_take import KINDS, SLIDES, course, state, take
from mannerism.tools.synthetic.characters import degrees, key_pose, pose_at

bpy = pytest.importorskip("bpy")

FRAMES = (25, 41, 60)
START = 5  # frame at which the takes begin


def seen(obj, frame):
    """The head as it is shown at a frame."""
    return pose_at(obj, "head" if obj.type == "ARMATURE" else "", frame)[0]


def pin_shown(frames=FRAMES):
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        assert bpy.ops.mannerism.pin_pose() == {"FINISHED"}


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_pins_are_met_whatever_slides(extension, kind, mode):
    obj, action = take(kind, mode)
    before = state(action)
    pin_shown()
    shown = {frame: seen(obj, frame) for frame in FRAMES}
    for name, value in {**SLIDES, "pre_roll_s": 0.5, "neck_share": 0.8}.items():
        if name == "neck_share" and kind == "object":
            continue
        setattr(obj.mannerism.shape, name, value)
        assert getattr(obj.mannerism.shape, name) == pytest.approx(value)
        assert max(degrees(seen(obj, frame), pose) for frame, pose in shown.items()) < 0.01
        assert action[nla.KEYS] == hash_of(action)
    assert degrees(seen(obj, 33), rot.IDENTITY) > 0.0
    for name, value in SHAPE_DEFAULTS.items():
        setattr(obj.mannerism.shape, name, value)
    assert all(
        np.allclose(
            [key[:2] for key in now if START <= key[0] <= START + 75], [key[:2] for key in was], atol=1e-5
        )
        for now, was in zip(state(action).values(), before.values(), strict=True)
    )


def test_a_pin_of_the_shaped_take_holds_and_one_that_is_elsewhere_does_not_bend_it(extension):
    obj, action = take()
    obj.mannerism.shape.intensity = 0.5
    pin_shown([40])
    shown = seen(obj, 40)
    pins = obj.mannerism.direct.pins
    other = pins.add()
    other.line, other.seconds, other.yaw = "hello", "0.8", 50.0
    for value in (0.0, 2.0, 1.0):
        obj.mannerism.shape.intensity = value
        assert degrees(seen(obj, 40), shown) < 0.01
    assert [pin.time_s for pin in live_held.held_by(action).pins] == [pytest.approx(35 / 24)]


@pytest.mark.parametrize("how", ["delete", "move", "replace"])
def test_a_pin_that_is_no_more_is_let_go(extension, how):
    obj, action = take()
    keep_direction(nla.Layer(action.name), Direction((Pin(1.0, 1.0, 1.0, 1.0),)))
    pin_shown([30, 50])
    shown, before = {frame: seen(obj, frame) for frame in (30, 50)}, state(action)
    if how == "move":
        bpy.context.scene.frame_set(33)
        direct_pins.move_pin(obj, bpy.context.scene, 0)
    elif how == "delete":
        direct_pins.delete_pin(obj, 0)
    else:
        bpy.context.scene.frame_set(30)
        obj.pose.bones["head"].rotation_quaternion = (0.9, 0.3, 0.1, 0.0)
        assert bpy.ops.mannerism.pin_pose() == {"FINISHED"}
    assert state(action) == before
    obj.mannerism.shape.intensity = 0.0
    assert degrees(seen(obj, 50), shown[50]) < 0.01
    assert degrees(seen(obj, 30), shown[30]) > 0.5
    assert len(live_held.held_by(action).pins) == 1


def test_a_take_holds_the_pins_that_it_was_made_by(extension):
    obj, action = take()
    pose = course().at([1.5])
    pin = Pin.of(1.5, pose.rotation[0])
    missed = Pin(2.5, 20.0, 20.0, 20.0)
    keep_direction(nla.Layer(action.name), Direction((pin, missed)))
    frame = START + 36
    shown = seen(obj, frame)
    live.shape_take(obj, {"intensity": 0.2, "anticipation_s": 0.3})
    assert degrees(seen(obj, frame), shown) < 0.01
    assert live_held.held_by(action).pins == (pin,)


def test_damaged_notes_hold_nothing_and_break_nothing(extension):
    obj, action = take()
    for damaged in ("{", "[]", "null", '{"pins": [{"time_s": "x"}]}', "[[1, 2, 3]]", "[[2, 1]]", 7):
        action[live_held.HELD] = action[live_held.KEPT] = damaged
        obj.mannerism.shape.intensity = 0.5
        assert obj.mannerism.shape.intensity == 0.5
        obj.mannerism.shape.intensity = 1.0
        assert obj.mannerism.shape.intensity == 1.0


def test_pins_are_held_after_a_take_has_followed(extension):
    obj, action = take("armature", "XYZ", "active")
    pin_shown([40])
    obj.mannerism.shape.yaw = 0.5
    key_pose(obj.pose.bones["head"], 20, rot.from_rotvec(np.array([0.0, 0.2, 0.1])))
    follow(obj, action.name, bpy.context)
    shown = seen(obj, 40)
    obj.mannerism.shape.intensity = 0.3
    assert degrees(seen(obj, 40), shown) < 0.01


@pytest.mark.slow
def test_kept_edits_and_pins_of_generated_takes(ada):
    first = newest(ada)
    edit(first, range(50, 61), 0.08)
    bpy.context.scene.frame_set(90)
    assert bpy.ops.mannerism.pin_pose() == {"FINISHED"}
    assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
    action = newest(ada)
    spans = json.loads(action[live_held.KEPT])
    start, stop = ceil(24 * spans[0][0]) + 1, floor(24 * spans[0][1]) + 1
    assert start < 50
    assert stop > 60
    kept = {
        channel: [point for point in points if start <= point[0] <= stop]
        for channel, points in keys(action).items()
    }
    shown = {frame: seen(ada, frame) for frame in (*range(start, stop + 1), 90)}
    for name, value in {"intensity": 0.3, "smoothness": 0.2, "pitch": 2.0, "post_roll_s": 0.4}.items():
        setattr(ada.mannerism.shape, name, value)
        now = keys(action)
        assert all([p for p in now[c] if start <= p[0] <= stop] == points for c, points in kept.items())
        assert max(degrees(seen(ada, frame), pose) for frame, pose in shown.items()) < 0.01
    moved = degrees(seen(ada, 75), rot.IDENTITY)
    assert moved > 0.0
    assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
    assert max(degrees(seen(ada, frame), shown[frame]) for frame in range(50, 61)) < 0.01


@pytest.mark.slow
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(sorted(SLIDES)), st.sampled_from([0.0, 0.2, 0.5])),
            st.tuples(st.just("pin"), st.integers(10, 75)),
            st.tuples(st.sampled_from(["undo", "redo"]), st.just(0)),
        ),
        max_size=9,
    )
)
def test_in_any_order_pins_stay_where_they_were_set(extension, steps):
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    obj, _ = take()
    name = obj.name
    bpy.ops.ed.undo_push(message="Start")
    for what, value in steps:
        obj = bpy.data.objects[name]
        if what in {"undo", "redo"}:
            if getattr(bpy.ops.ed, what).poll():
                getattr(bpy.ops.ed, what)()
            continue
        if what == "pin":
            pin_shown([value])
        else:
            setattr(obj.mannerism.shape, what, value)
        bpy.ops.ed.undo_push(message=what)
        obj = bpy.data.objects[name]
        for item in obj.mannerism.direct.pins:
            frame = START + float(item.seconds) * 24
            wanted = rot.from_euler(*np.radians([item.pitch, item.yaw, item.roll]))
            made = live.shaped_motion(takes.active_action(obj)).at([float(item.seconds)])
            assert degrees(made.rotation[0], wanted) < 0.01, frame


def test_a_motion_with_pins_is_read_from_the_file(extension, tmp_path):
    obj, _ = take()
    pin_shown([40])
    obj.mannerism.shape.intensity = 0.5
    name, shown, file = obj.name, seen(obj, 40), str(tmp_path / "scene.blend")
    bpy.ops.wm.save_as_mainfile(filepath=file)
    bpy.ops.wm.open_mainfile(filepath=file)
    obj = bpy.data.objects[name]
    obj.mannerism.shape.intensity = 0.1
    assert degrees(seen(obj, 40), shown) < 0.01

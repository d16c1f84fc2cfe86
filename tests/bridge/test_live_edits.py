"""The animator's changes to the keys of a take that is shaped: none is lost."""

import numpy as np
import pytest

from mannerism.bridge import layer_fit, live, nla
from mannerism.bridge.curves import channels_of, hash_of, keys_of
from mannerism.bridge.layer_motion import layer_motion
from mannerism.bridge.live_take import curves_of_all
from mannerism.core import rotation as rot
from mannerism.core.generate.shape import SHAPE_DEFAULTS
from mannerism.core.rig import modes
from mannerism.tests.support.shaped_take import KINDS, SLIDES, far, state, take, turning

bpy = pytest.importorskip("bpy")


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_an_edited_key_keeps_its_difference(extension, kind, mode):
    obj, action = take(kind, mode)
    curves = turning(obj)
    width = 3 if mode == "XYZ" else 4
    at, base = (
        30,
        layer_fit.fit_of(action).below(np.array([35.0]))[layer_fit.fit_of(action).rig.head.name].channels,
    )

    def reached():
        values = np.array([[curves[i].keyframe_points[at].co.y for i in range(width)]])
        return modes.to_quaternion(mode, values if mode == "QUATERNION" else base + values)

    def generated():
        written = layer_fit.written_of(action)
        path = next(iter(curves.values())).data_path
        values = np.array([[written[path, i][at] for i in range(width)]], np.float64)
        return modes.to_quaternion(mode, values if mode == "QUATERNION" else base + values)

    curves[1].keyframe_points[at].co.y += 0.1
    curves[1].update()
    more = rot.multiply(rot.inverse(generated()), reached())
    assert np.degrees(rot.angle_between(more, rot.IDENTITY)).max() > 1.0
    other = layer_motion(obj, action.name)
    for name, value in {"yaw": 0.2, "intensity": 0.0, "smoothness": 0.3}.items():
        setattr(obj.mannerism.shape, name, value)
        assert rot.angle_between(rot.multiply(rot.inverse(generated()), reached()), more).max() < 1e-5
        assert action[nla.KEYS] != hash_of(action)
    for name in ("yaw", "intensity", "smoothness"):
        setattr(obj.mannerism.shape, name, SHAPE_DEFAULTS[name])
    assert far(layer_motion(obj, action.name), other) < 0.1


def test_handles_go_along_with_their_key(extension):
    obj, _ = take()
    curve = turning(obj)[1]
    key = curve.keyframe_points[20]
    key.handle_left_type = key.handle_right_type = "FREE"
    key.handle_left, key.handle_right = (key.co.x - 0.3, key.co.y - 0.2), (key.co.x + 0.4, key.co.y + 0.1)
    curve.update()
    key = curve.keyframe_points[20]
    left, right = key.handle_left.y - key.co.y, key.handle_right.y - key.co.y
    old = key.co.y
    obj.mannerism.shape.intensity = 0.2
    key = turning(obj)[1].keyframe_points[20]
    assert key.co.y != old
    assert key.handle_left_type == "FREE"
    assert key.handle_left.y - key.co.y == pytest.approx(left, abs=1e-6)
    assert key.handle_right.y - key.co.y == pytest.approx(right, abs=1e-6)


def test_deleted_added_and_moved_keys_stay_so(extension):
    obj, action = take()
    curves = turning(obj)
    for curve in curves.values():
        for at in (12, 11, 10):
            curve.keyframe_points.remove(curve.keyframe_points[at])
    middle = 40.5
    for index, curve in curves.items():
        value = curve.evaluate(middle) + (0.05 if index == 2 else 0.0)
        curve.keyframe_points.insert(middle, value)
        curve.update()
    single = curves[3].keyframe_points[50]
    single.co.x += 0.3
    curves[3].update()
    frames = {index: keys_of(curve)[:, 0].tolist() for index, curve in curves.items()}
    before = state(action)
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
    obj.mannerism.shape.pre_roll_s = 0.4
    for index, curve in turning(obj).items():
        now = keys_of(curve)[:, 0].tolist()
        assert [frame for frame in now if frame >= 5.0] == frames[index]
    live.shape_take(obj, live.values_of(action) | dict(SHAPE_DEFAULTS))
    after = state(action)
    for key, rows in before.items():
        assert np.allclose([r[:2] for r in after[key]], [r[:2] for r in rows], atol=2e-6)


def test_a_take_whose_keys_were_scaled_in_time_keeps_its_time(extension):
    obj, action = take()
    for curve in curves_of_all(action).values():
        for key in curve.keyframe_points:
            key.co.x = 5.0 + (key.co.x - 5.0) * 1.5
        curve.update()
    frames = {key: [row[0] for row in rows] for key, rows in state(action).items()}
    obj.mannerism.shape.intensity = 0.0
    assert {key: [row[0] for row in rows] for key, rows in state(action).items()} == frames
    assert all(
        np.abs(keys_of(c)[:, 1] - (1.0 if p.endswith("quaternion") and i == 0 else 0.0)).max() < 1e-15
        for (p, i), c in curves_of_all(action).items()
    )


@pytest.mark.parametrize("what", ["removed", "emptied", "own", "muted", "modifier"])
def test_curves_that_the_animator_works_on_stay_so(extension, what):
    obj, action = take()
    bag = channels_of(action, action.slots[0])
    curve = turning(obj)[2]
    if what == "removed":
        bag.fcurves.remove(curve)
    elif what == "emptied":
        curve.keyframe_points.clear()
    elif what == "own":
        own = bag.fcurves.new('pose.bones["torso"].location', index=0)
        own.keyframe_points.insert(10.0, 0.5)
    elif what == "muted":
        curve.mute = True
    else:
        curve.modifiers.new("NOISE")
    before = {key: len(rows) for key, rows in state(action).items()}
    kept = state(action).get(('pose.bones["torso"].location', 0))
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
    assert {key: len(rows) for key, rows in state(action).items()} == before
    assert state(action).get(('pose.bones["torso"].location', 0)) == kept
    if what == "muted":
        assert turning(obj)[2].mute
    if what == "modifier":
        assert len(turning(obj)[2].modifiers) == 1
    obj.mannerism.shape.pre_roll_s = 0.3


@pytest.mark.slow
def test_a_long_drag_ends_where_a_jump_does(extension):
    obj, action = take("armature", "XYZ")
    curve = turning(obj)[0]
    curve.keyframe_points[30].co.y += 0.3
    curve.update()
    before = state(action)
    for step in range(200):
        obj.mannerism.shape.intensity = 1.0 + np.sin(step)
    obj.mannerism.shape.intensity = 1.0
    for key, rows in state(action).items():
        assert np.allclose([row[:2] for row in rows], [row[:2] for row in before[key]], atol=2e-5)


def test_undo_of_a_slide_restores_every_key(extension):
    obj, action = take()
    turning(obj)[1].keyframe_points[20].co.y += 0.1
    turning(obj)[1].update()
    name, layer = obj.name, action.name
    bpy.ops.ed.undo_push(message="Before")
    before = state(action)
    obj.mannerism.shape.intensity = 0.3
    obj.mannerism.shape.smoothness = 0.3
    bpy.ops.ed.undo_push(message="Slide")
    after = state(action)
    bpy.ops.ed.undo()
    assert state(bpy.data.actions[layer]) == before
    assert bpy.data.objects[name].mannerism.shape.intensity == 1.0
    bpy.ops.ed.redo()
    assert state(bpy.data.actions[layer]) == after
    assert bpy.data.objects[name].mannerism.shape.intensity == pytest.approx(0.3)

"""Parts and gestures of a take through a real worker, as `import mannerism` makes them; undo, and refusals."""

import numpy as np
import pytest

from mannerism.bridge import takes
from mannerism.bridge.direct_stored import stored_direction
from mannerism.bridge.layer_tracks import LAYER, marked
from mannerism.core.direct.direction import Direction, Gesture
from mannerism.tests.support.directed import edit, keys, newest, same
from mannerism.tools.synthetic.characters import bust, nodding

bpy = pytest.importorskip("bpy")


@pytest.mark.slow
def test_only_this_part(ada):
    scene = bpy.context.scene
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 40, 80
    first = newest(ada)
    before = keys(first)
    assert bpy.ops.mannerism.only_this_part() == {"FINISHED"}
    made = keys(newest(ada))
    assert newest(ada) != first
    assert keys(first) == before
    for channel, points in made.items():
        for (frame, value, _), (_, was, _) in zip(points, before[channel], strict=True):
            if not 40 < frame < 80:
                assert value == was, (channel, frame)
    moved = [
        f
        for (f, v, _), (_, w, _) in zip(
            *(k['pose.bones["head"].rotation_quaternion', 1] for k in (made, before)), strict=True
        )
        if v != w
    ]
    assert len(moved) > 30
    same(ada)
    part = takes.stored_motion(takes.active_layer(ada))
    bpy.ops.mannerism.generate()
    again = takes.stored_motion(takes.active_layer(ada))
    np.testing.assert_array_equal(again.rotation, part.rotation)
    ada.mannerism.intensity = 2.0  # which no longer counts around the part
    bpy.ops.mannerism.only_this_part(first_frame=60, last_frame=100)
    other, away = (
        takes.stored_motion(takes.active_layer(ada)),
        (part.time_s < 59 / 24) | (part.time_s > 99 / 24),
    )
    np.testing.assert_array_equal(other.rotation[away], part.rotation[away])
    assert not np.array_equal(other.rotation, part.rotation)
    ada.mannerism.intensity = 1.0
    assert ada.mannerism.seed == 3


@pytest.mark.slow
def test_markers_are_gestures(ada):
    markers = bpy.context.scene.timeline_markers
    for name, frame in (
        ("Nod 1.5", 49),
        ("look left", 97),
        ("nodd", 60),
        ("F_09", 20),
        ("nod", 900),
        ("look", 70),
    ):
        markers.new(name, frame=frame)
    assert bpy.ops.mannerism.generate() == {"FINISHED"}
    assert stored_direction(takes.active_layer(ada)) == Direction(
        gestures=(Gesture("nod", 2.0, 1.5), Gesture("look", 4.0, towards="left"))
    )
    same(ada)


@pytest.mark.slow
def test_each_is_one_step_of_undo(ada):
    def state():
        obj = bpy.data.objects["Rig"]
        pins = [(pin.line, pin.seconds, pin.pitch) for pin in obj.mannerism.direct.pins]
        return pins, [(action.name, keys(action)) for _, action in marked(obj, LAYER)]

    bpy.ops.ed.undo_push(message="The animator's work")
    bpy.context.scene.frame_set(30)
    states = [state()]
    for operator, given in (
        ("pin_pose", {}),
        ("only_this_part", {"first_frame": 60, "last_frame": 100}),
        ("delete_pin", {}),
    ):
        assert getattr(bpy.ops.mannerism, operator)("EXEC_DEFAULT", True, **given) == {"FINISHED"}
        states.append(state())
    for wanted in reversed(states[:-1]):
        bpy.ops.ed.undo()
        assert state() == wanted
    for wanted in states[1:]:
        bpy.ops.ed.redo()
        assert state() == wanted


def test_refusals_say_what_to_do(extension):
    obj = bust()
    bpy.context.view_layer.objects.active = obj
    for operator in ("pin_pose", "move_pin", "delete_pin", "go_to_pin", "only_this_part"):
        with pytest.raises(RuntimeError, match=r"Generate one first|Choose"):
            getattr(bpy.ops.mannerism, operator)()
    takes.add_take(obj, nodding(3.0), line="hello", seed=1, start_frame=1)
    for operator in ("move_pin", "delete_pin", "go_to_pin"):
        with pytest.raises(RuntimeError, match="Pin a pose first"):
            getattr(bpy.ops.mannerism, operator)()
    bpy.context.scene.frame_set(300)
    with pytest.raises(RuntimeError, match="between frames 1 and 73"):
        bpy.ops.mannerism.pin_pose()
    obj.mannerism.translation = 0.0
    bpy.context.scene.frame_set(30)
    with pytest.raises(RuntimeError, match="Raise Translation"):
        bpy.ops.mannerism.pin_pose(translation=True)
    obj.mannerism.audio = "//other.wav"
    with pytest.raises(RuntimeError, match="Choose its speech"):
        bpy.ops.mannerism.only_this_part(first_frame=10, last_frame=40)
    obj.mannerism.audio = "//hello.wav"
    with pytest.raises(RuntimeError, match="preview range"):
        bpy.ops.mannerism.only_this_part()
    with pytest.raises(RuntimeError, match="less than half a second"):
        bpy.ops.mannerism.only_this_part(first_frame=10, last_frame=15)


def test_what_a_script_may_have_done_is_refused_in_a_sentence(extension, monkeypatch):
    obj = bust()
    bpy.context.view_layer.objects.active = obj
    obj.mannerism.style, obj.mannerism.audio = "calm", "//hello.wav"
    takes.add_take(obj, nodding(3.0), line="hello", seed=1, start_frame=1)
    pin = obj.mannerism.direct.pins.add()
    pin.line = "hello"
    with pytest.raises(RuntimeError, match="Give it seconds, or delete it"):
        bpy.ops.mannerism.generate()
    with pytest.raises(RuntimeError, match="Give it seconds, or delete it"):
        bpy.ops.mannerism.go_to_pin(index=0)
    with pytest.raises(RuntimeError, match="no such pin"):
        bpy.ops.mannerism.delete_pin(index=7)
    assert bpy.ops.mannerism.delete_pin(index=0) == {"FINISHED"}
    edit(newest(obj), range(20, 30), 0.1)
    obj.pose.bones["head"].rotation_mode = "XYZ"
    with pytest.raises(RuntimeError, match="rotation mode"):
        bpy.ops.mannerism.only_this_part(first_frame=20, last_frame=60)

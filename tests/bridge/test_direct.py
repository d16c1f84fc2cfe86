"""An animator directs: pins, parts, gestures and edited keys, through a real worker, as `import mannerism` makes them."""

import sys

import numpy as np
import pytest

import mannerism
from mannerism.bridge import takes, worker
from mannerism.bridge.direct_take import stored_direction
from mannerism.bridge.layer_tracks import LAYER, curves_of, marked
from mannerism.core import rotation as rot
from mannerism.core.direct.direction import Direction, Gesture
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tools.synthetic.characters import bust, degrees, key_pose, nodding, pose_at

bpy = pytest.importorskip("bpy")

LINE = EXAMPLES / "line_1.wav"
POSED = rot.from_euler(0.15, -0.2, 0.1)


@pytest.fixture
def ada(extension, monkeypatch):
    """A bust with keys of its own on the head, at 24 frames a second, and its first take."""
    monkeypatch.setattr(worker, "command", lambda: [sys.executable, "-s", str(worker.BOOT)])
    obj = bust()
    bpy.context.view_layer.objects.active = obj
    key_pose(obj.pose.bones["head"], 1, rot.from_rotvec(np.array([0.1, 0.0, 0.2])))
    key_pose(obj.pose.bones["head"], 90, rot.from_rotvec(np.array([-0.2, 0.1, 0.0])))
    obj.mannerism.style, obj.mannerism.audio, obj.mannerism.seed = "calm", str(LINE), 3
    assert bpy.ops.mannerism.generate() == {"FINISHED"}
    return obj


def keys(action):
    """All keys of an action."""
    return {
        key: [(*point.co, point.type) for point in curve.keyframe_points]
        for key, curve in curves_of(action, action.slots[0]).items()
    }


def newest(obj):
    return marked(obj, LAYER)[-1][1]


def pose_by_hand(obj, frame, turn):
    """Turn the head on top of what is shown, without a key, as with R in the viewport."""
    bpy.context.scene.frame_set(frame)
    head = obj.pose.bones["head"]
    own = rot.multiply(np.array(head.rotation_quaternion), turn)
    head.rotation_quaternion = own


def door(obj, layer=None):
    """What the Python door makes of the direction that is stored with the take."""
    layer = layer or takes.active_layer(obj)
    take = takes.take_of(bpy.data.actions[layer.name])
    return mannerism.generate("calm", LINE, seed=take.seed, direction=stored_direction(layer))


def same(obj):
    made, wanted = takes.stored_motion(takes.active_layer(obj)), door(obj)
    np.testing.assert_array_equal(made.rotation, wanted.rotation)
    np.testing.assert_array_equal(made.translation_m, wanted.translation_m)


def edit(action, frames, by, path="head"):
    """Move keys of a bone's turn by hand."""
    for (name, index), curve in curves_of(action, action.slots[0]).items():
        if path in name and "rotation_quaternion" in name and index == 1:
            for point in curve.keyframe_points:
                if point.co[0] in frames:
                    point.co[1] += by
            curve.update()


@pytest.mark.slow
def test_a_pinned_pose_is_met_by_the_next_take(ada):
    pose_by_hand(ada, 60, rot.from_rotvec(np.array([0.25, 0.1, -0.1])))
    bpy.context.view_layer.update()
    seen = ada.evaluated_get(bpy.context.evaluated_depsgraph_get()).pose.bones["head"].matrix
    wanted = rot.from_matrix(np.array(seen.normalized())[:3, :3])
    before, own = keys(newest(ada)), keys(ada.animation_data.action)
    assert bpy.ops.mannerism.pin_pose() == {"FINISHED"}
    assert [m.name for m in newest(ada).pose_markers] == ["Pin 1"]
    assert newest(ada).pose_markers[0].frame == 60
    assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
    made, _ = pose_at(ada, "head", 60)
    assert degrees(made, wanted) < 0.01
    same(ada)
    assert keys(marked(ada, LAYER)[0][1]) == before
    assert keys(ada.animation_data.action) == own
    assert newest(ada).pose_markers[0].frame == 60


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
    assert ada.mannerism.seed == 3


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["KEEP", "OFFSET", "DROP"])
def test_hand_edits(ada, choice):
    first = newest(ada)
    edit(first, range(50, 61), 0.08)
    edit(first, [90], 0.05)
    before = keys(first)
    shown = {frame: pose_at(ada, "head", frame)[0] for frame in (50, 55, 60, 90)}
    ada.mannerism.direct.edits = choice
    assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
    assert keys(first) == before
    assert marked(ada, LAYER)[0][0].mute
    same(ada)
    away = [degrees(pose_at(ada, "head", frame)[0], pose) for frame, pose in shown.items()]
    if choice == "KEEP":
        assert max(away) < 0.001
        made = keys(newest(ada))
        for channel, points in before.items():
            assert [p for p in points if 50 <= p[0] <= 60] == [p for p in made[channel] if 50 <= p[0] <= 60]
        assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
        away = [degrees(pose_at(ada, "head", frame)[0], pose) for frame, pose in shown.items()]
        assert max(away) < 0.001
    else:
        assert max(away) > 0.5
    if choice == "OFFSET":
        generated = takes.stored_motion(takes.active_layer(ada))
        from mannerism.bridge.layer_motion import layer_motion

        now = layer_motion(ada, newest(ada).name)
        off = [degrees(a, b) for a, b in zip(now.rotation, generated.at(now.time_s).rotation, strict=True)]
        assert off[54] == pytest.approx(np.degrees(2 * 0.08), abs=1.5)
        assert max(off[:40] + off[100:]) < 0.05


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
def test_edits_outlive_following_changes_below(ada):
    edit(newest(ada), range(50, 61), 0.08)
    first = newest(ada)
    first_pose = ada.pose.bones["head"]
    key_pose(first_pose, 20, rot.from_rotvec(np.array([0.0, 0.2, 0.1])))
    assert bpy.ops.mannerism.follow() == {"FINISHED"}
    assert newest(ada) != first
    shown = pose_at(ada, "head", 55)[0]
    assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
    assert degrees(pose_at(ada, "head", 55)[0], shown) < 0.001


@pytest.mark.slow
def test_a_shorter_sound_leaves_out_what_lies_beyond_its_end(ada, tmp_path):
    import wave

    with wave.open(str(LINE)) as file:
        settings, data = file.getparams(), file.readframes(int(3.5 * file.getframerate()))
    folder = tmp_path / "short"
    folder.mkdir()
    with wave.open(str(folder / LINE.name), "wb") as file:
        file.setparams(settings)
        file.writeframes(data)
    first = newest(ada)
    edit(first, range(40, 46), 0.06)
    edit(first, range(100, 106), 0.06)
    before, shown = keys(first), pose_at(ada, "head", 43)[0]
    ada.mannerism.audio, ada.mannerism.seed = str(folder / LINE.name), 3
    assert bpy.ops.mannerism.generate() == {"FINISHED"}
    assert degrees(pose_at(ada, "head", 43)[0], shown) < 0.001
    assert keys(first) == before
    assert max(point[0] for points in keys(newest(ada)).values() for point in points) <= 86


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


def test_pins_move_and_follow_the_playhead(extension):
    obj = bust()
    bpy.context.view_layer.objects.active = obj
    takes.add_take(obj, nodding(3.0), line="hello", seed=1, start_frame=11)
    scene, direct = bpy.context.scene, obj.mannerism.direct
    for frame in (20, 40, 20):
        scene.frame_set(frame)
        bpy.ops.mannerism.pin_pose()
    assert [float(pin.seconds) for pin in direct.pins] == [9 / 24, 29 / 24]
    scene.frame_set(40)
    with pytest.raises(RuntimeError, match="Another pin"):
        bpy.ops.mannerism.move_pin(index=0)
    scene.frame_set(50)
    bpy.ops.mannerism.move_pin(index=1)
    assert float(direct.pins[1].seconds) == 39 / 24
    assert sorted(marker.frame for marker in newest(obj).pose_markers) == [20, 50]
    bpy.ops.mannerism.go_to_pin(index=0)
    assert scene.frame_current == 20
    bpy.ops.mannerism.delete_pin(index=0)
    assert [float(pin.seconds) for pin in direct.pins] == [39 / 24]

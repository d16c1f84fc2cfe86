"""An animator directs: pins, parts, gestures and edited keys, through a real worker, as `import mannerism` makes them."""

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import mannerism
from mannerism import panels
from mannerism.bridge import direct_shown, takes, worker
from mannerism.bridge.direct_take import stored_direction
from mannerism.bridge.layer_tracks import LAYER, curves_of, marked
from mannerism.core import rotation as rot
from mannerism.core.direct.direction import Direction, Gesture
from mannerism.core.rig import modes
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tests.support.recorded_layout import Layout
from mannerism.tools.synthetic.characters import (
    bust,
    degrees,
    key_pose,
    nodding,
    pose_at,
    posed,
    rotation_of,
    set_pose,
)

bpy = pytest.importorskip("bpy")
PANEL: Any = panels.direct

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


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["armature", "object"])
@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ", "AXIS_ANGLE"])
def test_pins_on_any_rig_however_it_was_posed(ada, kind, mode):
    obj, bone = posed(kind, mode, "tracks under active")
    bpy.context.view_layer.objects.active = obj
    chosen = obj.mannerism
    chosen.style, chosen.audio, chosen.seed, chosen.engine, chosen.neck_share = (
        "calm",
        str(LINE),
        3,
        "puppet",
        0.8,
    )
    bpy.ops.mannerism.generate()
    bpy.context.scene.frame_set(40)
    owner = obj.pose.bones[bone] if bone else obj
    channel = modes.attribute(mode)
    own = modes.to_quaternion(mode, np.array([list(getattr(owner, channel))]))[0]
    set_pose(owner, rot.multiply(own, rot.from_rotvec(np.array([0.1, 0.06, -0.05]))))
    if mode == "XYZ":
        owner.keyframe_insert(channel, frame=40)
        bpy.context.scene.frame_set(40)
    bpy.context.view_layer.update()
    seen = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    wanted = rotation_of(seen.matrix_world @ seen.pose.bones[bone].matrix if bone else seen.matrix_world)
    bpy.ops.mannerism.pin_pose()
    bpy.ops.mannerism.generate(next_take=True)
    assert degrees(pose_at(obj, bone, 40)[0], wanted) < 0.01


@pytest.mark.slow
def test_keys_between_frames_and_their_handles_are_kept(ada):
    first = newest(ada)
    curve = curves_of(first, first.slots[0])['pose.bones["head"].rotation_quaternion', 2]
    curve.keyframe_points.insert(52.5, 0.2).type = "EXTREME"
    at = next(point for point in curve.keyframe_points if point.co[0] == 54)
    at.interpolation, at.handle_left_type, at.handle_right_type = "BEZIER", "FREE", "FREE"
    at.handle_right = (54.6, 0.3)
    curve.update()
    frames = [50 + step / 4 for step in range(24)]
    wanted = [curve.evaluate(frame) for frame in frames]
    bpy.ops.mannerism.generate(next_take=True)
    made = curves_of(newest(ada), newest(ada).slots[0])[curve.data_path, 2]
    assert [made.evaluate(frame) for frame in frames] == pytest.approx(wanted, abs=1e-6)
    assert [point.type for point in made.keyframe_points if point.co[0] == 52.5] == ["EXTREME"]


def test_the_panel_lists_pins_of_the_line_and_frames_of_edits(extension):
    def shown():
        layout = Layout()
        PANEL.MANNERISM_PT_direct.draw(SimpleNamespace(layout=layout), bpy.context)
        return layout.text()

    def rows():
        drawn, pins, host = Layout(), obj.mannerism.direct.pins, SimpleNamespace(bitflag_filter_item=1)
        flags, order = PANEL.MANNERISM_UL_pins.filter_items(host, bpy.context, obj.mannerism.direct, "")
        for at in sorted(range(len(pins)), key=order.__getitem__):
            if flags[at]:
                PANEL.MANNERISM_UL_pins.draw_item(host, bpy.context, drawn, None, pins[at], 0, None, "")
        return drawn.text()

    obj = bust()
    bpy.context.view_layer.objects.active = obj
    assert "no layer of head motion yet" in shown()
    takes.add_take(obj, nodding(3.0), line="hello", seed=1, start_frame=1)
    assert "No edited keys" in shown()
    for frame in (40, 20):
        bpy.context.scene.frame_set(frame)
        bpy.ops.mannerism.pin_pose()
    obj.mannerism.direct.pins.add().line = "another"
    text = rows()
    assert text.index("Frame 20") < text.index("Frame 40")
    assert "nan" not in text
    edit(newest(obj), range(30, 41), 0.1)
    direct_shown.look_for_edits(obj)
    assert "Edited: frames 25–45" in shown()
    takes.add_take(obj, nodding(3.0), line="another", seed=1, start_frame=1)
    assert "Frame 20" not in rows()
    assert "No edited keys" in shown()

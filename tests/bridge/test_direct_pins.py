"""Pins: met by the next take on any rig, moved, listed in the panel."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mannerism import panels
from mannerism.bridge import direct_shown, takes
from mannerism.bridge.layer_tracks import LAYER, marked
from mannerism.core import rotation as rot
from mannerism.core.rig import modes
from mannerism.tests.support.directed import LINE, edit, keys, newest, pose_by_hand, same
from mannerism.tests.support.recorded_layout import Layout
from mannerism.tools.synthetic.characters import (
    bust,
    degrees,
    nodding,
    pose_at,
    posed,
    rotation_of,
    set_pose,
)

bpy = pytest.importorskip("bpy")


PANEL: Any = panels.direct


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

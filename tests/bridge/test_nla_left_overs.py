"""Rigs that changed under their animation, and layers under a rig that changes."""

import bpy
import numpy as np
import pytest

from mannerism.bridge import nla
from mannerism.bridge.curves import Curve, channels_of, write_curves
from mannerism.core.errors import RigError
from mannerism.tools.synthetic.characters import MOTION, RIGS, bust, dump, pose_at, posed

STACKS = ("rest", "pose", "active", "tracks under active")


def edit(obj, change):
    """Change the bones, as an animator does in edit mode."""
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    change(obj.data.edit_bones)
    bpy.ops.object.mode_set(mode="OBJECT")


@pytest.mark.parametrize("mode", ["QUATERNION", "AXIS_ANGLE", "ZXY"])
@pytest.mark.parametrize("stack", STACKS)
def test_a_head_bone_deleted_under_its_layer(mode, stack):
    """Removal then leaves what would be left had the bone been deleted without a layer."""
    left = []
    for layered in (False, True):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        obj, _ = posed("armature", mode, stack)
        if layered:
            layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
        edit(obj, lambda bones: bones.remove(bones["head"]))
        if layered:
            assert nla.is_stale(obj, layer)
            with pytest.raises(RigError, match="No head bone"):
                nla.add_layer(obj, MOTION, name="again", start_frame=1)
            nla.remove_layer(obj, layer)
        bpy.context.scene.frame_set(7)
        left.append({key: repr(value) for key, value in dump(obj).items()})
    assert left[0] == left[1]


@pytest.mark.parametrize(
    "path",
    [
        'pose.bones["torso"]["gone"]',
        'pose.bones["gone"]["gone"]',
        'pose.bones["gone"].location',
        'pose.bones["gone"].bbone_curveinx',
        'pose.bones["head"].constraints["gone"].influence',
        '["gone"]',
        "gone",
        "mannerism.gone",
    ],
)
def test_keys_of_what_was_removed_are_no_matter(path):
    """Both in a track and in the action that replaced it, where a layer asks what the channel is at rest."""
    obj, _ = posed("armature", "XYZ", "tracks under active")
    data = obj.animation_data
    for action in (data.action, data.nla_tracks[0].strips[0].action):
        write_curves(action, [Curve(path, 0, np.array([0.5]))], [1])
        assert any(curve.data_path == path for curve in channels_of(action, action.slots[0]).fcurves)
    bpy.context.scene.frame_set(7)
    found = dump(obj)
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    bpy.context.scene.frame_set(7)
    nla.remove_layer(obj)
    bpy.context.scene.frame_set(7)
    assert dump(obj) == found


@pytest.mark.parametrize("kind", RIGS)
def test_the_object_renamed_and_moved_under_its_layer(kind):
    build, *_ = RIGS[kind]
    obj = build()
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    obj.name = "Ada ü日本"
    nla.remove_layer(obj)
    assert obj.animation_data is None
    assert not bpy.data.actions


def test_a_rotation_mode_changed_under_its_layer():
    """The layer's channels are then not those that the bone reads; removal leaves the animator's choice."""
    obj = bust()
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
    obj.pose.bones["head"].rotation_mode = "ZXY"
    assert nla.is_stale(obj, layer)
    nla.remove_layer(obj, layer)
    assert obj.pose.bones["head"].rotation_mode == "ZXY"
    np.testing.assert_allclose(pose_at(obj, "head", 7)[1], (0, -0.02, 1.5), atol=1e-6)
    assert obj.animation_data is None


def test_a_track_that_the_animator_deleted_is_no_layer_any_more():
    obj = bust()
    layers = [nla.add_layer(obj, MOTION, name=name, start_frame=1) for name in ("a", "b")]
    obj.animation_data.nla_tracks.remove(nla.track_of(obj, layers[0]))
    assert nla.list_layers(obj) == (layers[1],)
    nla.remove_layer(obj)
    with pytest.raises(RigError, match="no such layer"):
        nla.remove_layer(obj, layers[0])
    assert obj.animation_data is None

"""A generated rig of Rigify with an NLA stack of its own, as one would animate it."""

import bpy
import numpy as np
import pytest

from mannerism.bridge import nla
from mannerism.core import rotation as rot
from mannerism.tools.synthetic.characters import (
    FRAMES,
    MOTION,
    degrees,
    dump,
    expected_motion,
    key_pose,
    pose_at,
)

CONTROLS = ("head", "neck", "torso", "chest", "hand_ik.L", "foot_ik.R")


def animate(obj, active):
    """Two tracks of the animator's, one of them added to the other, a pose without keys, perhaps an action."""
    rng = np.random.default_rng(3)
    bones = [obj.pose.bones[name] for name in CONTROLS if name in obj.pose.bones]
    assert len(bones) >= 4
    for blend in ("REPLACE", "COMBINE", *["ACTIVE"] * active):
        for bone in bones:
            for frame in (1, 20, 50):
                key_pose(bone, frame, rot.from_rotvec(rng.normal(size=3) * 0.1), rng.normal(size=3) * 0.01)
        data = obj.animation_data
        if blend != "ACTIVE":
            strip = data.nla_tracks.new().strips.new(blend, 1, data.action)
            strip.action_slot, strip.blend_type = data.action_slot, blend
            data.action = None
    obj.pose.bones["torso"]["head_follow"] = 0.0
    obj.pose.bones["root"].location = (0.1, 0.0, 0.0)


@pytest.mark.parametrize("active", [False, True])
def test_a_generated_rig_with_an_nla_stack_is_restored_bit_for_bit(rigify, active):
    obj, _ = rigify
    animate(obj, active)
    bpy.context.scene.frame_set(7)
    found = dump(obj)
    before = {frame: pose_at(obj, "head", frame)[0] for frame in FRAMES}
    bpy.context.scene.frame_set(7)
    layers = [nla.add_layer(obj, MOTION, name=name, start_frame=1) for name in ("first", "second")]
    assert not any(layer.notes for layer in layers)
    nla.track_of(obj, layers[1]).mute = True
    for frame in FRAMES:
        turn, _ = expected_motion(frame, np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
        asked = degrees(turn, rot.IDENTITY)
        moved = degrees(pose_at(obj, "head", frame)[0], before[frame])
        assert abs(moved - asked) < 0.1 * asked + 0.05  # on a posed neck the axes differ a little
    for layer in layers:
        bpy.context.scene.frame_set(7)
        nla.remove_layer(obj, layer)
    bpy.context.scene.frame_set(7)
    assert dump(obj) == found

"""Whatever the rig and its animation: the head moves as asked on top of it, and removal restores it."""

import bpy
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mathutils import Euler, Matrix

from mannerism.bridge import nla
from mannerism.bridge.rig import read_rig
from mannerism.core import rotation as rot
from mannerism.tools.synthetic.characters import (
    MODES,
    armature,
    degrees,
    dump,
    key_pose,
    nodding,
    plain_object,
    pose_at,
    rotation_of,
    set_pose,
)

TURNS = st.floats(-3, 3)
LOCKS = st.sampled_from([(False,) * 3, (False,) * 3, (True,) * 3, (True, False, False), (False, True, True)])


@st.composite
def rigs(draw):
    """A head on one to four bones with any rolls, sizes, modes, locks and connections, placed anyhow."""
    count = draw(st.integers(1, 4))
    names = ["chest", *["neck", "neck1", "neck2"][: count - 1], "head"]
    unit = draw(st.sampled_from([0.01, 1.0, 100.0]))
    at, bones = np.zeros(3), []
    for i, name in enumerate(names):
        tip = at + np.array([draw(st.floats(-0.1, 0.1)), draw(st.floats(-0.1, 0.1)), 0.24])
        bones.append((name, names[i - 1] if i else None, at / unit, tip / unit, draw(TURNS)))
        at = tip
    turned = Euler([draw(TURNS) for _ in range(3)]).to_matrix().to_4x4()
    obj = armature(bones, matrix=Matrix.Translation((1, 2, 3)) @ turned @ Matrix.Scale(unit, 4))
    if draw(st.booleans()):
        parent = plain_object("none")
        parent.rotation_euler, parent.scale = [draw(TURNS) for _ in range(3)], [draw(st.floats(0.1, 9))] * 3
        obj.parent = parent
    bpy.ops.object.mode_set(mode="EDIT")
    for bone in obj.data.edit_bones[1:]:
        bone.use_connect = draw(st.booleans())
    bpy.ops.object.mode_set(mode="OBJECT")
    for bone in obj.pose.bones:
        bone.rotation_mode = draw(st.sampled_from(MODES))
        if bone.name != "chest":
            bone.lock_rotation = draw(LOCKS if bone.name != "head" else st.just((False,) * 3) | LOCKS)
            bone.lock_location = draw(LOCKS)
    return obj


@st.composite
def animations(draw):
    """Poses, tracks and an active action in any combination, as a function that sets them up."""
    seed = draw(st.integers(0, 999))
    kinds = draw(st.lists(st.sampled_from(["track", "added track", "active"]), max_size=3, unique=True))
    posed = draw(st.booleans())

    def animate(obj):
        rng = np.random.default_rng(seed)
        for bone in obj.pose.bones if posed else ():
            set_pose(bone, rot.from_rotvec(rng.normal(size=3) * 0.3))
        for kind in sorted(kinds, key="active".__eq__):
            for bone in obj.pose.bones:
                for frame in (1, 20, 50) if rng.random() < 0.7 else ():
                    key_pose(bone, frame, rot.from_rotvec(rng.normal(size=3) * 0.3), rng.normal(size=3))
            data = obj.animation_data
            if kind != "active" and data and data.action:
                strip = data.nla_tracks.new().strips.new(kind, 1, data.action)
                strip.action_slot = data.action_slot
                strip.blend_type = "COMBINE" if kind == "added track" else "REPLACE"
                data.action = None

    return animate


@pytest.mark.slow
@given(obj_and=st.data(), seed=st.integers(0, 99), frame=st.integers(1, 31))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rig_with_any_animation(obj_and, seed, frame):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    obj, animate = obj_and.draw(rigs()), obj_and.draw(animations())
    animate(obj)
    bpy.context.scene.frame_set(frame)
    found = dump(obj)
    names = [bone.name for bone in obj.pose.bones]
    own = {name: rotation_of(obj.pose.bones[name].matrix_basis) for name in names}
    before = pose_at(obj, "head", frame)[0]
    motion = nodding(30 / 24, seed)
    rig = read_rig(obj)
    layer = nla.add_layer(obj, motion, name="take", start_frame=1)
    after = pose_at(obj, "head", frame)[0]

    # What each bone should add, from quaternions alone: the modes are Blender's affair here.
    locked = [joint.name for joint in (*rig.neck, rig.head) if any(joint.locked_rotation)]
    assert [name for name in locked if any(f"“{name}” has locked" in note for note in layer.notes)] == locked
    free = [joint for joint in rig.neck if not all(joint.locked_rotation)]
    delta = rot.multiply(
        rig.axes, rot.multiply(motion.at([(frame - 1) / 24]).rotation[0], rot.inverse(rig.axes))
    )
    rest = delta
    for joint in (*rig.neck, rig.head):
        now = rotation_of(obj.pose.bones[joint.name].matrix_basis)
        added = rot.multiply(rot.inverse(own[joint.name]), now)
        done = rot.multiply(joint.rest, rot.multiply(added, rot.inverse(joint.rest)))
        if joint.name not in locked:
            part = rest if joint.name == "head" else rot.power(delta, 0.3 / len(free))
            assert degrees(done, part) < 0.05
        rest = rot.multiply(rot.inverse(done), rest)
    if "head" not in locked and not any(rot.angle_between(own[name], rot.IDENTITY) > 1e-6 for name in names):
        world = rotation_of(obj.matrix_world)
        turn = rot.multiply(world, rot.multiply(delta, rot.inverse(world)))
        assert degrees(after, rot.multiply(turn, before)) < 0.05

    nla.remove_layer(obj)
    bpy.context.scene.frame_set(frame)
    assert dump(obj) == found

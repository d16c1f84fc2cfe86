"""Synthetic rigs and objects for layers, and readers of their evaluated poses."""

from collections.abc import Iterable
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Quaternion
from numpy.typing import ArrayLike

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.types import Array

Point = tuple[float, float, float]
Bone = tuple[str, str | None, Point, Point, float]
"""Name, parent, head, tail and roll."""

MODES = ("QUATERNION", "AXIS_ANGLE", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")
FRAMES = (1, 7, 16, 30)


def nodding(duration_s: float = 1.0, seed: int = 0) -> HeadMotion:
    """Starts and ends at rest; on the grid of a scene with 24 frames a second."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(duration_s * 24) + 1) / 24
    waves = np.sin(2 * np.pi * (rng.uniform(0.2, 1.2, 6) * t[:, None] + rng.random(6)))
    waves *= np.sin(np.pi * t / t[-1])[:, None]
    return HeadMotion(t, rot.continuous(rot.from_euler(*(0.4 * waves[:, :3]).T)), 0.02 * waves[:, 3:])


def _context() -> Any:
    """Blender's context, which has a scene and a layer here; the stubs say that it may lack them."""
    return bpy.context


MOTION = nodding(30 / 24)


def armature(bones: Iterable[Bone], name: str = "Rig", matrix: Matrix | None = None) -> Any:
    """An armature of (name, parent, head, tail, roll) in an object with the given matrix."""
    data = bpy.data.armatures.new(name)
    obj: Any = bpy.data.objects.new(name, data)
    _context().scene.collection.objects.link(obj)
    _context().view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    for bone, parent, head, tail, roll in bones:
        edit = data.edit_bones.new(bone)
        edit.head, edit.tail, edit.roll = head, tail, roll
        edit.parent = data.edit_bones.get(parent) if parent else None
    bpy.ops.object.mode_set(mode="OBJECT")
    obj.matrix_world = matrix or Matrix()
    _context().view_layer.update()
    return obj


def bust() -> Any:
    bones = [
        ("torso", None, (0, 0, 1.0), (0, 0, 1.4), 0.0),
        ("neck", "torso", (0, 0, 1.4), (0, -0.02, 1.5), 0.4),
        ("head", "neck", (0, -0.02, 1.5), (0, -0.02, 1.74), -0.3),
    ]
    return armature(bones)


def mixamo() -> Any:
    """Centimetres, Y up, looking along +Z of an object that is turned, scaled and moved."""
    bones = [
        ("mixamorig:Hips", None, (0, 100, 0), (0, 110, 0), 0.0),
        ("mixamorig:Spine", "mixamorig:Hips", (0, 110, 0), (0, 140, 1), 0.1),
        ("mixamorig:LeftArm", "mixamorig:Spine", (15, 140, 0), (40, 140, 0), 0.5),
        ("mixamorig:RightArm", "mixamorig:Spine", (-15, 140, 0), (-40, 140, 0), 0.7),
        ("mixamorig:Neck", "mixamorig:Spine", (0, 140, 1), (0, 150, 2), 0.8),
        ("mixamorig:Head", "mixamorig:Neck", (0, 150, 2), (0, 160, 3), -1.1),
        ("mixamorig:HeadTop_End", "mixamorig:Head", (0, 174, 2), (0, 180, 2), 0.0),
    ]
    turned = Matrix.Rotation(0.7, 4, "Z") @ Matrix.Rotation(np.pi / 2, 4, "X")
    return armature(bones, matrix=Matrix.Translation((1, 2, 3)) @ turned @ Matrix.Scale(0.01, 4))


def plain_object(data: str = "mesh") -> Any:
    obj: Any = bpy.data.objects.new("Head", bpy.data.meshes.new("Head") if data == "mesh" else None)
    _context().scene.collection.objects.link(obj)
    return obj


def empty_on_a_parent() -> Any:
    """Turned, and on something that is turned and scaled itself; it looks along world +X."""
    obj, parent = plain_object("none"), plain_object("none")
    obj.parent = parent
    parent.rotation_euler, parent.scale = (0, 0, 1.1), (2, 2, 2)
    obj.rotation_euler = (0, 0, np.pi / 2 - 1.1)
    _context().view_layer.update()
    return obj


def rotation_of(matrix: Matrix) -> Array:
    return rot.from_matrix(np.array(matrix.normalized())[:3, :3])


def pose_at(obj: Any, bone: str, frame: int) -> tuple[Array, Array]:
    """Evaluated world rotation (4,) and position (3,) of a bone, or of the object."""
    _context().scene.frame_set(frame)
    seen = obj.evaluated_get(_context().evaluated_depsgraph_get())
    matrix = seen.matrix_world @ seen.pose.bones[bone].matrix if bone else seen.matrix_world
    return rotation_of(matrix), np.array(matrix.translation)


def expected_motion(
    frame: int, left: Array | Point, up: Array | Point, start: int = 1
) -> tuple[Array, Array]:
    """World rotation and displacement in metres that MOTION asks for of a head with these axes."""
    axes = rot.from_matrix(np.stack([left, up, np.cross(left, up)], axis=1))
    at = MOTION.at([(frame - start) / _context().scene.render.fps])
    turn = rot.multiply(axes, rot.multiply(at.rotation[0], rot.inverse(axes)))
    return turn, rot.rotate(axes, at.translation_m[0])


def degrees(a: ArrayLike, b: ArrayLike) -> float:
    return float(np.degrees(rot.angle_between(a, b)))


def dump(obj: Any) -> dict[str, Any]:
    """Everything of an object that a layer might change, exactly."""
    _context().view_layer.update()
    data = obj.animation_data
    owners: dict[str, Any] = {"": obj, **{bone.name: bone for bone in (obj.pose.bones if obj.pose else ())}}
    names = ("location", "scale", "rotation_euler", "rotation_quaternion", "rotation_axis_angle")
    return {
        "values": {
            (key, name): tuple(getattr(owner, name)) for key, owner in owners.items() for name in names
        },
        "modes": {key: owner.rotation_mode for key, owner in owners.items()},
        "properties": sorted(obj.keys()),
        "data": data
        and {
            name: getattr(data, name)
            for name in (
                "action",
                "action_slot",
                "action_blend_type",
                "action_influence",
                "action_extrapolation",
                "use_nla",
            )
        },
        "tracks": data
        and [
            (track.name, track.mute, track.is_solo, [(s.name, s.action, s.blend_type) for s in track.strips])
            for track in data.nla_tracks
        ],
        "actions": {action.name: curves_of(action) for action in bpy.data.actions},
        "scenes": len(bpy.data.scenes),
        "objects": len(bpy.data.objects),
    }


def curves_of(action: Any) -> list[tuple[Any, ...]]:
    return [
        (
            curve.data_path,
            curve.array_index,
            [(*key.co, key.type, key.interpolation) for key in curve.keyframe_points],
        )
        for bag in action.layers[0].strips[0].channelbags
        for curve in bag.fcurves
    ]


def set_pose(owner: Any, rotation: Any) -> None:
    """Give a bone or an object a rotation, in the mode that it has."""
    quaternion = Quaternion(rotation)
    if owner.rotation_mode == "QUATERNION":
        owner.rotation_quaternion = quaternion
    elif owner.rotation_mode == "AXIS_ANGLE":
        axis, angle = quaternion.to_axis_angle()
        owner.rotation_axis_angle = (angle, axis[0], axis[1], axis[2])
    else:
        owner.rotation_euler = quaternion.to_euler(owner.rotation_mode)


def set_mode(owner: Any, mode: str) -> None:
    """Another rotation mode, the same rotation; Blender's own switch keeps the angles of Euler orders."""
    rotation = owner.matrix_basis.to_quaternion()
    owner.rotation_mode = mode
    set_pose(owner, rotation)


def key_pose(owner: Any, frame: int, rotation: Any, location: Any = None) -> None:
    """Key a bone's or an object's pose on the active action."""
    set_pose(owner, rotation)
    attributes = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}
    owner.keyframe_insert(attributes.get(owner.rotation_mode, "rotation_euler"), frame=frame)
    if location is not None:
        owner.location = location
        owner.keyframe_insert("location", frame=frame)


def posed(kind: str, mode: str, stack: str) -> tuple[Any, str]:
    """A head with a pose or keys of the animator's own; also on a bone that no layer touches."""
    obj: Any = plain_object() if kind == "object" else bust()
    owner = obj if kind == "object" else obj.pose.bones["head"]
    other = None if kind == "object" else obj.pose.bones["torso"]
    rng = np.random.default_rng(5)
    for each in filter(None, (owner, other)):
        each.rotation_mode = mode
    if stack == "pose":
        set_pose(owner, rot.normalize(rng.normal(size=4)))
        owner.location = (0.1, 0.2, 0.3)

    def keys(seed: int) -> None:
        rng = np.random.default_rng(seed)
        for frame in (1, 20, 50):
            for each in filter(None, (owner, other)):
                turn = rot.from_rotvec(rng.normal(size=3) * 0.5)
                key_pose(each, frame, turn, rng.normal(size=3))

    if "tracks" in stack:
        keys(1)
        data = obj.animation_data
        track = data.nla_tracks.new()
        strip = track.strips.new("mine", 1, data.action)
        strip.action_slot = data.action_slot
        data.action = None
    if "active" in stack:
        keys(2)
    if "combined" in stack:
        keys(3)
        obj.animation_data.action_blend_type = "COMBINE"
        obj.animation_data.action_influence = 0.7
    return obj, "" if kind == "object" else "head"


# A rig, its head bone, the world directions of its left and its up.
RIGS = {
    "bust": (bust, "head", (1, 0, 0), (0, 0, 1)),
    "mixamo": (mixamo, "mixamorig:Head", (np.cos(0.7), np.sin(0.7), 0), (0, 0, 1)),
    "object": (plain_object, "", (1, 0, 0), (0, 0, 1)),
    "empty on a parent": (empty_on_a_parent, "", (0, 1, 0), (0, 0, 1)),
}

"""Head motion sampled from the evaluated rig, whatever animates it.

In the convention of `core/motion.py`, so that a motion put on a rig at rest by `nla.add_layer` is read back
as it was: rotation about the rest in the head frame, and the displacement that is left once the neck's
part of that turn is taken off.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Quaternion

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.rig import Joint, Rig, RigMap, modes
from ..core.types import Array
from .found import base_of
from .rig import read_rig
from .timing import frame_rate


@dataclass(frozen=True)
class _EvaluatedPose:
    """The rig in one frame. Matrices (4, 4) move points of the character at rest, in the axes of the rig.

    joints : from the lowest of the neck to the head
    chest : what carries the lowest of them; identity where that is the object
    body : from those axes to the world
    camera : from the camera to the world
    """

    joints: tuple[Matrix, ...]
    chest: Matrix
    body: Matrix
    camera: Matrix


def evaluated_motion(
    obj: bpy.types.Object,
    time_s: Array,
    *,
    start_frame: float,
    rig_map: RigMap | None = None,
    before_camera: bool = False,
    on_chest: bool = True,
) -> HeadMotion:
    """Head motion of an object in the active scene, at any times, frames or not.

    What is on the screen counts: keys, layers, constraints, drivers. Relative to the chest, or for a
    plain object to its parent, so that a body that walks keeps the head in the picture. Bones count
    from their rest; a plain object from where it stands without our layers when the speech begins.

    time_s : (T,) seconds; t = 0 lies at `start_frame`
    before_camera : relative to the scene's camera instead, counted from where the body stands before
        it at first
    on_chest : relative to the chest; else to the object, so that the body's turns count as well

    Raises
    ------
    RigError : no head is found, or no camera, or the object is not in the view layer
    """
    scene: Any = bpy.context.scene
    if before_camera and scene.camera is None:
        raise RigError("The scene has no camera to follow", "Add a camera, or follow the body")
    if not obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).is_evaluated:
        raise RigError(f"“{obj.name}” is not in the view layer", "Show its collection there")
    rig = read_rig(obj, rig_map)
    frames = frame_rate(scene, start_frame).frames(time_s)
    place = _rest_of_object(obj, rig, frames[:1])
    with _frame_kept(scene):
        poses = [_evaluate(scene, obj, rig, place, frame) for frame in frames.tolist()]
    if before_camera:
        views = [each.camera.normalized().inverted_safe() @ each.body for each in poses]
        frame_of = [views[0].inverted_safe() @ view for view in views]
    else:
        frame_of = [each.chest.inverted_safe() if on_chest else Matrix() for each in poses]
    moved = np.array(
        [[turned @ joint for joint in each.joints] for turned, each in zip(frame_of, poses, strict=True)]
    )
    return _to_head_motion(time_s, moved, rig, _origins(rig))


def _to_head_motion(time_s: Array, moved: Array, rig: Rig, origins: Array) -> HeadMotion:
    """Head motion from the movements (T, J, 4, 4) of the joints."""
    turns = rot.from_matrix(_unscaled(moved[..., :3, :3]))
    *necks, head = np.moveaxis(turns, 1, 0)
    vector = rot.to_rotvec(head)
    length = np.maximum(np.einsum("ti,ti->t", vector, vector), 1e-12)
    explained = np.broadcast_to(origins[0], vector.shape)
    for neck, bone in zip(necks, np.diff(origins, axis=0), strict=True):
        # Only so much of the neck's turn as the head's own explains: leaning is a displacement.
        part = np.clip(np.einsum("ti,ti->t", rot.to_rotvec(neck), vector) / length, 0.0, 1.0)
        explained = explained + rot.rotate(rot.power(head, part), bone)
    place = moved[:, -1, :3, :3] @ origins[-1] + moved[:, -1, :3, 3]
    to_head = rot.inverse(rig.axes)
    rotation = rot.multiply(to_head, rot.multiply(head, rig.axes))
    return HeadMotion(
        time_s, rot.continuous(rotation), rot.rotate(to_head, (place - explained) / rig.units_per_m)
    )


def _unscaled(m: Array) -> Array:
    """Rotations (..., 3, 3) of what may also be scaled: the nearest by least squares (Kabsch 1976)."""
    u, _, v = np.linalg.svd(m)
    flip = np.sign(np.linalg.det(u @ v))
    u[..., :, 2] *= flip[..., None]
    return np.asarray(u @ v)


def _evaluate(scene: Any, obj: bpy.types.Object, rig: Rig, place: Matrix, frame: float) -> _EvaluatedPose:
    """The rig as evaluated at a frame; times between whole frames through subframes."""
    scene.frame_set(int(frame // 1), subframe=frame % 1)
    depsgraph = bpy.context.evaluated_depsgraph_get()
    evaluated: Any = obj.evaluated_get(depsgraph)
    camera = scene.camera.evaluated_get(depsgraph).matrix_world.copy() if scene.camera else Matrix()
    if not rig.head.name:
        local = obj.matrix_parent_inverse.inverted_safe() @ evaluated.matrix_local
        parent = evaluated.matrix_world @ local.inverted_safe()
        return _EvaluatedPose((place.inverted_safe() @ local,), Matrix(), parent @ place, camera)
    joints = tuple(
        evaluated.pose.bones[joint.name].matrix @ _neutral(joint).inverted_safe()
        for joint in (*rig.neck, rig.head)
    )
    chest = evaluated.pose.bones[(*rig.neck, rig.head)[0].name].parent
    return _EvaluatedPose(joints, _moved(chest) if chest else Matrix(), evaluated.matrix_world.copy(), camera)


def _moved(bone: Any) -> Matrix:
    return bone.matrix @ bone.bone.matrix_local.inverted_safe()


def _neutral(joint: Joint) -> Matrix:
    """Where a joint is in the neutral pose, which for most rigs is at rest."""
    turn = Quaternion(joint.rest.tolist()).to_matrix().to_4x4()
    return Matrix.Translation(joint.place.tolist()) @ turn


def _origins(rig: Rig) -> Array:
    """Positions of the joints in the neutral pose, shape (J, 3)."""
    return np.array([joint.place for joint in (*rig.neck, rig.head)])


def _rest_of_object(obj: bpy.types.Object, rig: Rig, frame: Array) -> Matrix:
    """Transform of a plain object in its parent without our layers."""
    if rig.head.name:
        return Matrix()
    base = base_of(obj)
    turn = modes.to_quaternion(rig.head.mode, base.sample([rig.head], frame)[""].channels)[0]
    quaternion = rig.head.mode == "QUATERNION"
    delta = obj.delta_rotation_quaternion if quaternion else obj.delta_rotation_euler.to_quaternion()
    place = Matrix.Translation(base.location(frame)[0] + np.array(obj.delta_location))
    return place @ (delta @ Quaternion(turn)).to_matrix().to_4x4()


@contextmanager
def _frame_kept(scene: Any) -> Iterator[None]:
    current, subframe = scene.frame_current, scene.frame_subframe
    try:
        yield
    finally:
        scene.frame_set(current, subframe=subframe)

"""A gaze point that eye bones follow by constraints, so that edits, strips and constraints of the head never leave stale eyes.

Empties:

- the *target*, in the axes of the head at rest and carried by the armature; the animator's to move and to key
- the *gaze*, carried by the target, whose keys are ours: small movements and looks away
- the *face*, carried by the head bone, in the axes of the head
- the *aim*, carried by the face and turned towards the gaze, within the reach of eyes (limits in local space do not
  know of a bone that carries an object: hence the face between)
- the *eyes*, carried by the aim as the eye bones rest; each eye bone copies the rotation of its own
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Quaternion

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.gaze.directions import EYES_M, angles_of, direction_of
from ..core.gaze.settings import DOSES, GazeDoses, gaze_doses
from ..core.motion import GRID_HZ, HeadMotion
from ..core.rig import Rig
from ..core.rig.eye_bones import find_eyes
from ..core.types import Array
from .bones import rig_map_of
from .constraints import TURNS, held
from .curves import Curve, channels_of, hash_of, new_action, write_curves
from .drawn import kept_until_change
from .layer_tracks import curves_of, strips_in
from .portrait_motion import evaluated_motion
from .rig import channel_path, editable, read_rig
from .settings import character
from .timing import frame_rate
from .visual import playing

_OWNER, _ROLE, _KEYS = "mannerism_gaze_of", "mannerism_gaze_role", "mannerism_gaze_keys"
_CONSTRAINT = "Mannerism Gaze"
_FAR_M = 1.0
_SAME_M, _UNSEEN_M = 1e-6, 1e-4
_DISTANT_M, _NEAREST_M = 1e5, 0.05


def has_gaze(obj: bpy.types.Object) -> bool:
    """Whether a gaze point of ours belongs to the object."""
    return any(True for _ in _ours(obj))


gaze_on_show = kept_until_change(has_gaze)


def add_gaze(obj: bpy.types.Object) -> tuple[str, ...]:
    """Add a gaze point for the eye bones of a character, or key the one that is there anew.

    The keys are made for the head as the scene shows it over its frames. Nothing of the animator's is changed:
    constraints come on top, and keys on the target or edited keys of the gaze are kept. Returns sentences for a report.

    Raises
    ------
    RigError : no armature, no head or no eyes are found, or the eyes turn by constraints of the rig's own
    """
    editable(obj)
    if obj.type != "ARMATURE":
        raise RigError(f"“{obj.name}” has no bones", "Select an armature with eye bones")
    rig = read_rig(obj, rig_map_of(obj))
    bones: Any = obj.data.bones  # type: ignore[union-attr]
    eyes = find_eyes({bone.name: bone.parent.name if bone.parent else None for bone in bones}, rig.head.name)
    chosen = character(obj).face.look_at
    if chosen is not None and (chosen == obj or chosen in _ours(obj)):
        raise RigError(f"“{chosen.name}” follows the eyes itself", "Choose another object under Look at")
    if not has_gaze(obj):
        _drop_constraints(obj)  # of a gaze whose empties were deleted
        turned = held(obj, TURNS)
        for eye in eyes:
            if eye in turned:
                raise RigError(
                    f"“{eye}” turns by the rig's own constraint “{turned[eye]}”",
                    "Animate the rig's own control of its eyes",
                )
        _build(obj, rig, eyes)
    _follow(obj)
    return (*_key(obj, rig), *_animated_notes(obj, eyes))


def remove_gaze(obj: bpy.types.Object) -> None:
    """Take all of it away. Raises RigError where there is none."""
    if not has_gaze(obj):
        raise RigError(f"“{obj.name}” has no gaze point", "Add one first")
    _drop_constraints(obj)
    for helper in list(_ours(obj)):
        action = helper.animation_data.action if helper.animation_data else None
        bpy.data.objects.remove(helper)
        if action is not None and _KEYS in action and not action.users:
            bpy.data.actions.remove(action)


def _drop_constraints(obj: bpy.types.Object) -> None:
    pose: Any = obj.pose
    for bone in pose.bones:
        for constraint in [each for each in bone.constraints if each.name == _CONSTRAINT]:
            bone.constraints.remove(constraint)


def _ours(obj: bpy.types.Object) -> Iterator[Any]:
    return (each for each in bpy.data.objects if each.get(_OWNER) == obj)


def _role(obj: bpy.types.Object, role: str) -> Any:
    for helper in _ours(obj):
        if helper.get(_ROLE) == role:
            return helper
    raise RigError(f"The gaze point of “{obj.name}” lacks its {role}", "Remove it, and add it again")


def _build(obj: Any, rig: Rig, eyes: tuple[str, str]) -> None:
    """Make the empties and the constraints."""
    bones = obj.data.bones
    head = bones[rig.head.name]
    carried = (
        _matrix(rig.head.rest, rig.head.place) @ head.matrix_local.inverted()
    )  # from rest to the neutral pose
    middle = sum((bones[eye].head_local for eye in eyes[1:]), bones[eyes[0]].head_local.copy()) / len(eyes)
    face = _matrix(rig.axes, np.array(carried @ middle))
    size = rig.units_per_m
    target = _empty(obj, "target")
    target.empty_display_size = 0.05 * size
    target.parent = obj
    target.matrix_parent_inverse = face @ Matrix.Translation((0.0, 0.0, _FAR_M * size))
    gaze = _empty(obj, "gaze")
    gaze.empty_display_size, gaze.empty_display_type = 0.03 * size, "SPHERE"
    gaze.parent = target
    holder = _empty(obj, "face", hidden=True)
    holder.parent, holder.parent_type, holder.parent_bone = obj, "BONE", head.name
    neutral = _matrix(rig.head.rest, rig.head.place)
    tail = Matrix.Translation((0.0, head.length, 0.0))
    holder.matrix_parent_inverse = tail.inverted() @ neutral.inverted() @ face
    aim = _empty(obj, "aim", hidden=True)
    aim.parent = holder
    track = aim.constraints.new("DAMPED_TRACK")
    track.target, track.track_axis = gaze, "TRACK_Z"
    limit = aim.constraints.new("LIMIT_ROTATION")
    limit.owner_space = "LOCAL"
    from ..core.gaze.manner import GazeManner  # registering reads no more of that room than it has to

    sideways, upright = GazeManner().reach_rad
    limit.use_limit_x = limit.use_limit_y = True
    limit.min_x, limit.max_x, limit.min_y, limit.max_y = -upright, upright, -sideways, sideways
    for eye in eyes:
        helper = _empty(obj, f"eye {eye}", hidden=True)
        helper.parent = aim
        helper.matrix_parent_inverse = face.inverted() @ carried @ bones[eye].matrix_local
        constraint = obj.pose.bones[eye].constraints.new("COPY_ROTATION")
        constraint.name, constraint.target = _CONSTRAINT, helper


def _empty(obj: Any, role: str, *, hidden: bool = False) -> Any:
    helper: Any = bpy.data.objects.new(f"{obj.name} {role}", None)
    helper[_OWNER], helper[_ROLE] = obj, role
    helper.hide_select = helper.hide_render = hidden
    for collection in obj.users_collection or (_scene().collection,):
        collection.objects.link(helper)
    if hidden:
        helper.empty_display_size = _UNSEEN_M
    return helper


def _matrix(turn: Array, place: Array) -> Matrix:
    return Matrix.Translation(place.tolist()) @ Quaternion(turn.tolist()).to_matrix().to_4x4()


def _follow(obj: bpy.types.Object) -> None:
    """Let the target follow what the settings choose, or stay where it is; and the eyes hold it as far as they say."""
    for track in _role(obj, "aim").constraints:
        track.influence = _doses(obj).follow if track.type == "DAMPED_TRACK" else 1.0
    target, chosen = _role(obj, "target"), character(obj).face.look_at
    found = [each for each in target.constraints if each.name == _CONSTRAINT]
    if chosen is None:
        for each in found:
            target.constraints.remove(each)
        return
    constraint = found[0] if found else target.constraints.new("COPY_LOCATION")
    constraint.name, constraint.target, constraint.use_offset = _CONSTRAINT, chosen, False


def _key(obj: bpy.types.Object, rig: Rig) -> tuple[str, ...]:
    """Key the gaze about its target for the scene's frames."""
    gaze, scene = _role(obj, "gaze"), _scene()
    data = gaze.animation_data
    if data is not None and (
        data.drivers or data.nla_tracks or (data.action and not _is_as_written(data.action))
    ):
        return ("its gaze has keys of yours, which stay",)
    if data is not None and data.action is not None:
        past, data.action = data.action, None
        if not past.users:
            bpy.data.actions.remove(past)
    gaze.location = (0.0, 0.0, 0.0)
    doses = replace(_doses(obj), follow=1.0)
    rate = frame_rate(scene)
    frames = np.arange(scene.frame_start, scene.frame_end + 1, dtype=np.float64)
    time_s = rate.seconds(frames)
    grid_s = np.arange(int((time_s[-1] + 1.0) * GRID_HZ) + 1) / GRID_HZ
    head = evaluated_motion(
        obj, grid_s, start_frame=float(scene.frame_start), rig_map=rig_map_of(obj), on_chest=False
    )
    away_m = _target_place(obj, rig, float(scene.frame_start))
    offsets = _offsets(head, time_s, away_m, doses, character(obj).seed)
    if not offsets.any():
        return ()
    kept = np.r_[True, np.abs(np.diff(offsets, axis=0)).max(axis=1) > _SAME_M]
    kept |= np.r_[kept[1:], True]
    action = new_action(f"{obj.name} gaze", gaze)
    values = rig.units_per_m * offsets[kept]
    write_curves(action, [Curve("location", i, values[:, i], _CONSTRAINT) for i in range(3)], frames[kept])
    for curve in channels_of(action, action.slots[0]).fcurves:
        for key in curve.keyframe_points:
            key.interpolation = "LINEAR"
    action[_KEYS] = hash_of(action)
    data = gaze.animation_data_create()
    data.action, data.action_slot = action, action.slots[0]
    return ()


def _offsets(head: HeadMotion, time_s: Array, away_m: Array, doses: GazeDoses, seed: int) -> Array:
    """Where the gaze lies about its target, (T, 3) metres in the axes of the head at rest.

    away_m : (3,) from the eyes to the target
    """
    distance = float(np.linalg.norm(away_m))
    contact = angles_of(away_m)
    left, up, ahead = np.array(EYES_M) + away_m * (_DISTANT_M / distance)
    from ..core.gaze.look import look
    from ..core.gaze.target import Target

    made = look(head, time_s, targets=[Target(-_DISTANT_M, (left, up, ahead))], doses=doses, seed=seed)
    turn = rot.multiply(head.at(time_s).rotation, made.rotation)
    beside = rot.wrapped(angles_of(rot.rotate(turn, np.array([0.0, 0.0, 1.0]))) - contact)
    return np.asarray(distance * (direction_of(contact + beside) - direction_of(contact)))


def _target_place(obj: bpy.types.Object, rig: Rig, frame: float) -> Array:
    """The target from the eyes at rest, (3,) metres in the axes of the head at rest, at a frame."""
    target = _role(obj, "target")
    with playing(_scene()) as show:
        show(frame)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        world = target.evaluated_get(depsgraph).matrix_world.translation.copy()
        body = obj.evaluated_get(depsgraph).matrix_world.copy()
    face = target.matrix_parent_inverse @ Matrix.Translation((0.0, 0.0, -_FAR_M * rig.units_per_m))
    found = np.array((body @ face).inverted_safe() @ world) / rig.units_per_m
    if np.linalg.norm(found) < _NEAREST_M:
        raise RigError(
            "The gaze's target lies within the face", "Choose another object to look at, or move it"
        )
    return found


def _doses(obj: bpy.types.Object) -> GazeDoses:
    return gaze_doses({name: float(getattr(character(obj).face, name)) for name in DOSES})


def _is_as_written(action: Any) -> bool:
    return bool(action.get(_KEYS) == hash_of(action))


def _animated_notes(obj: bpy.types.Object, eyes: tuple[str, str]) -> tuple[str, ...]:
    """A sentence on eye bones that have animation of their own."""
    data: Any = obj.animation_data
    if data is None:
        return ()
    pairs = [(data.action, data.action_slot)]
    pairs += [
        (strip.action, strip.action_slot) for track in data.nla_tracks for strip in strips_in(track.strips)
    ]
    paths = {path for action, slot in pairs if action and slot for path, _ in curves_of(action, slot)}
    taken = [eye for eye in eyes if any(path.startswith(channel_path(eye, "rotation")) for path in paths)]
    if not taken:
        return ()
    return (f"“{taken[0]}” has animation of its own, which stays and shows again once the gaze is removed",)


def _scene() -> Any:
    return bpy.context.scene

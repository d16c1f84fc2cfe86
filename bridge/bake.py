"""Baking: what the viewport shows of head and neck, as a few keys in a new action.

The animator's own action is copied, never changed, and kept in the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.rig import modes
from ..core.rig.decimate import Keys, Measure, decimate, moved_by, turned_by
from ..core.types import Array
from .bake_error import DEGREES, MILLIMETRES
from .curves import channels_of, new_action, write_keys
from .floor import settle
from .found import Found, base_of, look
from .hidden import evaluated
from .layer_tracks import action_id, curves_of, layer_channels, refresh
from .measured import nothing_shows
from .nla import Layer, remove_layer
from .rig import editable, owner_of
from .shown import remember, shown
from .visual import constrained, playing, visual_channels


@dataclass(frozen=True)
class Baked:
    """A baked action.

    name : of the action, which is the object's active one
    frames : first and last
    keys : how many there are in all, of head and neck
    degrees, millimetres : by how much the head then differs at most, measured at whole frames
    notes : what else was done, one sentence each
    """

    name: str
    frames: tuple[int, int]
    keys: int
    degrees: float
    millimetres: float
    notes: tuple[str, ...] = ()


def bake(
    obj: bpy.types.Object | None,
    *,
    degrees: float = DEGREES,
    millimetres: float = MILLIMETRES,
    remove: bool = False,
) -> Baked:
    """Put all that moves head and neck into one new action: animation, shown layers, constraints.

    The layers that are shown are muted afterwards, or removed.

    degrees, millimetres : by how much the curves between the keys may differ

    Raises
    ------
    RigError : nothing is shown, linked data, a collection that is hidden, or an action that is blended in a way that cannot be kept
    """
    obj = editable(obj)
    layers = shown(obj)
    if not layers:
        raise RigError(f"“{obj.name}” shows no layer of head motion", "Show the take that is to be baked")
    data: Any = obj.animation_data
    if not data.use_nla:
        raise nothing_shows(obj)
    if any(track.is_solo for track in data.nla_tracks):
        raise RigError(
            f"A track of “{obj.name}” is soloed, which hides the rest of its animation", "Switch solo off"
        )
    found = look(obj)
    base = base_of(obj, found)
    paths = _paths(obj)
    if base.blend.action_blend_type != "REPLACE" and any(path in paths for path, _ in base.below):
        raise RigError(
            f"The active action of “{obj.name}” is combined with tracks below it",
            "Push it down in the NLA editor and bake again",
        )
    frames = _frames([track for track, _ in layers], base.active, paths)
    names = sorted({_joint(path) for path in paths}, key=lambda name: (_depth(obj, name), name))
    dense, heads = _sample(obj, names, frames)
    turns = _shares(heads, degrees, millimetres / 2)
    keys = {
        (name, attribute): decimate(
            frames, values, *_limit(obj, name, attribute, turns[names.index(name)], millimetres / 2)
        )
        for name, channels in dense.items()
        for attribute, values in channels.items()
        if attribute in _wanted(obj, name, channels, paths)
    }
    name = _put(obj, found, keys)
    for track, action in layers:
        if remove:
            remove_layer(obj, Layer(action.name))
        else:
            track.mute = True
    settle(obj)
    remember(obj)
    refresh(obj)
    notes = [f"“{found.active.partition('/')[2]}” is kept as it was"] if found.active else []
    error = _error(obj, names, frames, heads)
    if error[0] > 2 * degrees and any(constrained(obj, each) for each in names):
        notes += [f"Muted {_mute(obj, names)}, since the keys hold what they do"]
        error = _error(obj, names, frames, heads)
    count = sum(len(curve.frames) for curve in keys.values())
    return Baked(name, (int(frames[0]), int(frames[-1])), count, *error, tuple(notes))


def _paths(obj: bpy.types.Object) -> set[str]:
    return {path for path, _ in layer_channels(obj)}


def _depth(obj: bpy.types.Object, name: str) -> int:
    armature: Any = obj.data
    return len(armature.bones[name].parent_recursive) if name else 0


def _shares(joints: Array, degrees: float, millimetres: float) -> list[float]:
    """By how many degrees each joint may turn otherwise: errors add up, and a turn of the neck moves the head.

    joints : (T, J, 4, 4) in the world, the last is the head
    """
    scene: Any = bpy.context.scene
    levers = np.linalg.norm(joints[:, :, :3, 3] - joints[:, -1:, :3, 3], axis=-1).max(axis=0)
    levers *= scene.unit_settings.scale_length * 1000.0
    count = len(levers)
    moved = np.degrees(millimetres / max(count - 1, 1) / np.maximum(levers, 1e-6))
    return [float(each) for each in np.minimum(moved, degrees / count)]


def _joint(path: str) -> str:
    """Name of the bone in a data path, "" for the object itself."""
    return bpy.utils.unescape_identifier(path.split('"')[1]) if path.startswith("pose.bones[") else ""


def _frames(tracks: Iterable[Any], active: Mapping[Any, Any], paths: set[str]) -> Array:
    """Whole frames of the scene, the layers, and the animator's keys of these channels."""
    scene: Any = bpy.context.scene
    ends = [float(scene.frame_start), float(scene.frame_end)]
    ends += [end for track in tracks for s in track.strips for end in (s.frame_start, s.frame_end)]
    ends += [end for (path, _), curve in active.items() if path in paths for end in curve.range()]
    return np.arange(floor(min(ends)), ceil(max(ends)) + 1, dtype=np.float64)


def _sample(
    obj: bpy.types.Object, names: Iterable[str], frames: Array
) -> tuple[dict[str, dict[str, Array]], Array]:
    """Channel values over time by joint and attribute; and where the joints are in the world, (T, J, 4, 4)."""
    rows: dict[str, dict[str, list[Array]]] = {name: {} for name in names}
    heads = []
    with evaluated([obj]), playing(bpy.context.scene) as show:
        for frame in frames.tolist():
            show(frame)
            posed = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
            for name, channels in rows.items():
                for attribute, value in visual_channels(posed, obj, name).items():
                    channels.setdefault(attribute, []).append(value)
            heads.append([np.array(_world(posed, name)) for name in rows])
    dense = {
        name: {each: _smooth(obj, name, each, np.array(values)) for each, values in channels.items()}
        for name, channels in rows.items()
    }
    return dense, np.array(heads)


def _world(evaluated: Any, name: str) -> Any:
    return evaluated.matrix_world @ evaluated.pose.bones[name].matrix if name else evaluated.matrix_world


def _smooth(obj: bpy.types.Object, name: str, attribute: str, values: Array) -> Array:
    """The same rotations without jumps between two ways of writing one."""
    mode = str(owner_of(obj, name).rotation_mode)
    if attribute != modes.attribute(mode):
        return values
    if mode == "QUATERNION":
        return rot.continuous(modes.to_quaternion(mode, values))
    rest = np.zeros_like(values) if mode != "AXIS_ANGLE" else np.tile(values[:1], (len(values), 1))
    return rest + modes.difference(mode, modes.to_quaternion(mode, values), rest)


def _wanted(obj: bpy.types.Object, name: str, channels: Mapping[str, Array], paths: set[str]) -> list[str]:
    """Attributes to key: those that layers move, and all that a constraint changes."""
    if constrained(obj, name):
        still = {each for each, values in channels.items() if np.ptp(values, axis=0).max() < 1e-6}
        return [each for each in channels if each != "scale" or each not in still]
    return [each for each in channels if _path(name, each) in paths]


def _path(name: str, attribute: str) -> str:
    return f'pose.bones["{bpy.utils.escape_identifier(name)}"].{attribute}' if name else attribute


def _limit(
    obj: bpy.types.Object, name: str, attribute: str, degrees: float, millimetres: float
) -> tuple[Measure, float]:
    if attribute.startswith("rotation"):
        return turned_by(str(owner_of(obj, name).rotation_mode)), degrees
    scene: Any = bpy.context.scene
    world: Any = obj.matrix_world if name else obj.matrix_world @ obj.matrix_basis.inverted_safe()
    unit = max(*world.to_scale()) * scene.unit_settings.scale_length * 1000.0
    return (moved_by(unit), millimetres) if attribute == "location" else (moved_by(), 1e-3)


def _put(obj: bpy.types.Object, found: Found, keys: Mapping[tuple[str, str], Keys]) -> str:
    """Make an action with these keys, and what else the active one holds, the active one."""
    data: Any = obj.animation_data
    own, slot = data.action, data.action_slot
    if own and slot:
        action = own.copy()
        action.name = f"{own.name} baked"
        own.use_fake_user = True
        slot = next(each for each in action.slots if each.handle == slot.handle)
    else:
        action = new_action(f"{obj.name} baked", obj)
        slot = action.slots[0]
    bag = channels_of(action, slot)
    written = {_path(name, attribute) for name, attribute in keys}
    for curve in [each for each in bag.fcurves if each.data_path in written]:
        bag.fcurves.remove(curve)
    for (name, attribute), each in keys.items():
        write_keys(bag, _path(name, attribute), each, name or "Object Transforms")
    data.action, data.action_slot = action, slot
    everything = set(curves_of(action, slot))
    before = {tuple(key) for key in found.whole.get(found.active, ())}
    counted = [key for key in everything if key[0] in written or key in before]
    now = action_id(action, slot)
    settle(obj, replace(found, active=now, whole=found.whole | {now: sorted(counted)}))
    return str(action.name)


def _error(obj: bpy.types.Object, names: list[str], frames: Array, heads: Array) -> tuple[float, float]:
    """By how many degrees and millimetres the joints now differ at most from where they were."""
    scene: Any = bpy.context.scene
    _, now = _sample(obj, names, frames)
    one, other = (_turns(each) for each in (heads, now))
    moved = np.linalg.norm(heads[..., :3, 3] - now[..., :3, 3], axis=-1).max()
    turned = np.degrees(rot.angle_between(one, other)).max()
    return float(turned), float(moved * scene.unit_settings.scale_length * 1000.0)


def _turns(matrices: Array) -> Array:
    m = matrices[..., :3, :3]
    u, _, v = np.linalg.svd(m)
    return rot.from_matrix(u @ v)


def _mute(obj: bpy.types.Object, names: list[str]) -> str:
    muted = []
    for name in names:
        for constraint in constrained(obj, name):
            constraint.mute = True
            muted.append(f"“{constraint.name}”")
    refresh(obj)
    return ", ".join(muted)

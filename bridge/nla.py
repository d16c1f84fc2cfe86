"""Head motion as layers: one NLA track each, combined with the animator's animation, removable without trace.

From below upward Blender evaluates: the animator's own tracks, a track that holds the channels of our
layers where the animator has them (`floor.py`), our layers, and the animator's active action. That
action is set to combine with what is below it while there are layers; no key of it is touched, and it
stays where its owner edits it.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from math import ceil, floor
from typing import Any

import bpy
import numpy as np

from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.neck_share import NECK_SHARE
from ..core.rig import Joint, MotionCurves, RigMap
from ..core.rig.retarget import retarget
from .base_animation import fingerprint
from .constraints import limits
from .curves import Curve, hash_of, new_action, write_curves
from .floor import close, put_poses, settle
from .found import Found, base_of, look
from .layer_fit import Fit, channel_values, keep_fit
from .layer_tracks import (
    LAYER,
    add_track,
    is_marked,
    layer_channels,
    marked,
    muted_groups,
    refresh,
    remove_track,
    tracks_of,
)
from .rig import channel_path, editable, owner_of, read_rig
from .timing import frame_rate

KEYS = "mannerism_keys"
"""Custom property of a layer's action: hash of its keys as they were written, to know edited ones."""


@dataclass(frozen=True)
class Layer:
    """One layer on an object.

    name : of its action; the track has the same name until the animator renames it
    notes : what could not be done as asked, one sentence each
    """

    name: str
    notes: tuple[str, ...] = ()


def add_layer(
    obj: bpy.types.Object | None,
    motion: HeadMotion,
    *,
    name: str,
    start_frame: float,
    rig_map: RigMap | None = None,
    neck_share: float = NECK_SHARE,
    translation_scale: float = 1.0,
) -> Layer:
    """Put a head motion on an armature's head and neck, or on any other object, as a new layer.

    One key a frame of the active scene; t = 0 lies at `start_frame`. The result is the animator's
    pose times the motion (`core/rig/retarget.py`). Nothing is changed if it is refused.

    Raises
    ------
    RigError : nothing selected, linked data, no head, or an active action that cannot be combined
    """
    obj = editable(obj)
    rig = read_rig(obj, rig_map)
    found = look(obj)
    base = base_of(obj, found)
    base.check()
    muted = () if tracks_of(obj) else muted_groups(*base.active_slot)
    scene: Any = bpy.context.scene
    rate = frame_rate(scene, start_frame)
    first, last = floor(rate.frames(motion.time_s[0])), ceil(rate.frames(motion.time_s[-1]))
    frames = np.arange(first, last + 1, dtype=np.float64)
    joints = (*rig.neck, rig.head)
    bases = base.sample(joints, frames)
    curves = retarget(
        motion.at(rate.seconds(frames)),
        rig,
        bases,
        neck_share=neck_share,
        translation_scale=translation_scale,
    )
    written = _curves(curves)
    found = found.with_poses({path: base.static(path) for path in dict.fromkeys(c.path for c in written)})
    record = {
        "bare": found.bare,
        "blend": asdict(found.blend),
        "poses": found.poses,
        "joints": [*bases],
        "frames": [first, last],
        "start": start_frame,
        "fps": str(rate.fps),
        "fingerprint": fingerprint(joints, bases),
    }

    settle(obj, found, [(curve.path, curve.index) for curve in written])
    data: Any = obj.animation_data or obj.animation_data_create()
    action = new_action(name, obj)
    action[LAYER] = json.dumps(record)
    write_curves(action, written, frames)
    action[KEYS] = hash_of(action)
    keep_fit(action, Fit(rig, bases, first, neck_share, translation_scale), channel_values(curves))
    strip = add_track(data, action, first)
    strip.blend_type, strip.extrapolation = "COMBINE", "NOTHING"
    if base.blend.action_blend_type == "REPLACE":
        replace(base.blend, action_blend_type="COMBINE").put(data)
    refresh(obj)
    return Layer(action.name, curves.notes + _notes(obj, joints) + _silenced(muted))


def list_layers(obj: bpy.types.Object) -> tuple[Layer, ...]:
    """The object's layers, from the lowest to the highest, which is the newest."""
    return tuple(Layer(action.name) for _, action in marked(obj, LAYER))


def has_layers(obj: bpy.types.Object) -> bool:
    """Whether the object has any layer."""
    return any(is_marked(track, LAYER) for track in tracks_of(obj))


def track_of(obj: bpy.types.Object, layer: Layer) -> bpy.types.NlaTrack:
    """The NLA track of a layer, to mute or rename it.

    Raises
    ------
    RigError : the object has no such layer
    """
    return _find(obj, layer)[0]


def is_stale(obj: bpy.types.Object, layer: Layer) -> bool:
    """Whether the animation that the layer was fitted to has changed, so that generating again would differ.

    It matters for bones in Euler or axis-angle mode, which Blender adds channel by channel, and
    below the keys of an active action.
    """
    track, action = _find(obj, layer)
    record = json.loads(action[LAYER])
    first, last = record["frames"]
    moved = next((s.frame_start - s.action_frame_start for s in track.strips if s.action == action), 0.0)
    *neck, head = record["joints"]
    try:
        rig = read_rig(obj, RigMap(head, tuple(neck)))
    except RigError:
        return True
    joints = (*rig.neck, rig.head)
    bases = base_of(obj).sample(joints, moved + np.arange(first, last + 1, dtype=np.float64))
    return fingerprint(joints, bases) != record["fingerprint"]


def remove_layer(obj: bpy.types.Object | None, layer: Layer | None = None) -> None:
    """Remove a layer, by default the newest, and restore what it had changed.

    With the last one the object's animation data, blend mode and poses without keys are again what
    they were before the first; keys that the animator has set since then stay.

    Raises
    ------
    RigError : there is no such layer, nothing selected, or linked data
    """
    obj = editable(obj)
    track, action = _find(obj, layer)
    found = look(obj)
    data: Any = obj.animation_data
    remove_track(data, track)
    if action.users == 0:
        bpy.data.actions.remove(action)
    clean(obj, found)


def clean(obj: bpy.types.Object, found: Found | None = None) -> None:
    """Restore what layers had changed that are gone, also those whose tracks somebody else removed."""
    found = found or look(obj)
    touched = {path for path, _ in layer_channels(obj)}
    freed = {path: pose for path, pose in found.poses.items() if path not in touched}
    if marked(obj, LAYER):
        settle(obj, found.without_poses({*freed} - _keyed_over(obj, found)))
    else:
        close(obj, found)
    put_poses(obj, freed)
    data: Any = obj.animation_data
    if found.bare and data and not (data.action or data.nla_tracks or data.drivers):
        obj.animation_data_clear()
    refresh(obj)


def _keyed_over(obj: bpy.types.Object, found: Found) -> set[str]:
    """Paths whose keys count from a pose of the floor."""
    return {path for path, _ in base_of(obj, found).added}


def _find(obj: bpy.types.Object, layer: Layer | None) -> tuple[Any, Any]:
    found = [pair for pair in marked(obj, LAYER) if layer is None or pair[1].name == layer.name]
    if not found:
        raise RigError(f"“{obj.name}” has no such layer of head motion", "Generate one first")
    return found[-1]


def _curves(curves: MotionCurves) -> list[Curve]:
    return [
        Curve(channel_path(c.joint, c.attribute), index, values, c.joint or "Object Transforms")
        for c in curves.channels
        for index, values in zip(c.index, c.values.T, strict=True)
    ]


def _silenced(groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        f"The channel group “{group}” of the active action is muted, which counts once there are NLA tracks; "
        "unmute it if it is to play"
        for group in groups
    )


def _notes(obj: bpy.types.Object, joints: Iterable[Joint]) -> tuple[str, ...]:
    data: Any = obj.animation_data
    notes = [
        f"The constraint “{limit}” may cut the motion of “{joint.name or obj.name}” short"
        for joint in joints
        for limit in limits(owner_of(obj, joint.name))
    ]
    if not data.use_nla:
        notes.append("NLA evaluation of this object is off, so the layer does not show until it is on")
    if any(track.is_solo for track in data.nla_tracks):
        notes.append("Another track is soloed, so the layer does not show until it is not")
    return tuple(notes)

"""What our layers found on an object when they came, and what the animator has changed since.

Stored in the file, on the action of the floor (`floor.py`).
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import bpy

from .base_animation import BaseAnimation, Blend, rest_value
from .forgetting import forgets
from .layer_tracks import (
    COVER,
    FLOOR,
    LAYER,
    Key,
    action_id,
    all_curves,
    curves_of,
    layer_channels,
    marked,
    own_actions,
    records,
    tracks_of,
)


@dataclass(frozen=True)
class Found:
    """The animator's animation as our layers found it.

    bare : the object had no animation data
    blend : how the active action was set to blend
    poses : values by data path, of the channels of our layers, where nothing moves them
    active : id of the animator's active action when last looked, see `layer_tracks.action_id`
    whole : channels of each action, by its id, whose keys count from rest, as it had them when it
        became the active one; what it got later was keyed over our layers
    """

    bare: bool
    blend: Blend
    poses: dict[str, list[float]] = field(default_factory=dict)
    active: str = ""
    whole: dict[str, list[Key]] = field(default_factory=dict)

    def with_poses(self, poses: dict[str, list[float]]) -> "Found":
        """The same, with the poses of more channels."""
        return replace(self, poses=self.poses | poses)

    def without_poses(self, paths: set[str]) -> "Found":
        """The same, without the poses of some channels."""
        return replace(self, poses={path: pose for path, pose in self.poses.items() if path not in paths})


def look(obj: bpy.types.Object) -> Found:
    """What was found, brought up to date: the animator may have switched the active action.

    A channel that the new action does not move keeps, as in Blender, the value that it had at that moment.
    """
    found = _stored(obj)
    data = obj.animation_data
    action, slot = (data.action, data.action_slot) if data else (None, None)
    now = action_id(action, slot)
    newest = _newest.get(obj.name)
    _newest[obj.name] = max((each.session_uid for each in bpy.data.actions), default=0)
    if now == found.active and now in found.whole:
        return found
    active = curves_of(action, slot) if action and slot else {}
    made_since = action is not None and newest is not None and action.session_uid > newest
    keyed_over = (
        bool(marked(obj, LAYER)) and made_since and all(len(c.keyframe_points) == 1 for c in active.values())
    )
    whole = {each: keys for each, keys in found.whole.items() if _action(each) is not None}
    whole.setdefault(now, [] if keyed_over else list(all_curves(action, slot)))
    return replace(found, active=now, whole=whole).with_poses(_left_behind(obj, found, set(active)))


_newest: dict[str, int] = {}
"""By object, the newest action when last looked: Blender makes one when the animator sets a first key."""


def store(obj: bpy.types.Object, action: bpy.types.Action, found: Found) -> None:
    """Keep it with the floor."""
    _last[obj.session_uid] = found
    text = json.dumps(asdict(found))
    if action.get(FLOOR) != text:
        action[FLOOR] = text


def last_found(obj: bpy.types.Object) -> Found | None:
    """What was last stored for an object, also when its tracks are gone since."""
    return _last.get(obj.session_uid)


def forget(obj: bpy.types.Object) -> None:
    """Forget what was stored of an object; the file keeps its own."""
    _last.pop(obj.session_uid, None)


_last: dict[int, Found] = {}


@forgets
def _forget() -> None:
    _last.clear()


def base_of(obj: bpy.types.Object, found: Found | None = None) -> BaseAnimation:
    """The object's animation as it is without our layers."""
    found = found or look(obj)
    return _base(obj, found)


def _base(obj: bpy.types.Object, found: Found, past: Any = None) -> BaseAnimation:
    ours = sum(len(marked(obj, mark)) for mark in (LAYER, FLOOR, COVER))
    blend = Blend() if len(tracks_of(obj)) <= ours else found.blend
    whole = {each: frozenset((path, index) for path, index in keys) for each, keys in found.whole.items()}
    return BaseAnimation(obj, own_actions(obj), found.poses, blend, whole, past)


def _stored(obj: bpy.types.Object) -> Found:
    """As the floor has it; of a file from before there was one, as its layers have it; else as it is now."""
    for _, action in marked(obj, FLOOR):
        if isinstance(action[FLOOR], str):
            kept = json.loads(action[FLOOR])
            return Found(**(kept | {"blend": Blend(**kept["blend"])}))
    poses: dict[str, list[float]] = {}
    for record in records(obj):
        poses |= record["poses"]
    for record in records(obj):
        return Found(record["bare"], Blend(**record["blend"]), poses)
    data = obj.animation_data
    return Found(data is None, Blend.of(data) if data else Blend())


def _left_behind(obj: bpy.types.Object, found: Found, active: set[Key]) -> dict[str, list[float]]:
    """Poses of our layers' channels that the action before moved and the new one does not."""
    past = _action(found.active)
    if past is None:
        return {}
    base = _base(obj, found, past)
    frame = _scene().frame_current_final
    soloed = any(track.is_solo for track in tracks_of(obj))
    poses: dict[str, list[float]] = {}
    for path in sorted({path for path, _ in layer_channels(obj) & set(base.active)}):
        poses[path] = list(base.static(path))
        for index, value in enumerate(base.held(path, frame)):
            if (path, index) not in active and (path, index) not in base.below:
                rest = (
                    rest_value(obj, (path, index)) or 0.0
                )  # what Blender resets a silenced action's channels to
                poses[path][index] = rest if soloed and (path, index) in base.active else value
    return poses


def _action(identity: str) -> tuple[Any, Any] | None:
    """The action and slot of an id, if they are still there."""
    handle, _, name = identity.partition("/")
    action: Any = bpy.data.actions.get(name)
    slots = action.slots if action else ()
    return next(((action, slot) for slot in slots if str(slot.handle) == handle), None)


def _scene() -> Any:
    return bpy.context.scene

"""Which takes are shown: one at a time on each stretch, unless the animator wants them mixed."""

from typing import Any

import bpy

from .drawn import kept_until_change
from .forgetting import forgets
from .layer_tracks import LAYER, evaluated, marked
from .settings import character

_seen: dict[int, frozenset[str]] = {}
"""By `session_uid` of an object, the layers that were shown when last looked."""


def shown(obj: bpy.types.Object) -> list[tuple[Any, Any]]:
    """Tracks and actions of the layers that are shown, from the lowest to the highest."""
    counting = evaluated(obj)
    return [
        (track, action)
        for track, action in marked(obj, LAYER)
        if track in counting and not all(strip.mute for strip in _strips(track, action))
    ]


def rivals(obj: bpy.types.Object, track: Any) -> list[tuple[Any, Any]]:
    """Other layers that are shown on a stretch of this track's, so that the two add up."""
    return [(other, action) for other, action in shown(obj) if other != track and overlap(track, other)]


def overlap(one: Any, other: Any) -> bool:
    """Whether strips of two tracks lie on the same stretch."""
    return any(
        a.frame_start < b.frame_end and b.frame_start < a.frame_end
        for a in one.strips
        for b in other.strips
        if not (a.mute or b.mute)
    )


def adding_up(obj: bpy.types.Object) -> list[str]:
    """Names of the shown layers that share a stretch with another."""
    found = shown(obj)
    spans = sorted(
        (strip.frame_start, strip.frame_end, at)
        for at, (track, _) in enumerate(found)
        for strip in track.strips
        if not strip.mute
    )
    sharing: set[int] = set()
    going_on: list[tuple[float, int]] = []
    for start, end, at in spans:
        going_on = [(until, other) for until, other in going_on if until > start]
        others = {other for _, other in going_on if other != at}
        sharing |= {at, *others} if others else set()
        going_on.append((end, at))
    return [action.name for at, (_, action) in enumerate(found) if at in sharing]


adding_up_on_show = kept_until_change(adding_up)


def hide_rivals(obj: bpy.types.Object, track: Any) -> list[str]:
    """Mute the layers that are shown on this track's stretch, unless takes are to be mixed; returns their names."""
    hidden = [] if character(obj).mix_takes else rivals(obj, track)
    for other, _ in hidden:
        other.mute = True
    remember(obj)
    return [action.name for _, action in hidden]


def one_at_a_time(obj: bpy.types.Object) -> None:
    """Where a layer was shown since last looked, hide its rivals; of several the highest stays.

    What added up when the file was opened is left as it is; the panel says so.
    """
    before = _seen.get(obj.session_uid)
    if before is not None and not character(obj).mix_takes:
        new = [track for track, action in reversed(shown(obj)) if action.name not in before]
        kept: list[Any] = []
        for track in new:
            if any(overlap(track, other) for other in kept):
                track.mute = True
            else:
                kept.append(track)
                hide_rivals(obj, track)
    remember(obj)


def remember(obj: bpy.types.Object) -> None:
    """Take what is shown now as known; once takes are mixed no longer, all count as new."""
    known = [] if character(obj).mix_takes else shown(obj)
    _seen[obj.session_uid] = frozenset(action.name for _, action in known)


@forgets
def _forget() -> None:
    _seen.clear()


def _strips(track: Any, action: Any) -> list[Any]:
    return [strip for strip in track.strips if strip.action == action]

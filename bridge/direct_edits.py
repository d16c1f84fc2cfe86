"""Keys of a layer that the animator has edited, and how they come into the take that is made anew.

Only new layers are written; the edited one stays as it is.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from ..core.direct.edits import Difference, Span, grown, merged, within
from ..core.motion import HeadMotion
from ..core.motion_npz import save_motion
from ..core.rig import retarget
from .copied_keys import copy_keys
from .curves import hash_of
from .keyed_motion import bases_of, hand_keyed, keyed_motion
from .layer_motion import made_at, rig_of, strip_of
from .layer_tracks import curves_of, refresh
from .nla import KEYS, Layer
from .rig import channel_path
from .settings import character
from .takes import MOTION, stored_motion

_EDITS = "mannerism_edits"
"""Custom property of a layer's action: spans that hold the animator's keys of an earlier one, as JSON."""


@dataclass(frozen=True, eq=False)
class Edits:
    """What the animator has changed on a layer.

    layer : its name
    spans : where, grown and merged
    settled : those of them that came from a layer before this one, where they were kept
    motion : as generated, with the changes
    difference : between the keys and how they were written
    """

    layer: str
    spans: tuple[Span, ...]
    settled: tuple[Span, ...]
    motion: HeadMotion
    difference: Difference


def edits_of(obj: bpy.types.Object, name: str) -> Edits | None:
    """The edits of a layer; None without any. Raises RigError where its bones are gone, or it does not say."""
    strip, record = strip_of(obj, name)
    action = strip.action
    settled = tuple((float(start), float(stop)) for start, stop in json.loads(action.get(_EDITS, "[]")))
    if action.get(KEYS) == hash_of(action) and not settled and not hand_keyed(action):
        return None
    rate = made_at(obj, name, record["start"])
    frames, now = keyed_motion(obj, name, rate)
    _, was = keyed_motion(obj, name, rate, written=True)
    difference = Difference.of(now, was, character(obj).translation)
    marked = [float(at) for at in rate.seconds(frames[difference.marks()])]
    marked += [float(rate.seconds(frame)) for frame in hand_keyed(action)]
    spans = merged([*grown(marked, float(now.time_s[-1])), *settled])
    if not spans:
        return None
    stored = stored_motion(Layer(name))
    return Edits(name, spans, settled, difference.on(stored, spans), difference)


def settle_edits(edits: Edits, layer: Layer) -> None:
    """Note on a layer whose keys were written with the edits that they are the animator's."""
    buffer = io.BytesIO()
    save_motion(buffer, edits.motion)
    action = bpy.data.actions[layer.name]
    action[MOTION], action[_EDITS] = buffer.getvalue(), json.dumps(edits.spans)


def carry_edits(
    obj: bpy.types.Object, layer: Layer, edits: Edits, *, kept: Sequence[Span], offset: Sequence[Span]
) -> None:
    """Give a layer that was made just now the edits of another: keys as they are, or differences on top."""
    strip, record = strip_of(obj, layer.name)
    first, last = record["frames"]
    frames = np.arange(first, last + 1, dtype=np.float64)
    rate = made_at(obj, layer.name, record["start"])
    time_s = rate.seconds(frames)
    made = stored_motion(layer).at(time_s)
    wanted = edits.difference.on(made, offset)
    rotation, translation_m = wanted.rotation.copy(), wanted.translation_m.copy()
    inside = within(time_s, kept) & (time_s <= edits.difference.time_s[-1] + 1e-6)
    before = edits.difference.on(stored_motion(Layer(edits.layer)).at(time_s), kept)
    rotation[inside], translation_m[inside] = before.rotation[inside], before.translation_m[inside]
    wanted = HeadMotion(time_s, rotation, translation_m)
    touched = within(time_s, [*kept, *offset])
    _write(obj, strip.action, wanted, touched)
    copy_keys(obj, edits.layer, layer.name, kept)
    held = [[start, min(stop, float(time_s[-1]))] for start, stop in kept if start < time_s[-1]]
    if held:
        strip.action[_EDITS] = json.dumps(held)
    refresh(obj)


def _write(obj: bpy.types.Object, action: Any, motion: HeadMotion, touched: Any) -> None:
    """Put a motion on the keys of a new layer, at the frames that are touched."""
    settings = character(obj)
    curves = retarget(
        motion,
        rig_of(obj, action.name),
        bases_of(action),
        neck_share=settings.neck_share,
        translation_scale=settings.translation,
    )
    mine = curves_of(action, action.slots[0])
    for channel in curves.channels:
        path = channel_path(channel.joint, channel.attribute)
        for index, values in zip(channel.index, channel.values.T, strict=True):
            curve = mine.get((path, index))
            if curve is None:
                continue
            points = np.empty(2 * len(curve.keyframe_points), np.float32)
            curve.keyframe_points.foreach_get("co", points)
            points[1::2][touched] = values[touched]
            curve.keyframe_points.foreach_set("co", points)
            curve.update()

"""Keys of a layer that the animator has edited, and how they come into the take that is made anew.

Only new layers are written; the edited one stays as it is.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from ..core.direct.edits import Difference, Span, grown, merged, within
from ..core.motion import HeadMotion
from ..core.rig.retarget import retarget
from ..core.types import Array, BoolArray
from .copied_keys import copy_keys
from .curves import hash_of, keys_of
from .keyed_motion import hand_keyed, keyed_motion
from .layer_fit import channel_values, fit_of
from .layer_motion import made_at, strip_of
from .layer_tracks import curves_of, refresh
from .live import shaped_motion
from .live_held import KEPT
from .nla import KEYS, Layer
from .settings import character
from .takes import stored_motion

EDITS = "mannerism_edits"
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
    settled = tuple((float(start), float(stop)) for start, stop in json.loads(action.get(EDITS, "[]")))
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
    stored = shaped_motion(action).at(stored_motion(Layer(name)).time_s)
    return Edits(name, spans, settled, difference.on(stored, spans), difference)


def settle_edits(edits: Edits, layer: Layer) -> None:
    """Note on a layer whose keys were written with the edits that they are the animator's."""
    bpy.data.actions[layer.name][EDITS] = json.dumps(edits.spans)


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
    before = edits.difference.on(shaped_motion(bpy.data.actions[edits.layer]).at(time_s), kept)
    rotation[inside], translation_m[inside] = before.rotation[inside], before.translation_m[inside]
    wanted = HeadMotion(time_s, rotation, translation_m)
    touched = within(time_s, [*kept, *offset])
    _write(strip.action, wanted, frames, touched)
    copy_keys(obj, edits.layer, layer.name, kept)
    held = [[start, min(stop, float(time_s[-1]))] for start, stop in kept if start < time_s[-1]]
    if held:
        strip.action[EDITS] = strip.action[KEPT] = json.dumps(held)
    refresh(obj)


def _write(action: Any, motion: HeadMotion, frames: Array, touched: BoolArray) -> None:
    """Put a motion on the keys of a new layer at its frames (T,), where they are touched (T,)."""
    fit = fit_of(action)
    curves = retarget(
        motion,
        fit.rig,
        fit.below(frames),
        neck_share=fit.neck_share,
        translation_scale=fit.translation_scale,
    )
    wanted = channel_values(curves)
    for key, curve in curves_of(action, action.slots[0]).items():
        if key not in wanted:
            continue
        points = keys_of(curve)
        points[touched, 1] = wanted[key][touched]
        curve.keyframe_points.foreach_set("co", points.ravel())
        curve.update()

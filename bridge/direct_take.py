"""From what an animator directs to the direction of one take, and back into the file with the take."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import bpy

from ..core.direct.direction import Direction, Part
from ..core.direct.direction_file import direction_to_json
from ..core.direct.edits import Span, kept_of, merged
from ..core.direct.together import together
from ..core.errors import DirectionError, RigError
from ..core.motion import GRID_HZ
from .direct_clock import DirectedLine, chosen, layer_of
from .direct_edits import Edits, carry_edits, edits_of
from .direct_listed import pins_of
from .direct_markers import copy_gestures, gestures_for
from .direct_pins import show_pins
from .direct_stored import keep_direction, stored_direction
from .layer_motion import made_at, start_of
from .nla import Layer, track_of
from .settings import manner
from .sound import Speech
from .takes import stored_motion, take_of

MADE_BY = "mannerism_made_by"
"""Custom property of a layer's action, see `made_by`."""

NOTHING = Direction()

_MARGIN_S = 2.0 / GRID_HZ
"""A frame is read from samples as far away as this: so far inside a part its samples begin to change."""


@dataclass(frozen=True)
class Directed:
    """What one take is to do.

    direction : all of it
    before : the layer that it comes from, if any
    edits : of that layer
    kept, offset : spans of the edits
    notes : sentences without a full stop
    lasting : what of it was asked for, and does not come from the take before
    """

    direction: Direction
    before: Layer | None = None
    edits: Edits | None = None
    kept: tuple[Span, ...] = ()
    offset: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    lasting: Direction = NOTHING

    @property
    def json(self) -> str:
        """For the worker; "" for nothing."""
        return direction_to_json(self.direction) if self.direction else ""


@dataclass(frozen=True)
class WantedPart:
    """A part of a take: from which frame of the timeline to which it may change, and of which seed."""

    frames: tuple[float, float]
    seed: int


def direct(
    obj: bpy.types.Object, speech: Speech, seed: int, scene: Any, given: Direction = NOTHING
) -> Directed:
    """The direction of a take of a speech: its pins, gestures of markers, parts of this seed, and edited keys.

    scene : whose markers are gestures; None for a speech that has no place in it
    given : more, as a line's file has it; where both cannot be, what is directed in Blender counts

    Raises
    ------
    DirectionError : pins contradict each other
    """
    before = layer_of(obj, speech.name)
    gestures, notes = gestures_for(obj, speech, before, scene)
    parts: tuple[Part, ...] = ()
    edits, said = None, list(notes)
    if before is not None:
        take = take_of(bpy.data.actions[before.name])
        if take is not None and take.seed == seed:
            parts = stored_direction(before).parts
        try:
            edits = edits_of(obj, before.name)
        except RigError as error:
            said.append(f"{error.problem}, so keys edited on it are not looked for")
    choice = chosen(obj).edits
    settled = edits.settled if edits else ()
    kept: tuple[Span, ...] = ()
    offset: tuple[Span, ...] = ()
    if edits and choice == "KEEP":
        kept = edits.spans
    elif edits and choice == "OFFSET":
        kept = settled
        offset = tuple(span for span in edits.spans if not any(_touch(span, other) for other in settled))
        kept = merged([*kept, *(span for span in edits.spans if span not in offset)])
    if edits:
        words = {"KEEP": "Kept", "OFFSET": "Added on top", "DROP": "Dropped"}
        said.append(f"{words[choice]} what was edited on “{edits.layer}” ({frames_of(obj, edits)})")
    samples = kept_of(edits.motion, kept) if edits and kept else ()
    pins = pins_of(obj, speech.name)
    moved = [pin for pin in pins if any(start <= pin.time_s <= stop for start, stop in offset)]
    said += [
        f"The pin at {pin.time_s:.3g} s lies within edited keys, which are added on top of it"
        for pin in moved
    ]
    direction, gave_way = together(given, Direction(pins, gestures, parts, samples))
    lasting, _ = together(given, Direction(pins, gestures))
    return Directed(direction, before, edits, kept, offset, (*said, *gave_way), lasting)


def direct_part(
    obj: bpy.types.Object, line: DirectedLine, speech: Speech, scene: Any, wanted: WantedPart
) -> Directed:
    """The direction of the active take with one part of another seed; around it all stays, edited keys included.

    Raises
    ------
    DirectionError : the part is too short, or outside of the take
    """
    frames = wanted.frames
    start, stop = (float(at) for at in line.rate.seconds(frames))
    stored = stored_motion(line.layer)
    start, stop = max(start, 0.0), min(stop, stored.duration_s)
    first = start + _MARGIN_S if start > 0.0 else 0.0
    last = stop - _MARGIN_S if stop < stored.duration_s else stop
    if last - first < 0.4:
        raise DirectionError(
            f"Frames {frames[0]:g} to {frames[1]:g} hold less than half a second of the take",
            "Choose a longer part",
        )
    part = Part(first, last, wanted.seed)
    again = _made_again(obj, line, speech, scene, part)
    if again is not None:
        return Directed(again, line.layer)
    edits = edits_of(obj, line.layer.name)
    outside = [span for span in ((0.0, first - 1e-3), (last, stored.duration_s)) if span[1] > span[0] + 0.04]
    whole = edits.motion if edits else stored
    kept = _cut(edits.spans, (start, stop)) if edits else ()
    samples = kept_of(whole, outside)
    older = [
        Part(*span, each.seed) for each in stored_direction(line.layer).parts for span in _pieces(each, part)
    ]
    gestures, notes = gestures_for(obj, speech, line.layer, scene)
    direction = Direction(
        tuple(pin for pin in pins_of(obj, line.line) if first <= pin.time_s < last),
        tuple(gesture for gesture in gestures if first <= gesture.time_s < last),
        (*older, part),
        samples,
    )
    return Directed(direction, line.layer, edits, kept, (), notes)


def _made_again(
    obj: bpy.types.Object, line: DirectedLine, speech: Speech, scene: Any, part: Part
) -> Direction | None:
    """The direction of the active take with the part, where making it again makes all around the part the same.

    None where a setting, a file, or what is asked for within the part has changed, keys were edited, or parts overlap:
    then what is around it is kept by its samples.
    """
    old = stored_direction(line.layer)
    if bpy.data.actions[line.layer.name].get(MADE_BY) != made_by(manner(obj), speech):
        return None
    if edits_of(obj, line.layer.name) is not None or old.kept:
        return None
    inside = (part.start_s, part.stop_s)
    if any(_touch((each.start_s, each.stop_s), inside) for each in old.parts):
        return None

    def within(direction: Direction) -> list[Any]:
        asked: tuple[Any, ...] = (*direction.pins, *direction.gestures)
        return [each for each in asked if part.start_s <= each.time_s < part.stop_s]

    now = Direction(pins_of(obj, line.line), gestures_for(obj, speech, line.layer, scene)[0])
    return replace(old, parts=(*old.parts, part)) if within(now) == within(old) else None


def made_by(settings: Mapping[str, Any], speech: Speech) -> str:
    """What a take is made of besides its seed and its direction, as JSON: settings, and the state of the files.

    settings : as `manner` returns them
    """
    files = [Path(settings["style"]), speech.path]
    states = [(f.stat().st_mtime_ns, f.stat().st_size) if f.is_file() else None for f in files]
    return json.dumps([dict(settings), str(speech.path), speech.start_s, speech.length_s, states])


def settle_take(obj: bpy.types.Object, layer: Layer, directed: Directed, made: str) -> tuple[str, ...]:
    """Keep the direction with the take that was made by it, and give it the edits; returns sentences.

    made : as `made_by` returned when the take was begun
    """
    action = bpy.data.actions[layer.name]
    action[MADE_BY] = made
    keep_direction(layer, directed.direction)
    notes = list(directed.notes)
    before = directed.before
    if before is not None:
        copy_gestures(before, layer, obj)
    if directed.edits is not None and before is not None:
        if directed.kept or directed.offset:
            carry_edits(obj, layer, directed.edits, kept=directed.kept, offset=directed.offset)
        track_of(obj, before).mute = True
        end = stored_motion(layer).duration_s
        late = [span for span in directed.offset if span[0] >= end]  # of what is kept, the worker says it
        notes += [
            f"What was edited from {start:.3g} s lies after the sound's end, and is left out"
            for start, _ in late
        ]
    show_pins(obj)
    return tuple(notes)


def part_frames(scene: Any) -> tuple[float, float]:
    """The preview range, or from the marker before the playhead to the one after it. Raises DirectionError."""
    if scene.use_preview_range:
        return float(scene.frame_preview_start), float(scene.frame_preview_end)
    chosen_frames = sorted({m.frame for m in scene.timeline_markers if m.select})
    if len(chosen_frames) == 2:
        return float(chosen_frames[0]), float(chosen_frames[1])
    frames = sorted({float(m.frame) for m in scene.timeline_markers})
    now = float(scene.frame_current_final)
    for start, stop in pairwise(frames):
        if start <= now < stop:
            return start, stop
    raise DirectionError(
        "There is no preview range, and the playhead is not between two markers",
        "Set a preview range with P in the timeline, or a marker before and after the part",
    )


def free_seed(layer: Layer) -> int:
    """A seed that no part of the take has had."""
    take = take_of(bpy.data.actions[layer.name])
    used = [part.seed for part in stored_direction(layer).parts]
    return 1 + max([take.seed if take else 0, *used])


def frames_of(obj: bpy.types.Object, edits: Edits) -> str:
    """Where edits are, as frames of the timeline."""
    rate = made_at(obj, edits.layer, start_of(obj, edits.layer))
    spans = [
        (round(float(rate.frames(start))), round(float(rate.frames(stop)))) for start, stop in edits.spans
    ]
    return ", ".join(f"frames {start}–{stop}" for start, stop in spans)


def _touch(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _cut(spans: Iterable[Span], hole: Span) -> tuple[Span, ...]:
    """What of spans is outside of a hole."""
    found = []
    for start, stop in spans:
        found += [(start, min(stop, hole[0])), (max(start, hole[1]), stop)]
    return tuple(span for span in found if span[1] > span[0] + 1e-6)


def _pieces(older: Part, newer: Part) -> list[Span]:
    spans = _cut([(older.start_s, older.stop_s)], (newer.start_s, newer.stop_s))
    return [span for span in spans if span[1] - span[0] >= 0.4]

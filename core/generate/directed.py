"""A take that obeys a direction: made by a source, finished, corrected on its samples until all is exact.

The order is fixed, and so is the result, whatever the order in which things were asked for: the take of the seed;
kept stretches with their joins, pins and gestures; then parts of other seeds. Where nothing is directed, and around
it, the bytes are those of the plain take.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil, floor

import numpy as np

from ..direct.direction import Direction, Pin
from ..direct.envelope import envelope
from ..direct.exact import NEAR_S, WIDE_S, misses_deg, pinned, rejoined
from ..direct.gestures import pins_of_gestures
from ..direct.kept import Kept
from ..direct.plan import far_and_hasty, fitted_to, missed
from ..direct.strengthen import strengthened_vectors
from ..direct.windows import Window
from ..motion import GRID_HZ, HeadMotion, Progress, motion_of
from ..progress import part as share_of
from ..speech.features import SpeechFeatures
from ..style.schema import Style
from ..types import Array, BoolArray
from .acted_source import ActedSource
from .actor import Actor
from .bent_source import BentSource
from .controls import RAMP_S, finished_vectors
from .engine import Engine
from .settings import GenerationSettings
from .source import Source


def directed(
    style: Style,
    speech: SpeechFeatures,
    settings: GenerationSettings,
    direction: Direction,
    *,
    engine: Engine,
    progress: Progress,
) -> HeadMotion:
    """One take, see `take.generate`. Its notes say what was left out, and what could not be met.

    engine : an `Actor`, which goes for what is asked; any other is bent towards it
    """
    fitted, notes = fitted_to(direction, len(speech.time_s), speech.duration_s)
    of = (style, speech, settings, fitted)
    source: Source = ActedSource(engine, *of) if isinstance(engine, Actor) else BentSource(engine, *of)
    take = _Directed(speech, settings, fitted, source, style)
    vectors, more = take.made(progress)
    motion = _with_kept(motion_of(speech.time_s, vectors), fitted.kept)
    return replace(motion, notes=(*speech.notes, *notes, *more))


class _Directed:
    def __init__(
        self,
        speech: SpeechFeatures,
        settings: GenerationSettings,
        direction: Direction,
        source: Source,
        style: Style,
    ) -> None:
        self.speech, self.settings, self.direction, self.source = speech, settings, direction, source
        self.style, self.time_s = style, speech.time_s
        self.kept = _mask(len(self.time_s), [(kept.first, kept.stop) for kept in direction.kept])

    def made(self, progress: Progress) -> tuple[Array, list[str]]:
        source, direction, pins = self.source, self.direction, self.direction.pins
        base = self._finished(source.base(share_of(progress, 0.0, 0.3)))
        channels, windows, gone_for = source.obeying(share_of(progress, 0.3, 0.8))
        ahead = direction.strengths.anticipation_s * GRID_HZ
        beyond = 1 if ahead else 0  # between samples, what changes reaches those around
        moved = [(floor(a - ahead) - beyond, ceil(b - ahead) + beyond) for a, b in windows]
        run = _mask(len(base), moved) & ~self.kept
        fixed = base.copy()
        for kept in direction.kept:
            fixed[kept.first : kept.stop] = _vectors(kept)
        made = rejoined(
            fixed, self._finished(channels), run, source.kernel, WIDE_S if source.bends else NEAR_S
        )
        if source.bends:
            soft = pins_of_gestures(
                direction.gestures,
                self.style.statistics,
                source.sd_deg,
                time_s=self.time_s,
                vectors=made,
                pins=pins,
            )
            made = self._met(made, soft, NEAR_S, ~self.kept)
        made = self._met(made, [pin for pin in pins if pin not in gone_for], WIDE_S, ~self.kept)
        made = self._met(made, pins, NEAR_S, ~self.kept)
        for i, part in enumerate(direction.parts):
            begin = 0.8 + 0.2 * i / len(direction.parts)
            changed = source.part(part, share_of(progress, begin, begin + 0.2 / len(direction.parts)))
            first, stop = (ceil(at * GRID_HZ - 1e-6) for at in (part.start_s, part.stop_s))
            run = _mask(len(base), [(first, stop)]) & ~self.kept
            made = rejoined(made, self._finished(changed), run, source.kernel, NEAR_S)
            inside = [pin for pin in pins if part.start_s <= pin.time_s < part.stop_s]
            made = self._met(made, inside, NEAR_S, run)
        said = far_and_hasty(pins, direction.kept, source.sd_deg, self.time_s, base)
        asked = bool(pins or direction.gestures or direction.parts or direction.kept)
        return made, [
            *said,
            *missed(pins, misses_deg(self.time_s, made, pins)),
            *(source.notes() if asked else []),
        ]

    def _finished(self, channels: Array) -> Array:
        vectors = finished_vectors(self.time_s, channels, self.settings.intensity)
        activity = self.speech.column("activity")
        return strengthened_vectors(self.time_s, vectors, self.direction.strengths, activity)

    def _met(self, made: Array, pins: Sequence[Pin], reach_s: float, free: BoolArray) -> Array:
        room = envelope(self.time_s, pins, free, RAMP_S)
        return pinned(self.time_s, made, pins, self.source.kernel, reach_s, envelope=room)


def _mask(count: int, windows: Iterable[Window]) -> BoolArray:
    found = np.zeros(count, np.bool_)
    for first, stop in windows:
        found[max(0, first) : max(0, stop)] = True
    return found


def _vectors(kept: Kept) -> Array:
    from .. import rotation as rot

    rows = np.array(kept.samples)
    return np.column_stack([rot.to_rotvec(rows[:, :4]), rows[:, 4:]])


def _with_kept(motion: HeadMotion, kept: Sequence[Kept]) -> HeadMotion:
    """The motion with kept stretches as they were given, to the last bit."""
    if not kept:
        return motion
    rotation, translation_m = motion.rotation.copy(), motion.translation_m.copy()
    for stretch in kept:
        rows = np.array(stretch.samples)
        rotation[stretch.first : stretch.stop] = rows[:, :4]
        translation_m[stretch.first : stretch.stop] = rows[:, 4:]
    return HeadMotion(motion.time_s, rotation, translation_m)

"""Training corpus of the manner network: stretches of motion with speech, and references of the same person.

All segments of the dataset are in memory, 10 MB an hour. What a reference would show of its person is
measured when it is first needed, and kept.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mannerism.core.errors import MannerismError
from mannerism.core.motion import GRID_HZ
from mannerism.core.speech import NAMES, SpeechFeatures
from mannerism.core.style import STATISTICS
from mannerism.core.style.encode import LEAST_SPEECH_S
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import GridTrack, to_grid
from mannerism.core.style.statistics import SPEAKING, measure
from mannerism.core.types import Array, BoolArray, Float32Array
from mannerism.training.data.dataset import Arrays, Recording

LEAST_REFERENCE_S = 5.0
LONGEST_REFERENCE_S = 15.0
_HOP_S = 1.28
_GAP_S = 0.48  # between a window and a reference of the same segment
_CLEAR = ("CC BY 4.0", "CC0", "public domain")
_STANDARDISED_BY = 1000  # references at most that statistics are standardised by


class CorpusError(MannerismError):
    """A dataset that nothing can be learned from."""


@dataclass(frozen=True, eq=False)
class Segment:
    """A segment on the grid, from its first sample on.

    angles_deg, translation_mm : (T, 3); valid : (T,); speech : (T, F)
    """

    row: Recording
    angles_deg: Array
    translation_mm: Array
    valid: BoolArray
    speech: Float32Array
    measured: dict[tuple[int, int], Array] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """Samples."""
        return len(self.valid)

    @property
    def translated(self) -> bool:
        """Whether translation means anything."""
        return not self.row.rotation_only and bool(self.translation_mm.any())

    def speech_s(self, first: int, stop: int) -> float:
        """Seconds of tracked speech in [first, stop)."""
        return float(self._spoken[stop] - self._spoken[first]) / GRID_HZ

    def statistics(self, first: int, stop: int) -> Array:
        """Statistics of a reference [first, stop), in the order of STATISTICS."""
        if (first, stop) not in self.measured:
            part = slice(first, stop)
            grid = GridTrack(
                0, self.angles_deg[part], 1e-3 * self.translation_mm[part], self.valid[part], 0.0
            )
            features = SpeechFeatures(
                np.arange(stop - first) / GRID_HZ, self.speech[part], (stop - first) / GRID_HZ
            )
            found = load_population().shrink(measure(grid, features), self.speech_s(first, stop))
            self.measured[first, stop] = np.array([found[name] for name in STATISTICS])
        return self.measured[first, stop]

    @cached_property
    def _spoken(self) -> NDArray[np.int_]:
        active = self.speech[:, NAMES.index("activity")] > SPEAKING
        return np.concatenate([[0], np.cumsum(self.valid & active)])


@dataclass(frozen=True)
class Reference:
    """A part of a segment from which a style is computed."""

    segment: Segment
    first: int
    stop: int

    @property
    def statistics(self) -> Array:
        """As from `Segment.statistics`."""
        return self.segment.statistics(self.first, self.stop)


@dataclass(frozen=True)
class Window:
    """A part of a segment that is to be predicted, and the references to do it from.

    pools : references of one kind each: of the same segment, of the same session, of another session
    """

    segment: Segment
    first: int
    stop: int
    pools: Sequence[Sequence[Reference]]


class Corpus:
    """The windows of some persons' segments.

    window_s : their length; a segment without references from elsewhere gives shorter ones, not under half

    Raises
    ------
    CorpusError : there is no window at all
    """

    def __init__(self, segments: Iterable[Segment], window_s: float) -> None:
        self.segments = list(segments)
        self._window_s = window_s
        self._by_person: dict[str, list[Reference]] = defaultdict(list)
        for segment in self.segments:
            self._by_person[segment.row.person] += [part for part in _parts(segment) if _tells(part)]
        self.windows = [
            window
            for segment in self.segments
            for window in self._windows(segment, round(window_s * GRID_HZ))
        ]
        if not self.windows:
            raise CorpusError(
                "The dataset holds nobody with a window to predict and a reference to do it from",
                f"Give recordings with segments of {window_s + _GAP_S + LEAST_REFERENCE_S:.0f} s or more",
            )
        counts = Counter(window.segment.row.person for window in self.windows)
        # Between all persons alike and all windows alike.
        weights = np.array([counts[window.segment.row.person] ** -0.5 for window in self.windows])
        self._weights = weights / weights.sum()

    @cached_property
    def persons(self) -> list[str]:
        """Persons to predict."""
        return sorted({window.segment.row.person for window in self.windows})

    @cached_property
    def rows(self) -> list[Recording]:
        """Their recordings."""
        found = {
            segment.row.id: segment.row for segment in self.segments if segment.row.person in self.persons
        }
        return list(found.values())

    def of(self, persons: Container[str]) -> "Corpus":
        """The same of fewer persons. Raises CorpusError."""
        return Corpus((each for each in self.segments if each.row.person in persons), self._window_s)

    def draw(self, random: np.random.Generator) -> tuple[Window, Reference]:
        """A window, and a reference from one of its pools: pools alike, and in a pool all alike."""
        window = self.windows[random.choice(len(self.windows), p=self._weights)]
        pool = window.pools[int(random.integers(len(window.pools)))]
        return window, pool[int(random.integers(len(pool)))]

    def speech(self) -> Float32Array:
        """All of their speech, (T, F)."""
        return np.concatenate([segment.speech for segment in self.segments])

    def statistics(self) -> Array:
        """Statistics of references, (N, S), of up to _STANDARDISED_BY of them."""
        known = [part for parts in self._by_person.values() for part in parts]
        chosen = known[:: -(-len(known) // _STANDARDISED_BY)]
        return np.stack([part.statistics for part in chosen])

    def _windows(self, segment: Segment, length: int) -> list[Window]:
        elsewhere = [part for part in self._by_person[segment.row.person] if part.segment is not segment]
        same = [part for part in elsewhere if part.segment.row.session == segment.row.session]
        other = [part for part in elsewhere if part.segment.row.session != segment.row.session]
        room = segment.length if elsewhere else segment.length - round((_GAP_S + LEAST_REFERENCE_S) * GRID_HZ)
        size = min(length, room)
        if size < length // 2:
            return []
        found = []
        for first in range(0, segment.length - size + 1, round(_HOP_S * GRID_HZ)):
            beside = [part for part in _beside(segment, first, first + size) if _tells(part)]
            pools = [pool for pool in (beside, same, other) if pool]
            if pools:
                found.append(Window(segment, first, first + size, pools))
        return found


def chosen_persons(persons: Iterable[str], share: float) -> set[str]:
    """So large a share of persons, by a fixed order: fewer are always among more. At least one."""
    order = sorted(
        set(persons), key=lambda person: hashlib.sha256(f"mannerism share: {person}".encode()).digest()
    )
    return set(order[: max(1, round(share * len(order)))])


def is_clear(row: Recording) -> bool:
    """Whether the licence lets anybody use what was learned from it."""
    return row.licence.startswith(_CLEAR)


def segment_of(row: Recording, arrays: Arrays) -> Segment:
    """A segment of a dataset on the grid."""
    grid = to_grid(arrays.track())
    count = len(arrays.time_s)
    part = slice(grid.start, grid.start + len(grid.valid))
    angles, translation, valid = np.zeros((count, 3)), np.zeros((count, 3)), np.zeros(count, np.bool_)
    angles[part], translation[part], valid[part] = grid.angles_deg, 1e3 * grid.translation_m, grid.valid
    return Segment(row, angles, translation, valid, arrays.speech)


def _parts(segment: Segment) -> list[Reference]:
    """Parts of a segment, each half over the one before."""
    longest = round(LONGEST_REFERENCE_S * GRID_HZ)
    starts = range(0, max(1, segment.length - longest // 2), longest // 2)
    return [Reference(segment, first, min(first + longest, segment.length)) for first in starts]


def _beside(segment: Segment, first: int, stop: int) -> list[Reference]:
    """The longer one of what lies before a window and after it, as near to it as a gap lets it be."""
    gap, longest = round(_GAP_S * GRID_HZ), round(LONGEST_REFERENCE_S * GRID_HZ)
    before, after = first - gap, segment.length - stop - gap
    if before > after:
        return [Reference(segment, max(0, before - longest), before)]
    return [Reference(segment, stop + gap, min(stop + gap + longest, segment.length))]


def _tells(part: Reference) -> bool:
    """Whether a part is long enough, and holds enough speech."""
    if part.stop - part.first < LEAST_REFERENCE_S * GRID_HZ:
        return False
    return part.segment.speech_s(part.first, part.stop) >= LEAST_SPEECH_S

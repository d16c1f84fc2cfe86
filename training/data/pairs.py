"""Evaluation pairs of a dataset: training/data/pairs.py DATASET CLIPS_DIR -o OUT [--split test].

A reference of 7 to 12 s, and a target of the same person: from another session where there is one, else
from the same recording, a second away at the least. The two kinds are never mixed: a target from the same
recording shares its camera, occasion and mood with the reference.
"""

import argparse
import json
import sys
import wave
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np

from mannerism.core.errors import MannerismError
from mannerism.core.files import replacing
from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.core.motion import GRID_HZ
from mannerism.core.motion_csv import write_track
from mannerism.training.data.catalogue import find_clips
from mannerism.training.data.dataset import SPLITS, Arrays, Recording, load, usable

KINDS = ("other", "same")
REFERENCE_S = (7.0, 12.0)
TARGET_S = (5.0, 30.0)
GAP_S = 1.0


@dataclass(frozen=True)
class Stretch:
    """Samples [first, stop) of a recording, within one of its segments."""

    recording: Recording
    first: int
    stop: int

    @property
    def name(self) -> str:
        """File name of a stretch: recording, start and end."""
        return f"{self.recording.id}_{self.first}_{self.stop}"

    def load(self, folder: Path) -> Arrays:
        """Its arrays, times from 0 on."""
        return load(folder, self.recording).part(self.first, self.stop)


@dataclass(frozen=True)
class Pair:
    """A reference to learn a manner from, and what the same person did elsewhere.

    kind : other (session) or same (recording)
    """

    person: str
    kind: str
    reference: Stretch
    target: Stretch

    @property
    def name(self) -> str:
        """The pair, as a file name."""
        return f"{self.reference.name}__{self.target.name}"


def find_pairs(rows: Iterable[Recording], *, within: bool = False) -> Iterator[Pair]:
    """All pairs of usable rows, persons in order; only rows are held in memory.

    Of each session the longest possible stretches are taken: each ordered pair of sessions gives a pair of the
    kind other. Only persons without one give a pair of the kind same, from the recording that gives the most.

    within : of each recording that has one, its pair of the kind same, and no others: more persons in one table
    """
    persons: dict[str, list[Recording]] = defaultdict(list)
    for row in rows:
        persons[row.person].append(row)
    for person in sorted(persons):
        own = persons[person]
        if within:
            for row in own:
                yield from _within(person, [row])
        else:
            yield from list(_between(person, own)) or _within(person, own)


def count_pairs(rows: Iterable[Recording]) -> Counter[tuple[str, str]]:
    """How many pairs there are by split and kind."""
    return Counter((pair.reference.recording.split, pair.kind) for pair in find_pairs(rows))


def _between(person: str, rows: list[Recording]) -> Iterator[Pair]:
    sessions: dict[str, list[Stretch]] = defaultdict(list)
    for row in rows:
        sessions[row.session] += [Stretch(row, first, stop) for first, stop in row.segments]
    longest = {session: max(found, key=_length_s) for session, found in sessions.items()}
    for one, other in permutations(sorted(longest), 2):
        if _length_s(longest[one]) >= REFERENCE_S[0] and _length_s(longest[other]) >= TARGET_S[0]:
            reference = _first_s(longest[one], REFERENCE_S[1])
            yield Pair(person, "other", reference, _first_s(longest[other], TARGET_S[1]))


def _within(person: str, rows: list[Recording]) -> Iterator[Pair]:
    """The pair with the longest reference and target, if there is one."""
    pairs = [
        pair
        for row in rows
        for pair in (*_halves(person, row), *_segments(person, row))
        if _length_s(pair.reference) >= REFERENCE_S[0] and _length_s(pair.target) >= TARGET_S[0]
    ]
    if pairs:
        yield max(pairs, key=lambda pair: _length_s(pair.reference) + _length_s(pair.target))


def _halves(person: str, row: Recording) -> Iterator[Pair]:
    """A segment's first part and what comes a gap later."""
    for first, stop in row.segments:
        length_s = float(np.clip(((stop - first) / GRID_HZ - GAP_S) / 2, *REFERENCE_S))
        middle = first + round(length_s * GRID_HZ)
        later = middle + round(GAP_S * GRID_HZ)
        if later < stop:
            target = _first_s(Stretch(row, later, stop), TARGET_S[1])
            yield Pair(person, "same", Stretch(row, first, middle), target)


def _segments(person: str, row: Recording) -> Iterator[Pair]:
    """Two segments that lie a gap apart."""
    for one, other in permutations(row.segments, 2):
        if max(other[0] - one[1], one[0] - other[1]) >= GAP_S * GRID_HZ:
            reference = _first_s(Stretch(row, *one), REFERENCE_S[1])
            yield Pair(person, "same", reference, _first_s(Stretch(row, *other), TARGET_S[1]))


def _length_s(stretch: Stretch) -> float:
    return (stretch.stop - stretch.first) / GRID_HZ


def _first_s(stretch: Stretch, most_s: float) -> Stretch:
    return Stretch(
        stretch.recording, stretch.first, min(stretch.stop, stretch.first + round(most_s * GRID_HZ))
    )


def write_pairs(
    dataset: Path, clips: Path, out: Path, split: str, catalogue: Path | None = None
) -> Counter[str]:
    """Write `out`/pairs.jsonl for `mannerism score`, with tracks as CSV and sounds as WAV beside it.

    Each line names the person, the kind, reference_track and reference_audio, target_track, audio (the
    target's), seed, and as motion the file that a generator is to write.
    Returns how many pairs there are of each kind.

    Raises
    ------
    MannerismError : no dataset, no clips, or `out` cannot be written
    """
    videos = {clip.id: clip.path for clip in find_clips(clips, catalogue)}
    for folder in (out, out / "tracks", out / "sounds", out / "motions"):
        folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    with replacing(out / "pairs.jsonl") as temporary, temporary.open("w", encoding="utf-8") as file:
        for pair in find_pairs(row for row in usable(dataset, split) if row.id in videos):
            for stretch in (pair.reference, pair.target):
                write_track(out / "tracks" / f"{stretch.name}.csv", stretch.load(dataset).track())
                _write_sound(out / "sounds" / f"{stretch.name}.wav", videos[stretch.recording.id], stretch)
            line = {
                "person": pair.person,
                "kind": pair.kind,
                "reference_track": f"tracks/{pair.reference.name}.csv",
                "reference_audio": f"sounds/{pair.reference.name}.wav",
                "target_track": f"tracks/{pair.target.name}.csv",
                "audio": f"sounds/{pair.target.name}.wav",
                "motion": f"motions/{pair.name}.csv",
                "seed": 0,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            counts[pair.kind] += 1
    return counts


def _write_sound(path: Path, video: Path, stretch: Stretch) -> None:
    """The sound of a stretch, 16 kHz mono, 16 bits."""
    if path.exists():
        return
    with replacing(path) as temporary, wave.open(str(temporary), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        length_s = (stretch.stop - stretch.first) / GRID_HZ
        for piece in Sound(video).part(stretch.first / GRID_HZ, length_s):
            file.writeframes((np.clip(piece, -1.0, 1.0) * 32767).astype("<i2").tobytes())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("clips", type=Path, help="the videos that it was prepared from")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path)
    parser.add_argument("--split", choices=SPLITS, default="test")
    arguments = parser.parse_args()
    try:
        counts = write_pairs(
            arguments.dataset, arguments.clips, arguments.out, arguments.split, arguments.catalogue
        )
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    print(", ".join(f"{counts[kind]} pairs of the {kind} recording" for kind in KINDS))
    return 0


if __name__ == "__main__":
    sys.exit(main())

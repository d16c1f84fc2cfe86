"""Dataset preparation from videos of speakers: training/data/prepare.py CLIPS_DIR -o DATASET.

CLIPS_DIR holds videos with a catalogue, or in a folder a person (see `catalogue.py` and docs/data.md), and
files that `mannerism donate` wrote, wherever in it they lie. Of each video, the head is tracked and the sound analysed, once; then picture and sound are brought in step, cuts,
gaps and listeners' stretches are taken out, and what is left is resampled to one grid (see `dataset.py`).
A run that was stopped goes on where it was; memory holds one recording a job.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from mannerism.core.errors import MannerismError
from mannerism.core.recording import Measured, cleaned
from mannerism.training.data.catalogue import ROTATION_ONLY, Clip, find_clips
from mannerism.training.data.dataset import (
    SPLITS,
    Arrays,
    DatasetError,
    Recording,
    read_index,
    write_arrays,
    write_index,
)
from mannerism.training.data.donated import donated, find_donations
from mannerism.training.data.measurement_cache import RefusedError, measure, read
from mannerism.training.data.pairs import count_pairs
from mannerism.training.data.split import FROZEN, read_split


def prepare(clip: Clip, split: str, measured: Measured) -> tuple[Recording, Arrays | None]:
    """The row of a measured clip, and its arrays unless it is rejected."""
    found, samples = cleaned(measured)
    row = replace(_blank(clip, split), **vars(found))
    if samples is None:
        return row, None
    arrays = Arrays(**vars(samples))
    if row.rotation_only:
        arrays = replace(arrays, translation_m=np.zeros_like(arrays.translation_m))
    return row, arrays


def _blank(clip: Clip, split: str) -> Recording:
    """The row of a clip with the fields of the catalogue."""
    return Recording(
        id=clip.id,
        person=clip.person,
        source=clip.source,
        session=clip.session,
        licence=clip.licence,
        split=split,
        duration_s=0.0,
        noise_deg=(0.0, 0.0, 0.0),
        av_offset_s=0.0,
        av_confidence=0.0,
        rotation_only=clip.source.lower() in ROTATION_ONLY,
        segments=(),
    )


def add_donated(rows: Iterator[Recording], clips: Path, out: Path) -> Iterator[Recording]:
    """Rows, and behind them those of donations among the clips, whose arrays are written to `out`. Raises DatasetError."""
    names = set()
    for row in rows:
        names.add(row.id)
        yield row
    for row, arrays in donated(clips):
        if row.id in names:
            raise DatasetError(f"Two recordings are called “{row.id}”", "Give one of the files another name")
        names.add(row.id)
        if arrays is not None:
            write_arrays(out, row.id, arrays)
        yield row


def measure_all(clips: list[Clip], raw: Path, jobs: int) -> None:
    """Measure all clips that are not measured yet, some at a time. Raises MissingPartError."""
    with ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(measure, clip, raw) for clip in clips]
        for done in tqdm(as_completed(waiting), total=len(clips), unit="clip", disable=None):
            try:
                done.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def prepare_all(clips: list[Clip], parts: dict[str, str], raw: Path, out: Path) -> Iterator[Recording]:
    """The rows of measured clips, in order; their arrays are written to `out` on the way."""
    for clip in clips:
        try:
            row, arrays = prepare(clip, parts[clip.person], read(clip, raw))
        except RefusedError as refusal:
            row, arrays = replace(_blank(clip, parts[clip.person]), rejected=refusal.problem), None
        if arrays is not None:
            write_arrays(out, clip.id, arrays)
        else:
            (out / f"{clip.id}.npz").unlink(missing_ok=True)
        yield row


def summary(rows: list[Recording]) -> str:
    """Persons, minutes and pairs that remain by source and split, and why the others do not."""
    kept = [row for row in rows if row.rejected is None]
    lines = [f"{'':12} {'persons':>9} {'clips':>9} {'minutes':>9}"]
    groups: dict[str, list[Recording]] = defaultdict(list)
    for row in kept:
        groups[row.source].append(row)
    for name in SPLITS:
        groups[f"[{name}]"] = [row for row in kept if row.split == name]
    groups["[all]"] = kept
    for name, own in groups.items():
        minutes = sum(row.usable_s for row in own) / 60
        lines.append(f"{name:12} {len({row.person for row in own}):9} {len(own):9} {minutes:9.1f}")
    for (split, kind), count in sorted(count_pairs(kept).items()):
        lines.append(f"{count} pairs of the {kind} recording in {split}")
    for reason, count in Counter(row.rejected for row in rows if row.rejected).most_common():
        lines.append(f"{count} rejected: {reason}")
    return "\n".join(lines)


def _clips(arguments: argparse.Namespace) -> list[Clip]:
    """Videos to prepare; there need be none where there are donations. Raises DatasetError."""
    try:
        return find_clips(arguments.clips, arguments.catalogue, arguments.source)
    except DatasetError:
        if arguments.catalogue or not find_donations(arguments.clips):
            raise
        return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path, help="folder of videos and donations")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder of the dataset")
    parser.add_argument("--catalogue", type=Path, help="table of the clips; else catalog.tsv in the folder")
    parser.add_argument(
        "--source", default="own", help="name of the source of videos that no catalogue lists"
    )
    parser.add_argument("--split", type=Path, default=FROZEN, help="who is kept for tests and validation")
    parser.add_argument("--jobs", type=int, default=1, help="clips at a time")
    arguments = parser.parse_args()
    raw = arguments.out / "raw"
    try:
        clips = _clips(arguments)
        parts = read_split(arguments.split).parts(clips)
        raw.mkdir(parents=True, exist_ok=True)
        # Those who judge come first, so that a run that is stopped early is of use.
        measure_all(sorted(clips, key=lambda clip: parts[clip.person] == "train"), raw, arguments.jobs)
        write_index(
            arguments.out,
            add_donated(prepare_all(clips, parts, raw, arguments.out), arguments.clips, arguments.out),
        )
        rows = list(read_index(arguments.out))
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    for row in rows:
        if row.rejected is not None:
            print(f"rejected: {row.id}: {row.rejected}", file=sys.stderr)
    print(summary(rows))
    # Clips that are of no use are a normal result, and `make score` goes on from here.
    return 0


if __name__ == "__main__":
    sys.exit(main())

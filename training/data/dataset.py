"""The prepared dataset: a folder with `index.jsonl`, one row a recording, and one ID.npz a recording.

A row holds the fields of `Recording`; a rejected recording has a row with its reason and no arrays. An
ID.npz holds, without pickles and all on the grid of GRID_HZ from the first audio sample on:

    time_s         (T,)    float64  seconds, i / GRID_HZ
    rotvec_rad     (T, 3)  float32  rotation vectors of the head relative to the shot's neutral pose
    translation_m  (T, 3)  float32  displacement of the neck pivot, zero where `rotation_only`
    valid          (T,)    bool     False where no face was found, and the pose is bridged or held
    speech         (T, F)  float32  columns as in `core.speech.NAMES`

Nothing here assumes that all of it fits in memory: rows are read as a stream, arrays one recording at a time.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.arrays_file import NUMBERS, ArraysFileError, read_arrays
from mannerism.core.arrays_file import write_arrays as write_npz
from mannerism.core.errors import MannerismError
from mannerism.core.files import replacing
from mannerism.core.motion import GRID_HZ, HeadPoseTrack
from mannerism.core.speech import SpeechFeatures
from mannerism.core.types import Array, BoolArray, Float32Array

INDEX = "index.jsonl"
SPLITS = ("train", "valid", "test")


class DatasetError(MannerismError):
    """A folder that is no prepared dataset, or a catalogue or split that does not fit it."""


@dataclass(frozen=True)
class Recording:
    """One recording of one person.

    id : also the name of its arrays
    session : recordings of one session show one occasion; most often a recording is its own session
    source, licence : as in the catalogue
    split : train, valid or test, the same for all recordings of a person
    duration_s : length of the sound
    noise_deg : the tracker's noise in one frame of pitch, yaw and roll, before any smoothing
    av_offset_s : what was added to the picture's times to bring it in step with the sound
    av_confidence : standard deviations by which mouth and voice agree better than at wrong times
    rotation_only : whether translation means nothing, as in crops that follow the face
    segments : [first, stop) samples of speech by the visible person, without cuts or gaps
    rejected : why nothing of the recording is used, or None
    prosody_only : whether the spectrum is left out of the speech, whose columns mel_… are zero; as of donations
    """

    id: str
    person: str
    source: str
    session: str
    licence: str
    split: str
    duration_s: float
    noise_deg: tuple[float, float, float]
    av_offset_s: float
    av_confidence: float
    rotation_only: bool
    segments: tuple[tuple[int, int], ...]
    rejected: str | None = None
    prosody_only: bool = False

    @property
    def usable_s(self) -> float:
        """Seconds in all segments."""
        return sum(stop - first for first, stop in self.segments) / GRID_HZ


@dataclass(frozen=True)
class Arrays:
    """What a recording's .npz holds; shapes as in the module's head."""

    time_s: Array
    rotvec_rad: Float32Array
    translation_m: Float32Array
    valid: BoolArray
    speech: Float32Array

    def part(self, first: int, stop: int) -> "Arrays":
        """Samples [first, stop), with times that start at 0."""
        part = slice(first, stop)
        return Arrays(
            self.time_s[part] - self.time_s[first],
            self.rotvec_rad[part],
            self.translation_m[part],
            self.valid[part],
            self.speech[part],
        )

    def track(self) -> HeadPoseTrack:
        """The recording's motion as a HeadPoseTrack."""
        return HeadPoseTrack(
            self.time_s,
            rot.continuous(rot.from_rotvec(self.rotvec_rad)),
            self.translation_m.astype(np.float64),
            self.valid,
        )

    def features(self) -> SpeechFeatures:
        """The recording's speech as SpeechFeatures."""
        return SpeechFeatures(self.time_s, self.speech, len(self.time_s) / GRID_HZ)


def read_index(folder: Path) -> Iterator[Recording]:
    """The rows of a dataset, rejected ones too, one at a time.

    Raises
    ------
    DatasetError : there is no index, or a line is no row
    """
    index = folder / INDEX
    try:
        with index.open(encoding="utf-8") as file:
            for line in file:
                yield _recording(line)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"“{index}” is not the index of a prepared dataset ({error})",
            "Make one with training/data/prepare.py",
        ) from error


def usable(folder: Path, split: str | None = None) -> Iterator[Recording]:
    """Rows with at least one segment, of one split or of all."""
    for row in read_index(folder):
        if row.rejected is None and row.segments and split in {None, row.split}:
            yield row


def load(folder: Path, row: Recording) -> Arrays:
    """The arrays of a row. Raises DatasetError where they are missing or damaged."""
    path = folder / f"{row.id}.npz"
    try:
        return Arrays(**read_arrays(path, dict.fromkeys(Arrays.__dataclass_fields__, NUMBERS)))
    except ArraysFileError as error:
        raise DatasetError(
            f"“{path}” cannot be read ({error})", "Run training/data/prepare.py again"
        ) from error


def segments(folder: Path, split: str | None = None) -> Iterator[tuple[Recording, Arrays]]:
    """Each usable segment with its recording, times from 0 on; one recording in memory at a time."""
    for row in usable(folder, split):
        whole = load(folder, row)
        for first, stop in row.segments:
            yield row, whole.part(first, stop)


def write_arrays(folder: Path, name: str, arrays: Arrays) -> None:
    """Write ID.npz, whole or not at all."""
    write_npz(folder / f"{name}.npz", vars(arrays), compressed=False)


def write_index(folder: Path, rows: Iterable[Recording]) -> None:
    """Write index.jsonl, whole or not at all."""
    with replacing(folder / INDEX) as temporary, temporary.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False, allow_nan=False) + "\n")


def _recording(line: str) -> Recording:
    values = json.loads(line)
    pitch, yaw, roll = values.pop("noise_deg")
    spans = tuple((int(first), int(stop)) for first, stop in values.pop("segments"))
    row = Recording(noise_deg=(pitch, yaw, roll), segments=spans, **values)
    if row.split not in SPLITS:
        raise ValueError(f"{row.id} has the split “{row.split}”")
    return row

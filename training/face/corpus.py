"""Training corpus of the mouth network: mouth shape and log-mel features of each clip.

Landmarks of all points lie in a folder of their own (`landmarks.py`); which stretches show the person who speaks, in
one shot, and the offset between picture and sound are those of the prepared dataset.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.face import mouth
from mannerism.core.face.log_mel import LOG_MEL_HZ, log_mel_features
from mannerism.core.media.sound import Sound
from mannerism.core.motion import GRID_HZ
from mannerism.core.track.head_pose import STABLE, canonical_face, fit_similarity
from mannerism.core.types import Array, BoolArray, Float32Array
from mannerism.training.data.catalogue import VIDEOS, find_clips
from mannerism.training.data.dataset import Recording, usable
from mannerism.training.face.landmarks import measure_all, read_landmarks
from mannerism.training.face.phonetics import Halves, kept_features

TRACKED_HZ = 50
"""Rate of the targets: half that of the input features."""

_SLOWEST_FPS = 20.0
_LEAST_PICTURES = 50
_GAP_S = 0.1


@dataclass(frozen=True, eq=False)
class Talk:
    """One recording of somebody who talks, on one clock, t = 0 the first audio sample.

    row : as in the prepared dataset
    log_mel : (T, BANDS) of `core.face.log_mel_features`, LOG_MEL_HZ
    phonetic : (T / 2 rounded up, WIDTH) of `phonetics.py`
    time_s, points : (N,) and (N, P, 3) of the pictures, MOUTH_POINTS about rest, metres, symmetric
    turn : (N, 3) of the head, as a rotation vector
    used : (N,) pictures that lie in a segment of the row
    """

    row: Recording
    log_mel: Float32Array
    phonetic: Halves
    time_s: Array
    points: Float32Array
    turn: Array
    used: BoolArray

    @cached_property
    def shape(self) -> Array:
        """(N, K) of the pictures."""
        return mouth.shape_of(self.points.astype(np.float64))

    @property
    def used_s(self) -> float:
        """Seconds of the pictures that count."""
        return float(self.used.sum() * np.median(np.diff(self.time_s)))

    def tracked(self) -> tuple[Array, BoolArray]:
        """The shapes (M, K) at TRACKED_HZ, M = T // 2, and which of them count."""
        grid = np.arange(len(self.log_mel) // (LOG_MEL_HZ // TRACKED_HZ)) / TRACKED_HZ
        time_s = self.time_s
        shape = np.stack([np.interp(grid, time_s, column) for column in self.shape.T], axis=1)
        after = np.clip(np.searchsorted(time_s, grid), 1, len(time_s) - 1)
        near = time_s[after] - time_s[after - 1] <= _GAP_S
        inside = (grid >= time_s[0]) & (grid <= time_s[-1])
        return shape, near & inside & self.used[after] & self.used[after - 1]


def read_talk(row: Recording, video: Path, work: Path) -> Talk | None:
    """The recording of a row; None where nothing of it can be used.

    video : the clip with its sound
    work : folder with `landmarks`, ID.npz as of `landmarks.py`, and `phonetics`, filled as of `phonetics.py`
    """
    stored = read_landmarks(work / "landmarks" / f"{row.id}.npz")
    time_s, shares, (width, height) = stored["time_s"], stored["landmarks"], stored["size"]
    time_s = time_s + row.av_offset_s
    grid = np.rint(time_s * GRID_HZ).astype(int)
    used = np.zeros(len(time_s), np.bool_)
    for first, stop in row.segments:
        used |= (grid >= first) & (grid < stop)
    if used.sum() < _LEAST_PICTURES or np.median(np.diff(time_s)) > 1.0 / _SLOWEST_FPS:
        return None
    placed = shares.astype(np.float64) * [width, -height, -width]
    rotation, _, _ = fit_similarity(canonical_face()[STABLE], placed[:, STABLE])
    points = mouth.head_frame(placed)
    samples = np.concatenate(list(Sound(video).pieces()))
    return Talk(
        row,
        log_mel=log_mel_features([samples]).astype(np.float32),
        phonetic=kept_features(row.id, samples, work / "phonetics"),
        time_s=time_s,
        points=(mouth.symmetric(points) - mouth.rest_mouth(points[used])).astype(np.float32),
        turn=rot.to_rotvec(rot.from_matrix(rotation)),
        used=used,
    )


def judges_of_video(clips: Path) -> set[str]:
    """Persons whose videos lie in the folder `hires` of CLIPS: test persons of the talking-head video."""
    return {path.stem.partition("_")[0] for path in (clips / "hires").glob("*") if path.suffix in VIDEOS}


def add_corpus_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `measured`: which recordings, and where what is measured of them lies."""
    parser.add_argument("clips", type=Path, help="folder of videos")
    parser.add_argument("dataset", type=Path, help="folder that training/data/prepare.py wrote")
    parser.add_argument("--work", type=Path, required=True, help="folder for landmarks and checkpoints")
    parser.add_argument("--jobs", type=int, default=1, help="clips that are measured at a time")


def measured(given: argparse.Namespace, *parts: str) -> tuple[list[list[Recording]], dict[str, Path]]:
    """Recordings of each part of the dataset, once their landmarks are in `work`, and all videos by their ids.

    Persons who judge the talking-head video are left out.

    Raises
    ------
    DatasetError, MissingPartError
    """
    left_out = judges_of_video(given.clips)
    found = [[row for row in usable(given.dataset, part) if row.person not in left_out] for part in parts]
    needed = {row.id for rows in found for row in rows}
    clips = find_clips(given.clips)
    measure_all([clip for clip in clips if clip.id in needed], given.work / "landmarks", given.jobs)
    return found, {clip.id: clip.path for clip in clips}


def talks(rows: Iterable[Recording], videos: Mapping[str, Path], work: Path) -> Iterator[Talk]:
    """All recordings of the rows that can be used, one at a time; `videos` by the rows' ids."""
    for row in rows:
        talk = read_talk(row, videos[row.id], work)
        if talk is not None:
            yield talk

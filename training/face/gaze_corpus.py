"""Corpus of gaze: where people who talk look, with their heads and voices, and what measuring adds to it."""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.face.log_mel import log_mel_features
from mannerism.core.face.measured_gaze import MeasuredGaze, half_difference, measured_gaze, mode
from mannerism.core.face.mouth_from_speech import loudness_on_grid, voice_activity
from mannerism.core.media.sound import Sound
from mannerism.core.motion import GRID_HZ, HeadMotion
from mannerism.core.track.head_pose import head_poses
from mannerism.core.track.measure import DEFAULT_FOCAL_HEIGHTS
from mannerism.core.track.smooth import smooth
from mannerism.core.types import Array, BoolArray
from mannerism.training.data.catalogue import find_clips
from mannerism.training.data.dataset import Recording, usable
from mannerism.training.face.landmarks import measure_all, read_landmarks

MOST_S = 15.0
"""Of each clip; persons count, not minutes."""

FOLDER = "gaze"
"""Of the work folder: landmarks in float32 (`landmarks.py`)."""

LEAST_S = 8.0
_SLOWEST_FPS = 20.0
_NOISIEST_RAD = np.radians(2.5)  # standard deviation: more, as in small faces and far turned ones, hides gaze
_SLOW_S, _COMMON = 2.0, (0.7, 1.5)
_SLOPE_S, _STILL_RAD, _ROUNDS, _MOST_SLOPE = 0.2, np.radians(0.3), 5, 0.5
_LEAST_OPEN = 0.5


@dataclass(frozen=True, eq=False)
class Looked:
    """One stretch of somebody who talks.

    row : as in the prepared dataset
    real : gaze at the times of the pictures, its head smoothed as tracks are
    noise : (N, 2) radians, what measuring adds to gaze, see `_noise`
    slope : (2,) how far measured gaze goes along with the head while the person looks at one place: their anatomy
    talking : (G,) at GRID_HZ from t = 0 on
    """

    row: Recording
    real: MeasuredGaze
    noise: Array
    slope: Array
    talking: BoolArray

    @property
    def turned(self) -> Array:
        """The head (N, 2) against its middle pose, as rigs have it."""
        return np.asarray(self.real.head - np.median(self.real.head, axis=0))

    @property
    def first_half(self) -> BoolArray:
        """Pictures (N,) before the middle."""
        return np.asarray(self.real.time_s < self.real.time_s[[0, -1]].mean())

    @property
    def head(self) -> HeadMotion:
        """The same as motion, without roll, which the measure takes off."""
        left, up = self.turned.T
        turn = rot.continuous(rot.from_euler(-up, left, np.zeros(len(up))))
        return HeadMotion(self.real.time_s, turn, np.zeros((len(up), 3)))

    def part(self, chosen: BoolArray) -> "Looked":
        """The pictures chosen, (N,)."""
        real = self.real
        kept = MeasuredGaze(real.time_s[chosen], real.gaze[chosen], real.head[chosen], real.known[chosen])
        return replace(self, real=kept, noise=self.noise[chosen])


def seen(looked: Looked, gaze: Array) -> Array:
    """Gaze (N, 2) in the room as it would be measured: noise, anatomy, bridged blinks and zero as of the real one."""
    real = looked.real
    found = gaze + looked.slope * (real.head - real.head.mean(axis=0)) + looked.noise
    for column in found.T:
        column[:] = np.interp(real.time_s, real.time_s[real.known], column[real.known])
    return np.asarray(found - mode(found[real.known]))


def one_each(rows: Iterable[Recording]) -> list[Recording]:
    """The recording of each person with the longest stretch within MOST_S, the first of equal ones, if it has LEAST_S."""
    best: dict[str, Recording] = {}
    for row in rows:
        if _seconds(row) < LEAST_S:
            continue
        if row.person not in best or _seconds(row) > _seconds(best[row.person]):
            best[row.person] = row
    return list(best.values())


def _seconds(row: Recording) -> float:
    return max(min(stop / GRID_HZ, MOST_S) - first / GRID_HZ for first, stop in row.segments)


def measured(given: argparse.Namespace, part: str) -> tuple[list[Recording], dict[str, Path]]:
    """A recording of each person of a part of the dataset, once their landmarks are in `work`, and all videos by their ids.

    given : as of `corpus.add_corpus_arguments`

    Raises
    ------
    DatasetError, MissingPartError
    """
    rows = one_each(usable(given.dataset, part))
    needed, clips = {row.id for row in rows}, find_clips(given.clips)
    measure_all(
        [clip for clip in clips if clip.id in needed],
        given.work / FOLDER,
        given.jobs,
        fine=True,
        most_s=MOST_S,
    )
    return rows, {clip.id: clip.path for clip in clips}


def read_looked(row: Recording, video: Path, work: Path) -> Looked | None:
    """The longest stretch of a row within MOST_S; None where it is short, slow or noisy, or eyes are mostly shut.

    work : folder with FOLDER, ID.npz as of `landmarks.py`
    """
    stored = read_landmarks(work / FOLDER / f"{row.id}.npz")
    time_s, (width, height) = stored["time_s"] + row.av_offset_s, stored["size"]
    if len(time_s) < LEAST_S * _SLOWEST_FPS:
        return None
    inside = [(time_s * GRID_HZ >= first) & (time_s * GRID_HZ < stop) for first, stop in row.segments]
    used = max(inside, key=lambda part: int(part.sum())) & (time_s >= 0.0)
    if used.sum() < LEAST_S * _SLOWEST_FPS or np.median(np.diff(time_s[used])) > 1.0 / _SLOWEST_FPS:
        return None
    shares, time_s = stored["landmarks"][used].astype(np.float64), time_s[used]
    poses = head_poses(shares, width, height, DEFAULT_FOCAL_HEIGHTS)
    placed = shares * [width, height, width]
    real = measured_gaze(placed, time_s, poses.rotation, poses.position_m)
    if real.known.mean() < _LEAST_OPEN:
        return None
    head = smooth(time_s, np.unwrap(real.head, axis=0), np.ones(len(time_s), np.bool_))
    real = replace(real, head=head)
    noise = _noise(real, half_difference(placed))
    if noise.std(axis=0).max() > _NOISIEST_RAD:
        return None
    loud = loudness_on_grid(log_mel_features(Sound(video).pieces()))
    return Looked(row, real, noise, _slope(real), voice_activity(loud))


def all_looked(rows: Iterable[Recording], videos: Mapping[str, Path], work: Path) -> Iterator[Looked]:
    """All stretches of the rows that can be used, one at a time; `videos` by the rows' ids."""
    for row in rows:
        looked = read_looked(row, videos[row.id], work)
        if looked is not None:
            yield looked


def _noise(real: MeasuredGaze, half: Array) -> Array:
    """The measure's error (N, 2): as the eyes' half-difference goes about its mean over _SLOW_S, as large as the quickest changes.

    Half the difference of two errors is as large as their mean while they are independent; what both eyes' errors have in
    common is taken to go alike, and second differences, which are hardly anything else, say how much it is.
    """
    known_s = real.time_s[real.known]
    bridged = np.stack([np.interp(real.time_s, known_s, column[real.known]) for column in half.T], axis=1)
    near = np.abs(real.time_s[:, None] - real.time_s) <= _SLOW_S / 2.0
    quick = bridged - near @ bridged / near.sum(axis=1, keepdims=True)
    whole = real.known[2:] & real.known[1:-1] & real.known[:-2]
    size, own = (_median_size(np.diff(values, 2, axis=0)[whole]) for values in (real.gaze, quick))
    return np.asarray(np.clip(size / own, *_COMMON) * quick)


def _median_size(values: Array) -> Array:
    return np.asarray(np.median(np.abs(values), axis=0)) + 1e-9


def _slope(real: MeasuredGaze) -> Array:
    """Slopes (2,) of steps of gaze on steps of the head, those that are no shifts of gaze."""
    lag = max(1, round(_SLOPE_S / float(np.median(np.diff(real.time_s)))))
    gone, turned = real.gaze[lag:] - real.gaze[:-lag], real.head[lag:] - real.head[:-lag]
    known = real.known[lag:] & real.known[:-lag]
    found = np.zeros(2)
    for axis in range(2):
        y, x = gone[known, axis], turned[known, axis]
        for _ in range(_ROUNDS):
            off = np.abs(y - found[axis] * x)
            kept = off <= 2.0 * 1.4826 * np.median(off)
            found[axis] = (x[kept] @ y[kept]) / (x[kept] @ x[kept] + kept.sum() * _STILL_RAD**2)
    return np.clip(found, -_MOST_SLOPE, _MOST_SLOPE)

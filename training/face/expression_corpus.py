"""Corpus of expression: the numbers of brows, cheeks and lids of each clip, on the grid, with voice and head."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.face.expression import expression_of
from mannerism.core.face.log_mel import log_mel_features
from mannerism.core.face.manner import lids, shut
from mannerism.core.face.mouth import head_frame
from mannerism.core.face.mouth_from_speech import loudness_on_grid
from mannerism.core.face.recorded_expression import LEAST_S, recorded
from mannerism.core.media.sound import Sound
from mannerism.core.motion import GRID_HZ
from mannerism.core.track.head_pose import STABLE, canonical_face, fit_similarity
from mannerism.core.types import Array
from mannerism.training.data.dataset import Recording
from mannerism.training.face.landmarks import read_landmarks

_SLOWEST_FPS = 20.0


@dataclass(frozen=True, eq=False)
class Shown:
    """One stretch of somebody who talks, on the grid.

    row : as in the prepared dataset
    numbers : (G, 8) as of `recorded_expression.recorded`; voice : (G,) the drive
    loud : (G,) loudness
    head : (G,) drive of the head
    """

    row: Recording
    numbers: Array
    voice: Array
    loud: Array
    head: Array


def read_shown(row: Recording, video: Path, work: Path) -> Shown | None:
    """The longest stretch of a row that can be used; None where there is none of LEAST_S.

    work : folder with `landmarks`, ID.npz as of `landmarks.py`
    """
    stored = read_landmarks(work / "landmarks" / f"{row.id}.npz")
    time_s, (width, height) = stored["time_s"] + row.av_offset_s, stored["size"]
    first, stop = max(row.segments, key=lambda part: part[1] - part[0])
    used = (time_s * GRID_HZ >= max(first, 0)) & (time_s * GRID_HZ < stop)
    if used.sum() < LEAST_S * _SLOWEST_FPS or np.median(np.diff(time_s)) > 1.0 / _SLOWEST_FPS:
        return None
    placed = stored["landmarks"][used].astype(np.float64) * [width, -height, -width]
    rotation, _, _ = fit_similarity(canonical_face()[STABLE], placed[:, STABLE])
    turn = rot.to_rotvec(rot.from_matrix(rotation))
    points = head_frame(placed)
    loud = loudness_on_grid(log_mel_features(Sound(video).pieces()))
    found = recorded(expression_of(points, turn, shut(lids(points))), time_s[used], loud, turn)
    if found is None or found.head is None:
        return None
    known = ~np.isnan(found.voice)
    at = max(0, int(np.ceil(time_s[used][0] * GRID_HZ))) + np.arange(len(known))
    return Shown(row, found.numbers[known], found.voice[known], loud[at[known]], found.head[known])


def all_shown(rows: Iterable[Recording], videos: Mapping[str, Path], work: Path) -> Iterator[Shown]:
    """All stretches of the rows that can be used, one at a time; `videos` by the rows' ids."""
    for row in rows:
        shown = read_shown(row, videos[row.id], work)
        if shown is not None:
            yield shown

"""Clean: metric of technical faults: jitter, drift, joints and impossible speed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..motion import GRID_HZ
from ..style.resampling import GridTrack, rate
from ..types import Array
from .evaluation_case import EvaluationCase
from .interval import Interval, mean_over_persons, ratio_over_persons, transformed

_TREMBLE_DEG = 0.1  # less is not visible
_AROUND = GRID_HZ // 2


@dataclass(frozen=True)
class Clean:
    """What a motion shows beside what the target shows, 1 where alike, 0 to anything.

    jerk : root mean square of the third derivative below 5.5 Hz
    coverage : overlap of the range with the reference's, 5 to 95 % in each axis
    drift : size of the slow slope through a take
    seams : the sharpest jerk over that around it: joints of pieces stick out, wherever they are
    tremble : what lies above 5.5 Hz
    max_speed : the greatest angular speed of all takes, degrees per second, without a comparison
    """

    jerk: Interval
    coverage: Interval
    drift: Interval
    seams: Interval
    tremble: Interval
    max_speed: Interval


def clean(takes: Sequence[EvaluationCase]) -> Clean:
    """Technical faults of the motions against their targets."""
    persons = [take.person for take in takes]

    def compared(measure: Callable[[GridTrack], float]) -> Interval:
        """Ratio of geometric means: neither calm nor lively persons decide."""
        logs = np.log([[measure(take.motion), measure(take.target)] for take in takes])
        return transformed(mean_over_persons(persons, logs[:, 0] - logs[:, 1]), np.exp)

    def against(measure: Callable[[GridTrack, GridTrack], float]) -> Interval:
        made, real = (
            np.array([measure(track, take.reference) for take, track in zip(takes, tracks, strict=True)])
            for tracks in ([take.motion for take in takes], [take.target for take in takes])
        )
        return ratio_over_persons(persons, made, real)

    fastest = max(max_speed_deg_s(take.motion) for take in takes)
    return Clean(
        jerk=compared(rms_jerk),
        coverage=against(coverage),
        drift=compared(drift_deg_min),
        seams=compared(sharpest_jerk),
        tremble=compared(lambda track: max(track.noise_deg, _TREMBLE_DEG)),
        max_speed=Interval(fastest, fastest, fastest),
    )


def rms_jerk(track: GridTrack) -> float:
    """Root mean square of the angles' third derivative, degrees per second³, never 0."""
    return max(float(np.sqrt(np.square(_jerk(track)).mean())), 1.0)


def sharpest_jerk(track: GridTrack) -> float:
    """How far jerk stands out from the second around it: the 99th percentile of jerk over its local median.

    Where pieces are joined it jumps for an instant. Where a head bursts out it is high all around.
    """
    jerk = _jerk(track)
    around = np.median(sliding_window_view(np.pad(jerk, _AROUND, mode="edge"), 2 * _AROUND + 1), axis=1)
    least = 0.2 * float(np.median(jerk)) + 1.0  # at rest, nothing is needed to stand out
    return max(float(np.quantile(jerk / np.maximum(around, least), 0.99)), 0.01)


def coverage(track: GridTrack, reference: GridTrack) -> float:
    """Dice coefficient of the ranges from 5 to 95 %, about the medians, mean of the axes: 0 to 1.

    As the gesture area coverage of body motion (GENEA 2023), with one box in place of cells.
    """
    (low, high), (other_low, other_high) = _box(track), _box(reference)
    shared = np.maximum(np.minimum(high, other_high) - np.maximum(low, other_low), 0.0)
    return float((2.0 * shared / np.maximum(high - low + other_high - other_low, 1e-6)).mean())


def drift_deg_min(track: GridTrack) -> float:
    """Length of the slope of a straight line through the angles, degrees per minute, never 0."""
    line = np.arange(len(track.angles_deg)) / GRID_HZ
    line = line - line.mean()
    slope = line @ (track.angles_deg - track.angles_deg.mean(axis=0)) / np.square(line).sum()
    return max(60.0 * float(np.linalg.norm(slope)), 0.1)


def max_speed_deg_s(track: GridTrack) -> float:
    """The greatest angular speed at valid samples, degrees per second."""
    return float(np.linalg.norm(rate(track.angles_deg), axis=1)[track.valid].max())


def _jerk(track: GridTrack) -> Array:
    """Size of the third derivative where all of its samples are valid."""
    size = np.linalg.norm(np.diff(track.angles_deg, 3, axis=0), axis=1) * GRID_HZ**3
    valid = sliding_window_view(track.valid, 4).all(axis=1)
    return size[valid] if valid.any() else size


def _box(track: GridTrack) -> Array:
    angles = track.angles_deg[track.valid]
    return np.quantile(angles, [0.05, 0.95], axis=0) - np.median(angles, axis=0)

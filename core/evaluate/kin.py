"""Kin: metric of kinematics: size, speed and spectrum of the movement compared with the person's."""

from collections.abc import Sequence

import numpy as np

from ..style.resampling import GridTrack, rate
from ..style.spectrum import band_means, power_density
from ..types import Array
from .evaluation_case import EvaluationCase
from .interval import Interval, ratio_over_persons

_SHARES = np.linspace(0.02, 0.98, 49)
_LEAST = 0.01  # degrees, degrees per second: below any tracker
_LEAST_LOG_DENSITY = -6.0  # of degrees² per Hz, as log10


def kin(takes: Sequence[EvaluationCase]) -> Interval:
    """Distance of the motions to their references over that of the targets.

    1 : as near to the reference as the person's own other motion; well above it, not this person's
    movement; below it, the reference's statistics are copied more exactly than a person repeats them.
    """
    made = np.array([distance(take.motion, take.reference) for take in takes])
    real = np.array([distance(take.target, take.reference) for take in takes])
    return ratio_over_persons([take.person for take in takes], made, real)


def distance(a: GridTrack, b: GridTrack) -> float:
    """Distances of two motions in spectrum, speed and angle, added up; symmetric, no unit.

    Spectrum: mean difference of log10 density over axes and bands. Speed and angle: Wasserstein-1
    between the distributions, over the geometric mean of the two sizes, so that half and double the
    size are equally far and nobody wins by moving less.
    """
    spectrum = float(np.abs(_log_density(a) - _log_density(b)).mean())
    return spectrum + _transport(_speed(a), _speed(b)) + _transport(_angles(a), _angles(b))


def _log_density(track: GridTrack) -> Array:
    return np.maximum(band_means(*power_density(track.angles_deg, track.valid)), _LEAST_LOG_DENSITY)


def _speed(track: GridTrack) -> Array:
    return np.linalg.norm(rate(track.angles_deg), axis=1)[track.valid][:, None]


def _angles(track: GridTrack) -> Array:
    """About their mean: where a head rests is the camera's matter."""
    angles = track.angles_deg[track.valid]
    return angles - angles.mean(axis=0)


def _transport(a: Array, b: Array) -> float:
    """Wasserstein-1 distance of each column (N, C), (M, C), summed, over the columns' mean sizes."""
    apart = np.abs(np.quantile(a, _SHARES, axis=0) - np.quantile(b, _SHARES, axis=0)).mean(axis=0).sum()
    size = [max(float(np.abs(values).mean(axis=0).sum()), _LEAST) for values in (a, b)]
    return float(apart / np.sqrt(size[0] * size[1]))

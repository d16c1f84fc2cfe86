"""Traits of how a head moves, apart from its size: rests and bursts, and how the axes go together.

Each is a number that a motion has by itself. `carried` asks whether made motion has as much of it as real motion, and
whether it differs between persons as their references do.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

import numpy as np

from ..motion import GRID_HZ
from ..style.resampling import GridTrack, rate
from ..style.voice_coupling import correlation, log_speed
from ..types import Array
from .hold_gap import HOLD

WINDOW_S, STEP_S = 4, 2

_LEAST_VALID = 0.95

Rates = Sequence[Array]
"""Angular rates (T, 3) of each of several tracks, degrees per second."""


def rates_of(tracks: Sequence[GridTrack]) -> tuple[Rates, Rates]:
    """Rates of whole tracks, and of their windows of 4 s each 2 s in which the face was seen.

    Of samples only whose neighbours are there too: other rates are not true.
    """
    whole, windows = [], []
    length, step = WINDOW_S * GRID_HZ, STEP_S * GRID_HZ
    for track in tracks:
        rates, valid = rate(track.angles_deg), track.valid
        inside = valid.copy()
        inside[1:-1] &= valid[:-2] & valid[2:]
        inside[[0, -1]] = False
        whole.append(rates[inside])
        starts = range(0, len(valid) - length + 1, step)
        seen = [slice(i, i + length) for i in starts if valid[i : i + length].mean() >= _LEAST_VALID]
        windows += [rates[part][inside[part]] for part in seen]
    return whole, windows


def rest_share(rates: Array) -> float:
    """Share of samples that are slower than 0.35 of the mean speed."""
    speed = np.linalg.norm(rates, axis=1)
    return float((speed <= HOLD * speed.mean()).mean())


def spread(rates: Array) -> float:
    """Standard deviation of ln(speed / mean speed + 0.1)."""
    return float(log_speed(rates).std())


def kurtosis(rates: Array) -> float:
    """Kurtosis of the rates, mean of the axes: 3 of a normal distribution; 0 of a head at rest."""
    centred = rates - rates.mean(axis=0)
    variance = np.square(centred).mean(axis=0)
    return float(((centred**4).mean(axis=0) / np.maximum(np.square(variance), 1e-12)).mean())


def burst_s(rates: Sequence[Array]) -> float:
    """Mean duration in seconds of unbroken stretches faster than the mean speed; 0 where there is none.

    rates : of tracks one after another, which share one mean speed
    """
    speeds = [np.linalg.norm(each, axis=1) for each in rates]
    mean = np.concatenate(speeds).mean()
    lengths = [
        sum(1 for _ in run) for speed in speeds for fast, run in groupby((speed > mean).tolist()) if fast
    ]
    return float(np.mean(lengths)) / GRID_HZ if lengths else 0.0


def _of_all(measure: Callable[[Array], float]) -> Callable[[Rates, Rates], float]:
    return lambda whole, _windows: measure(np.concatenate(whole))


def _inside(measure: Callable[[Array], float]) -> Callable[[Rates, Rates], float]:
    """Mean over windows, NaN without one: what varies from one window to the next does not count."""
    return lambda _whole, windows: float(np.mean([measure(part) for part in windows])) if windows else np.nan


def _axes(one: int, other: int) -> Callable[[Rates, Rates], float]:
    return _of_all(lambda rates: correlation(rates[:, one], rates[:, other]))


RESTS: Mapping[str, Callable[[Rates, Rates], float]] = {
    "rest share": _of_all(rest_share),
    "sd of log speed": _of_all(spread),
    "kurtosis": _of_all(kurtosis),
    "burst, s": lambda whole, _windows: burst_s(whole),
    "rest share in 4 s": _inside(rest_share),
    "sd of log speed in 4 s": _inside(spread),
}
COUPLING: Mapping[str, Callable[[Rates, Rates], float]] = {
    "pitch–roll": _axes(0, 2),
    "pitch–yaw": _axes(0, 1),
    "yaw–roll": _axes(1, 2),
}
"""Correlations of the rates of two axes."""

TRAITS = {**RESTS, **COUPLING}
"""All by name, each a function of what `rates_of` gives."""


def traits(tracks: Sequence[GridTrack]) -> Array:
    """All TRAITS of tracks taken as one, in their order; NaN where they hold too little."""
    found = rates_of(tracks)
    return np.array([measure(*found) for measure in TRAITS.values()])

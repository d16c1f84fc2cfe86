"""Speech drive of head motion, shared by measurement and generation."""

import numpy as np

from ..motion import GRID_HZ
from ..speech.features import SpeechFeatures
from ..speech.windows import smooth
from ..types import Array, BoolArray
from .schema import DRIVES

SMOOTHING_S = 0.1
LEAD_RANGE_S = (-0.2, 0.6)
_FLOOR = 0.1  # of the mean speed: a head at rest counts as slow, not as infinitely slow
_QUIETEST = -2.5  # 25 dB below loud speech; what lies between words is no quieter to a head


def log_speed(rates: Array) -> Array:
    """ln(speed / mean speed + 0.1) of rates (T, 3): without a unit, so that size and burstiness separate."""
    speed = np.linalg.norm(rates, axis=1)
    return np.log(speed / max(float(speed.mean()), 1e-9) + _FLOOR)


def raw_drives(speech: SpeechFeatures) -> Array:
    """Energy, onset and accent, (T, 3), smoothed over a tenth of a second, not yet standardised."""
    columns = np.column_stack([speech.column(name) for name in DRIVES])
    columns[:, 0] = np.maximum(columns[:, 0], _QUIETEST)
    return smooth(columns, SMOOTHING_S)


def shifted(values: Array, lead_s: float) -> Array:
    """Values (T, ...) as they will be `lead_s` later, linear between samples, held beyond the ends."""
    index = np.clip(np.arange(len(values)) + lead_s * GRID_HZ, 0, len(values) - 1)
    left = np.minimum(index.astype(int), max(len(values) - 2, 0))
    right = np.minimum(left + 1, len(values) - 1)
    share = (index - left).reshape(-1, *[1] * (values.ndim - 1))
    return (1.0 - share) * values[left] + share * values[right]


def correlation(a: Array, b: Array) -> float:
    """Pearson's correlation, 0 where one of the two does not vary."""
    spread = float(a.std() * b.std())
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 1e-9 else 0.0


def best_lead_s(speed: Array, energy: Array, usable: BoolArray) -> float:
    """Lead of the head, seconds, at which (T,) log speed and energy correlate best."""
    steps = np.arange(round(LEAD_RANGE_S[0] * GRID_HZ), round(LEAD_RANGE_S[1] * GRID_HZ) + 1)
    found = []
    for step in steps:
        later = shifted(energy, step / GRID_HZ)
        found.append(correlation(speed[usable], later[usable]))
    return float(steps[int(np.argmax(found))] / GRID_HZ)

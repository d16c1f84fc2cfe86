"""SyncGap: metric of coupling of head and voice: as strong as the person's, neither less nor more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..motion import GRID_HZ
from ..speech.features import SpeechFeatures
from ..speech.windows import smooth
from ..style.resampling import GridTrack, rate
from ..style.voice_coupling import SMOOTHING_S, log_speed, raw_drives
from .evaluation_case import EvaluationCase
from .interval import Interval, mean_over_persons

LEAD_S, LAG_S = 0.4, 0.1
"""Real heads lead the voice's energy by 0.1 to 0.4 s; that much either way counts as together."""

NEAREST_SHIFT_S = 1.5
ABOVE_CHANCE = 1.64
"""The upper 5 % of a normal distribution begin here."""

_LEAST_SHIFTS = 2 * GRID_HZ


@dataclass(frozen=True)
class SyncGap:
    """gap : mean Z of the motions minus that of the targets, 0 best, judged by its size: a head that is
        driven by the voice more than a person's is as wrong as one that ignores it
    z : mean Z of the motions
    share : of the motions, with Z above ABOVE_CHANCE; 0.05 by chance
    """

    gap: Interval
    z: Interval
    share: Interval


def sync_gap(takes: Sequence[EvaluationCase]) -> SyncGap:
    """Z of the motions against Z of the targets in the same speech."""
    persons = [take.person for take in takes]
    made = np.array([sync_z(take.motion, take.speech) for take in takes])
    real = np.array([sync_z(take.target, take.speech) for take in takes])
    above = np.where(np.isfinite(made), made > ABOVE_CHANCE, np.nan)
    return SyncGap(
        mean_over_persons(persons, made - real),
        mean_over_persons(persons, made),
        mean_over_persons(persons, above),
    )


def sync_z(track: GridTrack, speech: SpeechFeatures) -> float:
    """How far speed and loudness go together beyond chance, in standard deviations of chance.

    The greatest correlation of log speed with the voice's energy over leads of 0.4 s to lags of 0.1 s,
    less the mean of that same greatest correlation where the sound is shifted around a circle by 1.5 s
    and more, over its deviation. The null takes the maximum too, or noise would seem to follow.
    0 for a head at rest, NaN below 5 s.
    """
    count = len(track.valid)
    energy = raw_drives(speech)[track.start : track.start + count, 0]
    speed = smooth(log_speed(rate(track.angles_deg)), SMOOTHING_S)
    nearest = int(np.ceil(NEAREST_SHIFT_S * GRID_HZ))
    shifts = np.arange(nearest, count - nearest)
    if len(shifts) < _LEAST_SHIFTS:
        return float("nan")
    speed = np.where(track.valid, speed - speed[track.valid].mean(), 0.0)
    energy = energy - energy.mean()
    size = float(np.sqrt(np.square(speed).mean() * np.square(energy).mean()))
    if size < 1e-9:
        return 0.0
    # Correlation with the energy k samples later, for every k around the circle.
    spectrum = np.conj(np.fft.rfft(speed)) * np.fft.rfft(energy)
    correlation = np.fft.irfft(spectrum, count) / (count * size)
    near = np.arange(-int(LAG_S * GRID_HZ), int(LEAD_S * GRID_HZ) + 1)
    chance = correlation[(shifts[:, None] + near) % count].max(axis=1)
    return float((correlation[near].max() - chance.mean()) / chance.std())

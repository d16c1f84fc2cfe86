"""Whether a head goes with a voice, for the tests of the engines."""

import numpy as np

from mannerism.core.motion import GRID_HZ
from mannerism.core.speech.windows import smooth
from mannerism.core.style.resampling import rate
from mannerism.core.style.voice_coupling import log_speed


def in_step(angles_deg, energy):
    """Correlation of log speed and energy at its best lead, against the same at wrong times, in its sd."""
    speed = smooth(log_speed(rate(angles_deg)), 0.1)
    count = len(speed)
    speed, energy = (x - x.mean() for x in (speed, energy[:count]))
    all_lags = np.fft.irfft(np.fft.rfft(speed) * np.conj(np.fft.rfft(energy)), count)
    window = np.arange(-10, 4)
    best = np.array([all_lags[(lag + window) % count].max() for lag in range(count)])
    wrong = best[2 * GRID_HZ : -2 * GRID_HZ]
    return (best[0] - wrong.mean()) / wrong.std()

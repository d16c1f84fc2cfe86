"""Tracks whose answer is known."""

from dataclasses import replace

import numpy as np

from mannerism.core.motion import GRID_HZ
from mannerism.core.style.resampling import GridTrack


def grid_of(angles_deg, noise_deg=0.0):
    """A track on the grid as it is, without the low-pass."""
    angles_deg = np.asarray(angles_deg, np.float64)
    count = len(angles_deg)
    return GridTrack(0, angles_deg, np.zeros((count, 3)), np.ones(count, np.bool_), noise_deg)


def wave(seconds, size_deg=4.0, hz=1.0):
    """Angles (T, 3) that swing at one frequency, each axis later than the one before."""
    time_s = np.arange(round(seconds * GRID_HZ)) / GRID_HZ
    return size_deg * np.sin(2 * np.pi * hz * time_s[:, None] + [0.0, 1.0, 2.0])


def judged(take, angles_deg):
    """The take with other angles in the place of its motion."""
    return take.with_motion(replace(take.target, angles_deg=np.asarray(angles_deg)), "made")

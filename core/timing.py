"""Conversion between seconds and frames through one exact frame rate."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from .types import Array


@dataclass(frozen=True)
class FrameRate:
    """Frames per second as an exact fraction, and the frame at which t = 0 falls.

    Blender expresses a rate as fps / fps_base: 29.97 is 30 / 1.001, exactly 30000/1001.
    """

    fps: Fraction
    start_frame: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.fps <= 10_000:
            raise ValueError(f"a frame rate must lie in (0, 10000], not {self.fps}")

    @classmethod
    def of(cls, fps: float, fps_base: float = 1.0, start_frame: float = 0.0) -> "FrameRate":
        """Frame rate from Blender's pair, or from one number with 1.0 as base."""
        return cls(_exact(fps) / _exact(fps_base), start_frame)

    @classmethod
    def parse(cls, text: str) -> "FrameRate":
        """Frame rate from text like 24, 29.97 or 30000/1001. Raises ValueError."""
        try:
            return cls.of(float(Fraction(text)))
        except (ZeroDivisionError, OverflowError) as error:
            raise ValueError(f"“{text}” is no frame rate") from error

    def frames(self, time_s: ArrayLike) -> Array:
        """Frame positions, not rounded, of times in seconds."""
        return np.asarray(time_s, np.float64) * float(self.fps) + self.start_frame

    def seconds(self, frame: ArrayLike) -> Array:
        """Times in seconds of frame positions."""
        return (np.asarray(frame, np.float64) - self.start_frame) / float(self.fps)

    def grid(self, duration_s: float) -> Array:
        """Times in seconds of all whole frames from 0 up to, and not after, `duration_s`."""
        # A hair of tolerance, so that 10 s at 29.97 fps does not lose its last frame to rounding.
        count = int(np.floor(duration_s * float(self.fps) + 1e-6)) + 1
        return np.arange(count, dtype=np.float64) * float(1 / self.fps)


def _exact(value: float) -> Fraction:
    """The fraction that a float, often a float32 or a rounded broadcast rate, stands for."""
    if value == int(value):
        return Fraction(int(value))
    broadcast = Fraction(ceil(value) * 1000, 1001)  # 23.976, 23.98, 29.97, 59.94, ...
    if abs(float(broadcast) - value) < 5e-3 and value > 10:
        return broadcast
    return Fraction(value).limit_denominator(1001 if abs(value - 1.001) < 1e-6 else 1_000_000)

"""A constant offset of a sound: what a faulty sound card or a wrong header adds to every sample."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..types import Array, Float32Array

_LEAST = 0.004  # full scale 1; speech and good recorders stay below 0.002
_STRETCH_S = 0.1
_QUARTILES = 25, 50, 75


class OffsetMeter:
    """Measures the offset of each channel, samples being added in their order."""

    def __init__(self, channels: int) -> None:
        self._sum, self._seconds, self._count = np.zeros(channels), 0.0, 0
        self._means: list[Array] = []

    def add(self, samples: Float32Array, seconds: float) -> None:
        """Samples : (channels, n)"""
        self._sum += samples.sum(axis=1, dtype=np.float64)
        self._count += samples.shape[1]
        self._seconds += seconds
        if self._seconds >= _STRETCH_S:
            self._means.append(self._sum / self._count)
            self._sum, self._seconds, self._count = np.zeros_like(self._sum), 0.0, 0

    def offset(self) -> Array | None:
        """Offsets (channels,), full scale 1, where there is one in most stretches of 0.1 s; else None."""
        if not self._means:
            return None
        low, middle, high = np.percentile(self._means, _QUARTILES, axis=0)
        is_steady = (low * high > 0) & (np.minimum(np.abs(low), np.abs(high)) > _LEAST)
        return np.where(is_steady, middle, 0.0) if is_steady.any() else None


def offset_note(offsets: Mapping[str, Array]) -> str:
    """What is said of offsets by the names of their layouts, a sentence without a full stop; empty where there is none."""
    if not offsets:
        return ""
    share = max(float(np.abs(offset).max()) for offset in offsets.values())
    return f"All of the sound is shifted by {share:.1%} of full scale (a constant offset), which is taken off"


def without_offset(samples: Float32Array, frame: Any, offset: Array) -> Any:
    """A frame like this one without an offset. samples : (channels, n), those of the frame"""
    import av

    level = np.ascontiguousarray(samples - offset[:, None], dtype=np.float32)
    made = av.AudioFrame.from_ndarray(level, format="fltp", layout=frame.layout.name)
    made.sample_rate = frame.sample_rate
    return made

"""Mixing of all channels to one: as the format intends, but never into silence."""

from typing import Any

import numpy as np

from ..types import Array, Float32Array
from .packets import decode_stream

_LOOKED_S = 60.0
_CANCELLED = 0.2  # of the power that unrelated channels would have in the mix
_AUDIBLE = 1e-4
_TAPS = 4096  # samples; long enough for the resampler to settle


def best_channels(container: Any, stream: Any) -> dict[str, int]:
    """Channels to take alone, by the name of their layout, where a mix of all would cancel itself out.

    Reads the first minute of sound. Opposite polarity of two channels comes from wrong wiring, or a balanced
    line that was recorded as stereo.
    """
    powers: dict[str, _Powers] = {}
    for _, frames in decode_stream(container, stream):
        for frame in frames:
            layout = frame.layout.name
            if frame.layout.nb_channels > 1:
                powers.setdefault(layout, _Powers(layout)).add(frame)
        if sum(power.seconds for power in powers.values()) > _LOOKED_S:
            break
    return {name: power.strongest() for name, power in powers.items() if power.cancels()}


class _Powers:
    """Power of the channels of a layout, apart and mixed."""

    def __init__(self, layout: str) -> None:
        self._weights = mixing_weights(layout)
        self._apart = np.zeros(len(self._weights))
        self._mixed = 0.0
        self.seconds = 0.0

    def add(self, frame: Any) -> None:
        samples = _planar(frame)
        if samples.shape[0] != len(self._weights) or not np.isfinite(samples).all():
            return
        power = np.square(samples, dtype=np.float64).sum(axis=1)
        if power.max() < _AUDIBLE**2 * samples.shape[1]:
            return
        self._apart += power
        self._mixed += float(np.square(self._weights @ samples, dtype=np.float64).sum())
        self.seconds += frame.samples / frame.sample_rate

    def cancels(self) -> bool:
        apart = float((self._weights**2 * self._apart).sum())
        return self._mixed < _CANCELLED * apart

    def strongest(self) -> int:
        return int(np.argmax(self._weights**2 * self._apart))


def mixing_weights(layout: str) -> Array:
    """Weight of each channel of a layout in the mix to one, (C,), by FFmpeg's own matrix."""
    import av

    channels = av.AudioLayout(layout).nb_channels
    weights = np.zeros(channels)
    for channel in range(channels):
        samples = np.zeros((channels, _TAPS), np.float32)
        samples[channel] = 1.0
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate = 48_000
        resampler: Any = av.AudioResampler(format="fltp", layout="mono", rate=48_000)
        weights[channel] = resampler.resample(frame)[0].to_ndarray()[0, _TAPS // 2]
    return weights


def _planar(frame: Any) -> Float32Array:
    import av

    resampler: Any = av.AudioResampler(format="fltp")
    parts = [part.to_ndarray() for part in resampler.resample(frame)]
    return np.concatenate(parts, axis=1) if parts else np.zeros((0, 0), np.float32)

"""Samples of decoded frames as arrays, whatever their format and number of channels."""

from typing import Any

import numpy as np

from ..types import Float32Array

_WIDER = {"s64": "dbl", "s64p": "dbl"}  # formats that PyAV makes no arrays of, and what they are read as
_PLANES = 8  # from so many channels on, PyAV reads beyond the planes of a frame


class FrameSamples:
    """Reads the samples of frames; keep one for frames of one kind, as it holds a converter."""

    def __init__(self) -> None:
        self._converter: Any = None

    def of(self, frame: Any) -> Float32Array:
        """Samples (channels, n) of a frame, full scale 1, neither resampled nor mixed."""
        channels = frame.layout.nb_channels
        if frame.format.name in _WIDER or (frame.format.is_planar and channels >= _PLANES):
            parts = [_full_scale(part.to_ndarray(), channels) for part in self._in_turns(frame)]
            return np.concatenate([np.zeros((channels, 0), np.float32), *parts], axis=1)
        return _full_scale(frame.to_ndarray(), 0 if frame.format.is_planar else channels)

    def _in_turns(self, frame: Any) -> Any:
        """The frame with its channels in turns, in one plane."""
        import av

        self._converter = self._converter or av.AudioResampler(
            format=_WIDER.get(frame.format.name, frame.format.packed)
        )
        frame.pts = None
        return self._converter.resample(frame)


def mono_frame(samples: Float32Array, rate_hz: int) -> Any:
    """A frame of one channel. samples : (n,)"""
    import av

    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), format="fltp", layout="mono")
    frame.sample_rate = rate_hz
    return frame


def _full_scale(samples: Any, in_turns: int) -> Float32Array:
    """Samples as numbers of which 1 is full scale, one row a channel. in_turns : channels that take turns in a row, or 0"""
    if in_turns:
        samples = samples.reshape(-1, in_turns).T
    whole = samples.dtype.kind
    if whole == "u":
        return np.asarray((samples.astype(np.float32) - 128.0) / 128.0)
    scale = np.float64(1.0 if whole == "f" else 2.0 ** (8 * samples.dtype.itemsize - 1))
    return np.asarray(samples / scale, np.float32)

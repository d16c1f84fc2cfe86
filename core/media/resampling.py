"""Frames of any rate and layout to blocks of samples at one rate."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from ..types import Float32Array

_LAYOUTS = ("mono", "stereo")
_BLOCK = 1 << 16  # samples of a silence that are delivered at once


def stored(frames: Iterable[Any]) -> Iterator[tuple[int, Float32Array]]:
    """Rate in Hz and blocks (channels, n) of frames as they are stored, full scale 1, several frames to a block."""
    for (form, _, rate_hz), alike in groupby(frames, _kind):
        waiting: list[Any] = []
        for frame in alike:
            waiting.append(frame.to_ndarray())  # (channels, n), or (1, n · channels) where they take turns
            channels = frame.layout.nb_channels
            if len(waiting) * frame.samples >= _BLOCK:
                yield rate_hz, _full_scale(np.concatenate(waiting, axis=1), form, channels)
                waiting = []
        if waiting:
            yield rate_hz, _full_scale(np.concatenate(waiting, axis=1), form, channels)


def _full_scale(samples: Any, form: str, channels: int) -> Float32Array:
    """Samples as numbers of which 1 is full scale, one row a channel."""
    if not form.endswith("p"):
        samples = samples.reshape(-1, channels).T
    whole = samples.dtype.kind
    if whole == "u":
        return np.asarray((samples.astype(np.float32) - 128.0) / 128.0)
    scale = np.float64(1.0 if whole == "f" else 2.0 ** (8 * samples.dtype.itemsize - 1))
    return np.asarray(samples / scale, np.float32)


def _kind(frame: Any) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


class Resampler:
    """Resamples frames, also where rate or channels change midway; silence keeps its place to the sample.

    rate_hz : of the blocks
    most_channels : 1 or 2; the blocks have as many as the first frame, up to this
    alone : channels to take alone instead of a mix, by the name of the layout
    """

    def __init__(self, rate_hz: int, most_channels: int, alone: Mapping[str, int]) -> None:
        self._rate_hz = rate_hz
        self._most = most_channels
        self._alone = alone if most_channels == 1 else {}
        self._channels = 0
        self._kind: Any = None
        self._resampler: Any = None
        self._made = 0

    def blocks(self, frame: Any) -> Iterator[Float32Array]:
        """Blocks (channels, n) that a further frame gives."""
        import av

        kind = _kind(frame)
        if kind != self._kind:
            yield from self.rest()
            self._channels = self._channels or min(frame.layout.nb_channels, self._most)
            layout = frame.layout.name if frame.layout.name in self._alone else _LAYOUTS[self._channels - 1]
            made: Any = av.AudioResampler(format="fltp", layout=layout, rate=self._rate_hz)
            self._kind, self._resampler = kind, made
        frame.pts = None
        yield from self._taken(frame)

    def rest(self) -> Iterator[Float32Array]:
        """What the frames so far still give."""
        if self._resampler is not None:
            yield from self._taken(None)
            self._resampler = self._kind = None

    def silence(self, end_s: Fraction) -> Iterator[Float32Array]:
        """Silence up to a time, t = 0 the first sample of all."""
        yield from self.rest()
        self._channels = self._channels or 1
        end = round(end_s * self._rate_hz)
        while self._made < end:
            count = min(end - self._made, _BLOCK)
            self._made += count
            yield np.zeros((self._channels, count), np.float32)

    def _taken(self, frame: Any) -> Iterator[Float32Array]:
        for out in self._resampler.resample(frame):
            samples = out.to_ndarray()
            if self._kind[1] in self._alone:
                channel = self._alone[self._kind[1]]
                samples = samples[channel : channel + 1]
            self._made += samples.shape[1]
            yield samples

"""Frames of any rate and layout to blocks of samples at one rate."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from ..types import Float32Array
from .frame_samples import FrameSamples, mono_frame
from .mixing import Look
from .offset import without_offset

_LAYOUTS = ("mono", "stereo")
_BLOCK = 1 << 16  # samples of a silence that are delivered at once


def stored(frames: Iterable[Any]) -> Iterator[tuple[int, Float32Array]]:
    """Rate in Hz and blocks (channels, n) of frames as they are stored, full scale 1, several frames to a block."""
    for (_, _, rate_hz), alike in groupby(frames, _kind):
        samples, waiting, have = FrameSamples(), list[Float32Array](), 0
        for frame in alike:
            waiting.append(samples.of(frame))
            have += frame.samples
            if have >= _BLOCK:
                yield rate_hz, np.concatenate(waiting, axis=1)
                waiting, have = [], 0
        if waiting:
            yield rate_hz, np.concatenate(waiting, axis=1)


def _kind(frame: Any) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


class Resampler:
    """Resamples frames, also where rate or channels change midway; silence keeps its place to the sample.

    rate_hz : of the blocks
    most_channels : 1 or 2; the blocks have as many as the first frame, up to this
    look : channels to take alone instead of a mix, and offsets to take off; None for the samples as they are
    """

    def __init__(self, rate_hz: int, most_channels: int, look: Look | None) -> None:
        self._rate_hz = rate_hz
        self._most = most_channels
        self._look = look
        self._samples = FrameSamples()
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
            layout = _LAYOUTS[self._channels - 1]
            made: Any = av.AudioResampler(format="fltp", layout=layout, rate=self._rate_hz)
            self._kind, self._resampler, self._samples = kind, made, FrameSamples()
        frame.pts = None
        yield from self._taken(frame if self._look is None else self._looked(frame, self._look))

    def _looked(self, frame: Any, look: Look) -> Any:
        """A frame without its offset, or its one channel that is taken alone."""
        layout = frame.layout.name
        alone, offset = look.alone.get(layout), look.offsets.get(layout)
        if alone is not None and frame.layout.nb_channels > self._most:
            taken = self._samples.of(frame)[alone.channel]
            return mono_frame(
                taken if offset is None else taken - np.float32(offset[alone.channel]), frame.sample_rate
            )
        return frame if offset is None else without_offset(self._samples.of(frame), frame, offset)

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
            self._made += samples.shape[1]
            yield samples

"""What a first look at a sound's channels says: how they are mixed to one, and what offset they have.

They are mixed as the format intends, but never into silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..types import Array
from .frame_samples import FrameSamples
from .offset import OffsetMeter
from .packets import decode_stream

_LOOKED_S = 60.0
_CANCELLED = 0.2  # of the power that unrelated channels would have in the mix
_AUDIBLE = 1e-4
_SOMETIMES = 0.1  # of the seconds: a channel that was exchanged later on
_LEFT_OUT = 1e-3  # of the power of the loudest channel
_TAPS = 4096  # samples; long enough for the resampler to settle
_CANCEL = "The channels of the sound cancel each other out, so the louder one is used alone"


@dataclass(frozen=True)
class Alone:
    """A channel that is taken alone instead of a mix of all.

    channel : its index
    reason : why, a sentence without a full stop
    """

    channel: int
    reason: str


@dataclass(frozen=True)
class Look:
    """What the first minute of a sound says, by the names of its layouts.

    alone : channels to take alone, where a mix of all would be silent or cannot be made
    offsets : constant offset of each channel, (C,), where there is one
    """

    alone: Mapping[str, Alone]
    offsets: Mapping[str, Array]


def first_look(container: Any, stream: Any) -> Look:
    """Read the first minute of a sound.

    Opposite polarity of two channels comes from wrong wiring, or a balanced line that was recorded as stereo.
    A mix leaves out the channel of low frequencies, and recorders of many tracks give theirs no meaning at all.
    """
    powers: dict[str, _Powers] = {}
    for _, frames in decode_stream(container, stream):
        for frame in frames:
            layout = frame.layout.name
            if layout not in powers:
                powers[layout] = _Powers(frame.layout)
            powers[layout].add(frame)
        if sum(power.seconds for power in powers.values()) > _LOOKED_S:
            break
    alone = {name: power.alone() for name, power in powers.items() if power.channels > 1}
    offsets = {name: power.offsets.offset() for name, power in powers.items()}
    return Look(
        {name: each for name, each in alone.items() if each is not None},
        {name: each for name, each in offsets.items() if each is not None},
    )


class _Powers:
    """Power of the channels of a layout, apart and mixed."""

    def __init__(self, layout: Any) -> None:
        self.channels = layout.nb_channels
        self.offsets = OffsetMeter(self.channels)
        self._weights = mixing_weights(layout.name) if self.channels > 1 else None
        self._apart = np.zeros(self.channels)
        self._mixed = 0.0
        self._samples = FrameSamples()
        self._stretch = np.zeros(2)  # power apart and mixed
        self._stretches = self._silenced = 0
        self.seconds = 0.0

    def add(self, frame: Any) -> None:
        samples, seconds = self._samples.of(frame), frame.samples / frame.sample_rate
        if samples.shape[0] != self.channels or not samples.size or not np.isfinite(samples).all():
            return
        self.offsets.add(samples, seconds)
        if self.channels == 1:
            self.seconds += seconds
            return
        centred = samples - samples.mean(axis=1, keepdims=True)
        power = np.square(centred, dtype=np.float64).sum(axis=1)
        if power.max() < _AUDIBLE**2 * centred.shape[1]:
            return
        self._apart += power
        if self._weights is not None:
            mixed = float(np.square(self._weights @ centred, dtype=np.float64).sum())
            self._mixed += mixed
            self._note_stretch(float(self._weights**2 @ power), mixed)
        self.seconds += seconds

    def _note_stretch(self, apart: float, mixed: float) -> None:
        """Add up stretches of a second each, and count those that a mix would silence."""
        self._stretch += apart, mixed
        if self.seconds >= self._stretches + 1:
            self._stretches += 1
            self._silenced += bool(self._stretch[1] < _CANCELLED * self._stretch[0])
            self._stretch[:] = 0.0

    def alone(self) -> Alone | None:
        """The channel to take alone, None where the mix is good."""
        loudest = int(np.argmax(self._apart))
        if self._weights is None:
            count = len(self._apart)
            return Alone(
                loudest, f"The sound has {count} channels without a common meaning; {_alone(loudest)}"
            )
        weighted = self._weights**2 * self._apart
        if self._mixed < _CANCELLED * weighted.sum() or self._silenced > _SOMETIMES * self._stretches:
            return Alone(int(np.argmax(weighted)), _CANCEL)
        if self._mixed < _LEFT_OUT * self._apart[loudest]:
            return Alone(
                loudest, f"What is loudest in the sound would be left out of a mix; {_alone(loudest)}"
            )
        return None


def _alone(channel: int) -> str:
    return f"channel {channel + 1}, the loudest, is used alone"


def mixing_weights(layout: str) -> Array | None:
    """Weight of each channel of a layout in the mix to one, (C,), by FFmpeg's own matrix; None where it has none."""
    import av

    channels = av.AudioLayout(layout).nb_channels
    weights = np.zeros(channels)
    for channel in range(channels):
        samples = np.zeros((_TAPS, channels), np.float32)
        samples[:, channel] = 1.0
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate = 48_000
        resampler: Any = av.AudioResampler(format="fltp", layout="mono", rate=48_000)
        try:
            weights[channel] = resampler.resample(frame)[0].to_ndarray()[0, _TAPS // 2]
        except av.FFmpegError:
            return None
    return weights if weights.any() else None

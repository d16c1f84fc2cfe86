"""Decoded sound in its place in time: what is damaged or missing becomes silence of the same length."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .counted_bytes import CountedBytes
from .frame_headers import described_s
from .packets import JoinedPackets, decode_stream, packet_length_s, packet_time_s, whole

COUNTED = ("mp3", "aac", "ac3", "eac3", "dts", "amr", "amrnb", "amrwb")
"""Formats without a clock: their readers guess it from the length of the frames, so the samples are counted."""

# Of PCM in these the clock is where the bytes lie, divided by what a header states: the samples themselves say more.
_CLOCK_OF_BYTES = ("wav", "w64", "caf", "aiff", "au")

# Codecs with checksums compare them: what fails is delivered as corrupt, by lossless ones only if it is to be an error.
_CHECKS = dict.fromkeys(("flac", "wavpack", "tta"), "crccheck+explode")
_TOLERANCE_S = 0.04  # of a clock that is rounded or jitters
_AHEAD = 8  # frames that must agree on a jump of the clock
_LONGEST_GAP_S = 600.0
_MOST_SILENCE = 10  # times the sound; of more than the longest gap and this, the clock is damaged


@dataclass(frozen=True)
class Silence:
    """A stretch without sound.

    length_s : seconds
    """

    length_s: Fraction


class SoundClock:
    """Iterates over the frames of an audio stream and the silences between them.

    stated_s : the sound's length as the file states it, 0 where it does not
    is_damaged : whether some packet could not be decoded
    position_s : where the next frame begins, t = 0 the first one; the sound's length at the end
    is_counted : whether the format has no clock, so that samples are counted
    gaps_s : stretches that became silence, or were lost in decoding
    jumps_s : where the clock jumped so far that this was left out, and how far
    """

    def __init__(self, container: Any, stream: Any) -> None:
        self._container = container
        self._stream = stream
        self.is_counted = container.format.name in COUNTED
        self._whole_s = (container.duration or 0) / 1e6
        own_s = float(stream.duration * stream.time_base) if stream.duration else 0.0
        self.stated_s = own_s or (0.0 if container.streams.video else self._whole_s)
        if self.is_counted:
            self.stated_s = _described_s(container)
        self._waiting: deque[Any] = deque()
        self._zero_s: float | None = None  # the container's time of t = 0
        self._lost_until_s: float | None = None
        self._bytes = CountedBytes(Path(container.name)) if self.is_counted else None
        codec = stream.codec_context
        self._is_steady = container.format.name in _CLOCK_OF_BYTES and codec.name.startswith("pcm_")
        self._silence_s = 0.0
        codec.options = {"err_detect": _CHECKS.get(codec.name, "crccheck")}
        self.is_damaged = False
        self.position_s = Fraction(0)
        self.gaps_s: list[tuple[float, float]] = []
        self.jumps_s: list[tuple[float, float]] = []

    def __iter__(self) -> Iterator[Any]:
        """Frames as PyAV decodes them, and `Silence`."""
        split = JoinedPackets() if self._is_steady else self._bytes.split if self._bytes else whole
        for packet, frames in decode_stream(self._container, self._stream, self._note_lost, split):
            if self.is_counted:
                yield from self._counted(packet, frames)
            else:
                self._waiting.extend(frames)
                while len(self._waiting) > _AHEAD:
                    yield from self._next()
        while self._waiting:
            yield from self._next()
        yield from self._end()

    def _note_lost(self, packet: Any) -> None:
        self.is_damaged = True
        if packet is None or not packet.size:
            return
        begin_s = packet_time_s(packet)
        if self.is_counted or begin_s is None:
            return
        if self._zero_s is None and not self._waiting:
            self._zero_s = begin_s
        self._lost_until_s = max(begin_s + packet_length_s(packet), self._lost_until_s or 0.0)
        at_s = begin_s - (self._zero_s or 0.0)
        self.gaps_s.append((at_s, at_s + packet_length_s(packet)))

    # Formats with a clock

    def _next(self) -> Iterator[Any]:
        yield from self._gap(self._drift_s())
        yield self._placed(self._waiting.popleft())

    def _placed(self, frame: Any) -> Any:
        """The frame, or silence of its length where the decoder says that it is made from damage."""
        length = Fraction(frame.samples, frame.sample_rate)
        if frame.is_corrupt and length:
            self.is_damaged = True
            return self._silence(length)
        self.position_s += length
        return frame

    def _drift_s(self) -> float:
        """By how much the clock is ahead of the samples: what the next frames agree on, 0 where they do not."""
        if self._is_steady:
            return 0.0
        at_s, drifts = float(self.position_s), []
        for frame in self._waiting:
            if frame.time is not None:
                self._zero_s = float(frame.time) if self._zero_s is None else self._zero_s
                drifts.append(float(frame.time) - self._zero_s - at_s)
            at_s += frame.samples / frame.sample_rate
        if not drifts:
            return 0.0
        return min(drifts) if min(drifts) > 0 else min(max(drifts), 0.0)

    def _gap(self, drift_s: float) -> Iterator[Silence]:
        """Silence where the clock is ahead; where it falls back, or jumps beyond all sense, it is set anew."""
        if abs(drift_s) <= _TOLERANCE_S or self._zero_s is None:
            return
        beyond = self._whole_s > 0 and float(self.position_s) + drift_s > self._whole_s + 1.0
        is_beyond = beyond or drift_s > _LONGEST_GAP_S or self._is_too_much(self._silence_s + drift_s)
        if drift_s < 0 or is_beyond:
            self._zero_s += drift_s
            if drift_s > 0:
                self.jumps_s.append((float(self.position_s), drift_s))
            return
        yield self._silence(drift_s)

    def _is_too_much(self, silence_s: float) -> bool:
        """Whether nothing that was recorded has as much silence beside the sound so far."""
        return silence_s > max(_LONGEST_GAP_S, _MOST_SILENCE * (float(self.position_s) - self._silence_s))

    def _silence(self, length_s: float | Fraction) -> Silence:
        begin_s = float(self.position_s)
        self.gaps_s.append((begin_s, begin_s + float(length_s)))
        self._silence_s += float(length_s)
        length = Fraction(length_s).limit_denominator(1_000_000)
        self.position_s += length
        return Silence(length)

    def _end(self) -> Iterator[Silence]:
        """Silence for packets at the end that could not be decoded."""
        if self._lost_until_s is not None and self._zero_s is not None:
            missing_s = self._lost_until_s - self._zero_s - float(self.position_s)
            if _TOLERANCE_S < missing_s < _LONGEST_GAP_S:
                yield self._silence(missing_s)

    # Formats without one

    def _counted(self, packet: Any, frames: list[Any]) -> Iterator[Any]:
        assert self._bytes is not None
        length_s = sum(frame.samples / frame.sample_rate for frame in frames)
        lost_s, is_sound = self._bytes.lost_s(packet, length_s, float(self.position_s))
        if lost_s > 0:
            yield self._silence(min(lost_s, _LONGEST_GAP_S))
        for frame in frames if is_sound else ():
            yield self._placed(frame)


def _described_s(container: Any) -> float:
    """Length of a file without a clock, where it states one; its reader only guesses it."""
    if container.format.name != "mp3":
        return 0.0
    with Path(container.name).open("rb") as file:
        return described_s(file)

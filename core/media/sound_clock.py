"""Decoded sound in its place in time: what is damaged or missing becomes silence of the same length."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .frame_headers import frame_bytes, is_description, tag_bytes
from .packets import decode_stream, packet_length_s, packet_time_s

COUNTED = ("mp3", "aac", "ac3", "eac3", "dts", "amr", "amrnb", "amrwb")
"""Formats without a clock: their readers guess it from the length of the frames, so the samples are counted."""

_TOLERANCE_S = 0.04  # of a clock that is rounded or jitters
_AHEAD = 8  # frames that must agree on a jump of the clock
_LONGEST_GAP_S = 600.0
_FEW_BYTES = 16  # less than any frame


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
        self._waiting: deque[Any] = deque()
        self._zero_s: float | None = None  # the container's time of t = 0
        self._lost_until_s: float | None = None
        self._bytes = _Bytes()
        self.is_damaged = False
        self.position_s = Fraction(0)
        self.gaps_s: list[tuple[float, float]] = []
        self.jumps_s: list[tuple[float, float]] = []

    def __iter__(self) -> Iterator[Any]:
        """Frames as PyAV decodes them, and `Silence`."""
        for packet, frames in decode_stream(self._container, self._stream, self._note_lost):
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
        frame = self._waiting.popleft()
        yield frame
        self.position_s += Fraction(frame.samples, frame.sample_rate)

    def _drift_s(self) -> float:
        """By how much the clock is ahead of the samples: what the next frames agree on, 0 where they do not."""
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
        beyond = self._whole_s and float(self.position_s) + drift_s > self._whole_s + 1.0
        if drift_s < 0 or drift_s > _LONGEST_GAP_S or beyond:
            self._zero_s += drift_s
            if drift_s > 0:
                self.jumps_s.append((float(self.position_s), drift_s))
            return
        yield self._silence(drift_s)

    def _silence(self, length_s: float) -> Silence:
        begin_s = float(self.position_s)
        self.gaps_s.append((begin_s, begin_s + length_s))
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
        lost_s, is_sound = self._bytes.lost_s(packet, decoded=bool(frames))
        if lost_s > 0 and self.position_s > 0:
            yield self._silence(min(lost_s, _LONGEST_GAP_S))
        for frame in frames if is_sound else ():
            yield frame
            length = Fraction(frame.samples, frame.sample_rate)
            self.position_s += length
            self._bytes.add(packet.size, float(length))


class _Bytes:
    """What the bytes of a format without a clock tell of time."""

    def __init__(self) -> None:
        self._count, self._seconds = 0, 0.0
        self._tag_end = 0

    def add(self, count: int, length_s: float) -> None:
        """Note that so many bytes were sound of this length."""
        self._count += count
        self._seconds += length_s

    def lost_s(self, packet: Any, *, decoded: bool) -> tuple[float, bool]:
        """How much sound is lost in a packet, seconds, and whether what was decoded of it is sound at all."""
        data, begin = bytes(packet), packet.pos or 0
        at = max(self._tag_end - begin, 0)
        while length := tag_bytes(data[at : at + 32]):
            at += length
            self._tag_end = begin + at
        data = data[at:]
        if not data:
            return 0.0, at == 0
        if is_description(data):
            return 0.0, False
        expected = frame_bytes(data) if decoded else 0
        damaged = 0 if expected is None else len(data) - expected
        per_byte_s = self._seconds / self._count if self._count else 0.0
        return (damaged * per_byte_s if damaged > _FEW_BYTES else 0.0), True

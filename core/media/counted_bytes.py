"""How much sound the damaged bytes of a file without a clock would have lasted."""

from collections import deque
from pathlib import Path
from typing import Any

from .frame_headers import frame_bytes, frame_kind, is_description, tag_bytes, whole_frames

_FEW_BYTES = 16  # less than any frame
_CALM = 8  # packets without damage, after which time is that of the samples again
_RATE_PACKETS = 30  # as loudness changes, so does the rate
_MARK_BYTES = 32  # of a packet by which it is found again
_SEARCHED = 1 << 20  # bytes that are searched for it


class CountedBytes:
    """Follows the packets of a file through its bytes: what damage took is as long as its bytes would have played.

    Readers of such formats pass over damaged bytes without a word, find frames in them that never were, and
    count on. The time after damage is therefore that of the bytes since the last sound packets.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sizes: deque[tuple[int, float]] = deque(maxlen=_RATE_PACKETS)
        self._next: int | None = None  # where the next packet begins in the file
        self._tag_end = 0
        self._sound_byte, self._sound_s = 0, 0.0  # a place before damage, in the file and in time
        self._calm = 0
        self._kind: tuple[int, int] | None = None

    def split(self, packet: Any) -> list[Any]:
        """The frames in a packet, and the damaged bytes between them, as packets of their own.

        After damage a reader may take a wrong header's word, and pass on many frames as one.
        """
        import av

        data = bytes(packet)
        if self._kind is None or tag_bytes(data[:_MARK_BYTES]) or frame_bytes(data) == len(data):
            return [packet]
        parts = [av.Packet(part) for part in whole_frames(data, self._kind)]
        for part in parts:
            part.stream = packet.stream
        return parts if len(parts) > 1 else [packet]

    def lost_s(self, packet: Any, length_s: float, position_s: float) -> tuple[float, bool]:
        """How much sound is lost before a packet, seconds, and whether what was decoded of it is sound at all.

        length_s : of what was decoded; position_s : where it would begin
        """
        whole = bytes(packet)
        begin, passed_over = self._placed(whole, packet.pos)
        end, at = begin + len(whole), max(self._tag_end - begin, 0)
        while length := tag_bytes(whole[at : at + _MARK_BYTES]):
            at += length
            self._tag_end = begin + at
        data = whole[at:]
        if not data or is_description(data):
            self._sound_byte, self._sound_s = end, position_s
            return 0.0, not whole
        expected = frame_bytes(data) if length_s else 0
        surplus = 0 if expected is None else len(data) - expected
        if passed_over <= _FEW_BYTES and surplus <= _FEW_BYTES and length_s:
            self._calm += 1
            self._kind = frame_kind(data) if expected is not None else None
            self._sizes.append((len(data), length_s))
            if self._calm >= _CALM or at:
                self._sound_byte, self._sound_s = begin + at, position_s
            return 0.0, True
        self._calm = 0
        if not self._sizes or not self._sound_byte:
            return 0.0, True
        frame_s = self._sizes[-1][1]
        per_byte_s = sum(length for _, length in self._sizes) / sum(size for size, _ in self._sizes)
        due_s = self._sound_s + (end - self._sound_byte) * per_byte_s - length_s
        return max(round((due_s - position_s) / frame_s), 0) * frame_s, True

    def _placed(self, data: bytes, hint: int | None) -> tuple[int, int]:
        """Where a packet lies in the file, and how many bytes that are no tag lie before it."""
        expected = self._next if self._next is not None else hint
        if expected is None or not data:
            return expected or 0, 0
        with self._path.open("rb") as file:
            file.seek(expected)
            found = file.read(len(data))
            place = 0
            if found != data:
                found += file.read(_SEARCHED)
                place = max(found.find(data[:_MARK_BYTES]), 0)
        self._next = expected + place + len(data)
        tags = 0
        while tags < place and (length := tag_bytes(found[tags : tags + _MARK_BYTES])):
            tags += length
        return expected + place, max(place - tags, 0)

"""Decoding packet by packet: what is damaged is passed over and noted, and the rest is read."""

from collections.abc import Callable, Iterator
from typing import Any

_JOINED_BYTES = 4096
_MOST_ERRORS = 200  # in a row, after which a file counts as broken off


def _ignore(_packet: Any) -> None:
    pass


def whole(packet: Any) -> list[Any]:
    """The packet alone."""
    return [packet]


def decode_stream(
    container: Any,
    streams: Any,
    on_damage: Callable[[Any], object] = _ignore,
    split: Callable[[Any], list[Any]] = whole,
) -> Iterator[tuple[Any, list[Any]]]:
    """Iterate over the packets of one or more streams, each with the frames that decoding it gave.

    on_damage : called with each packet that cannot be decoded, and with None where the container is damaged
    split : packets to decode in place of one that the container gives
    """
    import av

    for given in _packets(container, streams, on_damage):
        for packet in split(given):
            frames: list[Any] = []
            try:
                frames.extend(packet.decode())
            except (av.FFmpegError, ValueError):  # ValueError: this decoder could not be opened before
                on_damage(packet)
            yield packet, frames


def _packets(container: Any, streams: Any, on_damage: Callable[[Any], object]) -> Iterator[Any]:
    """All packets; reading goes on after an error of the container, until errors do not end."""
    import av

    errors = 0
    while errors < _MOST_ERRORS:
        try:
            for packet in container.demux(streams):
                errors = 0
                yield packet
        except av.FFmpegError:
            errors += 1
            on_damage(None)
        else:
            return


class JoinedPackets:
    """Packets as one, up to a size: for PCM, whose packets have no beginnings, and may be a sample each."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def __call__(self, packet: Any) -> list[Any]:
        """What to decode in place of the next packet; nothing while more is to come."""
        import av

        if packet.size:
            self._parts.append(bytes(packet))
            self._size += packet.size
        ends = [] if packet.size else [packet]  # an empty one ends the stream
        if not self._parts or (packet.size and self._size < _JOINED_BYTES):
            return ends
        joined = av.Packet(b"".join(self._parts))
        joined.stream = packet.stream
        self._parts, self._size = [], 0
        return [joined, *ends]


def packet_time_s(packet: Any) -> float | None:
    """When a packet is shown or played, seconds on the container's clock; None where it has no time."""
    ticks = packet.dts if packet.pts is None else packet.pts
    return None if ticks is None or packet.time_base is None else float(ticks * packet.time_base)


def packet_length_s(packet: Any) -> float:
    """How long a packet lasts, seconds; 0 where that is not stated."""
    return float(packet.duration * packet.time_base) if packet.duration and packet.time_base else 0.0

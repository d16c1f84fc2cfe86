"""Ogg files of several parts one after another (RFC 3533, “chaining”): recorders that start anew, radio, joined files."""

import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

_MARK = b"OggS"
_HEADER_BYTES = 27
_FIRST_PAGE = 2  # flag of the first page of a stream
_MOST_PARTS = 10_000
_LOST_S = 0.1
_LIVE_S = 5.0  # a part whose clock begins later was cut out of a running broadcast


def part_spans(path: Path) -> list[tuple[int, int]]:
    """Where the parts of an Ogg file begin and end, in bytes; none where it is no Ogg file."""
    with path.open("rb") as file:
        if file.read(4) != _MARK:
            return []
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            begins = list(_part_begins(data))[:_MOST_PARTS]
            return list(zip(begins, [*begins[1:], len(data)][: len(begins)], strict=True))


def is_cut(path: Path) -> bool:
    """Whether the last page of an Ogg file is incomplete."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        end = max((end for _, end, _ in _pages(data)), default=0)
        return end > len(data)


def _part_begins(data: mmap.mmap) -> Iterator[int]:
    """First pages of streams that come after other pages: all streams of a part begin together."""
    in_head = False
    for begin, _, is_first in _pages(data):
        if is_first and not in_head:
            yield begin
        in_head = is_first


def _pages(data: mmap.mmap) -> Iterator[tuple[int, int, bool]]:
    """Where each page begins and should end, and whether it is the first one of a stream."""
    at = data.find(_MARK)
    while 0 <= at <= len(data) - _HEADER_BYTES:
        lacing = at + _HEADER_BYTES
        body = lacing + data[at + 26]
        end = body + sum(data[lacing:body])
        yield at, end, bool(data[at + 5] & _FIRST_PAGE) and data[at + 4] == 0
        at = data.find(_MARK, end)


class OggChain:
    """A container of all parts, of which the first one stands for the file. Use it as a context.

    Its packets are those of all parts, on one clock.

    spans : of the parts, as `part_spans` finds them
    open_part : opens one of them
    """

    def __init__(self, spans: list[tuple[int, int]], open_part: Callable[[tuple[int, int]], Any]) -> None:
        self._spans, self._open_part = spans, open_part
        self._first = self._part = open_part(spans[0])
        self._at = 0
        self._begin_s = self._end_s = 0.0  # of the part that is read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._first, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all parts that are open."""
        self._part.close()
        self._first.close()

    @property
    def duration(self) -> int:
        """Length of all parts, in the units of `av.time_base`."""
        whole = self._first.duration or 0
        for span in self._spans[1:]:
            with self._open_part(span) as part:
                whole += part.duration or 0
        return whole

    def demux(self, streams: Any) -> Iterator[Any]:
        """Packets of one or more streams of the first part, and of those like them in the others.

        Goes on where it was after an error. Raises av.FFmpegError.
        """
        wanted = streams if isinstance(streams, list) else [streams]
        while True:
            yield from self._packets(wanted)
            if self._at + 1 == len(self._spans):
                return
            self._at += 1
            self._begin_s = self._end_s = max(self._end_s, self._begin_s + self._lasting_s())
            if self._part is not self._first:
                self._part.close()
            self._part = self._open_part(self._spans[self._at])

    def _lasting_s(self) -> float:
        """Length of the part by its last page, where its packets end so early that pages were lost; else 0."""
        lasting_s = (self._part.duration or 0) / 1e6
        return lasting_s if self._begin_s + lasting_s > self._end_s + _LOST_S else 0.0

    def _packets(self, wanted: list[Any]) -> Iterator[Any]:
        part = self._part
        alike = [stream for stream in (_like(part, self._first, stream) for stream in wanted) if stream]
        start_s = (part.start_time or 0) / 1e6
        shift_s = self._begin_s - (start_s if start_s > _LIVE_S else 0.0)
        for packet in part.demux(alike) if alike else ():
            for name in ("pts", "dts") if shift_s else ():
                ticks = getattr(packet, name)
                if ticks is not None:
                    setattr(packet, name, ticks + round(shift_s / packet.time_base))
            if packet.pts is not None and packet.time_base:
                end_s = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                self._end_s = max(self._end_s, end_s)
            yield packet


def _like(part: Any, first: Any, stream: Any) -> Any:
    """The stream of a part that has the place of one of the first part's among those of its kind, or the last one."""
    place = [other.index for other in first.streams if other.type == stream.type].index(stream.index)
    kind = [other for other in part.streams if other.type == stream.type]
    return kind[min(place, len(kind) - 1)] if kind else None

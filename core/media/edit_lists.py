"""Edit lists of .mp4 and .mov, as far as FFmpeg does not follow them."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_MOST_BOXES = 5000
_MOST_EDITS = 10_000
_ONE = 1 << 16  # of a rate
_WAY = (b"moov", b"trak", b"edts", b"elst")


def has_unfollowed_edits(path: Path) -> bool:
    """Whether parts of a track play at another speed, or pauses lie between them. Raises OSError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        return any(_is_unfollowed(file, begin, end) for begin, end in _lists(file, 0, size, 0))


def _lists(file: BinaryIO, begin: int, end: int, depth: int) -> Iterator[tuple[int, int]]:
    """Contents of the edit lists between two places."""
    at = begin
    for _ in range(_MOST_BOXES):
        if at + 8 > end:  # before any seek: a box may state 2^63 bytes
            return
        file.seek(at)
        head = file.read(16)
        length, own = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, own = int.from_bytes(head[8:], "big"), 16
        if length < own:
            return
        inside = at + own, min(at + length, end)
        if head[4:8] == _WAY[depth]:
            if depth + 1 == len(_WAY):
                yield inside
            else:
                yield from _lists(file, *inside, depth + 1)
        at += length


def _is_unfollowed(file: BinaryIO, begin: int, end: int) -> bool:
    file.seek(begin)
    head = file.read(8)
    if len(head) < 8:
        return False
    entry = struct.Struct(">QqI" if head[0] == 1 else ">IiI")
    count = min(int.from_bytes(head[4:], "big"), (end - begin - 8) // entry.size, _MOST_EDITS)
    edits = list(entry.iter_unpack(file.read(max(count, 0) * entry.size)))
    return any(
        length
        and (rate != _ONE if media >= 0 else place > 0 and any(later[1] >= 0 for later in edits[place:]))
        for place, (length, media, rate) in enumerate(edits)
    )

"""Edit lists of .mp4 and .mov, as far as FFmpeg does not follow them."""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from .boxes import boxes

_MOST_EDITS = 10_000
_ONE = 1 << 16  # of a rate
_WAY = (b"moov", b"trak", b"edts", b"elst")


def has_unfollowed_edits(path: Path) -> bool:
    """Whether parts of a track play at another speed, or pauses lie between them. Raises OSError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        return any(_is_unfollowed(file, begin, end) for begin, end in _lists(file, 0, size))


def _lists(file: BinaryIO, begin: int, end: int, way: Sequence[bytes] = _WAY) -> Iterator[tuple[int, int]]:
    """Contents of the edit lists between two places."""
    kind, *within = way
    for found, first, stop in boxes(file, begin, end):
        if found == kind and within:
            yield from _lists(file, first, stop, within)
        elif found == kind:
            yield first, stop


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

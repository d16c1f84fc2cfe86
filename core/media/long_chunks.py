"""Chunks of files whose lengths have 64 bits, .caf and .w64, as far as they are there."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_MOST_CHUNKS = 1000
_MOST_BYTES = 1 << 50  # more is a damaged length


class _Layout(NamedTuple):
    """How chunks of a kind of file lie.

    first : where they begin
    head : bytes before the contents of each, of which the last are its length
    least : the smallest length
    without_head : whether the length does not count the head
    aligned : each begins at a multiple of so many bytes behind the last one's begin
    another : what another file of the kind begins with
    """

    first: int
    head: int
    length: struct.Struct
    least: int
    without_head: bool = False
    aligned: int = 1
    another: bytes = b""


def missing_bytes(path: Path) -> tuple[int, int] | None:
    """How many bytes a file has, and how many its chunks state; None where all are there, or it has no such chunks.

    Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(4)
        held = file.seek(0, 2)
        stated = max(_ends(file, held, _LAYOUTS[head]), default=0) if head in _LAYOUTS else 0
        return (held, stated) if stated > held else None


def _ends(file: BinaryIO, held: int, layout: _Layout) -> Iterator[int]:
    """Where each chunk ends by its length, up to the first that says nothing of it."""
    at = layout.first
    for _ in range(_MOST_CHUNKS):
        if at >= held:
            return
        file.seek(at)
        head = file.read(layout.head)
        if len(head) < layout.head or head[:4] == layout.another:
            return
        stated: int = layout.length.unpack_from(head, layout.head - layout.length.size)[0]
        if not layout.least <= stated < _MOST_BYTES:
            return
        length = stated + (layout.head if layout.without_head else 0)
        yield at + length
        at += -(-length // layout.aligned) * layout.aligned


_LAYOUTS = {
    # A length that was never filled in is 0 or -1 in a .caf.
    b"caff": _Layout(8, 12, struct.Struct(">q"), 1, without_head=True, another=b"caff"),
    b"riff": _Layout(40, 24, struct.Struct("<q"), 24, aligned=8),
}

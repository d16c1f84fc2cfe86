"""Chunks of files whose lengths have 64 bits, .caf and .w64, as far as they are there."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_MOST_CHUNKS = 1000
_MOST_BYTES = 1 << 50  # more is a damaged length


def missing_bytes(path: Path) -> tuple[int, int] | None:
    """How many bytes a file has, and how many its chunks state; None where all are there, or it has no such chunks.

    Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(4)
        held = file.seek(0, 2)
        stated = max((end for end in _ENDS[head](file, held)), default=0) if head in _ENDS else 0
        return (held, stated) if stated > held else None


def _caf(file: BinaryIO, held: int) -> Iterator[int]:
    at = 8
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(12)
        if at >= held or len(head) < 12:
            return
        length: int = struct.unpack(">q", head[4:])[0]
        if (
            head[:4] == b"caff" or not 0 < length < _MOST_BYTES
        ):  # another file, or a length that was never filled in
            return
        at += 12 + length
        yield at


def _w64(file: BinaryIO, held: int) -> Iterator[int]:
    at = 40
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(24)
        if at >= held or len(head) < 24:
            return
        length: int = struct.unpack("<q", head[16:])[0]  # with these 24 bytes
        if not 24 <= length < _MOST_BYTES:
            return
        yield at + length
        at += -(-length // 8) * 8


_ENDS = {b"caff": _caf, b"riff": _w64}

"""Boxes of .mp4 and .mov (ISO/IEC 14496-12): one behind another, each with its length and kind, some within others."""

from collections.abc import Iterator
from typing import BinaryIO

_MOST = 5000  # a fragmented recording has two for each second or so


def boxes(file: BinaryIO, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind of each box between two places of an open file, and where its contents begin and end; the first thousands at most.

    A length that is damaged ends it: a box may state 2^63 bytes.
    """
    at = begin
    for _ in range(_MOST):
        if at + 8 > end:
            return
        file.seek(at)
        head = file.read(16)
        length, own = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, own = int.from_bytes(head[8:], "big"), 16
        yield head[4:8], at + own, min(at + length, end)
        if length < own:
            return
        at += length

"""Files that state no length and break off in the middle of something: GIF, PNG, transport streams, frames of sound."""

import mmap
from pathlib import Path

from .frame_headers import frame_bytes, tag_bytes

_TAIL = 1 << 20
_CHAIN = 3  # frames in a row that are no chance
_PACKET_STARTS = ((188, 0), (192, 4), (204, 0))
_SYNC = 0x47
_SOUND_IDS = (*range(0xC0, 0xE0), 0xBD, 0xFD)
_KBITS_AC3 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)


def broken_pictures(path: Path) -> tuple[int, int] | None:
    """After how many of all bytes a GIF or PNG is damaged or breaks off; None where it is whole, or neither."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        walk = _gif if data[:3] == b"GIF" else _png if data[:4] == b"\x89PNG" else None
        at = None if walk is None else walk(data)
        return None if at is None else (min(at, len(data)), len(data))


def _gif(data: mmap.mmap) -> int | None:
    """Where the blocks end without the last one, or go wrong; None where all is well."""
    at = 13 + _colours(data[10:11])
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            return None
        if kind == 0x2C:
            begin = at + 11 + _colours(data[at + 9 : at + 10])
        elif kind == 0x21:
            begin = at + 2
        else:
            return at
        while begin < len(data) and data[begin]:
            begin += 1 + data[begin]
        at = begin + 1
    return at


def _colours(packed: bytes) -> int:
    return 3 * 2 ** ((packed[0] & 7) + 1) if packed and packed[0] & 0x80 else 0


def _png(data: mmap.mmap) -> int | None:
    at = 8
    while at + 12 <= len(data):
        name = data[at + 4 : at + 8]
        if not name.isalpha():
            return at
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if name == b"IEND":
            return None
    return at


def stream_breaks_off(path: Path) -> bool:
    """Whether a transport stream ends within one of its packets, or within a packet of sound."""
    data = _tail(path)
    for length, offset in _PACKET_STARTS:
        first = next((at for at in range(min(length, len(data))) if _are_packets(data, at, length)), None)
        if first is not None:
            whole = (len(data) - first) // length * length
            rest = len(data) - first - whole
            is_cut = rest > offset and data[first + whole] == _SYNC
            return is_cut or _lacks_sound(data, range(first, first + whole, length))
    return False


def _are_packets(data: bytes, at: int, length: int) -> bool:
    places = range(at, min(at + 8 * length, len(data)), length)
    return len(places) > 1 and all(data[place] == _SYNC for place in places)


def _lacks_sound(data: bytes, packets: range) -> bool:
    """Whether the last packet of sound of some stream has fewer bytes than it states."""
    missing: dict[int, int] = {}
    for at in packets:
        pid = (data[at + 1] & 0x1F) << 8 | data[at + 2]
        begin = at + 4 + (1 + data[at + 4] if data[at + 3] & 0x20 else 0)
        if not data[at + 3] & 0x10 or begin >= at + 188:
            continue
        if data[at + 1] & 0x40:
            missing.pop(pid, None)
            stated = int.from_bytes(data[begin + 4 : begin + 6], "big")
            if data[begin : begin + 3] == b"\x00\x00\x01" and data[begin + 3] in _SOUND_IDS and stated:
                missing[pid] = 6 + stated
        if pid in missing:
            missing[pid] -= at + 188 - begin
    return any(left > 0 for left in missing.values())


def frame_breaks_off(path: Path) -> bool:
    """Whether a raw AC-3, AAC or mp3 file ends within a frame."""
    data = _tail(path)
    for at in range(max(len(data) - _TAIL // 16, 0), len(data)):
        count, place = 0, at
        while (length := _frame(data, place)) and place + length <= len(data):
            count, place = count + 1, place + length
        if count >= _CHAIN:
            return bool(length) and not tag_bytes(data[place : place + 32])
    return False


def _frame(data: bytes, at: int) -> int | None:
    head = data[at : at + 7]
    if head[:2] != b"\x0bw":
        length = frame_bytes(head)
        return length if length and length > 7 else None
    if len(head) < 6:
        return None
    if head[5] >> 3 > 10:
        return 2 * (((head[2] & 7) << 8 | head[3]) + 1)
    rate, code = head[4] >> 6, head[4] & 0x3F
    if rate == 3 or code // 2 >= len(_KBITS_AC3):
        return None
    kbits = _KBITS_AC3[code // 2]
    return 2 * (2 * kbits, kbits * 320 // 147 + (code & 1), 3 * kbits)[rate]


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(file.seek(0, 2) - _TAIL, 0))
        return file.read()

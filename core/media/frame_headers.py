"""Headers of mp3 and raw AAC frames, and the tags that lie between the frames of joined files."""

from typing import BinaryIO

_KBITS = {  # of layer III, by index; MPEG 1, and MPEG 2 and 2.5
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_DESCRIPTIONS = (b"Xing", b"Info", b"VBRI")
_COUNTING = _DESCRIPTIONS[:2]  # those that state the number of frames at the same place
_DESCRIBED_WITHIN = 64
_HEAD = 4096


def frame_bytes(data: bytes) -> int | None:
    """Length of the frame that begins here by its own header; None where none begins."""
    if len(data) < 7 or data[0] != 0xFF:
        return None
    if data[1] & 0xF6 == 0xF0:  # ADTS
        return (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
    version, layer = data[1] >> 3 & 3, data[1] >> 1 & 3
    index, rate = data[2] >> 4, data[2] >> 2 & 3
    if data[1] & 0xE0 != 0xE0 or version == 1 or layer != 1 or index in (0, 15) or rate == 3:
        return None
    first = version == 3
    kbits, rate_hz = _KBITS[first][index], _RATES_HZ[version][rate]
    return (144_000 if first else 72_000) * kbits // rate_hz + (data[2] >> 1 & 1)


def frame_kind(data: bytes) -> tuple[int, int]:
    """What the headers of all frames of one stream have in common."""
    return data[1], data[2] & (0xFC if data[1] & 0xF6 == 0xF0 else 0x0C)


def whole_frames(data: bytes, kind: tuple[int, int]) -> list[bytes]:
    """Frames of a kind and the damaged bytes between them, in order; all of the data.

    A frame counts where another begins behind it, or the data end.
    """
    parts, begin, at = [], 0, 0
    while 0 <= at < len(data):
        length = frame_bytes(data[at : at + 7])
        end = at + (length or 0)
        follows = end == len(data) or frame_bytes(data[end : end + 7]) is not None
        if length and length > 7 and end <= len(data) and follows and frame_kind(data[at:]) == kind:
            parts += [data[begin:at], data[at:end]]
            begin = at = end
        else:
            at = data.find(b"\xff", at + 1)
    return [part for part in (*parts, data[begin:]) if part]


def tag_bytes(data: bytes) -> int:
    """Length of the tag that begins here, which may be more than is given; 0 where none begins."""
    if data[:3] == b"ID3" and len(data) >= 10:
        return 10 + sum(
            (byte & 0x7F) << 7 * place for byte, place in zip(data[6:10], (3, 2, 1, 0), strict=True)
        )
    if data[:8] == b"APETAGEX" and len(data) >= 24:
        return int.from_bytes(data[12:16], "little") + (32 if data[23] & 0x20 else 0)
    return 128 if data[:3] == b"TAG" else 0


def is_description(data: bytes) -> bool:
    """Whether the frame that begins here describes the file and holds no sound."""
    return any(mark in data[:_DESCRIBED_WITHIN] for mark in _DESCRIPTIONS)


def described_s(file: BinaryIO) -> float:
    """Length that the first frame of an open mp3 states, seconds; 0 where it states none."""
    at, head = 0, file.read(_HEAD)
    while length := tag_bytes(head):
        at = file.seek(at + length)
        head = file.read(_HEAD)
    begin = next(
        (head.find(mark, 0, _DESCRIBED_WITHIN) for mark in _COUNTING if mark in head[:_DESCRIBED_WITHIN]), -1
    )
    if begin < 0 or len(head) < begin + 12 or not frame_bytes(head) or not head[begin + 7] & 1:
        return 0.0
    version = head[1] >> 3 & 3
    frames = int.from_bytes(head[begin + 8 : begin + 12], "big")
    return frames * (1152 if version == 3 else 576) / _RATES_HZ[version][head[2] >> 2 & 3]

"""Headers of mp3 and raw AAC frames, and the tags that lie between the frames of joined files."""

_KBITS = {  # of layer III, by index; MPEG 1, and MPEG 2 and 2.5
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_DESCRIPTIONS = (b"Xing", b"Info", b"VBRI")
_DESCRIBED_WITHIN = 64


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

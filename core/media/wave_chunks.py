"""What the header of a .wav states: stored samples that FFmpeg would misread, and sizes that are not true."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from ..types import ByteArray

_BIG, _LITTLE = b"RIFX", (b"RIFF", b"RF64", b"BW64")
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SIGNED = -_PCM  # 8 bits about 0, where the format has them about 128; no header says so
_UNCOMPRESSED = (_PCM, _SIGNED, _FLOAT, 6, 7)  # A-law and µ-law
_MOST_CHUNKS = 1000
_UNKNOWN_SIZE = 0x7FFF0000  # and above: the writer could not go back and state it
_LEAST_LEFT = 64  # bytes; less is padding, as are zeros
_LOOKED = 1 << 20
_WIDEST = 4  # bytes of an integer
_SMOOTHER = 0.5
_LEAST_FLOAT, _LOUDEST_FLOAT = 1e-12, 8.0
"""Of sound in floating point; whole numbers that are read as such lie below and above."""
_SOUND = (*_LITTLE, _BIG, b"data", b"fmt ")


@dataclass(frozen=True)
class Wave:
    """Header of a .wav.

    tag : kind of the samples, that of the sub-format where there is one
    channels, rate_hz : as stated
    mask : places of the channels, 0 where not stated
    stated_byte_rate : bytes of a second
    bits, stored_bits : of a sample as stated, and of its place
    is_big : whether the most significant byte comes first
    is_misread : whether FFmpeg takes the samples for others, or for none
    begin, stated_bytes, end : of the samples: where they begin, how many are stated (None where unknown), and where the
        last one in the file ends
    left_bytes : behind the samples that are neither a chunk nor padding
    """

    tag: int
    channels: int
    rate_hz: int
    mask: int
    stated_byte_rate: int
    bits: int
    stored_bits: int
    is_big: bool
    is_misread: bool
    begin: int
    stated_bytes: int | None
    end: int
    left_bytes: int

    @property
    def raw_format(self) -> str | None:
        """FFmpeg's name of the samples where it would take them for others, else None.

        It takes samples of 24 bits in places of 32 for floating point, those in other places that are wider for
        narrow ones, floating point that is stated as whole numbers for these, 8 bits about 0 for ones about 128,
        those of RIFX for little-endian, and an RF64 whose recorder broke off, so that its lengths are 0, for empty.
        """
        if not self.is_misread:
            return None
        name = _NAMES.get((self.tag, self.stored_bits))
        return name and (name if self.stored_bits == 8 else name + ("be" if self.is_big else "le"))

    @property
    def byte_rate(self) -> int:
        """Bytes of a second, 0 where the header makes no sense."""
        if self.tag in _UNCOMPRESSED:
            return self.channels * self.stored_bits // 8 * self.rate_hz
        return self.stated_byte_rate


_NAMES = {
    (_PCM, 8): "u8",
    (_SIGNED, 8): "s8",
    (_FLOAT, 32): "f32",
    (_FLOAT, 64): "f64",
    **{(_PCM, n): f"s{n}" for n in (16, 24, 32)},
}


def read_wave(path: Path) -> Wave | None:
    """Read the header of a .wav; None where the file is none, or has no samples."""
    with path.open("rb") as file:
        kind = file.read(12)
        if kind[:4] not in (*_LITTLE, _BIG) or kind[8:] != b"WAVE":
            return None
        size = file.seek(0, 2)
        return _wave(file, size, ">" if kind[:4] == _BIG else "<")


def _wave(file: BinaryIO, size: int, order: str) -> Wave | None:
    form, long_bytes = b"", None
    for name, begin, length in _chunks(file, 12, size, order):
        if name == b"fmt ":
            file.seek(begin)
            form = file.read(min(length, 40))
        elif name == b"ds64":
            file.seek(begin + 8)
            long_bytes = int.from_bytes(file.read(8), "little")
        elif name == b"data" and len(form) >= 16:
            stated = (long_bytes if length >= _UNKNOWN_SIZE else length) or None
            end = size if stated is None else min(begin + stated, size)
            place = _Place(begin, stated, end, _left(file, end, size, order))
            wave = _described(form, order, place, is_unsized=long_bytes == 0)
            return wave and _as_stored(wave, file)
    return None


class _Place(NamedTuple):
    begin: int
    stated_bytes: int | None
    end: int
    left_bytes: int


def _described(form: bytes, order: str, place: _Place, *, is_unsized: bool) -> Wave | None:
    tag, channels, rate_hz, byte_rate, block, bits = struct.unpack(f"{order}HHIIHH", form[:16])
    valid, mask = bits, 0
    if tag == _EXTENSIBLE and len(form) >= 26:
        valid, mask, tag = struct.unpack(f"{order}HIH", form[18:26])
    if not channels:
        return None
    stored = block // channels * 8
    is_narrow = tag == _PCM and stored == bits and 0 < -(-valid // 8) * 8 < bits
    is_misread = order == ">" or is_narrow or is_unsized
    own_bits = valid if 0 < valid < bits else bits
    return Wave(tag, channels, rate_hz, mask, byte_rate, own_bits, stored, order == ">", is_misread, *place)


def _as_stored(wave: Wave, file: BinaryIO) -> Wave:
    """The same, where the samples themselves show that the header states other bits, or whole numbers for floating point.

    Samples may lie in wider places than their bits, at their high or their low end; FFmpeg takes those bits for the
    places. Those at the low end are read from as many bytes earlier, with what fills up the one before below them.
    """
    width = wave.stored_bits // 8
    if wave.tag != _PCM or wave.is_big or not 0 < width <= _WIDEST:
        return wave
    file.seek(wave.begin)
    read = file.read(_LOOKED // width * width)
    samples = np.frombuffer(read, np.uint8, len(read) // width * width).reshape(-1, width)
    if width == 1:
        return replace(wave, tag=_SIGNED, is_misread=True) if _are_signed(samples[:, 0]) else wave
    pad = width - -(-wave.bits // 8)
    if 0 < pad < width:
        low, top, sign = samples[:, :pad], samples[:, -pad:], samples[:, -pad - 1 : -pad] >> 7
        if not low.any():
            return replace(wave, is_misread=True)
        is_low = bool((top == sign * 0xFF).all())
        return replace(wave, is_misread=True, begin=wave.begin - pad, end=wave.end - pad) if is_low else wave
    if wave.bits == 32:
        sizes = np.abs(samples.reshape(-1).view("<f4"))
        is_float = bool((sizes < _LOUDEST_FLOAT).all()) and bool((sizes[sizes > 0] > _LEAST_FLOAT).all())
        if is_float and sizes.any():
            return replace(wave, tag=_FLOAT, is_misread=True)
    return wave


def _are_signed(samples: ByteArray) -> bool:
    """Whether samples of 8 bits go much more smoothly about 0 than about 128."""
    about_128, about_0 = (np.abs(np.diff(each.astype(np.int16))).sum() for each in (samples, samples ^ 0x80))
    return bool(about_0 < _SMOOTHER * about_128)


def _chunks(file: BinaryIO, at: int, size: int, order: str) -> Iterator[tuple[bytes, int, int]]:
    """Name, beginning and stated length of each chunk."""
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if at + 8 > size or len(head) < 8:
            return
        length: int = struct.unpack(f"{order}I", head[4:])[0]
        yield head[:4], at + 8, length
        at += 8 + length + length % 2


def _left(file: BinaryIO, end: int, size: int, order: str) -> int:
    """Bytes behind the samples where more sound begins, or no chunks are."""
    at = end + end % 2
    for name, begin, length in _chunks(file, at, size, order):
        if name in _SOUND or not (name.isascii() and name.decode().isprintable()) or begin + length > size:
            file.seek(at)
            return size - at if size - at >= _LEAST_LEFT and any(file.read(_LOOKED)) else 0
        at = begin + length + length % 2
    return 0


def contradiction(path: Path) -> tuple[str, str] | None:
    """Problem and remedy where a header states more bits of a sample than the sample's place has, else None."""
    wave = read_wave(path)
    if wave is None or wave.tag not in (_PCM, _FLOAT) or not 0 < wave.stored_bits < wave.bits:
        return None
    problem = f"The header of “{path.name}” states {wave.bits} bits for samples of {wave.stored_bits} bits"
    return problem, "Export the sound again from the program that made it"


def sizes_note(wave: Wave) -> str:
    """What is not true of the sizes in a header, a sentence without a full stop; empty where all is well."""
    if not wave.byte_rate:
        return _BEHIND if wave.left_bytes else ""
    held_s = (wave.end - wave.begin) / wave.byte_rate
    if wave.stated_bytes is not None and wave.stated_bytes / wave.byte_rate > held_s + _SLACK_S:
        stated_s = wave.stated_bytes / wave.byte_rate
        return f"The sound ends after {held_s:.1f} of the {stated_s:.1f} s that the header states"
    if wave.left_bytes:
        return (
            f"The header states {held_s:.1f} s of sound, and {wave.left_bytes} bytes behind it are not read: "
            "it is wrong, or files were joined"
        )
    return ""


_SLACK_S = 0.1
_BEHIND = "There is more behind the sound that the header states, and it is not read: files were joined"

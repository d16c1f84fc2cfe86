"""Headers of .wav as recorders write them, and wrong ones: the samples come out, or the sentence says what is wrong."""

import struct

import numpy as np
import pytest

from mannerism.core.errors import AudioError
from mannerism.core.media.sound import RATE_HZ, Sound

SAMPLES = (0.4 * np.sin(np.arange(RATE_HZ) * 0.2) * np.linspace(0.2, 1.0, RATE_HZ)).astype(np.float32)
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


def stored(samples, bits, tag=PCM, order="<"):
    if tag == FLOAT:
        return samples.astype(f"{order}f{bits // 8}").tobytes()
    if bits == 8:
        return (np.rint(samples * 127) + 128).astype(np.uint8).tobytes()
    whole = np.rint(samples.astype(np.float64) * (2 ** (bits - 1) - 1)).astype("<i4")
    if bits == 24:
        return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    return whole.astype(f"{order}i{bits // 8}").tobytes()


def form(bits, tag=PCM, *, channels=1, rate_hz=RATE_HZ, valid=None, mask=0, order="<"):
    """A fmt chunk; with a sub-format where the valid bits or a mask are given."""
    block = channels * bits // 8
    is_long = valid is not None
    head = struct.pack(
        f"{order}HHIIHH", EXTENSIBLE if is_long else tag, channels, rate_hz, rate_hz * block, block, bits
    )
    if not is_long:
        return head
    return head + struct.pack("<HHIH", 22, valid, mask, tag) + bytes.fromhex("000000001000800000aa00389b71")


def wave(data, fmt, *, kind=b"RIFF", stated=None, before=b"", behind=b"", order="<"):
    number = f"{order}I"
    length = len(data) if stated is None else stated
    body = b"".join([b"WAVE", before, b"fmt ", struct.pack(number, len(fmt)), fmt, b"data"])
    body += struct.pack(number, length) + data + behind
    return kind + struct.pack(number, min(len(body), 0xFFFFFFFF)) + body


def read(path, data):
    path.write_bytes(data)
    sound = Sound(path)
    samples = np.concatenate([np.zeros(0, np.float32), *sound.pieces()])
    return samples, " ".join(sound.notes)


def long_sizes(data_bytes):
    return b"ds64" + struct.pack("<IQQQI", 28, data_bytes + 72 if data_bytes else 0, data_bytes, 0, 0)


UNKNOWN = 0xFFFFFFFF
D16 = stored(SAMPLES, 16)
HEALTHY = {
    "8 bits": wave(stored(SAMPLES, 8), form(8)),
    "24 bits": wave(stored(SAMPLES, 24), form(24)),
    "32 bits": wave(stored(SAMPLES, 32), form(32)),
    "float": wave(stored(SAMPLES, 32, FLOAT), form(32, FLOAT)),
    "double": wave(stored(SAMPLES, 64, FLOAT), form(64, FLOAT)),
    "24 bits in 32": wave(stored(SAMPLES, 32), form(32, valid=24, mask=4)),
    "20 bits in 32": wave(stored(SAMPLES, 32), form(32, valid=20)),
    "20 bits in 24": wave(stored(SAMPLES, 24), form(24, valid=20)),
    "extensible float": wave(stored(SAMPLES, 32, FLOAT), form(32, FLOAT, valid=32)),
    "RIFX": wave(stored(SAMPLES, 16, order=">"), form(16, order=">"), kind=b"RIFX", order=">"),
    "RF64": wave(D16, form(16), kind=b"RF64", stated=UNKNOWN, before=long_sizes(len(D16))),
    "RF64 that broke off": wave(D16, form(16), kind=b"RF64", stated=UNKNOWN, before=long_sizes(0)),
    "BW64": wave(D16, form(16), kind=b"BW64", stated=UNKNOWN, before=long_sizes(len(D16))),
    "length 0": wave(D16, form(16), stated=0),
    "length unknown": wave(D16, form(16), stated=UNKNOWN),
    "odd length": wave(D16, form(16), stated=len(D16) - 1),
    "tags behind": wave(D16, form(16), behind=b"LIST" + struct.pack("<I", 400) + b"x" * 400),
    "zeros behind": wave(D16, form(16), behind=bytes(500)),
}


@pytest.mark.parametrize("case", HEALTHY)
def test_samples_come_out_as_they_went_in(tmp_path, case):
    samples, said = read(tmp_path / "a.wav", HEALTHY[case])
    assert len(samples) == pytest.approx(RATE_HZ, abs=1)
    np.testing.assert_allclose(samples[: RATE_HZ - 1], SAMPLES[:-1], atol=0.008 if case == "8 bits" else 1e-3)
    assert said == ""


@pytest.mark.parametrize("rate_hz", [8000, 96_000, 192_000, 384_000])
def test_rates(tmp_path, rate_hz):
    data = stored(np.sin(np.arange(rate_hz) * 2 * np.pi * 200 / rate_hz) * 0.5, 24)
    samples, said = read(tmp_path / "a.wav", wave(data, form(24, rate_hz=rate_hz)))
    assert len(samples) == RATE_HZ
    assert np.argmax(np.abs(np.fft.rfft(samples))) == 200
    assert said == ""


@pytest.mark.parametrize("rate_hz", [1, 200, 872_431_232])
def test_a_rate_of_no_speech_is_refused(tmp_path, rate_hz):
    with pytest.raises(AudioError, match=f"states {rate_hz} samples a second"):
        read(tmp_path / "a.wav", wave(D16, form(16, rate_hz=rate_hz)))


WRONG = {
    "cut": (wave(D16, form(16))[: -len(D16) // 2], 0.5, "ends after 0.5 of the 1.0 s"),
    "stated too long": (wave(D16, form(16), stated=3 * len(D16)), 1.0, "ends after 1.0 of the 3.0 s"),
    "stated too short": (
        wave(D16, form(16), stated=len(D16) // 2),
        0.5,
        "16000 bytes behind it are not read",
    ),
    "joined": (2 * wave(D16, form(16)), 1.0, "bytes behind it are not read"),
    "two chunks": (
        wave(D16, form(16), behind=b"data" + struct.pack("<I", len(D16)) + D16),
        1.0,
        "are not read",
    ),
    "joined A-law": (2 * wave(bytes([0x55, 0xD5]) * 8000, form(8, 6)), 1.0, "are not read"),
}


@pytest.mark.parametrize("case", WRONG)
def test_sizes_that_are_not_true_are_said(tmp_path, case):
    data, length_s, sentence = WRONG[case]
    samples, said = read(tmp_path / "a.wav", data)
    assert len(samples) / RATE_HZ == pytest.approx(length_s, abs=0.05)
    assert sentence in said


def as_wide(samples, bits, place_bits, *, is_low):
    """Samples of `bits` bits at the low or at the high end of places of more."""
    whole = np.rint(samples.astype(np.float64) * (2 ** (bits - 1) - 1)).astype("<i8")
    whole = whole if is_low else whole << (place_bits - bits)
    return whole.view(np.uint8).reshape(-1, 8)[:, : place_bits // 8].tobytes()


@pytest.mark.parametrize("is_low", [False, True])
@pytest.mark.parametrize(
    ("bits", "place_bits"), [(8, 16), (12, 24), (16, 24), (16, 32), (20, 32), (24, 32), (7, 16), (9, 32)]
)
def test_samples_in_wider_places_than_a_plain_header_states(tmp_path, bits, place_bits, is_low):
    block = place_bits // 8
    header = struct.pack("<HHIIHH", PCM, 1, RATE_HZ, RATE_HZ * block, block, bits)
    samples, said = read(tmp_path / "a.wav", wave(as_wide(SAMPLES, bits, place_bits, is_low=is_low), header))
    assert samples.shape == SAMPLES.shape
    assert np.corrcoef(samples, SAMPLES)[0, 1] > 0.999
    assert said == ""


@pytest.mark.parametrize("bits", [4, 7, 9, 12, 15, 17, 20, 23])
def test_odd_bits(tmp_path, bits):
    place_bits = -(-bits // 8) * 8
    data = as_wide(SAMPLES, bits, place_bits, is_low=False)
    if place_bits == 8:
        data = (np.frombuffer(data, np.uint8) ^ 0x80).tobytes()
    header = struct.pack("<HHIIHH", PCM, 1, RATE_HZ, RATE_HZ * place_bits // 8, place_bits // 8, bits)
    samples, _ = read(tmp_path / "a.wav", wave(data, header))
    np.testing.assert_allclose(samples, SAMPLES, atol=1.01 / 2 ** (bits - 2))


def test_a_header_with_wrong_places_is_read_by_its_bits(tmp_path):
    header = struct.pack("<HHIIHH", PCM, 1, RATE_HZ, RATE_HZ * 4, 4, 16)
    samples, _ = read(tmp_path / "a.wav", wave(D16, header))
    np.testing.assert_allclose(samples, SAMPLES, atol=1e-4)


def test_floating_point_that_is_stated_as_whole_numbers(tmp_path):
    samples, _ = read(tmp_path / "a.wav", wave(stored(SAMPLES, 32, FLOAT), form(32)))
    np.testing.assert_allclose(samples, SAMPLES, atol=1e-6)


def test_8_bits_about_0(tmp_path):
    data = np.rint(SAMPLES * 127).astype(np.int8).tobytes()
    samples, said = read(tmp_path / "a.wav", wave(data, form(8)))
    np.testing.assert_allclose(samples, SAMPLES, atol=0.01)
    assert said == ""
    hiss = np.random.default_rng(1).integers(0, 256, RATE_HZ, np.uint8)
    samples, _ = read(tmp_path / "b.wav", wave(hiss.tobytes(), form(8)))
    np.testing.assert_allclose(samples, (hiss - 128.0) / 128.0, atol=1e-6)


def test_more_bits_than_places_are_refused(tmp_path):
    header = struct.pack("<HHIIHH", PCM, 1, RATE_HZ, RATE_HZ * 2, 2, 32)
    with pytest.raises(AudioError, match="states 32 bits for samples of 16 bits"):
        read(tmp_path / "a.wav", wave(D16, header))

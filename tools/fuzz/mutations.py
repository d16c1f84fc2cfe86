"""Mutations of a file's bytes: a few random edits each, of its text or of its raw bytes."""

import re
from collections.abc import Callable

import numpy as np

_MOST_BYTES = 1 << 24  # repeats of repeats of long lines make gigabytes
Edit = Callable[[bytearray, np.random.Generator], None]

_INTEGERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 62)
_NUMBERS = (
    *(b"0", b"-1", b"nan", b"inf", b"-Infinity", b"1e308", b"-1e308", b"1e-320", b"99999999999999999999"),
    *(b"1,5", b"0x10", b"1e", b"\xd9\xa3", b"true", b"null", b'"1"', b"[]", b"{}", b"1_000", b"4e7"),
)
_TOKENS = (
    *(b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\n", b"\t", b";", b",", b'"', b"'", b"\\", b"\\ud800"),
    *(b"{", b"}", b"[" * 100_000, b'{"a":' * 20_000, b"\xe2\x80\x8d", b"\xcc\x81", b"../../", b"A" * 100_000),
)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def mutated(seed: bytes, header: int, random: np.random.Generator, *, text: bool) -> bytes:
    """Apply one to six random edits.

    header : number of leading bytes in which raw edits fall; media data behind it is all alike
    text : whether edits of lines, numbers and tokens are drawn as well
    """
    data = bytearray(seed)
    edits = (*_RAW, *_TEXT) if text else _RAW
    for _ in range(min(int(random.geometric(0.5)), 6)):
        tail = data[header:]
        head = data[:header]
        edits[random.integers(len(edits))](head, random)
        data = (head + tail)[:_MOST_BYTES]
    return bytes(data)


def _span(data: bytearray, random: np.random.Generator, longest: int = 256) -> slice:
    begin = int(random.integers(len(data) + 1))
    return slice(begin, begin + int(random.integers(1, longest)))


def _flip_a_bit(data: bytearray, random: np.random.Generator) -> None:
    if data:
        data[random.integers(len(data))] ^= 1 << int(random.integers(8))


def _overwrite_an_integer(data: bytearray, random: np.random.Generator) -> None:
    width = int(random.choice([1, 2, 4, 8]))
    if len(data) >= width:
        at = int(random.integers(len(data) - width + 1))
        value = int(_INTEGERS[random.integers(len(_INTEGERS))]) & ((1 << 8 * width) - 1)
        data[at : at + width] = value.to_bytes(width, "big" if random.integers(2) else "little")


def _delete_a_span(data: bytearray, random: np.random.Generator) -> None:
    del data[_span(data, random)]


def _repeat_a_span(data: bytearray, random: np.random.Generator) -> None:
    span = _span(data, random)
    data[span.start : span.start] = data[span] * int(random.choice([1, 2, 100]))


def _insert_noise(data: bytearray, random: np.random.Generator) -> None:
    at = _span(data, random).start
    data[at:at] = random.bytes(int(random.integers(1, 64)))


def _cut_off(data: bytearray, random: np.random.Generator) -> None:
    del data[int(random.integers(len(data) + 1)) :]


def _replace_a_number(data: bytearray, random: np.random.Generator) -> None:
    found = list(_NUMBER.finditer(data))
    if found:
        match = found[random.integers(len(found))]
        data[match.start() : match.end()] = _NUMBERS[random.integers(len(_NUMBERS))]


def _insert_a_token(data: bytearray, random: np.random.Generator) -> None:
    at = _span(data, random).start
    data[at:at] = _TOKENS[random.integers(len(_TOKENS))]


def _lines(data: bytearray) -> list[bytes]:
    return bytes(data).splitlines(keepends=True)


def _drop_a_line(data: bytearray, random: np.random.Generator) -> None:
    rows = _lines(data)
    if rows:
        del rows[random.integers(len(rows))]
        data[:] = b"".join(rows)


def _repeat_a_line(data: bytearray, random: np.random.Generator) -> None:
    rows = _lines(data)
    if rows:
        at = int(random.integers(len(rows)))
        rows[at:at] = [rows[at]] * int(random.choice([1, 3, 200]))
        data[:] = b"".join(rows)


def _exchange_lines(data: bytearray, random: np.random.Generator) -> None:
    rows = _lines(data)
    if rows:
        a, b = random.integers(len(rows), size=2)
        rows[a], rows[b] = rows[b], rows[a]
        data[:] = b"".join(rows)


def _change_the_case(data: bytearray, random: np.random.Generator) -> None:
    span = _span(data, random)
    data[span] = data[span].swapcase()


def _change_the_encoding(data: bytearray, random: np.random.Generator) -> None:
    name = ("utf-16", "utf-32", "cp037")[random.integers(3)]
    data[:] = data.decode("utf-8", "replace").encode(name, "replace")


_RAW: tuple[Edit, ...] = (
    *(_flip_a_bit, _overwrite_an_integer, _delete_a_span, _repeat_a_span, _insert_noise, _cut_off),
)
_TEXT: tuple[Edit, ...] = (
    *(_replace_a_number, _replace_a_number, _insert_a_token, _drop_a_line, _repeat_a_line, _exchange_lines),
    *(_change_the_case, _change_the_encoding),
)

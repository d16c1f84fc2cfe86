"""Whether a file is what its own header says: recordings that broke off, files put one behind another, odd edit lists."""

from collections.abc import Callable, Iterator
from pathlib import Path

from .broken_end import broken_pictures, frame_breaks_off, stream_breaks_off
from .cause import top_boxes
from .edit_lists import has_unfollowed_edits
from .frame_headers import frame_bytes
from .long_chunks import missing_bytes
from .ogg_chain import is_cut
from .second_beginning import begins_again
from .wave_chunks import read_wave, sizes_note

_JOINED = "Another file is joined to the end of this one, and is not read"
_JOINED_ON = "Another file is joined to the end of this one, and is read as if it were of the same kind"
_UNFOLLOWED = "The edit list of the file plays parts at another speed, or leaves pauses between them, which is not followed"
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")  # that an .mp4 or .mov begins with
_LEAST_LEFT = 64  # bytes; less is padding


def end_notes(path: Path) -> Iterator[str]:
    """What of a file is missing or not read, a sentence each without a full stop. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(12)
    for kind, note in _KINDS:
        if kind(head) and (sentence := note(path)):
            yield sentence


def _wave(path: Path) -> str:
    wave = read_wave(path)
    return "" if wave is None else sizes_note(wave)


def _ogg(path: Path) -> str:
    return "The file breaks off in the middle of a page: its end is missing" if is_cut(path) else ""


def _boxes(path: Path) -> str:
    with path.open("rb") as file:
        return _JOINED if top_boxes(file).count(b"ftyp") > 1 else ""


def _edits(path: Path) -> str:
    return _UNFOLLOWED if has_unfollowed_edits(path) else ""


def _form(path: Path) -> str:
    """AIFF: one chunk that holds all others."""
    with path.open("rb") as file:
        end = 8 + int.from_bytes(file.read(8)[4:], "big")
        file.seek(end + end % 2)
        return _JOINED if file.read(4) == b"FORM" and len(file.read(_LEAST_LEFT)) == _LEAST_LEFT else ""


def _riff(path: Path) -> str:
    """AVI: the first of several chunks, each of which states its length."""
    with path.open("rb") as file:
        stated, held = 8 + int.from_bytes(file.read(8)[4:], "little"), file.seek(0, 2)
    return "" if held >= 0.99 * stated else _cut(held, stated)


def _cut(held: int, stated: int) -> str:
    return f"The file breaks off: it has {held} of the {stated} bytes that its header states"


def _long_chunks(path: Path) -> str:
    missing = missing_bytes(path)
    return _again(path) if missing is None else _cut(*missing)


def _again(path: Path) -> str:
    return _JOINED if begins_again(path) else ""


def _au(path: Path) -> str:
    return _JOINED_ON if begins_again(path) else ""


def _pictures(path: Path) -> str:
    broken = broken_pictures(path)
    if broken is None:
        return ""
    whole, held = broken
    return f"The pictures are damaged or break off after {whole} of {held} bytes"


def _stream(path: Path) -> str:
    return (
        "The file breaks off in the middle of a packet: its end is missing" if stream_breaks_off(path) else ""
    )


def _frames(path: Path) -> str:
    return (
        "The file breaks off in the middle of a frame: its end is missing" if frame_breaks_off(path) else ""
    )


_KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[Path], str]], ...] = (
    (lambda head: head[8:] == b"WAVE", _wave),
    (lambda head: head[8:] == b"AVI ", _riff),
    (lambda head: head[:4] == b"OggS", _ogg),
    (lambda head: head[:4] == b"FORM", _form),
    (lambda head: head[4:8] == b"ftyp", _boxes),
    (lambda head: head[4:8] in _BOXES, _edits),
    (lambda head: head[:4] in (b"caff", b"riff"), _long_chunks),
    (lambda head: head[:4] in (b"FLV\x01", b"TTA1", b"wvpk", b"Crea"), _again),
    (lambda head: head[:4] == b".snd", _au),
    (lambda head: head[:3] == b"GIF" or head[:4] == b"\x89PNG", _pictures),
    (lambda head: b"G" in (head[:1], head[4:5]) and head[:3] != b"GIF", _stream),
    (lambda head: head[:2] == b"\x0bw" or head[:3] == b"ID3" or frame_bytes(head) is not None, _frames),
)

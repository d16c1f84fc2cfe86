"""Why a file cannot be read, by looking at it: each cause is checked before it is named."""

import re
from collections.abc import Callable
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from .boxes import boxes
from .long_chunks import missing_bytes

_ADDRESS = re.compile(r"^([a-z][a-z0-9+.\-]+):/", re.IGNORECASE)  # a drive of Windows has one letter
_HEAD = 4096


def unopenable(path: Path) -> tuple[str, str] | None:
    """Problem and remedy where a path is no file that can be opened, else None."""
    try:
        return address(path) or _no_file(path) or _no_content(path)
    except PermissionError:
        return f"There is no permission to read “{path}”", "Change its permissions, or copy it elsewhere"
    except (OSError, ValueError) as error:
        return f"“{path}” cannot be opened ({getattr(error, 'strerror', None) or error})", "Check the path"


def _no_file(path: Path) -> tuple[str, str] | None:
    if path.is_dir():
        return f"“{path}” is a folder", "Give one file in it"
    if path.is_file():
        return None
    if path.exists():
        return f"“{path}” is a pipe or a device, which may never end", "Give a file"
    broken = " (it is a link to a file that is gone)" if path.is_symlink() else ""
    return f"There is no file “{path}”{broken}", _near(path)


def _no_content(path: Path) -> tuple[str, str] | None:
    with path.open("rb") as file:
        return None if file.read(1) else (f"“{path.name}” is empty", "Copy or export it again")


def address(path: Path) -> tuple[str, str] | None:
    """Problem and remedy where what was given as a path is an address, else None."""
    scheme = _ADDRESS.match(path.as_posix())
    if scheme is None or path.exists():
        return None
    if scheme[1].lower() == "file":
        return f"“{path}” is an address, not a path", "Give the path alone, without file:"
    return f"“{path}” is an address on a network", "Download the file, and give its path"


def _near(path: Path) -> str:
    """The remedy for a missing file: what is there under nearly that name."""
    try:
        names = sorted(
            other.name for other in path.parent.iterdir() if other.stem == path.stem and other.is_file()
        )
    except OSError:
        return f"Check the path: there is no folder “{path.parent}” either"
    return f"Check the path: there is “{names[0]}” in that folder" if names else "Check the path"


def unreadable(path: Path) -> tuple[str, str] | None:
    """What a file is that opens but is no recording, and the remedy; None where that is not known."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            known = next((cause for look, cause in _KINDS if look(head)), None) or _without_index(file, head)
        return known or _cut(path)
    except OSError:
        return None


def _without_index(file: BinaryIO, head: bytes) -> tuple[str, str] | None:
    """An .mp4 or .mov whose index was not written."""
    if head[4:8] not in _FIRST_BOXES or b"moov" in top_boxes(file):
        return None
    return (
        "its index “moov” is missing: the recording or the copy broke off",
        "Copy it again from where it was recorded, or repair it with a program that rebuilds the index",
    )


def _cut(path: Path) -> tuple[str, str] | None:
    missing = missing_bytes(path)
    if missing is None:
        return None
    return f"it breaks off: it has {missing[0]} of the {missing[1]} bytes that its header states", _AGAIN


def top_boxes(file: BinaryIO) -> list[bytes]:
    """Kinds of the boxes at the top of an open .mp4, the first thousands at most."""
    return [kind for kind, _, _ in boxes(file, 0, file.seek(0, SEEK_END))]


_FIRST_BOXES = (b"ftyp", b"mdat", b"wide", b"free", b"skip")
_AGAIN = "Copy it again from where it comes"


def _starts(*texts: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(texts)


_KINDS: tuple[tuple[Callable[[bytes], bool], tuple[str, str]], ...] = (
    (lambda head: not head.strip(b"\0"), ("it holds only zeros: the copy failed", _AGAIN)),
    (
        _starts(b"<!doctype html", b"<html"),
        ("it is a web page", "Download the recording itself, not the page that shows it"),
    ),
    (_starts(b"version https://git-lfs"), ("it stands for a file in Git LFS", "Run “git lfs pull”")),
    (_starts(b"#extm3u"), ("it is a playlist", "Give the recording that it names")),
    (_starts(b"pk\x03\x04"), ("it is a zip archive", "Unpack it, and give the recording in it")),
    (_starts(b"rar!", b"7z\xbc\xaf"), ("it is an archive", "Unpack it, and give the recording in it")),
    (_starts(b"%pdf"), ("it is a PDF", "Give a recording")),
)

"""Text of files that strangers wrote: any encoding, any line ends, within limits."""

from pathlib import Path

LARGEST_MB = 200
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class UnreadableError(ValueError):
    """What is wrong with a file, as the end of a sentence that begins with its name."""


def read_text(path: Path) -> str:
    """Text of a file, with line feeds between lines.

    UTF-8, UTF-16 with a byte order mark or recognisably without, else Western European.

    Raises
    ------
    UnreadableError : no such file, no regular file, too large, or no text
    """
    try:
        if not path.exists():
            raise UnreadableError("cannot be read (there is no such file)")
        if not path.is_file():
            raise UnreadableError("is no file")
        if path.stat().st_size > LARGEST_MB * 1_000_000:
            raise UnreadableError(f"is larger than {LARGEST_MB} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror or error})") from error
    text = _decoded(raw).rstrip("\0")  # what a disk reserved and never got
    if not text.strip():
        raise UnreadableError("is empty")
    if "\0" in text:
        raise UnreadableError("is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    if raw[1:200:2].count(0) > len(raw[1:200:2]) // 2:
        return raw.decode("utf-16-le", errors="replace")
    if raw[0:200:2].count(0) > len(raw[0:200:2]) // 2:
        return raw.decode("utf-16-be", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")

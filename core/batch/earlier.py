"""What lies at the place of an output: the file of an earlier run, somebody's edit of it, or another file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG

from ..errors import OutputError
from ..files import sha256_of
from .status import Outcome, read_status

_LARGEST_MOTION = 1 << 28
"""Bytes; a larger file is taken for no motion without being read."""
_HEAD_BYTES = 1 << 14
_CSV_MARKS = (b"pitch_deg", b"time_s", b"Timecode")
"""Columns of motions, of faces, and of what Live Link Face records, which a face may be too."""
_FBX_BINARY, _FBX_TEXT = b"Kaydara FBX Binary", b"; FBX"
_FBX_END = bytes.fromhex("f85a8c6adef5d97eece90ce3758f290b")


class Kind(Enum):
    """What a file at the place of an output is."""

    ABSENT = auto()
    EMPTY = auto()
    OURS = auto()
    """As an earlier run wrote it, for this line or another."""
    CUT = auto()
    """The beginning of a motion file, shorter than what was written there."""
    EDITED = auto()
    """A motion file, where an earlier run wrote another."""
    FOREIGN = auto()


@dataclass(frozen=True)
class Record:
    """A file as an earlier run wrote it.

    id : of the line that it was made for
    digest : of what it was made from, see `digest_of`; empty where that line has failed since
    size, sha256 : bytes of the file, and the SHA-256 of its content
    """

    id: str
    digest: str
    size: int
    sha256: str

    @classmethod
    def of(cls, outcome: Outcome) -> "Record":
        """The record in a row of a status file."""
        return cls(outcome.id, outcome.digest, outcome.size, outcome.sha256)


@dataclass(frozen=True)
class Found:
    """A file at the place of an output; `sha256` is empty without one."""

    kind: Kind
    sha256: str = ""


def find_earlier(path: Path, record: Record | None, statuses: Iterable[Path]) -> Found:
    """Look what lies at the place of an output.

    record : of what was last written there, None if nothing ever was
    statuses : the status files of the batch, read where the file is not as it was written

    Raises
    ------
    OutputError : a folder, a pipe or a device is there
    """
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise OutputError(f"“{path.name}” is there already, and is no file", "Choose another output")
        size = status.st_size
        sha256 = sha256_of(path)
        if record is not None and (size, sha256) == (record.size, record.sha256):
            return Found(Kind.OURS, sha256)
        content = path.read_bytes() if size <= _LARGEST_MOTION else None
    except OSError:  # missing, or out of reach: writing will say so
        return Found(Kind.ABSENT)
    if content is not None and not content.strip(b"\0"):
        return Found(Kind.EMPTY, sha256)
    if sha256 in _known(tuple((status, _changed(status)) for status in statuses)):
        return Found(Kind.OURS, sha256)
    reader = _READERS.get(path.suffix.lower())
    if record is None or content is None or reader is None:
        return Found(Kind.FOREIGN, sha256)
    whole, content = content, content.rstrip(b"\0")
    kind = reader(whole if reader is _mp4 else content)
    longer = len(content) >= record.size
    return Found(Kind.EDITED if kind is Kind.CUT and longer else kind, sha256)


def is_beginning(path: Path, whole: bytes) -> bool:
    """Whether a file holds the beginning of `whole` and nothing else, as a broken copy or a full disk leaves it."""
    try:
        if path.stat().st_size > _LARGEST_MOTION:
            return False
        content = path.read_bytes().rstrip(b"\0")
    except OSError:
        return False
    return len(content) < len(whole) and whole.startswith(content)


@lru_cache(maxsize=2)
def _known(stamps: tuple[tuple[Path, int], ...]) -> frozenset[str]:
    """Hashes of all files that the batch has written."""
    return frozenset(row.sha256 for status, _ in stamps for row in read_status(status) if row.sha256)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _bvh(content: bytes) -> Kind:
    if b"\0" in content or b"hierarchy" not in content[:_HEAD_BYTES].lower():
        return Kind.FOREIGN
    lines = [line.split() for line in content.splitlines() if line.strip()]
    heads = [at for at, line in enumerate(lines) if line[0].lower().startswith(b"frame")]
    if len(heads) < 2:
        return Kind.CUT
    rows, count = lines[heads[-1] + 1 :], lines[heads[0]][-1]
    short = not count.isdigit() or len(rows) < int(count) or len(rows[-1]) < len(rows[0])
    return Kind.CUT if not rows or short else Kind.EDITED


def _csv(content: bytes) -> Kind:
    mark = next((mark for mark in _CSV_MARKS if mark in content[:_HEAD_BYTES]), None)
    if b"\0" in content or mark is None:
        return Kind.FOREIGN
    lines = [line for line in content.splitlines() if line.strip()]
    header = next(line for line in lines if mark in line)
    separator = max((b",", b";", b"\t"), key=header.count)
    return Kind.CUT if lines[-1].count(separator) < header.count(separator) else Kind.EDITED


def _fbx(content: bytes) -> Kind:
    if content.startswith(_FBX_BINARY):
        return Kind.EDITED if content.endswith(_FBX_END) else Kind.CUT
    return Kind.EDITED if content.lstrip().startswith(_FBX_TEXT) else Kind.FOREIGN


def _mp4(content: bytes) -> Kind:
    """By the boxes of ISO/IEC 14496-12: a length of four bytes, or of eight where that is 1, and a name."""
    at, names = 0, []
    while at < len(content):
        length, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        if not at and name != b"ftyp":
            return Kind.FOREIGN
        names.append(name)
        at += length if length >= 8 else len(content)  # 0 is up to the end
    return Kind.EDITED if at == len(content) and b"moov" in names else Kind.CUT


_READERS: Mapping[str, Callable[[bytes], Kind]] = {".bvh": _bvh, ".csv": _csv, ".fbx": _fbx, ".mp4": _mp4}

"""BVH files as programs write them: skeleton, frames and frame rate, with what had to be bridged or assumed.

The format has no authority, so what Blender reads is read here too: keywords in any case, more or fewer rows
than stated, two joints of one name, rows that are no numbers, text after the last row.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import StyleError
from ..types import Array

_HIERARCHY = re.compile(r"^\s*HIERARCHY\b", re.MULTILINE | re.IGNORECASE)
_MOTION = re.compile(r"^\s*MOTION\b[^\S\n]*", re.MULTILINE | re.IGNORECASE)
_FRAMES = re.compile(r"^\s*Frames\s*:?[^\S\n]*(\S*)", re.MULTILINE | re.IGNORECASE)
_FRAME_TIME = re.compile(r"^\s*Frame\s*Time\s*:?[^\S\n]*(\S*)", re.MULTILINE | re.IGNORECASE)
_MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Frames a second that are recorded: a frame time of one of them is a rate that was written in its place.
_RATES = (
    12,
    15,
    23.976,
    24,
    25,
    29.97,
    30,
    48,
    50,
    59.94,
    60,
    72,
    75,
    90,
    100,
    119.88,
    120,
    144,
    150,
    200,
    240,
)
_LARGEST = 1e6  # centimetres or degrees; no recording of a body holds more
_MOST_BYTES = 1 << 30
_MOST_JOINTS = 20_000
_AXES = "XYZ"


@dataclass(frozen=True)
class Joint:
    """A joint of the hierarchy.

    parent : name, None for a root
    offset : (3,) from the parent at rest, in the file's unit
    channels : of position and rotation, in the order of the file; `first` is the column of the first one
    """

    parent: str | None
    offset: Array
    channels: tuple[str, ...] = ()
    first: int = 0

    @property
    def turns(self) -> tuple[tuple[int, int], ...]:
        """Column and axis (0 to 2) of each rotation channel, in the order in which they multiply."""
        return tuple(
            (column, _AXES.index(channel[0].upper()))
            for column, channel in enumerate(self.channels, self.first)
            if channel.lower().endswith("rotation")
        )


@dataclass(frozen=True)
class Recording:
    """What a BVH file holds.

    joints : by name, parents first
    values : (T, channels), degrees for rotations; NaN where the file has no number that can be meant
    frame_s : seconds a frame
    notes : sentences on what was bridged or assumed
    """

    joints: dict[str, Joint]
    values: Array
    frame_s: float
    notes: tuple[str, ...] = ()


def read_bvh_file(path: Path) -> Recording:
    """Read a BVH file. Raises StyleError, whose sentence names the cause."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise refusal(path, "is larger than 1 GB", "Cut the recording into parts")
        data = path.read_bytes()
    except OSError as error:
        raise refusal(path, f"cannot be read ({error.strerror or error})", "Check the path") from error
    if not data.strip():
        raise refusal(path, "is empty", "Export or copy it again")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8-sig")
    text = "\n".join(data.decode(encoding, errors="replace").replace("\0", "").splitlines())
    return parse(text, path)


def parse(text: str, path: Path) -> Recording:
    """Parse the text of a BVH file; `path` names it in sentences. Raises StyleError."""
    if not _HIERARCHY.search(text):
        raise refusal(path, "is no BVH file: it has no line HIERARCHY", "Give a BVH file, or a video")
    parts = _MOTION.split(text, maxsplit=1)
    if len(parts) < 2:
        raise refusal(
            path, "has a skeleton but no motion: the line MOTION is missing", "Export it with its frames"
        )
    try:
        joints = _Skeleton(parts[0]).joints
    except (ValueError, IndexError) as error:
        raise refusal(path, f"has a damaged skeleton ({error})", "Export or copy it again") from error
    frame_s, time_notes = _frame_time(parts[1], path)
    width = sum(len(joint.channels) for joint in joints.values())
    stated, rows = _FRAMES.search(parts[1]), _rows_of(parts[1])
    values, row_notes = _values(rows, width, stated[1] if stated else "")
    return Recording(joints, values, frame_s, (*time_notes, *row_notes))


class _Skeleton:
    """Reader of the words of a hierarchy; a joint whose name comes again, or has none, gets a number."""

    def __init__(self, text: str) -> None:
        self.joints: dict[str, Joint] = {}
        self._words = text.replace("{", " { ").replace("}", " } ").split()
        self._at = 0
        self._open: list[str | None] = []  # joints and ends of limbs, which have no channels
        self._column = 0
        read = {
            "ROOT": self._joint,
            "JOINT": self._joint,
            "END": self._end,
            "}": self._close,
            "OFFSET": self._offset,
            "CHANNELS": self._channels,
        }
        while self._at < len(self._words):
            read.get(self._words[self._at].upper(), self._skip)()
        if not self.joints or self._open:
            raise ValueError("a bracket is missing" if self.joints else "no joint in it")

    def _skip(self) -> None:
        self._at += 1

    def _name(self) -> str:
        """The words up to the next bracket, which is passed."""
        begin, self._at = self._at + 1, self._words.index("{", self._at) + 1
        return " ".join(self._words[begin : self._at - 1])

    def _joint(self) -> None:
        name = _unique(self._name(), self.joints)
        parent = next((joint for joint in reversed(self._open) if joint), None)
        self.joints[name] = Joint(parent, np.zeros(3))
        self._open.append(name)
        if len(self.joints) > _MOST_JOINTS:
            raise ValueError(f"more than {_MOST_JOINTS} joints")

    def _end(self) -> None:
        self._name()
        self._open.append(None)

    def _close(self) -> None:
        if not self._open:
            raise ValueError("a bracket too many")
        self._open.pop()
        self._at += 1

    def _offset(self) -> None:
        words = self._words[self._at + 1 : self._at + 4]
        offset = np.array([_number(word) for word in words])
        if offset.shape != (3,) or not (np.abs(offset) < _LARGEST).all():
            raise ValueError(f"OFFSET {' '.join(words)[:60]}")
        name = self._open[-1] if self._open else None
        if name is not None:
            self.joints[name] = replace(self.joints[name], offset=offset)
        self._at += 4

    def _channels(self) -> None:
        count = int(self._words[self._at + 1])
        channels = tuple(self._words[self._at + 2 : self._at + 2 + count])
        name = self._open[-1] if self._open else None
        if not name or count != len(channels) or any(word[0].upper() not in _AXES for word in channels):
            raise ValueError(f"CHANNELS {' '.join(channels)[:60]}")
        self.joints[name] = replace(self.joints[name], channels=channels, first=self._column)
        self._column += count
        self._at += 2 + count


def _unique(name: str, taken: dict[str, Joint]) -> str:
    name = name or "joint"
    if name not in taken:
        return name
    return next(found for number in range(1, _MOST_JOINTS) if (found := f"{name}.{number:03}") not in taken)


def _frame_time(motion: str, path: Path) -> tuple[float, tuple[str, ...]]:
    """Seconds a frame, and a sentence where they are not what the file says."""
    found = _FRAME_TIME.search(motion)
    written = found[1] if found else ""
    remedy = "Write the seconds of a frame into the line “Frame Time:”, as 0.033333 for 30 frames a second"
    if not written:
        raise refusal(path, "states no frame time", remedy)
    frame_s = _number(written)
    if 1e-4 < frame_s < 1.0:
        return frame_s, ()
    for rate in _RATES:
        if abs(frame_s / rate - 1.0) < 1e-3:
            return 1.0 / rate, (f"Its frame time is {written}, which is taken as {rate:g} frames a second.",)
    for rate in _RATES:
        if abs(frame_s * rate / 1000.0 - 1.0) < 1e-3:
            sentence = (
                f"Its frame time is {written}, which is taken as milliseconds: {rate:g} frames a second."
            )
            return 1.0 / rate, (sentence,)
    raise refusal(path, f"has a frame time of {written[:40]}, which cannot be meant", remedy)


def _rows_of(motion: str) -> list[list[str]]:
    """Words of each line behind the numbers of frames and the frame time."""
    ends = [found.end() for found in (_FRAMES.search(motion), _FRAME_TIME.search(motion)) if found]
    return [words for line in motion[max(ends, default=0) :].splitlines() if (words := line.split())]


def _values(rows: list[list[str]], width: int, stated: str) -> tuple[Array, tuple[str, ...]]:
    """Values (T, width) and sentences on rows that are missing or no numbers."""
    while rows and len(rows[-1]) != width and not _looks_numeric(rows[-1][0]):
        rows = rows[:-1]  # a comment
    if rows and all(len(row) != width for row in rows):  # a frame may run over several lines
        words = [word for row in rows for word in row]
        rows = [words[at : at + width] for at in range(0, len(words), width)] if width else []
    cut = bool(rows) and len(rows[-1]) < width
    if cut:
        rows = rows[:-1]
    values = np.full((len(rows), width), np.nan)
    for at, row in enumerate(rows):
        if len(row) == width:
            values[at] = _numbers(row)
    values[~(np.abs(values) < _LARGEST)] = np.nan
    count = int(stated) if stated.isdecimal() and len(stated) < 10 else None
    notes = []
    if count is not None and (len(rows) < count or cut):
        notes.append(f"The file announces {count} frames and holds {len(rows)}; these are read.")
    elif count is not None and len(rows) > count + 1:
        notes.append(f"The file announces {count} frames and holds {len(rows)}; all of them are read.")
    elif count is None:
        notes.append(f"The file does not say how many frames it has; {len(rows)} are read.")
    return values, tuple(notes)


def _numbers(row: list[str]) -> Array:
    try:
        return np.array(row, np.float64)
    except ValueError:
        return np.array([_number(word) for word in row])


def _number(word: str) -> float:
    """A number, also with a decimal comma; NaN for anything else."""
    try:
        return float(word.rstrip(",").replace(",", ".")) if "_" not in word else np.nan
    except ValueError:
        return np.nan


def _looks_numeric(word: str) -> bool:
    return bool(re.match(r"[-+.\d]|nan|inf", word, re.IGNORECASE))


def refusal(path: Path, what: str, remedy: str) -> StyleError:
    """Refusal of a file by name."""
    return StyleError(f"“{path.name}” {what}", remedy)

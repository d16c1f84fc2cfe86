"""A BVH file as numbers: skeleton, rows and frame time, with a sentence about whatever had to be guessed.

What programs write differs from the specification in known ways: a count of frames that is not that of the rows,
keywords in lower case, no blank after a colon, a rate where the frame time belongs, rows without numbers where a
marker was lost, text after the last row. All of that can be read, and is.
"""

import re
from dataclasses import dataclass

import numpy as np

from ..text_file import UnreadableError
from ..types import Array, BoolArray
from .bvh_skeleton import LARGEST, Joint, number, parse_skeleton

ASSUMED_HZ = 30.0
_LARGEST_DEG = 1e6
_USUAL_HZ = np.array(
    [12, 15, 20, 24000 / 1001, 24, 25, 30000 / 1001, 30, 48, 50, 60000 / 1001, 60, 72, 75, 90]
)
_USUAL_HZ = np.concatenate([_USUAL_HZ, [100, 119.88, 120, 144, 150, 200, 240, 250, 300, 360, 480, 500, 1000]])
_MOTION = re.compile(r"^[ \t]*MOTION\b[ \t]*|^[ \t]*(?=Frames\b)", re.MULTILINE | re.IGNORECASE)
_FRAMES = re.compile(r"\bFrames[ \t]*:?[ \t]*([-+.,\w]*)", re.IGNORECASE)
_FRAME_TIME = re.compile(r"\b(?:Frame[ \t]*(?:Time|Rate)|FPS)[ \t]*:?[ \t]*(\S*)", re.IGNORECASE)
_ODD = {
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{IDEOGRAPHIC SPACE}": " ",
    "\N{MINUS SIGN}": "-",
}
_COMMENT = re.compile(r"^[ \t]*(?:#|//)[^\n]*$", re.MULTILINE)
_NO_NUMBER = re.compile(r"[-+]?(?:nan.*|1\.#(?:ind|qnan|snan).*|null|none|n/?a|-+|\?+)$", re.IGNORECASE)
_UNIT = re.compile(r"(?<=\d)[A-Za-z]+$")
_LEAST_WIDTH = 9  # of rows: one number in all of them is no pose
_MANY = 10_000  # show what is usual
_FAR = 10.0  # from a usual pose, degrees or units
_INFINITE = re.compile(r"[-+]?1\.#inf.*$", re.IGNORECASE)


@dataclass(frozen=True)
class Recording:
    """What a BVH file holds.

    joints : by name, parents first
    values : (T, channels) degrees and the file's unit; NaN where a row holds no number
    frame_s : seconds from row to row
    said : sentences on what was guessed or left out
    """

    joints: dict[str, Joint]
    values: Array
    frame_s: float
    said: tuple[str, ...] = ()


def hierarchy_of(text: str) -> str:
    """The text of a BVH file up to its MOTION, without comments."""
    return _COMMENT.sub("", _MOTION.split(text, maxsplit=1)[0])


def parse(text: str) -> Recording:
    """Read the text of a BVH file. Raises UnreadableError with the cause."""
    parts = _MOTION.split(text, maxsplit=1)
    joints = parse_skeleton(hierarchy_of(text))
    if len(parts) < 2:
        raise UnreadableError("holds a skeleton without motion (there is no MOTION section)")
    motion = parts[1]
    for odd, usual in _ODD.items():
        motion = motion.replace(odd, usual)
    frames, time = _FRAMES.search(motion), _FRAME_TIME.search(motion)
    rows = _FRAME_TIME.sub("", _FRAMES.sub("", motion, count=1), count=1)
    values, said = _rows(rows, _channel_limits(joints))
    declared = frames[1] if frames else ""
    if declared != str(len(values)):
        said += (
            f"The file announces {declared or 'no'} frames and holds {len(values)}; all of these are read.",
        )
    frame_s, guessed = frame_time(time[1] if time else "")
    return Recording(joints, values, frame_s, said + guessed)


def frame_time(word: str) -> tuple[float, tuple[str, ...]]:
    """Seconds from frame to frame, and a sentence where that is a guess. Raises UnreadableError.

    word : a number, maybe with a unit behind it
    """
    try:
        value = number(_UNIT.sub("", word))
    except ValueError:
        value = 0.0
    if 1e-4 <= value < 1.0:
        return value, ()
    if value <= 0 or np.isnan(value):
        return 1 / ASSUMED_HZ, (
            f"The frame time is {word or 'missing'}; {ASSUMED_HZ:g} frames a second are assumed.",
        )
    if 5.0 <= value <= 1000.0:
        for rate_hz, unit in ((value, "a rate"), (1000.0 / value, "milliseconds")):
            if np.min(np.abs(_USUAL_HZ / rate_hz - 1.0)) < 2e-3:
                return 1 / rate_hz, (
                    f"The frame time is {word}, which must be {unit}; it is read as {rate_hz:.5g} frames a second.",
                )
    raise UnreadableError(f"has a frame time of {word} seconds, and recordings of motion have 0.001 to 0.2")


def _channel_limits(joints: dict[str, Joint]) -> Array:
    """The largest sane value of each channel, shape (channels,)."""
    names = [channel for joint in joints.values() for channel in joint.channels]
    return np.array([_LARGEST_DEG if name.endswith("rotation") else LARGEST for name in names])


def _rows(text: str, limits: Array) -> tuple[Array, tuple[str, ...]]:
    """Values, shape (T, channels), and sentences on what is no row."""
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    width = len(limits)
    if not width:
        raise UnreadableError("holds a skeleton none of whose joints has channels")
    if not lines:
        raise UnreadableError("holds a skeleton without motion (there are no rows after the frame time)")
    lines, decimal = _between_blanks(lines, width)
    said: tuple[str, ...] = ("Numbers with decimal commas are read as such.",) if decimal else ()
    if not any(len(line.split()) == width for line in lines):
        split = [re.sub(r"(?<=[\d.])-", " -", line) for line in lines]  # columns of a fixed width
        lines = split if any(len(line.split()) == width for line in split) else _rewrapped(lines, width)
    numbers = _all_numbers(lines, width)
    read = [*numbers] if numbers else [_row(line.split(), width) for line in lines]
    last = max((at for at, row in enumerate(read) if row is not None), default=-1)
    kept = [
        row
        for row, line in zip(read[: last + 1], lines, strict=False)
        if row is not None or _is_number(line.split()[0])
    ]
    left_out = len(read) - len(kept)
    if left_out:
        said += (f"Left out: {_count(left_out, 'line')} of the motion, being no whole rows.",)
    values = np.array([np.full(width, np.nan) if row is None else row for row in kept]).reshape(-1, width)
    whole = np.isfinite(values).any(axis=1)
    if len(values) < 2 or whole.sum() < 2:
        raise UnreadableError("holds fewer than two frames of numbers")
    if 2 * whole.sum() < len(values):
        raise UnreadableError("is damaged: most of its rows hold no numbers")
    if (np.abs(np.nan_to_num(values, nan=0.0)) > limits).any():
        row, column = np.argwhere(np.abs(np.nan_to_num(values, nan=0.0)) > limits)[0]
        raise UnreadableError(f"holds {values[row, column]:g} in frame {row + 1}, which no joint can reach")
    lost = _without_a_pose(values)
    if lost.any():
        values[lost] = np.nan
        said += (f"Rows in which one number stands for all channels, which is no pose: {int(lost.sum())}.",)
    return values, said


def _between_blanks(lines: list[str], width: int) -> tuple[list[str], bool]:
    """Rows with blanks between numbers and points within, whatever stood there; and whether commas were decimal."""
    sample = next((line for line in lines if _is_number(line.split()[0])), lines[0])
    if "," not in sample and ";" not in sample:
        return lines, False
    lines = [re.sub(r"[,;](?=\s|$)", " ", line) for line in lines]
    sample = re.sub(r"[,;](?=\s|$)", " ", sample)
    if len(re.split(r"[;\s]+", sample.strip())) == width:
        return [line.replace(",", ".").replace(";", " ") for line in lines], "," in sample
    return [re.sub(r"[,;]", " ", line) for line in lines], False


def _without_a_pose(values: Array) -> BoolArray:
    """Rows (T,) that hold one and the same number, as 0 or −999 of a body that was lost, far from what is usual."""
    if values.shape[1] < _LEAST_WIDTH:
        return np.zeros(len(values), np.bool_)
    same = (values[:, 0] == values[:, 1]) & (values == values[:, :1]).all(axis=1)
    if not same.any() or 2 * same.sum() > len(values):
        return np.zeros(len(values), np.bool_)
    usual = np.nanmedian(values[~same][:_MANY], axis=0)
    same[same] = (np.abs(values[same] - usual) > _FAR).any(axis=1)
    return same


def _rewrapped(lines: list[str], width: int) -> list[str]:
    """Rows of a file that breaks its lines elsewhere than after a frame."""
    split = [line.split() for line in lines]
    words = [word for line in split if _is_number(line[0]) for word in line]
    widths = {len(line) for line in split if _is_number(line[0])}
    if len(words) % width and len(widths) == 1:
        raise UnreadableError(f"has rows of {widths.pop()} numbers, and its joints have {width} channels")
    if len(words) < 2 * width:
        raise UnreadableError("holds fewer than two whole frames")
    return [" ".join(words[at : at + width]) for at in range(0, len(words), width)]


def _all_numbers(lines: list[str], width: int) -> list[Array | None] | None:
    """Rows of `width` numbers each, in a fraction of the time; None where there is anything else."""
    try:
        values = np.loadtxt(lines, comments=None, ndmin=2)
    except ValueError:
        return None
    return list(values) if values.shape[1] == width else None


def _row(words: list[str], width: int) -> Array | None:
    """Values of a row, NaN for words that are no numbers; None where it has not `width` words."""
    if len(words) != width:
        return None
    try:
        return np.array(words, np.float64)
    except ValueError:
        return np.array([_value(word) for word in words])


def _value(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("inf") if _INFINITE.match(word) else float("nan")


def _is_number(word: str) -> bool:
    return bool(_NO_NUMBER.match(word) or _INFINITE.match(word)) or not np.isnan(
        _value(word.strip(",;").replace(",", "."))
    )


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"

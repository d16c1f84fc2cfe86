"""The joints of a BVH file: their tree, offsets and channels, however the keywords are written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..text_file import UnreadableError
from ..types import Array

LARGEST = 1e9  # of an offset or a position, in any unit that a body is measured in
_MOST_JOINTS = 2_000
_DEEPEST = 300
_MOST_DIGITS = 4  # of a count
AXES = {"x": 0, "y": 1, "z": 2}
_KINDS = ("position", "rotation", "scale")


@dataclass(frozen=True)
class Joint:
    """A joint of the hierarchy.

    parent : name, None for a root
    offset : (3,) from the parent, in the file's unit
    channels : of position and rotation, lower case, in the order of the file; `first` is the column of the first
    """

    parent: str | None
    offset: Array
    channels: tuple[str, ...] = ()
    first: int = 0

    def columns(self, kind: str) -> Iterator[tuple[int, int]]:
        """Column and axis of each channel whose name ends with `kind`, in the order of the file."""
        for column, channel in enumerate(self.channels, self.first):
            if channel.endswith(kind) and channel[0] in AXES:
                yield column, AXES[channel[0]]

    def unknown(self) -> list[str]:
        """Channels whose names are none of BVH's."""
        return [each for each in self.channels if not (each[0] in AXES and each[1:] in _KINDS)]


def number(word: str) -> float:
    """A number, with a decimal comma as well. Raises ValueError."""
    return float(word.strip(",;").replace(",", ".").replace("\N{MINUS SIGN}", "-"))


def parse_skeleton(text: str) -> dict[str, Joint]:
    """Joints by name, parents first; the ends of limbs, which have no channels, are left out.

    A joint whose name is taken gets a number: “Hand (2)”.

    Raises
    ------
    UnreadableError : there are no joints, or one is not written as a joint
    """
    words = text.replace("{", " { ").replace("}", " } ").split()
    joints: dict[str, Joint] = {}
    taken: Counter[str] = Counter()
    above: list[str | None] = []
    column = at = 0
    while at < len(words):
        word = words[at].upper().rstrip(":")
        name = above[-1] if above else None
        if word in {"ROOT", "JOINT", "END"}:
            brace = _brace(words, at)
            parent = next((joint for joint in reversed(above) if joint), None)
            opened = None
            if word != "END":
                opened = _free_name(" ".join(words[at + 1 : brace]) or "joint", joints, taken)
                joints[opened] = Joint(parent, np.zeros(3))
            above.append(opened)
            if len(joints) > _MOST_JOINTS or len(above) > _DEEPEST:
                raise UnreadableError("has more joints than a body")
            at = brace
        elif word == "}" and above:
            above.pop()
        elif word == "OFFSET" and name:
            joints[name] = replace(joints[name], offset=_offset(name, words[at + 1 : at + 4]))
            at += 3
        elif word == "CHANNELS" and name:
            if joints[name].channels:
                raise UnreadableError(f"is damaged: “{name}” has CHANNELS twice")
            channels = _channels(name, words, at + 1)
            joints[name] = replace(joints[name], channels=channels, first=column)
            column += len(channels)
            at += 1 + len(channels)
        at += 1
    if not joints:
        raise UnreadableError("is no BVH file: it has no joints")
    return joints


def _brace(words: list[str], at: int) -> int:
    try:
        return words.index("{", at)
    except ValueError as error:
        raise UnreadableError(f"is cut: {' '.join(words[at : at + 3])} has no “{{”") from error


def _free_name(name: str, joints: dict[str, Joint], taken: Counter[str]) -> str:
    """A name that no joint has; `taken` counts how often each was wanted."""
    free = name
    while free in joints:
        taken[name] += 1
        free = f"{name} ({taken[name] + 1})"
    return free


def _offset(name: str, words: list[str]) -> Array:
    try:
        offset = np.array([number(word) for word in words], np.float64)
    except ValueError:
        offset = np.full(3, np.nan)
    if offset.shape != (3,) or not (np.abs(offset) < LARGEST).all():
        raise UnreadableError(f"is damaged: the OFFSET of “{name}” is not three numbers of a body’s size")
    return offset


def _channels(name: str, words: list[str], at: int) -> tuple[str, ...]:
    """The channels of a joint, of which `words` holds the count at `at`."""
    count = words[at] if at < len(words) else ""
    if not count.isdecimal() or len(count) > _MOST_DIGITS or at + int(count) >= len(words):
        raise UnreadableError(f"is damaged: the CHANNELS of “{name}” have no count")
    channels = tuple(word.lower() for word in words[at + 1 : at + 1 + int(count)])
    if not all(channel.isalpha() for channel in channels) or {"offset", "joint", "end"} & set(channels):
        raise UnreadableError(f"is damaged: “{name}” has fewer CHANNELS than its count of {count}")
    return channels

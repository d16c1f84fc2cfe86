"""The joints of a BVH file: their tree, offsets and channels, however the keywords are written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..text_file import UnreadableError
from ..types import Array

LARGEST = 1e9  # of an offset or a position, in any unit that a body is measured in
_MOST_JOINTS = 5_000
_DEEPEST = 300
AXES = {"x": 0, "y": 1, "z": 2}


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


def number(word: str) -> float:
    """A number, with a decimal comma as well. Raises ValueError."""
    return float(word.strip(",;").replace(",", "."))


def parse_skeleton(text: str) -> dict[str, Joint]:
    """Joints by name, parents first; the ends of limbs, which have no channels, are left out.

    A joint whose name is taken gets a number: “Hand (2)”.

    Raises
    ------
    UnreadableError : there are no joints, or one is not written as a joint
    """
    words = text.replace("{", " { ").replace("}", " } ").split()
    joints: dict[str, Joint] = {}
    above: list[str | None] = []
    column = at = 0
    while at < len(words):
        word = words[at].upper()
        name = above[-1] if above else None
        if word in {"ROOT", "JOINT", "END"}:
            brace = _brace(words, at)
            parent = next((joint for joint in reversed(above) if joint), None)
            opened = None
            if word != "END":
                opened = _free_name(" ".join(words[at + 1 : brace]) or "joint", joints)
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
            channels = _channels(name, words[at + 1 : at + 2], words[at + 2 :])
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


def _free_name(name: str, joints: dict[str, Joint]) -> str:
    free, count = name, 1
    while free in joints:
        count += 1
        free = f"{name} ({count})"
    return free


def _offset(name: str, words: list[str]) -> Array:
    try:
        offset = np.array([number(word) for word in words], np.float64)
    except ValueError:
        offset = np.full(3, np.nan)
    if offset.shape != (3,) or not (np.abs(offset) < LARGEST).all():
        raise UnreadableError(f"is damaged: the OFFSET of “{name}” is not three numbers of a body’s size")
    return offset


def _channels(name: str, count: list[str], words: list[str]) -> tuple[str, ...]:
    if not count or not count[0].isdecimal() or int(count[0]) > len(words):
        raise UnreadableError(f"is damaged: the CHANNELS of “{name}” have no count")
    channels = tuple(word.lower() for word in words[: int(count[0])])
    if not all(channel.isalpha() for channel in channels) or {"offset", "joint", "end"} & set(channels):
        raise UnreadableError(f"is damaged: “{name}” has fewer CHANNELS than its count of {count[0]}")
    return channels

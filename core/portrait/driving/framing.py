"""Framing: a video whose every pixel was recorded, by a tighter picture, and less motion where that is not enough.

A head that touches the edge of the reference's frame has no pixels beyond it. The picture is cropped to what is there;
if that would crop too much, the motion is scaled down about the neutral pose, its shift before its turn.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ... import rotation as rot
from ...errors import PortraitError
from ...motion import motion_of, vectors_of
from ...types import Array
from ..model.person import Drive, Person
from ..render.needed_pixels import face_cells, missing_cells
from ..render.renderer import Plan
from ..render.window import Window, largest_window

_HELD = ((1.0, 1.0), (0.75, 1.0), (0.5, 1.0), (0.25, 1.0), (0.0, 1.0), (0.0, 0.75), (0.0, 0.5), (0.0, 0.25))
"""Shares of the driven shift and turn that are shown, tried in this order."""
_LEAST, _SMALLEST = 0.85, 0.65
"""Sides of the picture, shares of the frame's: motion is held back for the first, and below the second none is made."""
_NOTABLE = 0.03
_ROOM = "leave room about the head in the reference to see all of it"


@dataclass(frozen=True)
class Framing:
    """What of the frame is shown, and how much of the motion.

    drive : with the motion that is shown
    window : None for the whole frame
    held_back_deg : (T,) how much of the driven turn is not shown
    notes : sentences to the user
    """

    drive: Drive
    window: Window | None
    held_back_deg: Array
    notes: tuple[str, ...] = ()


def framed(person: Person, drive: Drive, plan_of: Callable[[Drive], Plan]) -> Framing:
    """Choose window and motion of a video so that no frame shows what the reference has not recorded.

    plan_of : chooses the source frames of a drive

    Raises
    ------
    PortraitError : the frame cuts the head so closely that nothing helps
    """
    best: tuple[Window, Drive, tuple[float, float]] | None = None
    for shares in _HELD:
        held = _scaled(person, drive, *shares)
        plan = plan_of(held)
        window = largest_window(
            missing_cells(person, plan), face_cells(person, plan), person.clip.size, _SMALLEST
        )
        if window is None:
            continue
        if best is None or window.side > best[0].side:
            best = window, held, shares
        if window.side >= _LEAST * person.clip.size:
            break
    if best is None:
        raise PortraitError(
            "The edge of the reference's picture cuts the head so closely that its motion cannot be shown",
            "Give a reference with room about the head",
        )
    window, held, shares = best
    cropped = 1.0 - window.side / person.clip.size
    held_back_deg = _apart_deg(drive, held) if held is not drive else np.zeros(len(drive))
    return Framing(held, window if cropped > 0 else None, held_back_deg, tuple(_notes(cropped, *shares)))


def _scaled(person: Person, drive: Drive, shift: float, turn: float) -> Drive:
    """Drive with shares of its shift and turn about the neutral pose; the same one for the whole of both."""
    if shift == turn == 1.0:
        return drive
    motion = person.stage.motion(drive.poses, drive.time_s)
    vectors = vectors_of(motion) * np.repeat([turn, shift], 3)
    return replace(drive, poses=person.stage.poses(motion_of(drive.time_s, vectors)))


def _apart_deg(one: Drive, other: Drive) -> Array:
    a, b = (rot.from_matrix(drive.poses.rotation) for drive in (one, other))
    return np.asarray(np.degrees(rot.angle_between(a, b)))


def _notes(cropped: float, shift: float, turn: float) -> list[str]:
    notes = []
    if cropped > _NOTABLE:
        notes.append(
            f"The head comes to the edge of the reference's picture, so that the video is cropped by {cropped:.0%}; "
            f"{_ROOM}."
        )
    if shift < 1.0:
        rest = f"{shift:.0%} of its shift" + ("" if turn == 1.0 else f" and {turn:.0%} of its turn")
        notes.append(f"The head would leave the reference's picture, so that only {rest} is shown; {_ROOM}.")
    return notes

"""What the public functions take in more than one form: paths, styles, frame rates."""

from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import SettingsError
from ..motion import HeadMotion, Progress, no_progress
from ..timing import FrameRate

if TYPE_CHECKING:
    from ..direct.direction import Direction
    from ..style.schema import Style

StrPath = str | PathLike[str]
"""A path as text or as `pathlib.Path`."""

Fps = float | str | Fraction | FrameRate
"""Frames a second: 30, 29.97, "30000/1001", or exactly."""


def style_of(style: "StrPath | Style") -> "Style":
    """Return a style itself, or read it from its file or by its built-in name. Raises StyleError."""
    from ..style import Style, read_style, style_path

    return style if isinstance(style, Style) else read_style(style_path(Path(style)))


def direction_of(direction: "StrPath | Direction | None") -> "Direction":
    """Return a direction itself, or read it from its JSON file; None is one that asks for nothing. Raises DirectionError."""
    from ..direct.direction import Direction
    from ..direct.direction_file import read_direction

    if direction is None:
        return Direction()
    return direction if isinstance(direction, Direction) else read_direction(Path(direction))


def head_of(head: "StrPath | HeadMotion", progress: Progress = no_progress) -> HeadMotion:
    """Return a motion itself, or what a file shows of a head: a CSV, a BVH or a video. Raises TableError, VideoError."""
    if isinstance(head, HeadMotion):
        return head
    from ..track.read_reference import read_reference

    track, _ = read_reference(Path(head), progress)
    return HeadMotion(
        track.time_s, track.rotation, track.translation_m, tuple(track.meta.get("warnings", ()))
    )


def frame_rate_of(fps: Fps) -> FrameRate:
    """Convert frames a second to an exact frame rate. Raises SettingsError."""
    if isinstance(fps, FrameRate):
        return fps
    try:
        return FrameRate(fps) if isinstance(fps, Fraction) else FrameRate.parse(str(fps))
    except ValueError as error:
        raise SettingsError(f"“{fps}” is no frame rate", "Give one like 24 or “30000/1001”") from error

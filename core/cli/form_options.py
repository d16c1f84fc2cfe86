"""The options of a command that writes head motion: the form of the file, and its frame rate."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..export import ANY, DEFAULT_PRESET, PRESETS, Form, check_form
from .command import frame_rate

if TYPE_CHECKING:
    from ..timing import FrameRate


def add_form(command: argparse._ActionsContainer) -> None:
    """Add preset, skeleton, the share of the neck, and the frame rate."""
    names = ", ".join(f"{name} ({preset.label})" for name, preset in PRESETS.items())
    command.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default=DEFAULT_PRESET,
        metavar="NAME",
        help=f"axes, unit, joints and frame rate for {names}",
    )
    command.add_argument(
        "--skeleton",
        type=Path,
        metavar="FILE",
        help="a BVH, FBX or glTF whose own head and neck shall move, instead of root, neck and head",
    )
    command.add_argument(
        "--neck",
        type=float,
        default=ANY.neck_share,
        metavar="X",
        help=f"part of the rotation that the neck takes, 0 to 1 (default {ANY.neck_share:g})",
    )
    command.add_argument(
        "--fps",
        type=frame_rate,
        metavar="F",
        help="rows a second, say 24 or 30000/1001 (default: the preset's, 30 without one)",
    )


def checked_form(arguments: argparse.Namespace) -> Form:
    """The form that was asked for, if the output can have it. Raises OutputError."""
    form = Form(arguments.preset, arguments.skeleton, arguments.neck)
    check_form(arguments.output.suffix, form)
    return form


def rate_of(arguments: argparse.Namespace) -> "FrameRate":
    """The frame rate that was asked for, else that of the preset."""
    from ..timing import FrameRate

    return arguments.fps or FrameRate.of(PRESETS[arguments.preset].fps)


def form_keys(arguments: argparse.Namespace) -> dict[str, Any]:
    """The same as keys of a manifest's line, those that were given."""
    keys: dict[str, Any] = {}
    if arguments.preset != DEFAULT_PRESET:
        keys["preset"] = arguments.preset
    if arguments.skeleton is not None:
        keys["skeleton"] = str(arguments.skeleton.resolve())
    if arguments.neck != ANY.neck_share:
        keys["neck"] = arguments.neck
    if arguments.fps is not None:
        keys["fps"] = str(arguments.fps.fps)
    return keys

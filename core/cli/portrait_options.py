"""The options of `mannerism portrait`, and what they ask for."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..portrait.model.options import DEFAULT_QUALITY, DEFAULT_REFINE_S, DEFAULT_SIZE, QUALITIES

if TYPE_CHECKING:
    from ..portrait.model.request import PortraitRequest


def add_options(command: argparse.ArgumentParser, frame_rate: Callable[[str], Any]) -> None:
    """Add them to a command that already takes the reference and the output.

    frame_rate : reads one from text
    """
    qualities = "; ".join(f"{name}: {what}" for name, what in QUALITIES.items())
    qualities += f" (default {DEFAULT_QUALITY})"
    command.add_argument(
        "--audio", type=Path, required=True, help="the speech: a sound, or a video with sound"
    )
    command.add_argument(
        "--motion",
        type=Path,
        metavar="MOTION.csv",
        help="of the head, as generate and track write it (default: generated in the reference's manner)",
    )
    command.add_argument(
        "--style",
        type=Path,
        metavar="NAME.style.json",
        help="generate the motion in this manner instead (a file or a built-in name)",
    )
    command.add_argument(
        "--seed", type=int, metavar="N", help="each seed is a take (default: one that the file's name gives)"
    )
    command.add_argument("--quality", choices=tuple(QUALITIES), default=DEFAULT_QUALITY, help=qualities)
    command.add_argument(
        "--minutes",
        type=float,
        default=DEFAULT_REFINE_S / 60,
        metavar="M",
        help=f"how long a network may learn this person (default {DEFAULT_REFINE_S / 60:g})",
    )
    add_size(command)
    command.add_argument(
        "--fps",
        type=frame_rate,
        default="25",
        metavar="F",
        help="pictures a second, as 25 or 30000/1001 (default 25)",
    )
    command.add_argument(
        "--no-label",
        action="store_true",
        help="leave the word “synthetic” off the picture; the file still says it",
    )
    command.add_argument("--confidence", type=Path, metavar="FILE.csv", help="write how sure each picture is")
    command.add_argument(
        "--consent",
        action="store_true",
        help="you attest that the person in the reference is you, or has agreed (or set MANNERISM_CONSENT=1)",
    )


def add_size(command: argparse.ArgumentParser) -> None:
    """Add how large the video is."""
    command.add_argument(
        "--size",
        type=int,
        default=DEFAULT_SIZE,
        metavar="PIXELS",
        help=f"width and height of the video (default {DEFAULT_SIZE})",
    )


def request_of(arguments: argparse.Namespace) -> "PortraitRequest":
    """What the options ask for. Raises TableError."""
    from ..data_folder import data_folder
    from ..generate import first_seed
    from ..motion_csv import read_motion
    from ..portrait.model.request import PortraitRequest
    from ..style import style_path

    return PortraitRequest(
        reference=arguments.source,
        audio=arguments.audio,
        out=arguments.output,
        folder=data_folder(),
        motion=arguments.motion and read_motion(arguments.motion),
        style=arguments.style and style_path(arguments.style),
        seed=first_seed(arguments.audio.stem) if arguments.seed is None else arguments.seed,
        fps=arguments.fps.fps,
        quality=arguments.quality,
        size=arguments.size,
        label=not arguments.no_label,
        refine_s=60.0 * arguments.minutes,
    )

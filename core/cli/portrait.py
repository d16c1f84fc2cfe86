"""`mannerism portrait`."""

import argparse
import os
from pathlib import Path

from ..face.doses import DOSES
from ..portrait.model.eyes import EYES
from ..portrait.model.options import DEFAULT_QUALITY, DEFAULT_REFINE_S, QUALITIES
from .command import add_command, add_output, add_size, add_source, check_output, print_result, say
from .exit_status import DONE, INTERRUPTED
from .settings_options import add_frame_rate, add_seed, add_sliders, seed_of


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "portrait", run)
    add_source(command, "REFERENCE_VIDEO")
    add_output(command, "OUT.mp4")
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
    add_seed(command)
    qualities = "; ".join(f"{name}: {what}" for name, what in QUALITIES.items())
    command.add_argument(
        "--quality",
        choices=tuple(QUALITIES),
        default=DEFAULT_QUALITY,
        help=f"{qualities} (default {DEFAULT_QUALITY})",
    )
    command.add_argument(
        "--minutes",
        type=float,
        default=DEFAULT_REFINE_S / 60,
        metavar="M",
        help=f"how long a network may learn this person (default {DEFAULT_REFINE_S / 60:g})",
    )
    add_sliders(command, DOSES)
    add_sliders(command, EYES)
    add_size(command)
    add_frame_rate(command, "pictures a second, as 25 or 30000/1001", 25)
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


def run(arguments: argparse.Namespace) -> int:
    """Write a talking-head video of the consenting person in a reference video, saying something else."""
    from .. import api
    from ..portrait.job import write_confidence
    from ..progress import shown_progress
    from ..style.built_in import style_path

    style = style_path(arguments.style) if arguments.style is not None else None
    inputs = (arguments.source, arguments.audio, arguments.motion, style)
    check_output(arguments.output, ".mp4", inputs=inputs)
    if arguments.confidence is not None:
        check_output(arguments.confidence, ".csv", inputs=(*inputs, arguments.output))
    seed = seed_of(arguments, arguments.audio.stem)
    try:
        with shown_progress() as progress:
            result = api.portrait(
                arguments.source,
                arguments.audio,
                arguments.output,
                consent=arguments.consent or os.environ.get("MANNERISM_CONSENT") == "1",
                motion=arguments.motion,
                style=arguments.style,
                seed=seed,
                fps=arguments.fps,
                quality=arguments.quality,
                size=arguments.size,
                label=not arguments.no_label,
                refine_s=60.0 * arguments.minutes,
                expression={name: getattr(arguments, name) for name in DOSES},
                gaze={name: getattr(arguments, name) for name in EYES},
                progress=progress,
            )
    except KeyboardInterrupt:
        say("Interrupted; the pictures that are drawn stay, and the same command carries on.")
        return INTERRUPTED
    say(f"The seed is {seed}.", *result.notes)
    print_result(result.out)
    if arguments.confidence is not None:
        write_confidence(arguments.confidence, result)
        print_result(arguments.confidence)
    return DONE

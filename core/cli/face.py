"""`mannerism face`."""

import argparse
from pathlib import Path

from ..face.namings import DEFAULT_NAMING, NAMINGS
from .command import add_command, add_output, add_source, check_output, print_result, say
from .exit_status import DONE
from .settings_options import add_frame_rate, add_seed, seed_of


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "face", run)
    add_source(command, "AUDIO")
    add_output(command, "FACE.csv")
    command.add_argument(
        "--reference",
        type=Path,
        metavar="VIDEO",
        help="of a person whose lips, blinks and brows it shall be like (default: people in general)",
    )
    names = "; ".join(f"{name}: {what}" for name, what in NAMINGS.items())
    command.add_argument(
        "--names",
        choices=tuple(NAMINGS),
        default=DEFAULT_NAMING,
        help=f"{names} (default {DEFAULT_NAMING})",
    )
    add_seed(command)
    command.add_argument(
        "--strength",
        type=float,
        default=1.0,
        metavar="X",
        help="of mouth and brows; 0 is none, 1 as the person moves them (default)",
    )
    add_frame_rate(command, "rows a second", 60)


def run(arguments: argparse.Namespace) -> int:
    """Write lips, lids and brows for a speech sound as CSV, a column for each shape key."""
    from .. import api
    from ..progress import shown_progress

    check_output(arguments.output, ".csv", inputs=[arguments.source, arguments.reference])
    seed = seed_of(arguments, arguments.source.stem)
    with shown_progress() as progress:
        curves = api.face(
            arguments.source,
            reference=arguments.reference,
            names=arguments.names,
            seed=seed,
            strength=arguments.strength,
            fps=arguments.fps,
            progress=progress,
        )
    api.write_face(arguments.output, curves)
    say(f"The seed is {seed}.", *curves.notes)
    print_result(arguments.output)
    return DONE

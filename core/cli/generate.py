"""`mannerism generate`."""

import argparse
from pathlib import Path

from ..export import FORMATS, export_motion
from .command import add_command, add_output, add_source, check_output, print_result, say
from .exit_status import DONE
from .form_options import add_form, checked_form, rate_of
from .settings_options import add_settings, settings_of


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "generate", run)
    add_source(command, "AUDIO")
    add_output(command, "MOTION" + "|".join(FORMATS))
    command.add_argument(
        "--style",
        type=Path,
        required=True,
        metavar="NAME.style.json",
        help="or the name of a built-in style, see the command styles",
    )
    add_settings(command)
    add_form(command)
    command.add_argument(
        "--direct",
        type=Path,
        metavar="FILE.json",
        help="what the take must do: pins, gestures, parts anew, kept stretches, strengths; see docs/direct.md",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write head motion for a speech sound, in the format that the output's suffix names."""
    from .. import api
    from ..direct.direction_file import read_direction
    from ..progress import shown_progress
    from ..style.built_in import style_path

    check_output(
        arguments.output,
        *FORMATS,
        inputs=[arguments.source, style_path(arguments.style), arguments.skeleton, arguments.direct],
    )
    form = checked_form(arguments)
    style = api.read_style(arguments.style)
    settings = settings_of(arguments, arguments.source.stem)
    direction = None if arguments.direct is None else read_direction(arguments.direct)
    with shown_progress() as progress:
        motion = api.generate(style, arguments.source, direction=direction, **settings, progress=progress)
    said = export_motion(arguments.output, motion, rate_of(arguments), form)
    say(f"The seed is {settings['seed']}.", *motion.notes, *said)
    print_result(arguments.output)
    return DONE

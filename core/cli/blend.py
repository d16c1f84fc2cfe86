"""`mannerism blend`."""

import argparse

from .command import add_command, add_output, check_output, print_result, say
from .exit_status import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "blend", run)
    command.add_argument(
        "sources", nargs=2, metavar="STYLE", help="a style file or the name of a built-in style"
    )
    command.add_argument(
        "--mix", type=float, default=0.5, metavar="X", help="0 is the first style, 1 the second (default 0.5)"
    )
    add_output(command, "NAME.style.json")


def run(arguments: argparse.Namespace) -> int:
    """Write the style that lies between two others."""
    from .. import api
    from ..style.built_in import style_path

    first, second = arguments.sources
    check_output(arguments.output, ".json", inputs=[style_path(first), style_path(second)])
    style = api.blend(first, second, arguments.mix)
    api.write_style(arguments.output, style)
    say(f"The confidence is {style.confidence:.2f}.", *style.reasons)
    print_result(arguments.output)
    return DONE

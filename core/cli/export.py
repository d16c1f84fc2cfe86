"""`mannerism export`."""

import argparse

from ..export import FORMATS, export_motion
from .command import add_command, add_output, add_source, check_output, print_result, say
from .exit_status import DONE
from .form_options import add_form, checked_form, rate_of


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "export", run)
    add_source(command, "MOTION.csv")
    add_output(command, "MOTION" + "|".join(FORMATS))
    add_form(command)


def run(arguments: argparse.Namespace) -> int:
    """Write head motion from a CSV in another format, for a program or onto a skeleton."""
    from ..motion_csv import read_motion

    check_output(arguments.output, *FORMATS, inputs=[arguments.source, arguments.skeleton])
    form = checked_form(arguments)
    said = export_motion(arguments.output, read_motion(arguments.source), rate_of(arguments), form)
    if said:
        say(*said)
    print_result(arguments.output)
    return DONE

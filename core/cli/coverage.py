"""`mannerism coverage`."""

import argparse

from .command import add_command, add_size, add_source, print_result
from .exit_status import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "coverage", run)
    add_source(command, "REFERENCE_VIDEO")
    add_size(command)


def run(arguments: argparse.Namespace) -> int:
    """Report what a reference video shows of its person, and what to record again, before a portrait is made of it."""
    from .. import api
    from ..progress import shown_progress

    with shown_progress() as progress:
        meter = api.coverage(arguments.source, size=arguments.size, progress=progress)
    print_result(meter.as_text())
    return DONE

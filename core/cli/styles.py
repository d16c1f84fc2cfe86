"""`mannerism styles`."""

import argparse

from .command import add_command, print_result
from .exit_status import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    add_command(commands, "styles", run)


def run(_arguments: argparse.Namespace) -> int:
    """List the built-in styles; their names are accepted in place of a style file."""
    from .. import api

    for name, description in api.styles().items():
        print_result(f"{name:<18} {description}")
    return DONE

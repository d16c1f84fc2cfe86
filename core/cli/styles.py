"""`mannerism styles`."""

import argparse

from .command import add_command
from .exit_status import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    add_command(commands, "styles", run)


def run(_arguments: argparse.Namespace) -> int:
    """List the built-in styles, whose names are taken wherever a style file is."""
    from .. import api

    for name, description in api.styles().items():
        print(f"{name:<18} {description}")
    return DONE

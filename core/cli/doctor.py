"""`mannerism doctor`."""

import argparse

from .command import add_command, print_result
from .exit_status import DONE, SOME_FAILED


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    add_command(commands, "doctor", run)


def run(_arguments: argparse.Namespace) -> int:
    """Report what is installed, which face model there is, and what works."""
    from ..doctor import examine, report

    health = examine()
    print_result(report(health))
    return DONE if health.ready else SOME_FAILED

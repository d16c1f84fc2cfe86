"""The command line: the commands in the order of its help, and what every one of them comes with.

Heavy parts load when a command runs. Progress goes to stderr, results (one line a file written) to stdout.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from contextlib import nullcontext

from ..errors import MannerismError
from ..logs import shown_log
from ..threads import use_one_thread
from ..version import VERSION
from . import (
    batch,
    blend,
    coverage,
    doctor,
    donate,
    encode,
    export,
    face,
    generate,
    portrait,
    report,
    score,
    styles,
    submit,
    track,
)
from .command import say
from .exit_status import INTERRUPTED, REFUSED
from .signals import ended_as_by_ctrl_c

_log = logging.getLogger(__name__)

COMMANDS = (
    *(track, encode, generate, face, export, blend, styles),
    *(batch, submit, report, portrait, coverage, score, donate, doctor),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Refusals are one line on stderr."""
    use_one_thread()
    # A name that the console cannot show must not be what ends a job.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    arguments = _parser().parse_args(argv)
    try:
        with ended_as_by_ctrl_c(), shown_log() if arguments.verbose else nullcontext():
            return int(arguments.run(arguments))
    except MannerismError as error:
        say(" ".join(str(error).split()))
        return REFUSED
    except (
        OSError
    ) as error:  # of a path that no system has, a folder that may not be read, an output that is closed
        _log.debug("%s", error, exc_info=True)
        name = f"“{str(error.filename)[:80]}”" if error.filename else "A file"
        say(f"{name} cannot be used ({error.strerror or error}). Check the paths of this command.")
        return REFUSED
    except KeyboardInterrupt:
        say("Interrupted; nothing was written.")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mannerism",
        description="Head motion in the manner of one speaker, for any rig and any speech.",
        epilog="Exit status: 0 done, 1 some items failed, 2 bad usage or unreadable input, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    parser.add_argument("--verbose", action="store_true", help="log decisions and timings to stderr")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser

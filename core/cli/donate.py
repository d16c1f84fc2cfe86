"""`mannerism donate`."""

import argparse
import sys
from pathlib import Path

from .command import add_command, add_output, print_result, say
from .exit_status import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    from ..donate.consent import LICENCES

    command = add_command(commands, "donate", run)
    command.add_argument("sources", type=Path, nargs=2, metavar="VIDEO|TRACK.csv|FILE.bvh|LIVELINK.csv")
    add_output(command, "NAME.donation.json")
    command.add_argument(
        "--licence",
        choices=tuple(LICENCES),
        required=True,
        help="; ".join(f"{name}: {what}" for name, what in LICENCES.items()),
    )
    command.add_argument(
        "--sign",
        metavar="NAME",
        help="your full name: you are the person in both recordings, and agree to the statement in docs/data.md"
        " (default: it is shown, and you are asked)",
    )
    command.add_argument(
        "--sounds",
        type=Path,
        nargs=2,
        metavar=("FIRST", "SECOND"),
        default=(None, None),
        help="of both recordings, where these are tracks",
    )
    command.add_argument(
        "--one-occasion",
        action="store_true",
        help="both recordings are of one occasion, as two parts of one talk are",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write your head motion and prosody from two recordings, without picture or sound, for others to train on."""
    from .. import api
    from ..donate.give import Source, check_out
    from ..progress import shown_progress

    first, second = arguments.sources
    sounds = tuple(arguments.sounds)
    check_out(
        arguments.output, [Source(path, sound) for path, sound in zip((first, second), sounds, strict=True)]
    )
    name = arguments.sign if arguments.sign is not None else _asked(arguments.licence)
    warnings: list[str] = []
    with shown_progress() as progress:
        donation = api.donate(
            first,
            second,
            arguments.output,
            licence=arguments.licence,
            signed_by=name,
            sounds=sounds,
            one_occasion=arguments.one_occasion,
            on_warning=warnings.append,
            progress=progress,
        )
    consent = donation.consent
    say(f"Signed by {consent.signed_by} on {consent.signed_on}, {consent.licence}.", *warnings)
    print_result(arguments.output)
    return DONE


def _asked(licence: str) -> str:
    """The name that is typed under the statement; empty where nobody is there to ask."""
    from ..donate.consent import statement

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    say(statement(licence), "\nType your full name to sign this, or nothing to stop:")
    return sys.stdin.readline().strip()

"""`mannerism track`."""

import argparse

from .command import add_command, add_output, add_source, check_output, print_result, say
from .exit_status import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "track", run)
    add_source(command, "VIDEO")
    add_output(command, "TRACK.csv")


def run(arguments: argparse.Namespace) -> int:
    """Write the head motion of a video as CSV, and TRACK.meta.json beside it."""
    from .. import api
    from ..progress import shown_progress
    from ..same_file import refuse_input

    check_output(arguments.output, ".csv", inputs=[arguments.source])
    refuse_input(arguments.output.with_suffix(".meta.json"), [arguments.source])
    with shown_progress() as progress:
        track = api.track(arguments.source, progress=progress)
    api.write_track(arguments.output, track)
    share = track.valid.mean()
    say(f"The face was found in {share:.0%} of {len(track.valid)} frames.", *track.meta.get("warnings", []))
    print_result(arguments.output)
    print_result(arguments.output.with_suffix(".meta.json"))
    return DONE

"""`mannerism encode`."""

import argparse

from .command import add_command, add_output, add_source, check_output, print_result, say
from .exit_status import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "encode", run)
    add_source(command, "VIDEO|TRACK.csv|FILE.bvh|LIVELINK.csv")
    add_output(command, "NAME.style.json")
    command.add_argument(
        "--no-motion", action="store_true", help="keep only statistics, not the reference's own motion"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the style of the speaker in a video, a track, a BVH or a recording of Live Link Face."""
    from .. import api
    from ..progress import shown_progress

    meta = arguments.source.with_suffix(".meta.json")
    check_output(arguments.output, ".json", inputs=[arguments.source, meta])
    warnings: list[str] = []
    with shown_progress() as progress:
        style = api.encode_style(
            arguments.source,
            keep_motion=not arguments.no_motion,
            on_warning=warnings.append,
            progress=progress,
        )
    api.write_style(arguments.output, style)
    say(f"The confidence is {style.confidence:.2f}.", *warnings, *style.reasons)
    print_result(arguments.output)
    return DONE

"""`mannerism batch`."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..export import FORMATS
from ..worker.limits import LINE_S
from .command import add_command, say, shown
from .exit_status import DONE, INTERRUPTED, SOME_FAILED
from .manifest_options import add_manifest_options, given_by, say_not_heeded

if TYPE_CHECKING:
    from ..batch.manifest import Manifest
    from ..motion import Progress


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "batch", run)
    command.add_argument(
        "source", type=Path, metavar="MANIFEST|FOLDER", help="JSON lines, a CSV or TSV table, or sounds"
    )
    command.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, metavar="N")
    command.add_argument("--chunk", type=_chunk, default=(0, 1), metavar="I/N", help="every N-th line from I")
    add_manifest_options(command)
    command.add_argument(
        "--time-limit",
        type=_seconds,
        default=LINE_S,
        metavar="S",
        help=f"seconds that a line may take before it fails and the rest goes on (default {LINE_S:g})",
    )
    command.add_argument(
        "--overwrite-edited",
        action="store_true",
        help="make files again that were edited by hand (they are kept otherwise)",
    )
    folder = command.add_argument_group("with a folder")
    folder.add_argument("--style", type=Path, metavar="NAME.style.json")
    folder.add_argument("-o", "--output", type=Path, metavar="DIR")
    folder.add_argument("--format", choices=[suffix.lstrip(".") for suffix in FORMATS], default="bvh")


def run(arguments: argparse.Namespace) -> int:
    """Make the motion of every line of a manifest, or of every sound in a folder."""
    from tqdm import tqdm

    from ..batch.pool import LocalPool
    from ..batch.run import run_batch
    from ..batch.status import Outcome, StatusFile
    from ..batch.turn import one_at_a_time
    from ..progress import shown_progress

    def report(outcome: Outcome) -> None:
        if outcome.reason:
            tqdm.write(f"mannerism: {shown(outcome.id)}: {shown(outcome.reason)}", file=sys.stderr)
        if outcome.status == "done":
            tqdm.write(outcome.out)
            sys.stdout.flush()

    try:
        with shown_progress() as progress:
            manifest = _manifest(arguments, progress)
        with one_at_a_time(manifest), shown_progress() as progress:
            status = StatusFile(manifest.path, *arguments.chunk)
            summary = run_batch(
                manifest.lines,
                LocalPool(arguments.jobs, arguments.time_limit),
                status,
                report,
                progress,
                overwrite_edited=arguments.overwrite_edited,
            )
    except KeyboardInterrupt:
        say("Interrupted; what is finished stays, and the same command carries on.")
        return INTERRUPTED
    say(f"{summary.done} done, {summary.skipped} skipped, {summary.failed} failed; see {status.path}.")
    return SOME_FAILED if summary.failed else DONE


def _manifest(arguments: argparse.Namespace, progress: "Progress") -> "Manifest":
    from ..batch.chunk import read_chunk
    from ..batch.manifest import folder_manifest
    from ..errors import BatchError

    if not arguments.source.is_dir():
        given = given_by(arguments)
        manifest = read_chunk(arguments.source, arguments.chunk, arguments.allow, given, progress)
        say_not_heeded(manifest)
        return manifest
    if arguments.style is None or arguments.output is None:
        raise BatchError("A folder of sounds needs a style and a place", "Give --style and --output as well")
    if arguments.set or arguments.characters:
        raise BatchError("--set and --characters are for manifests", "Write the lines into a manifest")
    folder = folder_manifest(arguments.source, arguments.style, arguments.output, f".{arguments.format}")
    return folder.chunk(*arguments.chunk)


def _chunk(text: str) -> tuple[int, int]:
    index, _, count = text.partition("/")
    if not (index.isdecimal() and count.isdecimal() and int(index) < int(count)):
        raise argparse.ArgumentTypeError(f"“{text}” is no chunk; give one from 0/4 to 3/4")
    return int(index), int(count)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds < 1e9:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of seconds")
    return seconds


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"“{text}” is no number of processes")
    return int(text)

"""`mannerism batch`."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..export import FORMATS
from ..worker.limits import LINE_S
from .command import add_command, print_result, say
from .exit_status import DONE, INTERRUPTED, SOME_FAILED
from .form_options import add_form, form_keys
from .manifest_options import add_consent, add_manifest_options, given_by, say_not_heeded, with_consent

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..batch.manifest import Manifest
    from ..batch.run import BatchRunner
    from ..motion import Progress


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "batch", run)
    add_manifest(command)
    add_consent(command)
    command.add_argument(
        "--jobs", type=positive, metavar="N", help="lines at once (default: one on each core)"
    )
    command.add_argument("--chunk", type=_chunk, default=(0, 1), metavar="I/N", help="every N-th line from I")
    command.add_argument(
        "--time-limit",
        type=_seconds,
        default=LINE_S,
        metavar="S",
        help=f"seconds that a line may take before it fails and the rest goes on (default {LINE_S:g})",
    )
    command.add_argument(
        "--cluster",
        metavar="HOST:PORT|local",
        help="make the lines on the machines of a Ray cluster, or of one that is started here for the while",
    )
    command.add_argument(
        "--overwrite-edited",
        action="store_true",
        help="make files again that were edited by hand (they are kept otherwise)",
    )


def add_manifest(command: argparse.ArgumentParser) -> None:
    """Add what names the lines of a batch, for `manifest_of`."""
    command.add_argument(
        "source", type=Path, metavar="MANIFEST|FOLDER", help="JSON lines, a CSV or TSV table, or sounds"
    )
    add_manifest_options(command)
    folder = command.add_argument_group("with a folder")
    folder.add_argument("--style", type=Path, metavar="NAME.style.json")
    folder.add_argument("-o", "--output", type=Path, metavar="DIR")
    folder.add_argument("--format", choices=[suffix.lstrip(".") for suffix in FORMATS], default="bvh")
    add_form(folder)


def run(arguments: argparse.Namespace) -> int:
    """Make the motions, faces and talking heads of a manifest's lines, or the motion of every sound in a folder."""
    from tqdm import tqdm

    from ..batch.run import run_batch
    from ..batch.status import Outcome, StatusFile
    from ..batch.turn import one_at_a_time
    from ..progress import shown_progress

    def note(sentence: str) -> None:
        with tqdm.external_write_mode(sys.stderr):
            say(sentence)

    def report(outcome: Outcome) -> None:
        if outcome.reason:
            note(f"{outcome.id}: {outcome.reason}")
        if outcome.status == "done":
            with tqdm.external_write_mode(sys.stdout):
                print_result(outcome.out)

    try:
        with shown_progress() as progress:
            manifest = with_consent(arguments, manifest_of(arguments, progress, arguments.chunk))
        with one_at_a_time(manifest), shown_progress() as progress:
            status = StatusFile(manifest.path, *arguments.chunk)
            summary = run_batch(
                manifest.lines,
                _runner(arguments, note),
                status,
                report,
                progress,
                overwrite_edited=arguments.overwrite_edited,
                on_note=note,
            )
    except KeyboardInterrupt:
        say("Interrupted; what is finished stays, and the same command carries on.")
        return INTERRUPTED
    say(f"{summary.done} done, {summary.skipped} skipped, {summary.failed} failed; see {status.path}.")
    return SOME_FAILED if summary.failed else DONE


def _runner(arguments: argparse.Namespace, on_note: "Callable[[str], None]") -> "BatchRunner":
    from ..batch.pool import LocalPool

    if arguments.cluster is None:
        return LocalPool(arguments.jobs or os.cpu_count() or 1, arguments.time_limit)
    from ..cluster import RayCluster

    return RayCluster(arguments.cluster, arguments.jobs, arguments.time_limit, on_note)


def manifest_of(
    arguments: argparse.Namespace, progress: "Progress", chunk: tuple[int, int] = (0, 1)
) -> "Manifest":
    """The lines that the arguments of `add_manifest` name, or a chunk of them, one for each file.

    Raises
    ------
    BatchError, StyleError : as `read_manifest` and `folder_manifest`
    """
    from ..batch.chunk import read_chunk
    from ..batch.manifest import folder_manifest
    from ..errors import BatchError

    if not arguments.source.is_dir():
        given = given_by(arguments)
        manifest = read_chunk(arguments.source, chunk, arguments.allow, given, progress)
        say_not_heeded(manifest)
        return manifest.in_files()
    if arguments.style is None or arguments.output is None:
        raise BatchError("A folder of sounds needs a style and a place", "Give --style and --output as well")
    if arguments.set or arguments.characters:
        raise BatchError("--set and --characters are for manifests", "Write the lines into a manifest")
    folder = folder_manifest(
        arguments.source, arguments.style, arguments.output, f".{arguments.format}", form_keys(arguments)
    )
    return folder.chunk(*chunk)


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


def positive(text: str) -> int:
    """Type of an argument: a number of processes."""
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"“{text}” is no number of processes")
    return int(text)

"""`mannerism submit`."""

import argparse
import shlex
from pathlib import Path

from ..submit import FARMS, FarmJob
from .command import add_command, print_result, say
from .exit_status import DONE
from .manifest_options import (
    add_consent,
    add_manifest_options,
    given_by,
    options_again,
    say_not_heeded,
    with_consent,
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "submit", run)
    farms = "; ".join(f"{name}: {farm.label}" for name, farm in FARMS.items())
    command.add_argument("farm", choices=tuple(FARMS), help=farms)
    command.add_argument("source", type=Path, metavar="MANIFEST")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: beside the manifest")
    command.add_argument(
        "--chunks", type=int, metavar="N", help="number of tasks (default: one for every 50 lines)"
    )
    command.add_argument(
        "--command",
        default="mannerism",
        metavar="PROGRAM",
        help="what runs Mannerism on the machines, as “/opt/mannerism/bin/mannerism” (default: mannerism)",
    )
    add_manifest_options(command)
    add_consent(command)


def run(arguments: argparse.Namespace) -> int:
    """Write a batch as a job for a render farm, in chunks of about 50 lines; nothing is submitted."""
    from ..batch.manifest import read_manifest
    from ..files import replacing

    manifest = read_manifest(arguments.source, arguments.allow, given_by(arguments))
    say_not_heeded(manifest)
    with_consent(arguments, manifest.in_files())  # refused here, and not on every machine
    chunks = arguments.chunks or -(-len(manifest.lines) // _LINES_A_CHUNK)
    job = FarmJob(
        arguments.source.absolute(), chunks, tuple(shlex.split(arguments.command)), options_again(arguments)
    )
    farm = FARMS[arguments.farm]
    text = farm.text(job)
    path = arguments.output or arguments.source.with_name(f"{arguments.source.stem}{farm.suffix}")
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    problems = sum(bool(line.problem) for line in manifest.lines)
    if problems:
        say(f"{problems} of {len(manifest.lines)} lines cannot be made; “mannerism batch” names them.")
    say(f"{chunks} tasks. Next: {farm.next_step.format(file=path)}.")
    print_result(path)
    return DONE


_LINES_A_CHUNK = 50

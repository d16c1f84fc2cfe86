"""`mannerism submit`."""

import argparse
import shlex
from pathlib import Path

from ..submit import FARMS, FarmJob
from .command import add_command, print_result, say
from .exit_status import DONE


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
    command.add_argument(
        "--allow", type=Path, action="append", default=[], metavar="DIR", help="outputs may lie here too"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write a batch as a job for a render farm, in chunks of about 50 lines; nothing is submitted."""
    from ..batch.manifest import read_manifest
    from ..files import replacing

    manifest = read_manifest(arguments.source, arguments.allow)
    chunks = arguments.chunks or -(-len(manifest.lines) // _LINES_A_CHUNK)
    allowed = [part for folder in arguments.allow for part in ("--allow", str(folder.absolute()))]
    job = FarmJob(arguments.source.absolute(), chunks, tuple(shlex.split(arguments.command)), tuple(allowed))
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

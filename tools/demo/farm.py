"""Fifty lines of the shipped speech on a cluster of two nodes, and a report on them, into out/farm.

Without Ray, two processes of this machine make the lines, and that is said.
"""

import subprocess
import sys
from pathlib import Path

from mannerism.core.errors import MissingPartError
from mannerism.tools.farm.material import BATCH, make_manifest
from mannerism.tools.farm.nodes import two_nodes

OUT = Path(__file__).parents[2] / "out" / "farm"
LINES = 50
COMMAND = BATCH[:-1]


def main() -> int:
    """Run the demo; the exit status of the batch."""
    manifest = make_manifest(OUT, LINES)
    print(f"{LINES} lines in {manifest}", flush=True)
    try:
        with two_nodes() as nodes:
            print(f"two nodes at {nodes.address}", flush=True)
            status = batch(manifest, "--cluster", nodes.address)
    except MissingPartError as error:
        print(f"{error} Two processes of this machine make the lines.", flush=True)
        status = batch(manifest, "--jobs", "2")
    report(manifest)
    return status


def batch(manifest: Path, *options: str) -> int:
    """Make the lines; paths of motions go nowhere, sentences to the terminal."""
    return subprocess.run(
        [*BATCH, str(manifest), *options], check=False, stdout=subprocess.DEVNULL
    ).returncode


def report(manifest: Path) -> None:
    """Write the report, where this version has that command."""
    known = subprocess.run([*COMMAND, "--help"], check=True, capture_output=True, text=True).stdout
    if any(row.split()[:1] == ["report"] for row in known.splitlines()):
        subprocess.run([*COMMAND, "report", str(manifest)], check=False)
    else:
        print("There is no “mannerism report” in this version: the outcomes are in lines.status.jsonl.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

"""A batch on a Ray cluster of two nodes, then one whose second node is killed: the bytes of warm loops, nothing lost.

    python tools/farm/cluster.py --lines 2000

Exit status 1 where a byte differs, a line is lost or something is left behind.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mannerism.core.errors import MissingPartError
from mannerism.tools.farm.loops import run_loops
from mannerism.tools.farm.material import BATCH, Result, make_manifest
from mannerism.tools.farm.nodes import two_nodes

NODES = 2


def main() -> int:
    """Run it; 0, or 1 where something is wrong, or 2 without Ray."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=2000)
    lines = parser.parse_args().lines
    with tempfile.TemporaryDirectory(prefix="mannerism-cluster-") as folder:
        manifests = [make_manifest(Path(folder) / name, lines) for name in ("loops", "whole", "killed")]
        loops_s = run_loops(manifests[0], NODES)
        print(f"{NODES} warm loops over {lines} lines: {loops_s:.1f} s", flush=True)
        expected = Result.of(manifests[0])
        try:
            with two_nodes() as nodes:
                whole_s = run(manifests[1], nodes.address, lines, lambda: None)
                print(
                    f"cluster: {whole_s:.1f} s from its first line, {loops_s / whole_s:.2f} of the loops' speed"
                )
                killed_s = run(manifests[2], nodes.address, lines // 3, nodes.kill_one)
                print(f"with a node killed after {lines // 3} lines: {killed_s:.1f} s", flush=True)
        except MissingPartError as error:
            print(f"make farm-cluster: {error}", file=sys.stderr)
            return 2
        faults = [fault for path in manifests[1:] for fault in Result.of(path).faults(expected)]
    print("\n".join(faults) or f"all {lines} motions have the same bytes, and nothing else is left")
    return 1 if faults else 0


def run(manifest: Path, address: str, then_after: int, then: Callable[[], None]) -> float:
    """Run a batch to its end, and do something after so many lines; seconds from the first line on."""
    command = [*BATCH, str(manifest), "--cluster", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        began = 0.0
        for count, _ in enumerate(process.stdout, 1):
            began = began or time.monotonic()
            if count == then_after:
                then()
        for sentence in process.stderr:
            if sentence.startswith("mannerism"):
                print("   ", sentence.rstrip())
    assert process.returncode == 0, process.returncode
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())

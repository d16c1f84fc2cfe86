"""A batch that is killed at random and carries on: the bytes of one that was not, and what it costs beside perfect loops.

    python tools/farm/kill.py --lines 2000 --kills 20

Exit status 1 where a byte differs, a line is lost or something is left behind.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from mannerism.tools.farm.loops import run_loops
from mannerism.tools.farm.material import BATCH, Result, make_manifest
from mannerism.tools.farm.memory import MemoryLog

JOBS = 2


def main() -> int:
    """Run it; 0, or 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--cluster", default="", help="through Ray, as “local”")
    arguments = parser.parse_args()
    engine = ("--cluster", arguments.cluster) if arguments.cluster else ()
    with tempfile.TemporaryDirectory(prefix="mannerism-kill-") as folder:
        manifests = [
            make_manifest(Path(folder) / name, arguments.lines) for name in ("loops", "whole", "killed")
        ]
        loops_s = run_loops(manifests[0], JOBS)
        print(f"{JOBS} warm loops over {arguments.lines} lines: {loops_s:.1f} s", flush=True)
        whole_s = whole(manifests[1], engine)
        print(
            f"batch: {whole_s:.1f} s from its first line, {loops_s / whole_s:.2f} of the loops' speed",
            flush=True,
        )
        done = killed(manifests[2], engine, arguments.kills, whole_s)
        print(
            f"killed {len(done)} times, after {', '.join(map(str, done))} of {arguments.lines} lines",
            flush=True,
        )
        expected = Result.of(manifests[0])
        faults = [fault for path in manifests[1:] for fault in Result.of(path).faults(expected)]
    print("\n".join(faults) or f"all {arguments.lines} motions have the same bytes, and nothing else is left")
    return 1 if faults else 0


def whole(manifest: Path, engine: tuple[str, ...]) -> float:
    """Run a batch to its end; seconds from its first line on, so that the start of its processes does not count."""
    command = [*BATCH, str(manifest), "--jobs", str(JOBS), *engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began, log = time.monotonic(), MemoryLog(process.pid)
        process.communicate()
    print(f"memory: {log}")
    return time.monotonic() - began


def killed(manifest: Path, engine: tuple[str, ...], kills: int, whole_s: float) -> list[int]:
    """Kill a batch at random times, then let it end; how many lines had been made each time."""
    random = np.random.Generator(np.random.Philox(key=[13, 1]))
    command = [*BATCH, str(manifest), "--jobs", str(JOBS), *engine]
    done = []
    for _ in range(kills):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(random.uniform(0.0, 1.5 * whole_s / kills))
            process.kill()
            process.communicate()
        done.append(len(list((manifest.parent / "motion").glob("*.bvh"))))
        if not first:
            break
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return done


if __name__ == "__main__":
    sys.exit(main())

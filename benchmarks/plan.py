"""Planning a batch of many lines: python benchmarks/plan.py [LINES] [--outputs].

Reads a manifest of 100,000 lines, each with a sound of its own that is there, whole and in chunks; once more with --outputs
where all outputs are there. Each in a process of its own, with the time of the clock and of the processor, the largest
memory, and the least that it could be: the time that Python's JSON takes for the rows.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mannerism.core.batch.chunk import read_chunk
from mannerism.core.batch.manifest import read_manifest

FOLDERS = 100
CHUNKS = 500
RUNS = 3


def write_lines(folder: Path, count: int, *, outputs: bool) -> Path:
    """Write empty sounds, empty outputs if these are asked for, and a manifest; its path."""
    rows = []
    for at in range(count):
        part = f"{at % FOLDERS:02d}/{at:06d}"
        rows.append({"id": f"l{at:06d}", "audio": f"vo/{part}.wav", "style": "calm", "out": f"o/{part}.bvh"})
    for name in ("vo", "o") if outputs else ("vo",):
        for at in range(FOLDERS):
            (folder / name / f"{at:02d}").mkdir(parents=True)
    for row in rows:
        (folder / row["audio"]).touch()
        if outputs:
            (folder / row["out"]).touch()
    path = folder / "lines.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_alone(path: Path) -> None:
    """What no reader of JSON lines can save."""
    for row in path.read_text(encoding="utf-8").splitlines():
        json.loads(row)


def whole(path: Path) -> None:
    """Plan all lines."""
    read_manifest(path)


def chunk(path: Path) -> None:
    """Plan a chunk; the first that is planned writes the index."""
    read_chunk(path, (1, CHUNKS))


PARTS: dict[str, Callable[[Path], None]] = {"rows alone": rows_alone, "whole": whole, "chunk": chunk}


def measure(name: str, path: Path) -> None:
    """Run a part in this process, and print what it took."""
    clock, processor = time.perf_counter(), time.process_time()
    PARTS[name](path)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{processor:7.2f} s processor {clock:7.2f} s clock {megabytes:5d} MB", flush=True)


def main() -> None:
    """Measure all parts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lines", type=int, nargs="?", default=100_000)
    parser.add_argument("--outputs", action="store_true")
    parser.add_argument("--part", nargs=2, metavar=("NAME", "MANIFEST"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        return measure(arguments.part[0], Path(arguments.part[1]))
    print(f"{arguments.lines} lines, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        path = write_lines(Path(folder), arguments.lines, outputs=arguments.outputs)
        for name, part, runs in (
            ("rows alone", "rows alone", RUNS),
            ("whole", "whole", RUNS),
            ("first chunk, with the index", "chunk", 1),
            (f"another of {CHUNKS}", "chunk", RUNS),
        ):
            for _ in range(runs):
                print(f"{name:28}", end=" ", flush=True)
                subprocess.run([sys.executable, __file__, "--part", part, str(path)], check=True)
    return None


if __name__ == "__main__":
    main()

"""The least that a batch can take: perfect copies of a warm loop over the same lines, one on each core."""

import subprocess
import sys
import time
from pathlib import Path

_COPY = """
import sys
from pathlib import Path
from mannerism.core.threads import use_one_thread
use_one_thread()
from mannerism.core.batch.line import make_line
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.motion import no_progress
manifest, at, copies = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
lines = read_manifest(manifest).lines[at::copies]
make_line(lines[0], None, no_progress)
lines[0].out.unlink()
print("warm", flush=True)
sys.stdin.readline()
for line in lines:
    make_line(line, None, no_progress)
"""


def run_loops(manifest: Path, copies: int) -> float:
    """Make all lines; seconds of the clock from warm to the end of the last copy."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _COPY, str(manifest), str(at), str(copies)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for at in range(copies)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "warm"
    began = time.monotonic()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        assert process.wait() == 0
    return time.monotonic() - began

"""A parent that is gone from one moment to the next: neither its worker nor its folder outlives it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mannerism.tests.support.worker_commands import MISBEHAVING_WORKER

PARENT = """
import sys, time
from mannerism.core.worker.client import Worker
worker = Worker(sys.argv[1:])
job = worker.start("count", {"steps": 10**6, "pause_s": 0.001}, label="")
print(worker.pid, flush=True)
while not job.poll(): time.sleep(0.001)
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.1, 0.2, 0.4, 0.8])
def test_killed_at_any_moment(tmp_path, after_s):
    """While the worker starts, greets, or is in the middle of a message."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *MISBEHAVING_WORKER],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,  # inherited by nobody: the worker has pipes of its own
        env={**os.environ, "TMPDIR": str(tmp_path)},
        text=True,
    )
    with parent:
        pid = int(parent.stdout.readline())
        time.sleep(after_s)
        parent.kill()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in status(pid):
        assert time.monotonic() < deadline, "the worker outlives its parent"
        time.sleep(0.02)
    assert list(tmp_path.iterdir()) == []


def status(pid):
    try:
        return Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return "\nState:\tZ"

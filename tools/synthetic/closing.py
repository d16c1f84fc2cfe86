"""Test of a Blender that is closed, killed or crashes while its worker is in the middle of a job."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

WAYS = ("quit", "killed", "terminated", "crashed")
_PATIENCE_S = 120

_BLENDER = """
import json, os, resource, sys, time
import bpy, mannerism
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
mannerism.register()
from mannerism.bridge import worker
how, asked = sys.argv[1], json.loads(sys.argv[2])
if asked["command"]:
    worker.command = lambda: asked["command"]
shared = worker.shared()
(shared.folder / "motion.npz").write_bytes(b"half")
job = shared.start(asked["name"], asked["arguments"], label="a job")
while job.share < asked["share"]:
    if job.poll():
        job.result()
        sys.exit("the job ended too early")
    time.sleep(0.01)
print(shared.pid, flush=True)
if how == "quit":
    mannerism.unregister()  # as Blender does with each extension when it quits
    sys.exit()
if how == "crashed":
    os.abort()
time.sleep(600)
"""


def close_in_the_middle(
    how: str,
    temporary: Path,
    *,
    name: str,
    arguments: Mapping[str, Any],
    share: float,
    command: Sequence[str] = (),
) -> list[int | str]:
    """Start a Blender, give its worker a job, and end it in one of WAYS once `share` of the job is done.

    temporary : an empty folder, where all its temporary files go

    Returns what is left after a while: of the worker its id, of our temporary files their names.
    """
    asked = json.dumps({"command": command, "name": name, "arguments": arguments, "share": share})
    program = [sys.executable, "-c", _BLENDER, how, asked]
    folders = {"TMPDIR": str(temporary), "BLENDER_USER_RESOURCES": str(temporary / "blender_user")}
    blender = subprocess.Popen(
        program,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | folders,
        text=True,
        cwd=temporary,
    )
    with blender:
        # Blender may print first which colours it uses.
        printed = next((line for line in blender.stdout or () if line.strip().isdigit()), "")
        if how in {"killed", "terminated"}:
            blender.send_signal(signal.SIGKILL if how == "killed" else signal.SIGTERM)
        _, complaints = blender.communicate(timeout=_PATIENCE_S)
    if not printed:
        raise RuntimeError(complaints)
    worker = int(printed)
    deadline = time.monotonic() + _PATIENCE_S
    while runs(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    ours: list[int | str] = [path.name for path in temporary.iterdir() if not path.name.startswith("blender")]
    return [worker, *ours] if runs(worker) else ours


def runs(pid: int) -> bool:
    """Whether a process still runs; a zombie that nobody has waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False

"""A worker with jobs that misbehave on request, run as a script by the tests: `misbehaving_worker.py ROOT`."""

import os
import signal
import sys
import time
from pathlib import Path


def count(progress, *, steps, pause_s=0.0):
    for step in range(steps):
        progress(step / steps, f"step {step}")
        time.sleep(pause_s)
    return {"steps": steps}


def refuse(progress):
    from mannerism.core.errors import AudioError

    raise AudioError("The sound is silent", "Choose another")


def break_down(progress):
    return {"share": 1 / 0}


def crash(progress):
    os.kill(os.getpid(), signal.SIGKILL)


def hang(progress, *, started):
    Path(started).touch()
    while True:
        time.sleep(10)


def shout(progress):
    """Print as native libraries do, on the descriptor itself."""
    os.write(1, b'{"type": "result", "job": "1", "value": {}}\n')
    print("noise")  # noqa: T201
    return {"heard": True}


def mumble(progress):
    return {"share": float("nan")}


def who(progress):
    return {"pid": os.getpid(), "path": sys.path, "group": os.getpgid(0)}


JOBS = {job.__name__: job for job in (count, refuse, break_down, crash, hang, shout, mumble, who)}

if __name__ == "__main__":
    sys.path.insert(0, str(Path(sys.argv[1]) / "core" / "jobs"))
    import boot  # type: ignore[import-not-found]

    channel = boot.claim_stdout()
    boot.register_package(Path(sys.argv[1]))
    from mannerism.core.worker.server import serve

    serve(sys.stdin.buffer, channel, JOBS)

"""Head motion as FBX, written by Blender's exporter in a child process with the `bpy` wheel."""

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from ..errors import MissingPartError, OutputError
from ..files import replacing
from ..motion import HeadMotion
from ..timing import FrameRate
from ..worker.arrays import save_motion

TIMEOUT_S = 600
"""Far beyond the seconds that an hour of motion takes: only a hanging child reaches it."""


def write_fbx(path: Path, motion: HeadMotion, rate: FrameRate) -> None:
    """Write a motion as FBX on the skeleton of the BVH, with a small skin for the bind pose.

    Raises
    ------
    MissingPartError : this Python has no `bpy`
    OutputError : the file cannot be written, or Blender's exporter failed
    """
    if find_spec("bpy") is None:
        raise MissingPartError(
            "FBX is written by Blender as a Python module, which this Python lacks",
            "Install it with “pip install bpy”, or choose a name ending in .bvh",
        )
    with replacing(path) as temporary, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = folder / path.name
        source = folder / "motion.npz"
        save_motion(source, motion)
        _run_child(folder, [str(source), str(result), str(rate.fps)])
        shutil.copyfile(result, temporary)


def _run_child(folder: Path, arguments: list[str]) -> None:
    package = __package__.removesuffix(".core.export")
    # -P: whatever lies in the current folder, say a bpy.py, stays out of the child.
    command = [sys.executable, "-s", "-P", "-m", f"{package}.bridge.fbx_child", *arguments]
    environment = os.environ | {"BLENDER_USER_RESOURCES": str(folder / "blender")}
    try:
        # subprocess.run kills the child when it is interrupted or runs out of time.
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired as error:
        raise _failure(f"did not end within {TIMEOUT_S} s") from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise _failure(f"failed with status {done.returncode}: {last}")


def _failure(what: str) -> OutputError:
    return OutputError(
        f"Blender's FBX exporter {what}", "Run “mannerism doctor”, or choose a name ending in .bvh"
    )

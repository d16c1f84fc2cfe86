"""Head motion as FBX, written by Blender's exporter in a child process with the `bpy` wheel."""

import atexit
import shutil
import sys
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ..errors import MissingPartError, OutputError, WorkerError
from ..files import replacing
from ..motion import HeadMotion
from ..motion_npz import save_motion
from ..timing import FrameRate
from ..worker.client import Worker
from .presets import ANY, Form

TIMEOUT_S = 600
"""Far beyond the seconds that an hour of motion takes: only a hanging child reaches it."""


def write_fbx(path: Path, motion: HeadMotion, rate: FrameRate, form: Form = ANY) -> None:
    """Write a motion as FBX on the skeleton of the BVH, with a small skin for the bind pose.

    Raises
    ------
    MissingPartError : this Python has no `bpy`
    OutputError : the file cannot be written, or Blender's exporter failed
    """
    _shared_writer().write(path, motion, rate, form)


class FbxWriter:
    """One child for many files: Blender starts with the first, and again only when it has died."""

    def __init__(self) -> None:
        package = __package__.removesuffix(".core.export")
        # -P: whatever lies in the current folder, say a bpy.py, stays out of the child.
        self._worker = Worker([sys.executable, "-s", "-P", "-m", f"{package}.bridge.fbx_child"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        self._worker.close()

    def write(self, path: Path, motion: HeadMotion, rate: FrameRate, form: Form = ANY) -> None:
        """As `write_fbx`."""
        if find_spec("bpy") is None:
            raise MissingPartError(
                "FBX is written by Blender as a Python module, which this Python lacks",
                "Install it with “pip install bpy”, or choose a name ending in .bvh",
            )
        with replacing(path) as temporary:
            source, result = self._worker.folder / "motion.npz", self._worker.folder / path.name
            save_motion(source, motion)
            try:
                self._ask(
                    {
                        "motion": str(source),
                        "fps": str(rate.fps),
                        "out": str(result),
                        "preset": form.preset,
                        "neck_share": form.neck_share,
                    }
                )
                shutil.copyfile(result, temporary)
            finally:
                source.unlink(missing_ok=True)
                result.unlink(missing_ok=True)

    def _ask(self, arguments: dict[str, Any]) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        try:
            job = self._worker.start("fbx", arguments, label="FBX")
            while not job.poll():
                if time.monotonic() > deadline:
                    job.cancel()
                    raise _failure(f"did not end within {TIMEOUT_S} s")
                time.sleep(0.01)
            job.result()
        except WorkerError as error:
            raise _failure(f"failed: {error.problem}") from error


@cache
def _shared_writer() -> FbxWriter:
    """One Blender for all files of this process: it takes seconds to start."""
    writer = FbxWriter()
    atexit.register(writer.close)
    return writer


def _failure(what: str) -> OutputError:
    return OutputError(
        f"Blender's FBX exporter {what}", "Run “mannerism doctor”, or choose a name ending in .bvh"
    )

"""The child process that writes one FBX file: python -m mannerism.bridge.fbx_child MOTION.npz OUT.fbx FPS."""

import os
import sys
import traceback
from fractions import Fraction
from pathlib import Path

from ..core.timing import FrameRate
from ..core.worker.arrays import load_motion
from .fbx import export_fbx


def main(source: str, target: str, fps: str) -> int:
    """Write the motion of an .npz file as FBX; returns the exit status."""
    try:
        export_fbx(Path(target), load_motion(Path(source)), FrameRate(Fraction(fps)))
    except Exception:  # noqa: BLE001  the parent reads the last line
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Blender 4.5 as a module may never come back from a normal exit.
    os._exit(status)

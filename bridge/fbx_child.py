"""A worker with one job, to write FBX files: python -m mannerism.bridge.fbx_child, asked as in `core/worker`."""

import os
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..core.export.presets import Form
from ..core.jobs.boot import claim_stdout
from ..core.motion import Progress
from ..core.motion_npz import load_motion
from ..core.timing import FrameRate
from ..core.worker.protocol import SCRATCH
from ..core.worker.server import serve


def write(
    _progress: Progress, *, motion: str, fps: str, out: str, preset: str, neck_share: float
) -> dict[str, Any]:
    """Write the motion of an .npz file as FBX. Raises what `export_fbx` does."""
    from .fbx import export_fbx

    form = Form(preset, neck_share=neck_share)
    export_fbx(Path(out), load_motion(Path(motion)), FrameRate(Fraction(fps)), form)
    return {}


def main() -> None:
    """Serve until stdin ends. Blender keeps its settings in the scratch folder, apart from the user's, and what it leaves."""
    channel = claim_stdout()
    if SCRATCH in os.environ:
        os.environ["BLENDER_USER_RESOURCES"] = str(Path(os.environ[SCRATCH]) / "blender")
        os.environ |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), os.environ[SCRATCH])
    serve(sys.stdin.buffer, channel, {"fbx": write})


if __name__ == "__main__":
    main()

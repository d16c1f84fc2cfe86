"""The scene's clock as one exact frame rate."""

import bpy

from ..core.timing import FrameRate


def frame_rate(scene: bpy.types.Scene, start_frame: float | None = None) -> FrameRate:
    """The scene's frame rate, with t = 0 at `start_frame`, or where the scene starts."""
    start = scene.frame_start if start_frame is None else start_frame
    return FrameRate.of(scene.render.fps, scene.render.fps_base, float(start))

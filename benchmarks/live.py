"""Benchmark of the sliders that shape a take: from setting a value to keys written, a minute at 24 frames a second.

python benchmarks/live.py
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("BLENDER_USER_RESOURCES", tempfile.mkdtemp())

import bpy
import numpy as np

from mannerism import panels, registration
from mannerism.bridge import live, takes
from mannerism.bridge.live_take import curves_of_all
from mannerism.core.generate.controls import finished
from mannerism.core.motion import GRID_HZ, HeadMotion
from mannerism.core.speech.windows import smooth
from mannerism.tools.synthetic.characters import posed

REPEATS = 15
SLIDES = {
    "intensity": 0.5,
    "pitch": 2.0,
    "smoothness": 0.2,
    "anticipation_s": 0.1,
    "pauses": 0.3,
    "neck_share": 0.6,
    "fade_in_s": 1.0,
    "pre_roll_s": 0.5,
}


class Layout:
    """A layout that draws nothing, so that what remains is ours."""

    def __getattr__(self, _name: str) -> Callable[..., "Layout"]:
        return lambda *_arguments, **_options: self


def minute() -> HeadMotion:
    """A minute of noise as slow as a head, on the grid."""
    count = 60 * GRID_HZ + 1
    noise = smooth(np.random.default_rng(0).normal(size=(count, 6)), 0.2)
    return finished(np.arange(count) / GRID_HZ, noise * [0.5, 0.5, 0.5, 0.02, 0.02, 0.02], 1.0)


def slide_ms(obj: Any, name: str, value: float) -> list[float]:
    """Times of single steps of a slider that is dragged, milliseconds of the processor."""
    times = []
    for step in range(REPEATS):
        wanted = value * (1.0 - 0.01 * step)
        started = time.process_time()
        setattr(obj.mannerism.shape, name, wanted)
        times.append(1e3 * (time.process_time() - started))
    return times


def edit(action: Any) -> None:
    """Change every tenth key of every curve, as an animator who has worked on all of it."""
    for curve in curves_of_all(action).values():
        for key in list(curve.keyframe_points)[::10]:
            key.co.y += 0.01
        curve.update()


def main() -> None:
    """Print the table; it judges nothing."""
    registration.register()
    context: Any = bpy.context
    context.scene.render.fps = 24
    print(
        f"Blender {bpy.app.version_string}, load {os.getloadavg()[0]:.1f}; processor times, median and longest"
    )
    for mode in ("QUATERNION", "XYZ", "AXIS_ANGLE"):
        for edited in (False, True):
            obj, _ = posed("armature", mode, "pose")
            layer = takes.add_take(obj, minute(), line="hello", seed=0, start_frame=1.0)
            action = bpy.data.actions[layer.name]
            live.note_activity(action, np.ones(60 * GRID_HZ + 1))
            if edited:
                edit(action)
            for name, value in SLIDES.items():
                times = slide_ms(obj, name, value)
                print(
                    f"{mode:10s} {'a tenth edited' if edited else 'as generated':14s} {name:15s}"
                    f"{statistics.median(times):7.1f} ms {max(times):7.1f} ms"
                )
            bpy.data.objects.remove(obj)
    obj, _ = posed("armature", "QUATERNION", "pose")
    context.view_layer.objects.active = obj
    for seed in range(50):
        takes.add_take(obj, minute(), line="hello", seed=seed, start_frame=1.0)
    started = time.process_time()
    for _ in range(20):
        panel = Layout()
        panels.shape.MANNERISM_PT_shape.draw(type("Panel", (), {"layout": panel})(), context)
    drawn = 1e3 * (time.process_time() - started) / 20
    started = time.process_time()
    for _ in range(20):
        for name in SLIDES:
            getattr(obj.mannerism.shape, name)
    read = 1e3 * (time.process_time() - started) / 20
    print(f"redraw of the panel with 50 takes {drawn:.2f} ms, its {len(SLIDES)} values {read:.2f} ms")
    registration.unregister()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # Blender 4.5 as a module may never come back from a normal exit

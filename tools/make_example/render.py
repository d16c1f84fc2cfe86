"""Frames of the figure as PNG files; those that are there already are left alone."""

from collections.abc import Iterable
from pathlib import Path

import bpy
import numpy as np

from mannerism.core.motion import HeadMotion
from mannerism.core.types import Array
from mannerism.tools.make_example.figure import Figure
from mannerism.tools.make_example.head import build_head
from mannerism.tools.make_example.mouth import FaceShape
from mannerism.tools.make_example.pose import Frame
from mannerism.tools.make_example.studio import Quality, set_up

CANONICAL = Path(__file__).resolve().parents[2] / "core" / "track" / "canonical_face.csv"


class Take:
    """The figure in its studio, about to give one performance."""

    def __init__(
        self, motion: HeadMotion, face: FaceShape, quality: Quality, *, hair_seed: int, threads: int
    ) -> None:
        self._motion, self._face = motion, face
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self._scene = set_up(quality, threads)
        self._figure = Figure(build_head(np.loadtxt(CANONICAL, delimiter=",", skiprows=4)), hair_seed)

    def openings(self) -> Array:
        """Opening of the mouth in each frame, (T,), metres."""
        return np.array([self._pose(number) for number in range(len(self._motion.time_s))])

    def render(self, folder: Path, numbers: Iterable[int]) -> list[Path]:
        """Render the frames that are missing; returns all files in order."""
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for number in numbers:
            file = folder / f"{number:04d}.png"
            files.append(file)
            if file.exists():
                continue
            self._pose(number)
            half = folder / f"half-{file.name}"
            self._scene.render.filepath = str(half)
            bpy.ops.render.render(write_still=True)
            half.replace(file)
        return files

    def _pose(self, number: int) -> float:
        face, motion = self._face, self._motion
        frame = Frame(
            channels=face.channels[number],
            closure=float(face.closure[number]),
            blink=float(face.blink[number]),
            brow=float(face.brow[number]),
        )
        return self._figure.pose(frame, motion.rotation[number], motion.translation_m[number])

"""Batch runner for one character: many lines, one after another, each onto a layer or into a file."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from math import ceil
from pathlib import Path
from typing import Any

import bpy

from ..core.batch.earlier import Record
from ..core.errors import BatchError, MannerismError, OutputError, RigError
from ..core.files import sha256_of
from ..core.motion_npz import load_motion
from ..core.timing import FrameRate
from ..core.worker.client import Job, Worker
from ..core.worker.series import Series
from .export import write
from .nla import list_layers
from .settings import manner, style_file
from .takes import add_take
from .timing import frame_rate

_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|]')

_series: Series | None = None


def begin(scene: Any, obj: bpy.types.Object, indices: Iterable[int], worker: Worker) -> Series:
    """Start a series of the lines at these places of the scene's list, for this object."""
    global _series  # noqa: PLW0603  one worker, one series
    tasks = [LineTask(scene, obj, index, worker) for index in indices]
    _series = Series(f"Generate {len(tasks)} lines for {obj.name}", tasks)
    return _series


def running() -> Series | None:
    """The running series."""
    return _series if _series is not None and _series.running else None


class LineTask:
    """One line. Scene and object are known by name, the line by its place: the animator may undo meanwhile."""

    def __init__(self, scene: Any, obj: bpy.types.Object, index: int, worker: Worker) -> None:
        self.name = scene.mannerism.lines[index].name
        self.index = index
        self._scene, self._object, self._worker = scene.name, obj.name, worker
        self._motion = worker.folder / "motion.npz"

    def start(self) -> Job:
        """Start the job that makes the motion, unless it is there and nothing has changed."""
        scene, line, obj = self._look()
        if not line.audio:
            raise BatchError(line.message or f"“{line.name}” has no sound", "Remove this line")
        wanted = manner(obj) | {"audio": bpy.path.abspath(line.audio), "seed": line.seed}
        if line.style:
            wanted["style"] = str(style_file(line.style))
        path = _path(scene.mannerism, line)
        if path is None:
            there = line.output in {layer.name for layer in list_layers(obj)}
        else:
            there = line.output == str(path)
            if path.exists() and not there:
                raise OutputError(f"“{path.name}” is there already", "Remove it, or choose another folder")
        # The worker reads the sound and the style: hashing them here would stop the window.
        arguments = wanted | {
            "motion_out": str(self._motion),
            "out": str(path or ""),
            "fps": str(frame_rate(scene).fps),
            "record": asdict(_record(line)) if there and (path is None or line.written) else {},
        }
        return self._worker.start("take", arguments, label=f"Generate for {obj.name}")

    def finish(self, answer: Mapping[str, Any]) -> bool:
        """Add the motion as a layer, or write it to its file; False where that stands from before."""
        scene, line, obj = self._look()
        if not answer["made"]:
            return False
        motion, rate = load_motion(self._motion), frame_rate(scene)
        path = _path(scene.mannerism, line)
        if path is not None:
            write(path.suffix, path, motion, rate)
            line.output, line.message, line.written = str(path), "", _written(path)
        else:
            start = _start(scene, line, rate)
            layer = add_take(obj, motion, line=line.name, seed=line.seed, start_frame=start)
            line.start, line.end = start, ceil(start + motion.duration_s * rate.fps)
            line.output, line.message, line.written = layer.name, "; ".join(layer.notes), ""
        line.digest, line.status = answer["digest"], "DONE"
        return True

    def fail(self, error: MannerismError) -> None:
        """Show the reason in the list."""
        with suppress(BatchError, RigError):
            _, line, _ = self._look()
            line.status, line.message = "FAILED", str(error)

    def _look(self) -> tuple[Any, Any, bpy.types.Object]:
        scene: Any = bpy.data.scenes.get(self._scene)
        obj = bpy.data.objects.get(self._object)
        if obj is None:
            raise RigError(f"“{self._object}” is gone", "Undo its removal, and generate again")
        if scene is None or self.index >= len(scene.mannerism.lines):
            raise BatchError(f"“{self.name}” is no longer in the list", "Add it again")
        return scene, scene.mannerism.lines[self.index], obj


def _path(batch: Any, line: Any) -> Path | None:
    """The file of a line, None where it becomes a layer."""
    if batch.target == "LAYERS":
        return None
    name = f"{_NOT_IN_A_NAME.sub('_', line.name)}.{batch.target.lower()}"
    return Path(bpy.path.abspath(batch.folder)) / name


def _start(scene: Any, line: Any, rate: FrameRate) -> int:
    """Where a line begins: where it wants to, where it was before, or else after all that have a place."""
    if line.own_start or line.end:
        return int(line.start)
    ends = [other.end for other in scene.mannerism.lines if other.end]
    return ceil(max(ends) + scene.mannerism.pause_s * rate.fps) if ends else int(scene.frame_start)


def _record(line: Any) -> Record:
    """What was made of a line last."""
    size, _, sha256 = line.written.partition(" ")
    return Record("", line.digest if line.status == "DONE" else "", int(size or 0), sha256)


def _written(path: Path) -> str:
    """Size and hash of a file that was written, as a line keeps them."""
    try:
        return f"{path.stat().st_size} {sha256_of(path)}"
    except OSError:  # gone already
        return ""

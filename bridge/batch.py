"""Batch runner for one character: many lines, one after another, each onto a layer or into a file."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields
from math import ceil
from pathlib import Path
from typing import Any

import bpy

from ..core.batch.digest import digest_of
from ..core.batch.manifest_row import Line
from ..core.errors import BatchError, MannerismError, OutputError, RigError
from ..core.generate.settings import GenerationSettings
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
        self._digest = ""

    def start(self) -> Job | None:
        """Start the job for the motion, unless it is there and nothing has changed."""
        scene, line, obj = self._look()
        if not line.audio:
            raise BatchError(line.message or f"“{line.name}” has no sound", "Remove this line")
        wanted = manner(obj) | {"audio": bpy.path.abspath(line.audio), "seed": line.seed}
        if line.style:
            wanted["style"] = str(style_file(line.style))
        path = _path(scene.mannerism, line)
        self._digest = _digest(wanted, path, frame_rate(scene))
        if path is None:
            there = line.output in {layer.name for layer in list_layers(obj)}
        else:
            there = path.is_file() and line.output == str(path)
        if there and line.digest == self._digest and line.status == "DONE":
            return None
        if path is not None and path.exists() and line.output != str(path):
            raise OutputError(f"“{path.name}” is there already", "Remove it, or choose another folder")
        arguments = wanted | {"motion_out": str(self._motion)}
        return self._worker.start("generate", arguments, label=f"Generate for {obj.name}")

    def finish(self, answer: Mapping[str, Any]) -> None:
        """Add the motion as a layer, or write it to its file."""
        scene, line, obj = self._look()
        motion, rate = load_motion(self._motion), frame_rate(scene)
        path = _path(scene.mannerism, line)
        if path is not None:
            write(path.suffix, path, motion, rate)
            line.output, line.message = str(path), "; ".join(answer.get("notes", ()))
        else:
            start = _start(scene, line, rate)
            layer = add_take(obj, motion, line=line.name, seed=line.seed, start_frame=start)
            line.start, line.end = start, ceil(start + motion.duration_s * rate.fps)
            line.output = layer.name
            line.message = "; ".join([*layer.notes, *answer.get("notes", ())])
        line.digest, line.status = self._digest, "DONE"

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


def _digest(wanted: Mapping[str, Any], path: Path | None, rate: FrameRate) -> str:
    settings = GenerationSettings(**{field.name: wanted[field.name] for field in fields(GenerationSettings)})
    audio, style = Path(wanted["audio"]), Path(wanted["style"])
    return digest_of(Line("", audio, style, path or Path("layer"), settings, rate))

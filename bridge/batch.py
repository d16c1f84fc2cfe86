"""Batch runner for one character: many lines, one after another, each onto a layer or into a file."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import Any

import bpy

from ..core.direct.direction_file import direction_to_json
from ..core.errors import BatchError, MannerismError, RigError
from ..core.motion_npz import load_motion
from ..core.worker.client import Job, Worker
from ..core.worker.series import Series
from .batch_directions import directed_line, start_of_line
from .batch_places import Places, file_of
from .export import write
from .live_preset import shape_as_waiting
from .new_take import NewTake
from .nla import list_layers
from .settings import manner
from .style_files import style_file
from .timing import frame_rate
from .translations import filled

_series: Series | None = None


def begin(scene: Any, obj: bpy.types.Object, indices: Iterable[int], worker: Worker) -> Series:
    """Start a series of the lines at these places of the scene's list, for this object."""
    global _series  # noqa: PLW0603  one worker, one series
    places = Places(scene, obj)
    tasks = [LineTask(scene, obj, index, worker, places) for index in indices]
    _series = Series(filled("Generate {} lines for {}", len(tasks), obj.name), tasks)
    return _series


def running() -> Series | None:
    """The running series."""
    return _series if _series is not None and _series.running else None


class LineTask:
    """One line. Scene and object are known by name, the line by its place: the animator may undo meanwhile."""

    def __init__(self, scene: Any, obj: bpy.types.Object, index: int, worker: Worker, places: Places) -> None:
        self.name = scene.mannerism.lines[index].name
        self.index = index
        self._scene, self._object, self._worker = scene.name, obj.name, worker
        self._places = places
        self._take: NewTake | None = None
        self.skipped = False

    def start(self) -> Job | None:
        """Start the job that looks for the motion, and makes it unless it is there and nothing has changed."""
        scene, line, obj = self._look()
        if not line.audio:
            raise BatchError(line.message or f"“{line.name}” has no sound", "Remove this line")
        settings = manner(obj)
        if line.style:
            settings["style"] = str(style_file(line.style))
        path = file_of(scene.mannerism, line)
        if path is not None:
            self._places.check(self.index, path)
        speech, directed = directed_line(scene, line, obj)
        self._take = NewTake.of(speech, line.seed, directed, settings, self._worker.folder)
        # Edits of a layer that is there are no reason to make it anew, but a file shows them.
        asked = directed.lasting if path is None else directed.direction
        arguments = self._take.arguments | {
            "asked": direction_to_json(asked) if asked else "",
            "out": str(path or ""),
            "fps": str(frame_rate(scene).fps),
            "record": _record(line, obj, path),
        }
        return self._worker.start("generate_line", arguments, label=filled("Generate for {}", obj.name))

    def finish(self, answer: Mapping[str, Any]) -> Job | None:
        """Add the motion as a layer, or write it to its file, which a further job then reads."""
        scene, line, obj = self._look()
        if "sha256" in answer:
            line.size, line.sha256 = answer["size"], answer["sha256"]
            return None
        if answer["made"]:
            self.skipped, line.message, line.status = True, answer["note"], "DONE"
            return None
        if self._take is None:
            raise BatchError(f"“{line.name}” was not begun", "Generate again")
        motion, rate = load_motion(self._take.motion_file), frame_rate(scene)
        path = file_of(scene.mannerism, line)
        notes = list(answer.get("notes", ()))
        if path is not None:
            notes = [*self._take.directed.notes, *notes]
            write(path.suffix, path, motion, rate)
            line.output, line.size, line.sha256 = str(path), 0, ""
        else:
            start = start_of_line(scene, line)
            layer, said = self._take.add(obj, start)
            line.start, line.end = start, ceil(start + motion.duration_s * rate.fps)
            line.output = layer.name
            notes = [*said, *layer.notes, *shape_as_waiting(obj, keep=True), *notes]
        line.digest, line.status, line.message = answer["digest"], "DONE", "; ".join(notes)
        if path is None:
            return None
        return self._worker.start("file_record", {"path": str(path)}, label=line.name)

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


def _record(line: Any, obj: bpy.types.Object, path: Path | None) -> dict[str, Any]:
    """What was made for a line, empty where that is gone or was made elsewhere; see `Record`."""
    if path is None:
        there = line.output in {layer.name for layer in list_layers(obj)}
    else:
        there = line.output == str(path)
    if not there:
        return {}
    digest = line.digest if line.status == "DONE" else ""
    return {"id": line.name, "digest": digest, "size": line.size, "sha256": line.sha256}

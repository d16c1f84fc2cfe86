"""Style files that were renamed or put away, and what undo and redo mean for them."""

import json
from pathlib import Path
from typing import Any

import bpy
from bpy.app import handlers

from ..core.errors import OutputError
from .style_list import styles

_DONE = "mannerism_file_moves"  # custom property of a scene: numbers of the moves that are done in this state
_moves: list[tuple[Path, Path]] = []
"""From where to where, in order, as long as this Blender has the file open."""


def move(source: Path, target: Path, scene: Any) -> None:
    """Rename a file, never over another one; undo takes it back. Raises OutputError."""
    try:
        if target.exists():
            raise FileExistsError(0, "there is another file of that name")
        target.parent.mkdir(exist_ok=True)
        source.rename(target)
    except OSError as error:
        raise OutputError(
            f"“{source.name}” cannot be moved ({error.strerror or error})",
            "Choose another name, or do it by hand",
        ) from error
    _moves.append((source, target))
    scene[_DONE] = json.dumps([*_done(scene), len(_moves) - 1])
    styles.forget(str(source))


def _done(scene: Any) -> list[int]:
    return list(json.loads(scene.get(_DONE, "[]")))


def _follow_undo(*_: Any) -> None:
    """Bring the files into the state that undo or redo has shown."""
    done = {number for scene in bpy.data.scenes for number in _done(scene)}
    back = [move[::-1] for number, move in reversed([*enumerate(_moves)]) if number not in done]
    again = [move for number, move in enumerate(_moves) if number in done]
    for source, target in (*back, *again):
        if source.is_file() and not target.exists():
            source.rename(target)
            styles.forget(str(source))
            styles.forget(str(target))


def _forget(*_: Any) -> None:
    _moves.clear()
    for scene in bpy.data.scenes:
        if _DONE in scene.keys():  # noqa: SIM118  not a dictionary
            del scene[_DONE]


def start() -> None:
    """Follow undo and redo from now on."""
    stop()
    each: Any = handlers
    for where in (each.undo_post, each.redo_post):
        where.append(each.persistent(_follow_undo))
    each.load_post.append(each.persistent(_forget))


def stop() -> None:
    """Follow them no longer; also what an earlier import of this module had registered."""
    each: Any = handlers
    for where in (each.undo_post, each.redo_post, each.load_post):
        for handler in [h for h in where if h.__module__ == __name__]:
            where.remove(handler)
    _moves.clear()

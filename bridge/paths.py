"""Paths of files that a character or a batch refers to, relative to the saved file as Blender's own are."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
from bpy.app import handlers

from ..core.media.suffixes import SOUNDS

FILMS = (".mp4", ".mov", ".mkv", ".webm", ".avi")
"""Suffixes of films, for the file browser."""

FIELDS = {
    "reference": (*FILMS, ".csv", ".bvh"),
    "style": (".json",),
    "second_style": (".json",),
    "audio": (*SOUNDS, *FILMS),
    "motion_file": (".csv",),
}
"""Fields that name a file to read, and the suffixes that their file windows list."""

_CHARACTER = ("reference", "style", "second_style", "audio", "encoded_style", "encoded_from")
_PORTRAIT = ("motion_file", "output")
_LINE = ("audio", "style", "direct")
_BATCH = ("folder",)


def stored_path(path: str, blend: str | None = None) -> str:
    """How a field keeps a path: relative to the saved file, where the user has that as a preference.

    Names of built-in styles, empty fields, unsaved files and other drives are left as they are.

    blend : the file that it is relative to, by default the open one
    """
    preferences: Any = bpy.context.preferences
    blend = bpy.data.filepath if blend is None else blend
    plain = bpy.path.abspath(path)
    if not (blend and Path(plain).is_absolute() and preferences.filepaths.use_relative_paths):
        return path
    try:
        return "//" + os.path.relpath(plain, os.path.dirname(blend))  # noqa: PTH120  as text, whatever the system
    except ValueError:  # on another drive
        return plain


def normal_path(path: str) -> str:
    """An absolute path without “..”, by which two paths of one file are equal."""
    return os.path.normpath(bpy.path.abspath(path))


def fields_with_paths() -> Iterator[tuple[Any, str]]:
    """All fields of the file that hold a path."""
    for obj in bpy.data.objects:
        if obj.is_editable:
            each: Any = obj
            yield from ((each.mannerism, name) for name in _CHARACTER)
            yield from ((each.mannerism.portrait, name) for name in _PORTRAIT)
    for scene in bpy.data.scenes:
        batch: Any = scene
        yield from ((batch.mannerism, name) for name in _BATCH)
        for line in batch.mannerism.lines:
            yield from ((line, name) for name in _LINE)


_before: dict[str, list[tuple[Any, str, str]]] = {}
"""By file that is being saved, fields and what they held."""


def _on_save(filepath: str, *_: Any) -> None:
    """Keep paths relative to where the file goes now, as Blender does with its own on Save As."""
    if not filepath:
        return
    kept = []
    for group, name in fields_with_paths():
        held = getattr(group, name)
        stored = stored_path(held, filepath)
        if stored != held:
            kept.append((group, name, held))
            _put(group, name, stored)
    _before[filepath] = kept


def _after_save(filepath: str, *_: Any) -> None:
    """Where a copy was saved, the open file stays where it is, and so do its paths."""
    for group, name, held in _before.pop(filepath, []):
        if bpy.data.filepath != filepath:
            _put(group, name, held)


def _put(group: Any, name: str, value: str) -> None:
    """Set a field to another way of writing the same path: a line that stays the same keeps its seed."""
    seed = getattr(group, "seed", None)
    setattr(group, name, value)
    if seed is not None:
        group.seed = seed


def start() -> None:
    """Follow the saved file from now on."""
    stop()
    each: Any = handlers
    each.save_pre.append(each.persistent(_on_save))
    for where in (each.save_post, each.save_post_fail):
        where.append(each.persistent(_after_save))


def stop() -> None:
    """Follow it no longer; also what an earlier import of this module had registered."""
    each: Any = handlers
    for where in (each.save_pre, each.save_post, each.save_post_fail):
        for handler in [h for h in where if h.__module__ == __name__]:
            where.remove(handler)

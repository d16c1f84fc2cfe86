"""Preferences of the extension."""

from typing import Any

import bpy
from bpy.props import BoolProperty, IntProperty, StringProperty

from .. import __package__ as base_package
from ..core.data_folder import worker_log
from . import operator_ids
from .translations import filled

THREADS, KEEP_WARM, IDLE_MINUTES = 0, False, 10
"""What counts until the animator chooses otherwise."""


class MANNERISM_AP_preferences(bpy.types.AddonPreferences):
    """Preferences of the extension."""

    bl_idname = base_package

    worker_python: StringProperty(  # type: ignore[valid-type]
        name="Worker Python",
        description="Python that has the extension's packages. Empty: the packages in the extension itself",
        subtype="FILE_PATH",
    )
    style_folder: StringProperty(  # type: ignore[valid-type]
        name="Style Folder",
        description="Where encoded styles are saved. Empty: beside the saved file; as long as the file is not "
        "saved, in the extension's own folder, which is deleted with the extension",
        subtype="DIR_PATH",
    )
    threads: IntProperty(  # type: ignore[valid-type]
        name="Threads",
        description="How many pictures of a video the worker draws at once. 0: one for each processor core. Motion takes one",
        default=THREADS,
        min=0,
        soft_max=32,
    )
    keep_warm: BoolProperty(  # type: ignore[valid-type]
        name="Keep Worker Warm",
        description="Leave the worker running until Blender ends: the next job starts at once, and its memory stays taken",
        default=KEEP_WARM,
    )
    idle_minutes: IntProperty(  # type: ignore[valid-type]
        name="End After",
        description="Minutes without a job after which the worker ends and its memory is free again. 0: right after each job",
        default=IDLE_MINUTES,
        min=0,
        soft_max=120,
    )

    def draw(self, _context: bpy.types.Context) -> None:
        """The worker: its Python, a check of it, its threads, how long it stays; the folder of styles; where the log lies."""
        layout: Any = self.layout
        layout.use_property_split = True
        layout.prop(self, "worker_python")
        layout.operator(operator_ids.CHECK_WORKER, icon="CHECKMARK")
        layout.prop(self, "threads")
        layout.prop(self, "keep_warm")
        row = layout.row()
        row.active = not self.keep_warm
        row.prop(self, "idle_minutes")
        layout.operator(operator_ids.END_WORKER, icon="QUIT")
        layout.prop(self, "style_folder")
        log = str(worker_log())
        layout.label(text=filled("Log of the worker, for a bug report: {}", log), icon="TEXT")


def chosen_path(name: str) -> str:
    """A folder or a program as an absolute path, "" where none was chosen."""
    return str(bpy.path.abspath(_value(name, "")))


def threads() -> int:
    """How many pictures the worker may draw at once; 0 for as many as there are cores."""
    return int(_value("threads", THREADS))


def idle_s() -> float | None:
    """Seconds without a job after which the worker ends; None for never."""
    return None if _value("keep_warm", KEEP_WARM) else 60.0 * _value("idle_minutes", IDLE_MINUTES)


def _value(name: str, default: Any) -> Any:
    """A preference, or its default where the package is registered without being enabled as an add-on."""
    preferences: Any = bpy.context.preferences
    addon = preferences.addons.get(base_package)
    return getattr(addon.preferences, name) if addon else default


CLASSES = (MANNERISM_AP_preferences,)

"""What Blender knows of the extension, as data."""

from typing import Any

import bpy

from . import operators, panels
from .bridge import (
    file_moves,
    keymap,
    layer_watch,
    lines,
    live_update,
    paths,
    preferences,
    settings,
    translations,
    worker,
    worker_rest,
)
from .bridge.portrait_progress import watch
from .bridge.style_list import styles
from .panels.export import draw_file_menu

CLASSES: tuple[Any, ...] = (
    *settings.CLASSES,
    *preferences.CLASSES,
    *lines.CLASSES,
    *operators.CLASSES,
    *panels.CLASSES,
)
_OBJECT: Any = bpy.types.Object
_SCENE: Any = bpy.types.Scene
_ACTION: Any = bpy.types.Action
_EXPORT_MENU: Any = bpy.types.TOPBAR_MT_file_export


def register() -> None:
    """Register all classes with Blender; safe to call twice."""
    for cls in CLASSES:
        if not cls.is_registered:
            translations.in_own_context(cls)
            bpy.utils.register_class(cls)
    _OBJECT.mannerism = bpy.props.PointerProperty(
        type=settings.MANNERISM_PG_character, override={"LIBRARY_OVERRIDABLE"}
    )
    _SCENE.mannerism = bpy.props.PointerProperty(type=lines.MANNERISM_PG_batch)
    _ACTION.mannerism_star = bpy.props.BoolProperty(
        name="Star", description="A take to keep in view: Show Next Take goes through these"
    )
    _EXPORT_MENU.remove(draw_file_menu)
    _EXPORT_MENU.append(draw_file_menu)
    layer_watch.start()
    live_update.start()
    paths.start()
    keymap.start()
    translations.start()
    worker_rest.start()
    file_moves.start()


def unregister() -> None:
    """Take everything back, the worker included."""
    worker_rest.stop()
    worker.close()
    watch.close()
    layer_watch.stop()
    live_update.stop()
    paths.stop()
    keymap.stop()
    translations.stop()
    file_moves.stop()
    styles.close()
    _EXPORT_MENU.remove(draw_file_menu)
    del _OBJECT.mannerism
    del _SCENE.mannerism
    del _ACTION.mannerism_star
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)

"""Keys of the extension, which the animator may change under Preferences › Keymap."""

from typing import Any

import bpy

from . import operator_ids

KEYS = {
    "Object Mode": (operator_ids.SHOW_NEXT, "Y"),
    "Pose": (operator_ids.SHOW_NEXT, "Y"),
}
"""By keymap, an operator and its key; Blender's own keymap leaves it free there."""

_added: list[tuple[Any, Any]] = []


def start() -> None:
    """Add the keys; without a window there is no keymap."""
    stop()
    keyconfig: Any = bpy.context.window_manager.keyconfigs.addon  # type: ignore[union-attr]
    if keyconfig is None:
        return
    for name, (operator, key) in KEYS.items():
        keymap = keyconfig.keymaps.new(name=name)
        _added.append((keymap, keymap.keymap_items.new(operator, key, "PRESS")))


def stop() -> None:
    """Take them away."""
    for keymap, item in _added:
        keymap.keymap_items.remove(item)
    _added.clear()

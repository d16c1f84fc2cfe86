"""Options shared by the fields of settings."""

from typing import Any

OVERRIDABLE: set[Any] = {"LIBRARY_OVERRIDABLE"}
"""A linked character's settings may be changed where it is linked."""

LINE_PATH: dict[str, Any] = {"subtype": "FILE_PATH", "options": {"PATH_SUPPORTS_BLEND_RELATIVE"}}
"""A file, relative to the saved file where that is wanted; in a list, whose items are not overridden one by one."""

PATH = LINE_PATH | {"override": OVERRIDABLE}
"""The same outside of lists."""

CHOSEN_PATH: dict[str, Any] = {"override": OVERRIDABLE}
"""A file for which the panel has a button that opens a window with the files that fit."""

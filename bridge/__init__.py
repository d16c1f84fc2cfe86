"""Blender's data: rigs, layers, sound, styles and the worker, for operators and panels.

Modules of this room that are imported from it, `from ..bridge import takes`, load when something of them is
first used: Blender starts with every extension that is on, and most sessions use few.
"""

from types import ModuleType
from typing import TYPE_CHECKING

if not TYPE_CHECKING:  # else a type checker takes every name for one of these
    from ..core.lazy import lazy_module

    def __getattr__(name: str) -> ModuleType:
        return lazy_module(name, __name__)

"""Style, speech and settings to HeadMotion.

Blender imports this room for its controls alone, the command line's help for its names: all comes on
first use.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..lazy import exported

if TYPE_CHECKING:
    from .engine import DEFAULT_ENGINE, ENGINES, Engine
    from .settings import SLIDERS, GenerationSettings, first_seed
    from .take import generate

__all__ = [
    "DEFAULT_ENGINE",
    "ENGINES",
    "SLIDERS",
    "Engine",
    "GenerationSettings",
    "first_seed",
    "generate",
]

_HOMES: Mapping[str, str] = {
    "DEFAULT_ENGINE": "engine",
    "SLIDERS": "settings",
    "ENGINES": "engine",
    "Engine": "engine",
    "GenerationSettings": "settings",
    "first_seed": "settings",
    "generate": "take",
}


def __getattr__(name: str) -> Any:
    return exported(name, _HOMES, __package__)

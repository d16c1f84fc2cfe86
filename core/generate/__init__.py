"""Style, speech and seed to HeadMotion.

Blender imports this room for its controls alone, so the engines come on first use.
"""

from typing import TYPE_CHECKING, Any

from .controls import GenerationSettings, SettingsError, first_seed

if TYPE_CHECKING:
    from .engine import ENGINES, Engine
    from .take import generate

__all__ = ["ENGINES", "Engine", "GenerationSettings", "SettingsError", "first_seed", "generate"]


def __getattr__(name: str) -> Any:
    if name == "generate":
        from .take import generate

        return generate
    if name in ("ENGINES", "Engine"):
        from . import engine

        return getattr(engine, name)
    raise AttributeError(name)

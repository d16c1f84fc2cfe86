"""Style, speech and seed to HeadMotion."""

from .controls import GenerationSettings, SettingsError, first_seed
from .engine import ENGINES, Engine
from .take import generate

__all__ = ["ENGINES", "Engine", "GenerationSettings", "SettingsError", "first_seed", "generate"]

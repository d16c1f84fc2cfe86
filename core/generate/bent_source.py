"""Any engine as the source of a directed take: the engine makes it without the direction, and it is bent afterwards."""

from dataclasses import replace

import numpy as np

from ..direct.direction import Direction, Part, Pin
from ..direct.kernel import Kernel
from ..direct.windows import Window
from ..motion import GRID_HZ, Progress
from ..speech.features import SpeechFeatures
from ..style.personality import towards
from ..style.schema import AXES, Style
from ..types import Array
from .engine import Engine, channels_from
from .settings import GenerationSettings

_JOIN_S = 1.2


class BentSource:
    """See `Source`."""

    bends = True

    def __init__(
        self,
        engine: Engine,
        style: Style,
        speech: SpeechFeatures,
        settings: GenerationSettings,
        direction: Direction,
    ) -> None:
        self._engine, self._style, self._speech, self._settings = engine, style, speech, settings
        self._direction = direction
        known = towards(style, settings.personality)
        self.kernel = Kernel.of_style(known)
        gains = settings.intensity * np.array(direction.strengths.gains[:3])
        self.sd_deg = gains * np.exp(known.vector(*(f"log_sigma_{axis}" for axis in AXES)))

    def base(self, progress: Progress) -> Array:
        """See `Source`."""
        self._base = self._take(self._settings, progress)
        return self._base

    def obeying(self, progress: Progress) -> tuple[Array, list[Window], frozenset[Pin]]:
        """See `Source`."""
        progress(1.0, "bending to pins")
        reach = round(_JOIN_S * GRID_HZ)
        joins = [(kept.first - reach, kept.stop + reach) for kept in self._direction.kept]
        return self._base, joins, frozenset()

    def part(self, part: Part, progress: Progress) -> Array:
        """See `Source`."""
        return self._take(replace(self._settings, seed=part.seed), progress)

    def notes(self) -> list[str]:
        """See `Source`."""
        return [
            "This engine makes its take without regard to what is asked, so the take was bent to it; the actor goes for it."
        ]

    def _take(self, settings: GenerationSettings, progress: Progress) -> Array:
        return channels_from(self._engine, self._style, self._speech, settings, progress)

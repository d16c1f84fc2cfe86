"""What every engine is, and the table of those there are."""

from collections.abc import Mapping
from typing import Protocol

from ..motion import Progress
from ..speech.features import SpeechFeatures
from ..style.schema import Style
from ..types import Array
from .actor import actor
from .controls import GenerationSettings
from .puppet import puppet
from .replay import replay


class Engine(Protocol):
    """Style, speech and settings to one take, a pure function of its arguments.

    Returns (T, 6) on the grid of the speech: rotation vectors in radians relative to rest, and the
    displacement of the neck pivot in metres. What lies more than 12 s before the end must not
    change when speech is appended. Of the settings it reads all but the name and the intensity,
    which acts on the finished take. Raises StyleError for a style that it cannot work from.
    """

    def __call__(
        self, style: Style, speech: SpeechFeatures, settings: GenerationSettings, progress: Progress
    ) -> Array:
        """Make the take."""
        ...


ENGINES: Mapping[str, Engine] = {"actor": actor, "puppet": puppet, "replay": replay}
"""Those of `names.ENGINE_SUMMARIES`, in the same order."""

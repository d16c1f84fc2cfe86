"""Style and speech to one take of head motion."""

import logging
from dataclasses import replace

from ..direct.direction import Direction
from ..errors import SettingsError
from ..motion import HeadMotion, Progress, no_progress
from ..speech.features import SpeechFeatures
from ..style.schema import Style
from .controls import finished
from .engine import ENGINES, Engine, RegisteredEngine, channels_from
from .settings import GenerationSettings

_log = logging.getLogger(__name__)

_DEFAULT = GenerationSettings()
_NOTHING = Direction()


def generate(
    style: Style,
    speech: SpeechFeatures,
    settings: GenerationSettings = _DEFAULT,
    progress: Progress = no_progress,
    *,
    engine: Engine | None = None,
    direction: Direction = _NOTHING,
) -> HeadMotion:
    """One take: the same bytes for the same style, speech, settings and direction.

    Appending speech moves everything that lies more than 12 s before the join by less than 0.01°.

    engine : used in place of the one that the settings name
    direction : what the take must do; an empty one leaves every byte as it is

    Returns
    -------
    Motion on the grid of the speech; at rest at its first sample and its last, which is not after
    the sound's end.

    Raises
    ------
    SettingsError : there is no such engine
    StyleError : the engine cannot work from this style
    """
    _log.info("Engine %s, seed %d, %.1f s of speech", settings.engine, settings.seed, speech.duration_s)
    chosen = engine or _named(settings.engine)
    if direction:
        from .directed import directed

        whole = chosen.loaded if isinstance(chosen, RegisteredEngine) else chosen
        motion = directed(style, speech, settings, direction, engine=whole, progress=progress)
        progress(1.0, "done")
        return motion
    channels = channels_from(chosen, style, speech, settings, progress)
    progress(1.0, "done")
    return replace(finished(speech.time_s, channels, settings.intensity), notes=speech.notes)


def _named(name: str) -> RegisteredEngine:
    if name not in ENGINES:
        raise SettingsError(f"There is no engine “{name}”", f"Choose one of: {', '.join(ENGINES)}")
    return ENGINES[name]

"""Style and speech to one take of head motion."""

from ..errors import SettingsError
from ..motion import HeadMotion, Progress, no_progress
from ..speech.features import SpeechFeatures
from ..style.schema import Style
from .controls import finished
from .engine import ENGINES
from .settings import GenerationSettings

_DEFAULT = GenerationSettings()


def generate(
    style: Style,
    speech: SpeechFeatures,
    settings: GenerationSettings = _DEFAULT,
    progress: Progress = no_progress,
) -> HeadMotion:
    """One take: the same bytes for the same style, speech and settings.

    Appending speech moves everything that lies more than 12 s before the join by less than 0.01°.

    Returns
    -------
    Motion on the grid of the speech; at rest at its first sample and its last, which is not after
    the sound's end.

    Raises
    ------
    SettingsError : there is no such engine
    StyleError : the engine cannot work from this style
    """
    if settings.engine not in ENGINES:
        known = ", ".join(ENGINES)
        raise SettingsError(f"There is no engine “{settings.engine}”", f"Choose one of: {known}")
    channels = ENGINES[settings.engine](style, speech, settings, progress)
    progress(1.0, "done")
    return finished(speech.time_s, channels, settings.intensity)

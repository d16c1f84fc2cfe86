"""A style and a sound file to one take of head motion."""

from collections.abc import Callable
from pathlib import Path

from ..direct.direction import Direction
from ..motion import HeadMotion, Progress, no_progress
from ..progress import part
from ..speech.features import SpeechFeatures, extract_features
from ..style.schema import Style
from .engine import Engine
from .settings import GenerationSettings
from .take import generate

_SPEECH_SHARE = 0.6  # of the time
_DEFAULT = GenerationSettings()
_NOTHING = Direction()


def motion_from_audio(
    style: Style,
    audio: Path,
    settings: GenerationSettings = _DEFAULT,
    progress: Progress = no_progress,
    *,
    engine: Engine | None = None,
    direction: Direction = _NOTHING,
    start_s: float = 0.0,
    length_s: float | None = None,
    on_speech: Callable[[SpeechFeatures], None] | None = None,
) -> HeadMotion:
    """Generate head motion for a sound file, or for a part of it.

    audio : a sound, or a video with sound
    engine : used in place of the one that the settings name
    direction : what the take must do, see `take.generate`
    start_s, length_s : the part in seconds, by default all; t = 0 of the motion is its first sample
    on_speech : called with what was found in the sound

    Raises
    ------
    AudioError : the file is no sound, damaged, too short or silent
    SettingsError : there is no such engine
    StyleError : the engine cannot work from this style
    MissingPartError : the engine's weights are missing
    CancelledError : through `progress`
    """
    speech = extract_features(audio, part(progress, 0.0, _SPEECH_SHARE), start_s=start_s, length_s=length_s)
    if on_speech is not None:
        on_speech(speech)
    return generate(
        style, speech, settings, part(progress, _SPEECH_SHARE, 1.0), engine=engine, direction=direction
    )

"""Faults of a sound: of the reference's own and of the speech of a video."""

import numpy as np

from ...types import Array, Float32Array
from .fault import Check, Fault, below
from .survey import Survey

_SILENT_DB, _PAUSELESS_DB = -75.0, 6.0
_TELLING_S = 3.0  # a single vowel has no pause either


def speech_fault(samples: Float32Array, rate_hz: int) -> Fault | None:
    """What is wrong with the speech of a video: silence, or, from 3 s on, sound that never pauses.

    samples : (channels, n), full scale 1
    """
    window = rate_hz // 25
    mono = samples.mean(axis=0)[: samples.shape[1] // window * window].reshape(-1, window)
    level = 10 * np.log10(np.square(mono, dtype=np.float64).mean(axis=1) + 1e-12)
    if not len(level) or level.max() < _SILENT_DB:
        return Fault("silent_speech", "The speech is silent", "Check that it was exported and is not muted")
    if samples.shape[1] >= _TELLING_S * rate_hz and _span_db(level) < _PAUSELESS_DB:
        problem = "The speech never pauses, as music or noise does"
        return Fault("no_speech", problem, "Give the voice alone: lips follow whatever is heard")
    return None


def _no_sound(survey: Survey) -> str | None:
    return "" if survey.loudness_db is None else None


def _silent(survey: Survey) -> float | None:
    return None if survey.loudness_db is None else below(float(survey.loudness_db.max()), _SILENT_DB)


def _pauseless(survey: Survey) -> float | None:
    if survey.loudness_db is None or _silent(survey) is not None:
        return None
    return below(_span_db(survey.loudness_db), _PAUSELESS_DB)


def _span_db(level: Array) -> float:
    return float(np.ptp(np.quantile(level, [0.1, 0.9])))


_AS_MANNER = "The video can be made; the manner is then that of the motion or style that you give"
SOUND_CHECKS = (
    Check("no_sound", _no_sound, "The reference has no sound", _AS_MANNER),
    Check("silent", _silent, "The reference's sound is silent", _AS_MANNER),
    Check(
        "no_pauses",
        _pauseless,
        "The reference's sound never pauses, as music or noise does",
        "Record speech alone, else how the head follows the voice is told wrongly",
    ),
)

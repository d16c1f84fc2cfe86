"""Style encoding: statistics of a track and its speech, shrunk to the population, with a confidence."""

import logging

import numpy as np

from ..errors import StyleError
from ..motion import GRID_HZ, HeadPoseTrack
from ..network.manner import Manner, has_manner
from ..speech.features import SpeechFeatures
from ..types import Array
from .population import load_population
from .resampling import GridTrack, to_grid
from .schema import LONGEST_MOTION_S, Style
from .statistics import measure, speaking
from .style_vector import learn

_log = logging.getLogger(__name__)

LEAST_SPEECH_S = 3.0
_LONGEST_S = 86_400.0
_SPEECH_SCALE_S = 8.0  # at 8 s of speech 63 % of the confidence that length can give, at 24 s 95 %
_NOISE_SCALE_DEG = 0.3
_WITHOUT_SOUND = 0.7


def encode_style(
    track: HeadPoseTrack,
    speech: SpeechFeatures | None,
    *,
    keep_motion: bool = True,
    adapt: bool = True,
    manner: Manner | None = None,
) -> Style:
    """The manner of the person in a track.

    Without speech, what couples the head to the voice is the population's, and confidence is lower; there
    is no learned vector then, and none where its encoder's weights are not installed.

    track : at least LEAST_SPEECH_S of valid frames in speech, at any rate, t = 0 the first sample of `speech`
    keep_motion : whether the style holds the person's own motion, up to 30 s, for `replay`
    adapt : whether the learned vector is fitted to the reference's motion, see `learned`
    manner : of the learned vector's encoder; None for the weights that are installed

    Raises
    ------
    StyleError : too little tracked speech, or times that span more than a day
    MissingPartError : the encoder's weights are damaged, or what reads them is missing
    """
    if track.time_s[-1] - track.time_s[0] > _LONGEST_S:
        raise StyleError(
            f"The track lasts {(track.time_s[-1] - track.time_s[0]) / 3600.0:.0f} hours by its times",
            "Check the times: they are seconds, and a stray one is enough for this",
        )
    tracked_s = _tracked_s(track)
    if tracked_s < LEAST_SPEECH_S:
        raise _too_short("tracked head motion", tracked_s)
    grid = to_grid(track)
    used = grid.valid if speech is None else speaking(grid, speech)
    speech_s = float(used.sum() / GRID_HZ)
    if speech_s < LEAST_SPEECH_S:
        raise _too_short("tracked speech", speech_s)
    confidence, reasons = _confidence(grid, speech_s, has_speech=speech is not None)
    _log.info("Style of %.1f s of speech, confidence %.2f", speech_s, confidence)
    statistics = load_population().shrink(measure(grid, speech), speech_s)
    learned, encoder = None, None
    if speech is not None and (manner or has_manner()):
        learned, encoder = learn(grid, speech, statistics, adapt=adapt, manner=manner)
    return Style(
        statistics=statistics,
        speech_s=speech_s,
        confidence=confidence,
        reasons=reasons,
        motion=_motion(grid) if keep_motion else None,
        learned=learned,
        encoder=encoder,
    )


def _tracked_s(track: HeadPoseTrack) -> float:
    """Seconds of valid frames, each worth the time to the next one, gaps in the recording left out."""
    steps = np.diff(track.time_s)
    return float(steps[track.valid[:-1] & (steps < 0.5)].sum())


def _confidence(grid: GridTrack, speech_s: float, *, has_speech: bool) -> tuple[float, tuple[str, ...]]:
    reasons = []
    length = 1.0 - float(np.exp(-speech_s / _SPEECH_SCALE_S))
    if length < 0.7:
        reasons.append(f"Only {speech_s:.1f} s of tracked speech; 10 to 15 s give a more reliable style.")
    tracked = float(grid.valid.mean())
    if tracked < 0.95:
        reasons.append(f"The face was lost in {1.0 - tracked:.0%} of the time.")
    steady = 1.0 / (1.0 + (grid.noise_deg / _NOISE_SCALE_DEG) ** 2)
    if steady < 0.9:
        reasons.append(f"The tracking trembles by {grid.noise_deg:.2f}°; a sharper or larger face helps.")
    if not has_speech:
        reasons.append("No sound: how the head follows the voice is that of people in general.")
    return length * tracked * steady * (1.0 if has_speech else _WITHOUT_SOUND), tuple(reasons)


def _motion(grid: GridTrack) -> Array:
    """The first 30 s in radians and metres, rounded to 1e-6: a thousandth of a pixel, a third of the file."""
    motion = np.column_stack([np.radians(grid.angles_deg), grid.translation_m])
    return np.round(motion[: LONGEST_MOTION_S * GRID_HZ], 6)


def _too_short(what: str, seconds: float) -> StyleError:
    return StyleError(
        f"There are only {seconds:.1f} s of {what}, and a style needs {LEAST_SPEECH_S:.0f}",
        "Give 10 to 15 s of one person who speaks facing the camera",
    )

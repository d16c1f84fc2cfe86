"""Speech to face shape-key curves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import isfinite
from pathlib import Path

import numpy as np

from ..errors import SettingsError
from ..gaze.channels import with_eyes
from ..gaze.request import GazeRequest
from ..generate.settings import GenerationSettings
from ..media.sound import Sound
from ..motion import Progress, no_progress
from ..progress import part
from ..timing import FrameRate
from ..types import Array
from . import channels, visemes
from .doses import USUAL, ExpressionDoses
from .face_from_speech import face_from_speech
from .live_link import live_link
from .manner import FaceManner
from .named import NAMED, named
from .namings import DEFAULT_NAMING, NAMINGS

DEFAULT_RATE = FrameRate(Fraction(60))
"""Lips close and open again within 80 ms: 30 samples a second would miss it."""

_CURVES_OF: Mapping[str, Callable[[Mapping[str, Array]], dict[str, Array]]] = {
    "arkit": dict,
    "visemes": visemes.visemes_of,
    "livelink": live_link,
    **{name: partial(named, naming=name) for name in NAMED},
}
_WITHOUT_EYES = ("visemes",)


@dataclass(frozen=True, eq=False)
class FaceCurves:
    """Curves of lips, lids, brows, cheeks and eyes by the names of shape keys.

    time_s : (T,) seconds, t = 0 the first audio sample
    channels : by name, each (T,), 0 at rest to 1; shape keys that are not named stay at rest
    notes : sentences to the user on the sound
    eye : (T, 2) angle of the eyes in the head, to the subject's left and up, radians; None where they rest
    names : the one of NAMINGS that the channels are called by
    """

    time_s: Array
    channels: Mapping[str, Array]
    notes: tuple[str, ...] = ()
    eye: Array | None = None
    names: str = DEFAULT_NAMING


def curves_from_audio(
    audio: Path,
    manner: FaceManner | None = None,
    *,
    names: str = DEFAULT_NAMING,
    seed: int = 0,
    strength: float = 1.0,
    gaze: GazeRequest | None = None,
    doses: ExpressionDoses = USUAL,
    rate: FrameRate = DEFAULT_RATE,
    start_s: float = 0.0,
    length_s: float | None = None,
    progress: Progress = no_progress,
) -> FaceCurves:
    """Generate a speaking face for a sound file, or for a part of it.

    manner : of one person; by default that of people in general
    names : one of NAMINGS
    seed : of blinks, brows, cheeks and eyes
    strength : of the movement of mouth, brows and cheeks; 1 is as the manner has it
    gaze : what is asked of the eyes, which only ARKit's names have; by default they rest
    doses : of brows, cheeks and lids beside blinks; those of a part at 0 are left out
    rate : samples a second, at whole frames from t = 0 up to, and not after, the sound's end
    start_s, length_s : the part in seconds, by default all; t = 0 of the curves is its first sample

    Raises
    ------
    AudioError : the file is no sound, or is damaged
    SettingsError : unknown names, a seed or a strength out of range
    MissingPartError : the network's weights are missing
    CancelledError : through `progress`
    """
    GenerationSettings(seed)  # refuses what is no seed
    if names not in NAMINGS:
        raise SettingsError(f"There are no names “{names}”", f"Choose one of: {', '.join(NAMINGS)}")
    if not (isfinite(strength) and strength >= 0.0):
        raise SettingsError(f"The strength {strength:g} is out of range", "Choose one from 0 on")
    progress(0.0, "Analysing speech for the face")
    sound = Sound(audio)
    speech = np.concatenate([*sound.part(start_s, length_s)])
    time_s = rate.grid(float(sound.duration))
    asked = None if names in _WITHOUT_EYES else gaze
    motion = face_from_speech(
        speech,
        manner or FaceManner.average(),
        seed,
        time_s,
        asked,
        doses=doses,
        head=None if gaze is None else gaze.head,
        progress=part(progress, 0.1, 0.9),
    )
    motion = replace(motion, mouth=strength * motion.mouth, expression=strength * motion.expression)
    shapes, notes = channels.arkit(motion, doses), sound.notes
    if motion.eye is not None and asked is not None:
        shapes = with_eyes(shapes, motion.eye, asked.doses.lids)
        notes += asked.notes(float(sound.duration))
    elif gaze is not None and (gaze.head is not None or gaze.targets) and names in _WITHOUT_EYES:
        notes += (f"The names “{names}” have none for eyes, so the eyes rest.",)
    found = _CURVES_OF[names](shapes)
    found.pop(visemes.SILENCE, None)  # a mesh at rest is silent
    progress(1.0, "Speaking")
    return FaceCurves(time_s, found, notes, motion.eye, names)

"""Face motion from speech: mouth, lids, brows, cheeks and eyes at any times."""

from pathlib import Path

import numpy as np

from ..gaze.request import GazeRequest
from ..motion import GRID_HZ, HeadMotion, Progress, no_progress
from ..types import Array, Float32Array
from .blinks import blink_times, blinks, with_shifts
from .doses import USUAL, ExpressionDoses
from .drives import head_drive
from .expression_from_speech import at_ends, expression_from_speech
from .expression_parts import dosed
from .manner import FaceManner
from .motion import FaceMotion
from .mouth_from_speech import (
    loudness_on_grid,
    mouth_of,
    sampled,
    voice_activity,
)
from .mouth_input import mouth_input
from .network import STEP_HZ


def face_from_speech(
    speech: Path | Float32Array,
    manner: FaceManner,
    seed: int,
    time_s: Array,
    gaze: GazeRequest | None = None,
    *,
    doses: ExpressionDoses = USUAL,
    head: HeadMotion | None = None,
    progress: Progress = no_progress,
) -> FaceMotion:
    """Generate face motion for speech in a face manner; the mouth is the same for all seeds.

    speech : a sound, or a video with sound; or samples at 16 kHz, mono
    seed : whole number below 2^64 of the random lids, brows, cheeks and eyes
    time_s : (T,) seconds, increasing; before and after the sound all but lids and eyes rest
    gaze : what is asked of the eyes; without, or with doses of none, they rest
    doses : of brows, cheeks and lids
    head : that the face belongs to, whose quick turns brows go with

    Raises
    ------
    AudioError : the file is no sound, or is damaged
    MissingPartError : the weights are missing
    CancelledError : through `progress`
    """
    features = mouth_input(speech, progress)
    loud = loudness_on_grid(features.log_mel)
    talking = voice_activity(loud)
    turning = None if head is None else head_drive(head.at(np.arange(len(loud)) / GRID_HZ).rotation)
    beside = dosed(expression_from_speech(loud, talking, manner, seed, turning), doses)
    beside *= at_ends(len(loud))[:, None]
    shut_s, eye = blink_times(talking, manner, seed), None
    if gaze is not None and gaze.doses.moves_eyes:
        looking = gaze.generate(time_s, talking, seed)
        shut_s, eye = with_shifts(shut_s, looking.blink_s, manner.blink_s), looking.eye
    return FaceMotion(
        time_s=time_s,
        mouth=sampled(mouth_of(features, manner.mouth), STEP_HZ, time_s),
        blink=blinks(time_s, shut_s, manner.blink_s),
        expression=sampled(beside, GRID_HZ, time_s),
        eye=eye,
    )

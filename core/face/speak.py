"""A face from speech: what is heard to mouth, lids and brows at any times."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..motion import GRID_HZ
from ..speech.decode import Samples, Sound
from ..speech.windows import smooth
from .blinks import blink_times, blinks
from .brows import brows
from .closure import close_lips
from .hear import HEARD_HZ, hear, loudness
from .manner import FaceManner
from .motion import FaceMotion
from .network import STEP_HZ, mouth_network

Array = NDArray[np.float64]

_TALKS = -1.5  # loudness from which on somebody talks, tens of dB about the own mean
_NEAR_S = 0.3  # mouths move so long before and after they are heard
_BRIDGED_S = 0.2  # shorter silence is no pause


def face_from_speech(speech: Path | Samples, manner: FaceManner, seed: int, time_s: Array) -> FaceMotion:
    """What a face of this manner does while it says that; mouths are the same for all seeds.

    speech : a sound, or a video with sound; or samples at 16 kHz, mono
    seed : whole number below 2^64 that tells lids and brows
    time_s : (T,) seconds, increasing; before and after the sound everything rests

    Raises
    ------
    AudioError : the file is no sound, or is damaged
    MissingPartError : the weights are missing
    """
    heard = hear(Sound(speech).pieces() if isinstance(speech, Path) else [speech])
    loud = loudness(heard, HEARD_HZ // GRID_HZ)
    talking = _closed(loud > _TALKS)
    network = mouth_network()
    shape, closed = network.tell(heard)
    mouth = manner.gain_m * close_lips(shape, closed, network.closed_from)
    mouth *= _sampled(_near(talking), GRID_HZ, np.arange(len(mouth)) / STEP_HZ)
    return FaceMotion(
        time_s=time_s,
        mouth=_sampled(mouth, STEP_HZ, time_s),
        blink=blinks(time_s, blink_times(talking, manner, seed), manner.blink_s),
        brows=_sampled(brows(loud, manner, seed)[:, None] * _near(talking), GRID_HZ, time_s)[:, 0],
    )


def _closed(talking: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Speech without its short silences."""
    reach = round(_BRIDGED_S * GRID_HZ / 2)
    return _eroded(_dilated(talking, reach), reach)


def _near(talking: NDArray[np.bool_]) -> Array:
    """1 about speech, 0 away from it, smoothly, (N, 1)."""
    return smooth(_dilated(talking, round(_NEAR_S * GRID_HZ)).astype(np.float64), 0.08)[:, None]


def _dilated(marked: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    padded = np.pad(marked, reach)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).any(axis=1))


def _eroded(marked: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    return ~_dilated(~marked, reach)


def _sampled(values: Array, rate_hz: int, time_s: Array) -> Array:
    """Values (N, C) at times (T,), 0 before and after."""
    own_s = np.arange(len(values)) / rate_hz
    columns = [np.interp(time_s, own_s, column, left=0.0, right=0.0) for column in values.T]
    return np.stack(columns, axis=1)

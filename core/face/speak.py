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
from .hear import HEARD_HZ, SPOKEN, hear, loudness
from .manner import FaceManner
from .motion import FaceMotion
from .network import STEP_HZ, mouth_network

Array = NDArray[np.float64]

_NEAR_S = 0.3  # mouths move so long before and after they are heard
_FADED_S = 0.08
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
    loud, talking = _spoken(heard)
    raised = brows(loud, manner, seed) * _near(talking)
    return FaceMotion(
        time_s=time_s,
        mouth=_sampled(manner.gain_m * mouth_of(heard), STEP_HZ, time_s),
        blink=blinks(time_s, blink_times(talking, manner, seed), manner.blink_s),
        brows=_sampled(raised[:, None], GRID_HZ, time_s)[:, 0],
    )


def mouth_of(heard: Array) -> Array:
    """The mouth's shape, (N, K), in units of a person's gain, at STEP_HZ, by what is heard (T, BANDS).

    Away from speech it rests, and lips that are likely closed touch.
    """
    network = mouth_network()
    shape, closed = network.tell(heard)
    _, talking = _spoken(heard)
    near = _sampled(_near(talking)[:, None], GRID_HZ, np.arange(len(shape)) / STEP_HZ)
    return near * close_lips(shape, closed, network.closed_from)


def _spoken(heard: Array) -> tuple[Array, NDArray[np.bool_]]:
    """How loud it is and whether somebody talks, (N,) each, at GRID_HZ."""
    loud = loudness(heard, HEARD_HZ // GRID_HZ)
    reach = round(_BRIDGED_S * GRID_HZ / 2)
    return loud, ~_dilated(~_dilated(loud > SPOKEN, reach), reach)


def _near(talking: NDArray[np.bool_]) -> Array:
    """1 about speech, 0 away from it, smoothly, (N,)."""
    return smooth(_dilated(talking, round(_NEAR_S * GRID_HZ)).astype(np.float64), _FADED_S)


def _dilated(marked: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    padded = np.pad(marked, reach)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).any(axis=1))


def _sampled(values: Array, rate_hz: int, time_s: Array) -> Array:
    """Values (N, C) at times (T,), 0 before and after."""
    own_s = np.arange(len(values)) / rate_hz
    columns = [np.interp(time_s, own_s, column, left=0.0, right=0.0) for column in values.T]
    return np.stack(columns, axis=1)

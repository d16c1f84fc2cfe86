"""The mouth from speech, in units of a person's gain, and when somebody talks."""

from pathlib import Path

import numpy as np

from ..media.sound import Sound
from ..motion import GRID_HZ
from ..network.layers import Floats
from ..speech.windows import smooth
from ..types import Array, BoolArray, Float32Array
from .closure import close_lips
from .log_mel import HEARD_HZ, SPOKEN, hear, loudness
from .network import STEP_HZ, mouth_network
from .person_correction import correction

_NEAR_S = 0.3  # mouths move so long before and after the sound
_FADED_S = 0.08
_BRIDGED_S = 0.2  # shorter silence is no pause


def heard_in(speech: Path | Float32Array) -> Array:
    """Log-mel features, (T, BANDS), of a sound, a video with sound, or samples at 16 kHz. Raises AudioError."""
    return hear(Sound(speech).pieces() if isinstance(speech, Path) else [speech])


def mouth_of(heard: Floats, habit: Array | None = None) -> Array:
    """Mouth shapes, (N, K) at STEP_HZ, in units of a person's gain, from log-mel features (T, BANDS).

    Away from speech it rests, and lips that are likely closed touch. `habit` is the person's correction (`person_correction.py`).
    """
    network = mouth_network()
    shape, closed = network.tell(heard)
    if habit is not None:
        shape[:, 0] += correction(heard, habit)
    near = near_speech(talks(loudness_on_grid(heard)))[:, None]
    faded = sampled(near, GRID_HZ, np.arange(len(shape)) / STEP_HZ)
    return faded * close_lips(shape, closed, network.closed_from)


def loudness_on_grid(heard: Floats) -> Array:
    """Loudness, (N,) at GRID_HZ, of log-mel features."""
    return loudness(heard, HEARD_HZ // GRID_HZ)


def talks(loud: Array) -> BoolArray:
    """Voice activity, (N,) at GRID_HZ, from loudness; short silences count as speech."""
    reach = round(_BRIDGED_S * GRID_HZ / 2)
    return ~_dilated(~_dilated(loud > SPOKEN, reach), reach)


def near_speech(talking: BoolArray) -> Array:
    """Smooth weight, (N,): 1 near speech, 0 away from it."""
    return smooth(_dilated(talking, round(_NEAR_S * GRID_HZ)).astype(np.float64), _FADED_S)


def sampled(values: Array, rate_hz: int, time_s: Array) -> Array:
    """Values (N, C) interpolated at times (T,), 0 before and after."""
    own_s = np.arange(len(values)) / rate_hz
    columns = [np.interp(time_s, own_s, column, left=0.0, right=0.0) for column in values.T]
    return np.stack(columns, axis=1)


def _dilated(marked: BoolArray, reach: int) -> BoolArray:
    padded = np.pad(marked, reach)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).any(axis=1))

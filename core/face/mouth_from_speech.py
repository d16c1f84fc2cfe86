"""Mouth shapes from speech, in units of a person's gain, and voice activity."""

from pathlib import Path

import numpy as np

from ..media.sound import Sound
from ..motion import GRID_HZ
from ..network.layers import Floats
from ..speech.windows import smooth
from ..types import Array, BoolArray, Float32Array
from .closure import close_lips
from .log_mel import LOG_MEL_HZ, SPOKEN, log_mel_features, loudness
from .network import STEP_HZ, mouth_network
from .person_correction import correction

_NEAR_S = 0.3  # mouths move so long before and after the sound
_FADED_S = 0.08
_BRIDGED_S = 0.2  # shorter silence is no pause


def speech_features(speech: Path | Float32Array) -> Array:
    """Log-mel features, (T, BANDS), of a file with sound, or of samples at 16 kHz. Raises AudioError."""
    return log_mel_features(Sound(speech).pieces() if isinstance(speech, Path) else [speech])


def mouth_of(features: Floats, correction_weights: Array | None = None) -> Array:
    """Mouth coefficients, (N, K), in units of a person's gain, at STEP_HZ, for log-mel features (T, BANDS).

    Away from speech it rests, and lips that are likely closed touch. `correction_weights` holds the weights of the personal correction
    (`person_correction.py`).
    """
    network = mouth_network()
    shape, closed = network.predict(features)
    if correction_weights is not None:
        shape[:, 0] += correction(features, correction_weights)
    near = near_speech(voice_activity(loudness_on_grid(features)))[:, None]
    faded = sampled(near, GRID_HZ, np.arange(len(shape)) / STEP_HZ)
    return faded * close_lips(shape, closed, network.closed_from)


def loudness_on_grid(features: Floats) -> Array:
    """Loudness (N,) at GRID_HZ of log-mel features."""
    return loudness(features, LOG_MEL_HZ // GRID_HZ)


def voice_activity(loud: Array) -> BoolArray:
    """Voice activity, (N,) at GRID_HZ, short pauses included, by loudness."""
    reach = round(_BRIDGED_S * GRID_HZ / 2)
    return ~_dilated(~_dilated(loud > SPOKEN, reach), reach)


def near_speech(talking: BoolArray) -> Array:
    """Smooth weight, 1 near speech and 0 away from it, (N,)."""
    return smooth(_dilated(talking, round(_NEAR_S * GRID_HZ)).astype(np.float64), _FADED_S)


def sampled(values: Array, rate_hz: int, time_s: Array) -> Array:
    """Interpolate values (N, C) at times (T,), 0 before and after."""
    own_s = np.arange(len(values)) / rate_hz
    columns = [np.interp(time_s, own_s, column, left=0.0, right=0.0) for column in values.T]
    return np.stack(columns, axis=1)


def _dilated(marked: BoolArray, reach: int) -> BoolArray:
    padded = np.pad(marked, reach)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).any(axis=1))

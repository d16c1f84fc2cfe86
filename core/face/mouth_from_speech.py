"""Mouth shapes from speech, in the size and distribution of one person, and voice activity."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..media.sound import Sound
from ..motion import GRID_HZ
from ..network.layers import Floats
from ..speech.windows import smooth
from ..types import Array, BoolArray, Float32Array
from .closure import narrowed, touching
from .log_mel import LOG_MEL_HZ, SPOKEN, log_mel_features, loudness
from .mouth_input import MouthInput
from .network import STEP_HZ, mouth_network
from .own_mouth import OwnMouth
from .person_correction import correction

_NEAR_S = 0.3  # mouths move so long before and after the sound
_FADED_S = 0.08
_BRIDGED_S = 0.2  # shorter silence is no pause


def speech_features(speech: Path | Float32Array) -> Array:
    """Log-mel features, (T, BANDS), of a file with sound, or of samples at 16 kHz. Raises AudioError."""
    return log_mel_features(Sound(speech).pieces() if isinstance(speech, Path) else [speech])


class PredictedMouth(NamedTuple):
    """The network's prediction, at STEP_HZ, in units of the gain.

    shape : (N, K) mouth coefficients, the opening narrowed by the probability of closed lips
    touching : (N,) where lips touch
    near : (N,) 1 near speech, 0 away from it
    """

    shape: Array
    touching: BoolArray
    near: Array


def predicted_mouth(features: MouthInput, correction_weights: Array | None = None) -> PredictedMouth:
    """Predict the mouth for speech, with a person's correction (`person_correction.py`) or without."""
    network = mouth_network()
    shape, closed = network.predict(features.log_mel, features.phonetic)
    if correction_weights is not None:
        shape += correction(features.phonetic, correction_weights)
    shape[:, 0] = narrowed(shape[:, 0], closed)
    near = near_speech(voice_activity(loudness_on_grid(features.log_mel)))[:, None]
    near = sampled(near, GRID_HZ, np.arange(len(shape)) / STEP_HZ)[:, 0]
    return PredictedMouth(shape, touching(closed, network.closed_from), near)


def mouth_of(features: MouthInput, own: OwnMouth) -> Array:
    """Mouth coefficients, (N, K), metres, at STEP_HZ, of a person who says this.

    Away from speech it rests, and lips that are likely closed touch.
    """
    predicted = predicted_mouth(features, own.correction_weights)
    shape = own.gain_m * predicted.shape
    opening = own.opening_m(predicted.shape[:, 0])
    shape[:, 0] = np.where(predicted.touching, np.minimum(opening, 0.0), opening)
    return np.asarray(predicted.near[:, None] * shape)


def loudness_on_grid(log_mel: Floats) -> Array:
    """Loudness (N,) at GRID_HZ of log-mel features."""
    return loudness(log_mel, LOG_MEL_HZ // GRID_HZ)


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

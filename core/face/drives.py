"""What brows follow: a voice's loudness, a moment ahead, as accents and phrases have it; and how quickly the head turns."""

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ
from ..speech.windows import smooth
from ..types import Array
from .log_mel import SPOKEN

LEAD_S = 0.12
"""Faces are before the voice by so much: where the correlation of raise and loudness is largest in training persons."""

_SMOOTHED_S = 0.2
_SLOWEST = 0.02  # rad/s, below any tracker: a still head has a logarithm


def voice_drive(loud: Array) -> Array:
    """Drive (N,) at GRID_HZ of loudness (N,), tens of dB about the speaker's own mean; pauses are all alike."""
    lead = round(LEAD_S * GRID_HZ)
    smoothed = smooth(np.maximum(loud, SPOKEN), _SMOOTHED_S)
    return np.concatenate([smoothed[lead:], np.repeat(smoothed[-1:], min(lead, len(smoothed)))])


def head_drive(rotation: Array) -> Array:
    """Drive (N,) at GRID_HZ of a head's rotation (N, 4): the logarithm of its speed."""
    if len(rotation) < 2:
        return np.full(len(rotation), np.log(_SLOWEST))
    steps = rot.to_rotvec(rot.multiply(rot.inverse(rotation[:-1]), rotation[1:]))
    speed = np.linalg.norm(steps, axis=1) * GRID_HZ
    return np.asarray(smooth(np.log(np.append(speed, speed[-1:]) + _SLOWEST), _SMOOTHED_S))

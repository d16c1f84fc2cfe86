"""What of a voice brows follow: loudness, a moment ahead, as accents and phrases have it."""

import numpy as np

from ..motion import GRID_HZ
from ..speech.windows import smooth
from ..types import Array
from .log_mel import SPOKEN

LEAD_S = 0.12
"""Faces are before the voice by so much: where the correlation of raise and loudness is largest in training persons."""

_SMOOTHED_S = 0.2


def voice_drive(loud: Array) -> Array:
    """Drive (N,) at GRID_HZ of loudness (N,), tens of dB about the speaker's own mean; pauses are all alike."""
    lead = round(LEAD_S * GRID_HZ)
    smoothed = smooth(np.maximum(loud, SPOKEN), _SMOOTHED_S)
    return np.concatenate([smoothed[lead:], np.repeat(smoothed[-1:], min(lead, len(smoothed)))])

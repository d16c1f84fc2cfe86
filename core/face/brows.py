"""Brow motion: raised with the accents of speech, plus smooth noise."""

import numpy as np

from ..motion import GRID_HZ
from ..noise import Channel, normals
from ..speech.windows import smooth
from ..types import Array
from .manner import FaceManner

_KNOT_S = 0.8
_CHANCE, _ACCENT = 0.6, 0.8  # of the person's own deviation
_ACCENT_S, _PHRASE_S = 0.12, 1.0


def brows(loudness: Array, manner: FaceManner, seed: int) -> Array:
    """Raise of the brows, shape (N,) at GRID_HZ, metres.

    loudness : (N,) at GRID_HZ, tens of dB about the speaker's own mean
    """
    accent = np.maximum(smooth(loudness, _ACCENT_S) - smooth(loudness, _PHRASE_S), 0.0)
    count = int(len(loudness) / GRID_HZ / _KNOT_S) + 4
    at = np.arange(len(loudness)) / GRID_HZ / _KNOT_S
    drawn = np.interp(at, np.arange(count), normals(seed, Channel.BROWS, 0, count))
    return np.asarray(manner.brow_m * (_ACCENT * accent + _CHANCE * smooth(drawn, _ACCENT_S)))

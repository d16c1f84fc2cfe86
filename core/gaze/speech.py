"""What a speech's pauses mean for gaze: people look away while they plan, and back when they are fluent (Kendon 1967)."""

import numpy as np

from ..motion import GRID_HZ
from ..types import Array, BoolArray

_PAUSE_S, _NEAR_S = 0.2, 0.6

# How much likelier than in mid-speech a look away begins, and ends: measured within persons.
_IN_PAUSE, _BEFORE_PAUSE, _AFTER_PAUSE = (1.37, 0.54), (1.45, 0.56), (1.04, 1.23)


def likelier(talking: BoolArray | None, first: int, count: int) -> tuple[Array, Array]:
    """Factors (count,) on how likely a look away begins, and ends; 1 in mid-speech, and where speech is not known.

    talking : (N,) at GRID_HZ from t = 0 on, whether there is speech; after its end there is none
    first : grid index of the first factor
    """
    if talking is None:
        return np.ones(count), np.ones(count)
    index = first + np.arange(count)
    inside = (index >= 0) & (index < len(talking))
    speech = np.zeros(count, np.bool_)
    speech[inside] = talking[index[inside]]
    pause = _long(~speech)
    since, to = _steps_since(pause), _steps_since(pause[::-1])[::-1]
    near = _NEAR_S * GRID_HZ
    factors = np.ones((2, count))
    factors[:, to <= near] = np.array(_BEFORE_PAUSE)[:, None]
    factors[:, since <= near] = np.array(_AFTER_PAUSE)[:, None]
    factors[:, pause] = np.array(_IN_PAUSE)[:, None]
    return factors[0], factors[1]


def _long(still: BoolArray) -> BoolArray:
    """Stretches of _PAUSE_S and more."""
    edges = np.flatnonzero(np.diff(still.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    found = np.zeros(len(still), np.bool_)
    for start, stop in edges:
        found[start:stop] = stop - start >= _PAUSE_S * GRID_HZ
    return found


def _steps_since(marked: BoolArray) -> Array:
    """Samples since the last marked one; many where there was none."""
    index = np.arange(len(marked), dtype=np.float64)
    return np.asarray(index - np.maximum.accumulate(np.where(marked, index, -np.inf)))

"""Detection of burnt-in captions: fine writing that appears or goes at once, and stands still before and after."""

import numpy as np
from numpy.typing import NDArray

from ...types import BoolArray, ByteArray

Levels = NDArray[np.int16]

_STEP = 60  # levels by which writing differs from what it covers
_STILL = 10  # levels within which what stands still does
_PACES = ((2, 2), (6, 5))
"""Samples that a change may take, and for which nothing changes before and after: cut in, and faded in."""
_CUT = 0.25  # of the frame; where so much changes the film is cut, or the camera moves
_LEAST = 0.003  # of the frame's pixels, in a band
_BAND = 0.1  # of the frame's height
_IN_BAND, _WIDE = 0.5, 0.25  # of what changed, and of the frame's width
_FINE = 0.55  # ends of runs along a row for each pixel that changed: strokes are few pixels wide
_FEWEST = 2
_RIM = 0.03  # of the frame's height at top and bottom, where stabilised films flicker


def has_captions(small: ByteArray) -> bool:
    """Whether writing comes or goes in sampled frames, seen from two of them or more.

    small : (N, h, w) grey frames at about 12 a second
    """
    rim = round(_RIM * small.shape[1])
    small = small[:, rim : small.shape[1] - rim]
    return any(
        sum(
            _is_caption(small[first - hold : first + gap + hold + 1], gap, hold)
            for first in range(hold, len(small) - gap - hold)
        )
        >= _FEWEST
        for gap, hold in _PACES
    )


def _is_caption(frames: ByteArray, gap: int, hold: int) -> bool:
    """Whether a band of fine strokes changes between still times of frames (2·hold + gap + 1, h, w)."""
    before, after = frames[: hold + 1].astype(np.int16), frames[hold + gap :].astype(np.int16)
    changed = np.abs(after[0] - before[-1]) > _STEP
    if not _LEAST <= changed.mean() <= _CUT:
        return False
    changed &= _still(before, before[-1]) & _still(after, after[0])
    rows = changed.sum(axis=1)
    height = max(round(_BAND * len(rows)), 1)
    bands = np.convolve(rows, np.ones(height, np.intp), "valid")
    top = int(bands.argmax())
    if bands[top] < max(_LEAST * changed.size, _IN_BAND * rows.sum()):
        return False
    band = changed[top : top + height]
    fine = np.count_nonzero(band[:, 1:] != band[:, :-1]) / bands[top]
    return bool(band.any(axis=0).mean() >= _WIDE and fine >= _FINE)


def _still(frames: Levels, there: Levels) -> BoolArray:
    return np.asarray((np.abs(frames - there) < _STILL).all(axis=0))

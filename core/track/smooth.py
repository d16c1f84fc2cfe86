"""Zero-phase smoothing at the true times of the frames, bridges over gaps, and a gate for hops."""

import numpy as np

from ..types import Array, BoolArray

WINDOW_S = 0.28
"""Seven frames at 25 fps: the best of the filters tried against re-rendered known motion."""

_DEGREE = 2


def smooth(time_s: Array, values: Array, valid: BoolArray, window_s: float = WINDOW_S) -> Array:
    """Smooth `values`, shape (N, C), by a local parabola; frames that are not valid get bridged.

    Each value becomes that of the least-squares parabola through the valid samples within half a window,
    on uniform times the filter of Savitzky and Golay 1964. Windows at the ends of the video and of gaps
    longer than half a window are moved inwards, so nothing lags. Gaps are bridged by straight lines and
    the ends held.

    time_s : (N,) increasing; valid : (N,) with at least one True
    """
    known_s, known = time_s[valid], values[valid]
    splits = np.flatnonzero(np.diff(known_s) > window_s / 2) + 1
    parts = [
        _local_parabola(part_s, part, window_s)
        for part_s, part in zip(np.split(known_s, splits), np.split(known, splits), strict=True)
    ]
    smoothed = np.concatenate(parts)
    return np.stack([np.interp(time_s, known_s, channel) for channel in smoothed.T], axis=1)


def hops(time_s: Array, values: Array, limit: float) -> BoolArray:
    """Which samples, shape (N,), jump out by more than `limit` from two neighbours that agree.

    A head does not do that: a nod of 3° at 5 Hz and 25 fps leaves the line between neighbours by 2°.

    values : (N, C); distances are over all C
    """
    jumping = np.zeros(len(time_s), bool)
    before, after = values[:-2], values[2:]
    share = ((time_s[1:-1] - time_s[:-2]) / (time_s[2:] - time_s[:-2]))[:, None]
    out = np.linalg.norm(values[1:-1] - before - share * (after - before), axis=1)
    jumping[1:-1] = (out > limit) & (out > np.linalg.norm(after - before, axis=1))
    return jumping


def _local_parabola(time_s: Array, values: Array, window_s: float) -> Array:
    half = window_s / 2
    if time_s[-1] - time_s[0] <= window_s:
        centre = np.full(len(time_s), (time_s[0] + time_s[-1]) / 2)
    else:
        centre = np.clip(time_s, time_s[0] + half, time_s[-1] - half)
    slack = 1e-6  # times are rounded to the container's clock
    first = np.searchsorted(time_s, centre - half - slack)
    last = np.searchsorted(time_s, centre + half + slack)
    window = first[:, None] + np.arange((last - first).max())
    inside = (window < last[:, None]).astype(np.float64)
    window = np.minimum(window, len(time_s) - 1)
    powers = np.arange(_DEGREE + 1)
    basis = inside[..., None] * ((time_s[window] - centre[:, None]) / half)[..., None] ** powers
    here = ((time_s - centre) / half)[:, None] ** powers
    # The weights of the samples of each window; a window of two or one keeps its samples.
    weights = np.einsum("np,npw->nw", here, np.linalg.pinv(basis))
    return np.einsum("nw,nwc->nc", weights, values[window])

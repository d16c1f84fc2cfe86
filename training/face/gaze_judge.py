"""Judge of gaze: statistics of 4 s windows, by which the network of `expression_judge.py` distinguishes made eyes."""

import itertools

import numpy as np

from mannerism.core.motion import GRID_HZ
from mannerism.core.types import Array

COLUMNS = 5
"""Of a window: gaze in the room to the left and up, the head alike, in degrees; and 1 in speech, 0 in pauses."""

AWAY_DEG = 7.0
SIZES_DEG = (3.0, 5.0, 8.0, 12.0)
"""From which sizes on events are counted."""

NAMES = (
    *("size of gaze, side", "size of gaze, up", "size of eye, side", "size of eye, up"),
    *("frame's change, side", "frame's change, up", "tails, side", "tails, up"),
    *(
        "quiet, side",
        "quiet, up",
        "memory 0.2 s, side",
        "memory 0.2 s, up",
        "memory 1 s, side",
        "memory 1 s, up",
    ),
    *("against head 0.2 s, side", "against head 0.2 s, up", "against head 1 s, side", "against head 1 s, up"),
    *("r of eye and head, side", "r of eye and head, up", "with the head's turn"),
    *("events of 3 to 5°", "of 5 to 8°", "of 8 to 12°", "of 12° and more", "events up or down"),
    *("averted", "averted in pauses", "events in head turns"),
)

_STEP = 3  # samples that a saccade takes at most
_QUIET = 10
_STILL_DEG = 0.3
_LEAST_DEG = 1e-3


def events(gaze: Array) -> tuple[Array, Array]:
    """Sizes in degrees, (..., L), of the shifts of gaze (..., L, 2) that begin at each sample, 0 where none does; and their angle up."""
    step = np.zeros_like(gaze)
    step[..., :-_STEP, :] = gaze[..., _STEP:, :] - gaze[..., :-_STEP, :]
    size = np.linalg.norm(step, axis=-1)
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(size, [(0, 0)] * (size.ndim - 1) + [(_STEP, _STEP)]), 2 * _STEP + 1, axis=-1
    )
    first = size > around[..., :_STEP].max(axis=-1)  # of equal ones
    largest = first & (size >= around.max(axis=-1)) & (size >= SIZES_DEG[0])
    return np.where(largest, size, 0.0), np.abs(step[..., 1])


def statistics(cuts: Array) -> Array:
    """Statistics (W, len(NAMES)) of windows (W, L, COLUMNS)."""
    gaze, head, talking = cuts[..., :2], cuts[..., 2:4], cuts[..., 4]
    about, turned = gaze - gaze.mean(axis=1, keepdims=True), head - head.mean(axis=1, keepdims=True)
    eye = about - turned
    steps = np.diff(gaze, axis=1)
    quick = np.abs(steps).mean(axis=1) + _LEAST_DEG
    quiet = np.lib.stride_tricks.sliding_window_view(gaze, _QUIET, axis=1)[:, :: _QUIET // 2].std(axis=-1)
    variance = about.var(axis=1) + _LEAST_DEG
    size, up = events(gaze)
    edges = (*SIZES_DEG, np.inf)
    off = np.linalg.norm(gaze, axis=2)
    away, pause = off > AWAY_DEG, 1.0 - talking
    speed = np.log(np.linalg.norm(np.gradient(head, axis=1), axis=2) + 0.02)
    return np.column_stack(
        [
            np.log(about.std(axis=1) + _LEAST_DEG),
            np.log(eye.std(axis=1) + _LEAST_DEG),
            np.log(quick),
            np.log((steps**4).mean(axis=1) / ((steps**2).mean(axis=1) ** 2 + 1e-12) + 0.1),
            np.log(np.median(quiet, axis=1) + _LEAST_DEG),
            *((about[:, lag:] * about[:, :-lag]).mean(axis=1) / variance for lag in (5, GRID_HZ)),
            *(_against(eye, head, lag) for lag in (5, GRID_HZ)),
            (eye * turned).mean(axis=1) / (eye.std(axis=1) * turned.std(axis=1) + 0.05),
            _along(gaze[..., 0], head[..., 0]),
            *(np.sqrt(((size >= a) & (size < b)).sum(axis=1)) for a, b in itertools.pairwise(edges)),
            ((size > 0.0) & (up > 0.5 * size)).sum(axis=1) / ((size > 0.0).sum(axis=1) + 1.0),
            away.mean(axis=1),
            _covariance(away.astype(np.float64), pause) / (pause.var(axis=1) + 0.05),
            _covariance((size > 0.0).astype(np.float64), speed) / 0.1,
        ]
    )


def _against(eye: Array, head: Array, lag: int) -> Array:
    gone, turned = eye[:, lag:] - eye[:, :-lag], head[:, lag:] - head[:, :-lag]
    return np.asarray(-(gone * turned).mean(axis=1) / ((turned**2).mean(axis=1) + _STILL_DEG**2))


def _along(gaze: Array, head: Array, lag: int = 10) -> Array:
    gone, turned = gaze[:, lag:] - gaze[:, :-lag], head[:, lag:] - head[:, :-lag]
    return np.asarray(
        (gone * turned).mean(axis=1) / np.sqrt((gone**2).mean(axis=1) * (turned**2).mean(axis=1) + 0.05)
    )


def _covariance(a: Array, b: Array) -> Array:
    a = a - a.mean(axis=1, keepdims=True)
    return np.asarray((a * (b - b.mean(axis=1, keepdims=True))).mean(axis=1))

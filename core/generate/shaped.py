"""A finished take as an animator shapes it while a slider moves: strengths, intensity, and rolls from and to rest.

Numpy only: a minute takes a few milliseconds.
"""

import numpy as np

from ..cubic_time import eased
from ..direct.dragged import kernel_of
from ..direct.held import Held, holding
from ..direct.kernel import Kernel
from ..direct.strengthen import strengthened_vectors
from ..direct.strengths import Strengths
from ..easing import smootherstep
from ..motion import GRID_HZ, HeadMotion, cubic, motion_of, vectors_of
from ..types import Array
from .controls import RAMP_S, within_reach
from .shape import Shape

_AT_REST = 1e-4  # radians, or metres


def shaped(
    motion: HeadMotion,
    shape: Shape,
    activity: Array | None = None,
    held: Held | None = None,
    kernel: Kernel | None = None,
) -> HeadMotion:
    """A finished take in another shape; as it is, to the last bit, by default.

    With a pre-roll it begins, and with a post-roll ends, so much earlier or later, rounded up to the grid. A
    head at rest there leaves it earlier: the first 0.6 s are stretched in time. Any other is led from rest.

    activity : (T,) as in `strengthened`
    held : what no shape moves: pins are met, and stretches stay as they were made
    kernel : from `kernel_of` the motion, by which what is not held is led there; None to make it now
    """
    made = motion if shape == Shape() else _shaped(motion, shape, activity)
    if not held:
        return made
    return holding(motion, made, held, kernel=kernel or kernel_of(motion), ramp_s=RAMP_S)


def _shaped(motion: HeadMotion, shape: Shape, activity: Array | None) -> HeadMotion:
    vectors = _strengthened(motion, shape.strengths, activity)
    vectors = vectors * shape.intensity
    vectors[:, :3] = within_reach(vectors[:, :3])
    time_s, vectors = _rolled(motion.time_s, vectors, shape.pre_roll_s, shape.post_roll_s)
    # Adding 0 turns a negative zero into zero, so that rest has one form.
    vectors[:, 3:] += 0.0
    return motion_of(time_s, vectors, motion.notes)


def _strengthened(motion: HeadMotion, strengths: Strengths, activity: Array | None) -> Array:
    """Rotation vectors and translation (T, 6) with strengths, on whatever samples the motion has."""
    time_s, vectors = motion.time_s, vectors_of(motion)
    if np.allclose(np.diff(time_s), 1.0 / GRID_HZ, atol=1e-6) or strengths.smoothness == 0.0:
        if activity is not None and len(activity) != len(time_s):
            activity = np.interp(time_s, np.arange(len(activity)) / GRID_HZ, activity)
        return strengthened_vectors(time_s, vectors, strengths, activity)
    count = int(np.ceil((time_s[-1] - time_s[0]) * GRID_HZ - 1e-6)) + 1
    grid_s = time_s[0] + np.arange(count) / GRID_HZ
    if activity is not None:
        activity = np.interp(grid_s, np.arange(len(activity)) / GRID_HZ, activity)
    made = strengthened_vectors(grid_s, cubic(time_s, vectors, grid_s), strengths, activity)
    return cubic(grid_s, made, time_s)


def _rolled(time_s: Array, vectors: Array, pre_s: float, post_s: float) -> tuple[Array, Array]:
    """The samples with a roll before them and one behind."""
    before, after = (int(np.ceil(each * GRID_HZ - 1e-6)) for each in (pre_s, post_s))
    if not (before or after):
        return time_s, vectors
    first, last = float(time_s[0]), float(time_s[-1])
    wanted = np.concatenate(
        [
            first - np.arange(before, 0, -1) / GRID_HZ,
            time_s,
            last + np.arange(1, after + 1) / GRID_HZ,
        ]
    )
    ramp_s = min(RAMP_S, 0.5 * (last - first))
    read, share = wanted - first, np.ones(len(wanted))
    for length_s, turned in ((before / GRID_HZ, False), (after / GRID_HZ, True)):
        away = (last - first) - read if turned else read
        rests = np.abs(vectors[-1 if turned else 0]).max() < _AT_REST
        if length_s == 0.0:
            continue
        if rests and ramp_s > 0.0:
            moved = np.where(away < ramp_s, eased(away, -min(length_s, 2.0 * ramp_s), ramp_s), away)
            read = (last - first) - moved if turned else moved
        else:
            share = share * smootherstep(1.0 + away / length_s)
    return wanted, cubic(time_s - first, vectors, read) * share[:, None]

"""Gaussian noise as a pure function of (seed, channel, index): any stretch, in any order, reproducible for ever.

Raw words of the Philox counter-based generator (Salmon et al. 2011), whose stream is fixed by its
definition, through our own inverse normal: no library's choice of algorithm can change a motion.
"""

from enum import IntEnum, unique

import numpy as np

from .types import Array

_ORIGIN = 1 << 40  # where index 0 lies in the stream, so that negative indices exist
_WORDS = 4  # of 64 bits that each step of the counter gives

# Wichura (1988), "Algorithm AS 241: The percentage points of the normal distribution", PPND16:
# numerator and denominator, highest power first, near the middle, further out, in the tails.
_MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_OUTER = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
     0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699,
     6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
     7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


@unique
class Channel(IntEnum):
    """The registry of noise channels: one stream of a seed for each random decision in the product.

    A number is part of what a seed means: a use keeps its number, and a new use takes a free one. Two uses
    that shared a number would draw the same values from the same seed.
    """

    PUPPET_PITCH = 0
    PUPPET_YAW = 1
    PUPPET_ROLL = 2
    PUPPET_X = 3
    PUPPET_Y = 4
    PUPPET_Z = 5
    SHORT_BURSTS = 6
    LONG_BURSTS = 7
    CALIBRATION_PHRASES = 100
    CALIBRATION_ACCENTS = 101
    BROWS = 102
    BLINKS = 103
    REPLAY_SPEED = 106
    EXPRESSION_WANTED = 107
    EXPRESSION_SPEED = 108
    EXPRESSION_BURSTS = 109
    ACTOR_PITCH = 200
    ACTOR_YAW = 201
    ACTOR_ROLL = 202
    ACTOR_X = 203
    ACTOR_Y = 204
    ACTOR_Z = 205
    ACTOR_COMPONENT = 206
    GAZE_AWAY = 300
    GAZE_BACK = 301
    GAZE_REST = 302
    GAZE_SMALL = 303
    GAZE_WANDER = 304
    GAZE_PHASE = 305
    GAZE_SIDE = 306
    GAZE_ANGLE = 307
    GAZE_SIZE = 308
    GAZE_SAME_SIDE = 309
    GAZE_X = 310
    GAZE_Y = 311
    GAZE_PLACE_UP = 312
    GAZE_BLINK = 313
    GAZE_AWAY_PACE = 314
    GAZE_SMALL_PACE = 315
    DIRECTED_PITCH = 210
    DIRECTED_YAW = 211
    DIRECTED_ROLL = 212
    DIRECTED_X = 213
    DIRECTED_Y = 214
    DIRECTED_Z = 215
    DIRECTED_COMPONENT = 216
    DIRECTED_CHOICE = 217
    KERNEL_TAKES = 220


PUPPET_MOVEMENT = (
    *(Channel.PUPPET_PITCH, Channel.PUPPET_YAW, Channel.PUPPET_ROLL),
    *(Channel.PUPPET_X, Channel.PUPPET_Y, Channel.PUPPET_Z),
)
"""White noise of the puppet engine: rotation vector, then translation."""

ACTOR_MOVEMENT = (
    *(Channel.ACTOR_PITCH, Channel.ACTOR_YAW, Channel.ACTOR_ROLL),
    *(Channel.ACTOR_X, Channel.ACTOR_Y, Channel.ACTOR_Z),
)
"""Increments that the actor engine draws: rotation vector, then translation."""

DIRECTED_MOVEMENT = (
    *(Channel.DIRECTED_PITCH, Channel.DIRECTED_YAW, Channel.DIRECTED_ROLL),
    *(Channel.DIRECTED_X, Channel.DIRECTED_Y, Channel.DIRECTED_Z),
)
"""Increments of the particles of a directed take: rotation vector, then translation."""


def normals(seed: int, channel: Channel, start: int, count: int) -> Array:
    """Standard normal values at indices start to start + count - 1, shape (count,).

    seed : whole number below 2^64
    start : at least -2^40
    """
    return inverse_normal(uniforms(seed, channel, start, count))


def uniforms(seed: int, channel: Channel, start: int, count: int) -> Array:
    """Uniform values strictly between 0 and 1, shape (count,); parameters as of `normals`."""
    position = _ORIGIN + start
    words = np.random.Philox(counter=position // _WORDS, key=np.array([seed, channel], np.uint64)).random_raw(
        count + _WORDS
    )
    words = words[position % _WORDS :][:count]
    # The upper 53 bits, in the middle of their cells.
    return np.asarray(((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53)


def inverse_normal(p: Array) -> Array:
    """Standard normal quantiles of probabilities strictly between 0 and 1, to 1e-15 (Wichura 1988)."""
    q = p - 0.5
    r = np.sqrt(-np.log(np.minimum(p, 1.0 - p)))
    middle = q * _ratio(_MIDDLE, 0.180625 - q * q)
    outside = np.where(r <= 5.0, _ratio(_OUTER, r - 1.6), _ratio(_TAIL, r - 5.0))
    return np.where(np.abs(q) <= 0.425, middle, np.copysign(outside, q))


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Array) -> Array:
    above, below = coefficients
    return np.asarray(np.polyval(above, x) / np.polyval(below, x))

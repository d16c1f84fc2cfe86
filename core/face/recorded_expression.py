"""A person's recorded expression on the grid, with what they say meanwhile; and new expression from its stretches."""

from typing import NamedTuple

import numpy as np

from .. import rotation as rot
from ..generate.patch_selection import STEP, Costs, choose
from ..generate.replay import WARP, WARP_SD, joined, jumps, margin
from ..motion import GRID_HZ, Progress, no_progress
from ..noise import Channel, normals
from ..speech.windows import smooth
from ..types import Array
from .drives import head_drive, voice_drive

LEAST_S = 6.0
"""Less is no choice."""

_LONGEST_S = 40.0  # more costs time, and is no better
_GAP_S = 0.1
_SMOOTHED_S = 0.12  # the tracker's noise is as large as faster movements
_BLEND_S = 0.6  # at 0.4 s, as heads have it, the jerk of brows is 1.3 times the person's
_PLACE = 3.75  # rate that a difference of place counts as, a second
_MARGIN = margin(_BLEND_S)
_FIT, _REPEATED = 0.4, 0.75  # of squares of the person's own rate, as a joint costs
_HEAD = 0.2  # of what the voice weighs
_CHANCE = 0.3  # of the drive's deviation, that seeds differ in
_LEAST_M = 1e-5


class Recorded(NamedTuple):
    """What a person did, at GRID_HZ.

    numbers : (G, 8) of `expression.py`
    voice : (G,) its drive, NaN where nothing was seen
    head : (G,) its drive; None where its turns are not known
    """

    numbers: Array
    voice: Array
    head: Array | None = None


def recorded(numbers: Array, time_s: Array, loud: Array | None, turn: Array | None = None) -> Recorded | None:
    """Put a recording on the grid; None for less than LEAST_S.

    numbers : (N, 8) as of `expression_of`; time_s : (N,) seconds from the sound's first sample
    loud : at GRID_HZ from that sample; None without a sound, and then its drive is 0
    turn : (N, 3) rotation vectors of the head
    """
    first = max(0, int(np.ceil(time_s[0] * GRID_HZ)))
    index = np.arange(first, int(time_s[-1] * GRID_HZ) + 1)[: round(_LONGEST_S * GRID_HZ)]
    if len(index) < LEAST_S * GRID_HZ:
        return None
    grid_s = index / GRID_HZ
    after = np.clip(np.searchsorted(time_s, grid_s), 1, len(time_s) - 1)
    seen = time_s[after] - time_s[after - 1] <= _GAP_S
    voice = np.zeros(len(index))
    if loud is not None and len(loud):
        drive = voice_drive(loud)
        voice = drive[np.minimum(index, len(drive) - 1)]
        seen &= index < len(drive)
    if seen.sum() < LEAST_S * GRID_HZ:
        return None
    return Recorded(
        smooth(_sampled(numbers, time_s, grid_s), _SMOOTHED_S),
        np.where(seen, voice, np.nan),
        None if turn is None else head_drive(rot.from_rotvec(_sampled(turn, time_s, grid_s))),
    )


def _sampled(values: Array, time_s: Array, at_s: Array) -> Array:
    return np.stack([np.interp(at_s, time_s, column) for column in values.T], axis=1)


def replayed(
    known: Recorded, loud: Array, seed: int, head: Array | None = None, progress: Progress = no_progress
) -> Array:
    """Numbers (N, 8) at GRID_HZ from stretches of a recording in which voice and head went as they go now.

    As the engine replay does for the head (Kovar et al. 2002; Arikan and Forsyth 2002): what couples a person's brows to
    their accents is in the stretches, so it need not be known. Looks 4 s ahead.

    loud : (N,) at GRID_HZ
    seed : whole number below 2^64
    head : (N,) drive of the head that the face belongs to, if it is known
    """
    pairs = [(known.voice, voice_drive(loud), 1.0)]
    if head is not None and known.head is not None:
        pairs.append((known.head, head, np.sqrt(_HEAD)))
    sides = [_fitting(*pair) for pair in pairs]
    activity, wanted = (np.stack(each, axis=1) for each in zip(*sides, strict=True))
    wanted[:, 0] += _CHANCE * normals(seed, Channel.EXPRESSION_WANTED, 0, len(wanted))
    warps = np.exp(np.clip(WARP_SD * normals(seed, Channel.EXPRESSION_SPEED, 0, len(wanted)), -WARP, WARP))
    costs = Costs(np.sqrt(_FIT) * activity, np.sqrt(_FIT) * wanted, _jumps(known.numbers), _REPEATED)
    return joined(known.numbers, choose(costs, warps, progress), len(loud), _BLEND_S)


def _fitting(drive: Array, now: Array, weight: float) -> tuple[Array, Array]:
    """What a stretch from each sample on had over a step, (G,), and what each step wants, (S,): in deviations, weighed."""
    scale = max(float(np.nanstd(drive)), 1e-6) / weight
    wanted = np.pad(now / scale, (0, -len(now) % STEP), mode="edge").reshape(-1, STEP).mean(axis=1)
    over_step = np.convolve(drive / scale, np.full(STEP, 1.0 / STEP), mode="valid")
    had = np.full(len(drive), np.inf)
    inside = slice(_MARGIN, len(drive) - 2 * _MARGIN)
    had[inside] = np.where(np.isnan(over_step), np.inf, over_step)[inside]
    return had, wanted


def _jumps(recording: Array) -> Array:
    """Cost (G, G) of going from one sample on at another, in squares of the recording's own rate."""
    numbers = recording / np.maximum(recording.std(axis=0), _LEAST_M)
    rates = np.gradient(numbers, axis=0) * GRID_HZ
    return jumps(rates, _PLACE * numbers)

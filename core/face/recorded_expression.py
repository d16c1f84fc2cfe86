"""A person's recorded expression on the grid, with what they say meanwhile; and new expression from its stretches."""

import numpy as np

from ..generate.patch_selection import STEP, Costs, choose
from ..generate.replay import BLEND_S, joined
from ..motion import GRID_HZ, Progress, no_progress
from ..noise import Channel, normals
from ..speech.windows import smooth
from ..types import Array
from .voice_drive import voice_drive

LEAST_S = 6.0
"""Less is no choice."""

_LONGEST_S = 40.0  # more costs time, and is no better
_GAP_S = 0.1
_SMOOTHED_S = 0.12  # the tracker's noise is as large as faster movements
_WARP, _WARP_SD = 0.15, 0.08  # of the logarithm of how fast a stretch is played
_MARGIN = int(np.ceil(np.exp(_WARP) * max(0.5 * BLEND_S * GRID_HZ, STEP)))
_FIT, _REPEATED = 0.4, 0.75  # of squares of the person's own rate, as a joint costs
_CHANCE = 0.3  # of the drive's deviation, that seeds differ in
_LEAST_M = 1e-5


def recorded(numbers: Array, time_s: Array, loud: Array | None) -> tuple[Array, Array] | None:
    """The numbers (G, 8) on the grid and the voice's drive (G,), NaN where nothing was seen; None for less than LEAST_S.

    numbers : (N, 8) as of `expression_of`; time_s : (N,) seconds from the sound's first sample
    loud : at GRID_HZ from that sample; None without a sound, and then the drive is 0
    """
    first = max(0, int(np.ceil(time_s[0] * GRID_HZ)))
    index = np.arange(first, int(time_s[-1] * GRID_HZ) + 1)[: round(_LONGEST_S * GRID_HZ)]
    if len(index) < LEAST_S * GRID_HZ:
        return None
    grid_s = index / GRID_HZ
    after = np.clip(np.searchsorted(time_s, grid_s), 1, len(time_s) - 1)
    seen = time_s[after] - time_s[after - 1] <= _GAP_S
    on_grid = np.stack([np.interp(grid_s, time_s, column) for column in numbers.T], axis=1)
    voice = np.zeros(len(index))
    if loud is not None and len(loud):
        drive = voice_drive(loud)
        voice = drive[np.minimum(index, len(drive) - 1)]
        seen &= index < len(drive)
    if seen.sum() < LEAST_S * GRID_HZ:
        return None
    return smooth(on_grid, _SMOOTHED_S), np.where(seen, voice, np.nan)


def replayed(
    recording: Array, voice: Array, loud: Array, seed: int, progress: Progress = no_progress
) -> Array:
    """Numbers (N, 8) at GRID_HZ from stretches of a recording in which the voice went as it goes now.

    As the engine replay does for the head (Kovar et al. 2002; Arikan and Forsyth 2002): what couples a person's brows to
    their accents is in the stretches, so it need not be known. Looks 4 s ahead.

    recording, voice : (G, 8) and (G,) as of `recorded`
    loud : (N,) at GRID_HZ
    seed : whole number below 2^64
    """
    scale = float(np.nanstd(voice)) or 1.0
    wanted = np.pad(voice_drive(loud) / scale, (0, -len(loud) % STEP), mode="edge")
    wanted = wanted.reshape(-1, STEP).mean(axis=1)
    wanted += _CHANCE * normals(seed, Channel.EXPRESSION_WANTED, 0, len(wanted))
    over_step = np.convolve(voice / scale, np.full(STEP, 1.0 / STEP), mode="valid")
    activity = np.full(len(recording), np.inf)
    inside = slice(_MARGIN, len(recording) - 2 * _MARGIN)
    activity[inside] = np.where(np.isnan(over_step), np.inf, over_step)[inside]
    warps = np.exp(np.clip(_WARP_SD * normals(seed, Channel.EXPRESSION_SPEED, 0, len(wanted)), -_WARP, _WARP))
    costs = Costs(np.sqrt(_FIT) * activity, np.sqrt(_FIT) * wanted, _jumps(recording), _REPEATED)
    return joined(recording, choose(costs, warps, progress), len(loud))


def _jumps(recording: Array) -> Array:
    """Cost (G, G) of going from one sample on at another, in squares of the recording's own rate."""
    numbers = recording / np.maximum(recording.std(axis=0), _LEAST_M)
    rates = np.gradient(numbers, axis=0) * GRID_HZ
    points = np.concatenate([rates, numbers * (1.5 / BLEND_S)], axis=1)
    points /= max(float(np.sqrt(np.square(rates).sum(axis=1).mean())), 1e-9)
    squares = np.square(points).sum(axis=1)
    return np.asarray(np.maximum(squares[:, None] + squares - 2.0 * points @ points.T, 0.0))

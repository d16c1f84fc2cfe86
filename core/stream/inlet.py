"""Sound that arrives in chunks of any size and rate, as blocks of 40 ms at the rate of all analysis."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from ..errors import AudioError, SettingsError
from ..media.sound import RATE_HZ
from ..motion import GRID_HZ
from ..types import Array, Float32Array, IntArray

BLOCK = RATE_HZ // GRID_HZ
"""Samples of a block."""

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 192_000

_ZEROS = 12  # of the filter to each side
_PASSED = 0.95  # of the lower of both bandwidths
_LOUDEST = 1e3  # full scale is 1
_BETA = 8.0


class Inlet:
    """Mono sound of any rate as blocks (BLOCK,) of RATE_HZ.

    A block is made of the same numbers by the same operations whatever chunks they came in, so it has the same
    bytes. A rate other than RATE_HZ is changed by a windowed sinc, whose reach adds 1 to 2 ms to every delay.

    rate_hz : of what is taken, a whole number

    Raises
    ------
    SettingsError : a rate that is none of sound
    """

    def __init__(self, rate_hz: int) -> None:
        if type(rate_hz) is not int or not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
            raise SettingsError(
                f"The rate {rate_hz!r:.20} is none of sound",
                f"Give a whole number of samples a second, from {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ}",
            )
        self._rate_hz = rate_hz
        self._exact = rate_hz == RATE_HZ
        narrow = _PASSED * min(rate_hz, RATE_HZ) / rate_hz  # of the given sound's bandwidth
        self._narrow = narrow
        self._reach = 0 if self._exact else int(np.ceil(_ZEROS / narrow))
        self._waiting = np.zeros(self._reach, np.float64)
        self._first = -self._reach  # index of what waits first
        self._kernels: dict[int, tuple[IntArray, Array]] = {}
        self._blocks = 0
        self.taken = 0
        """Samples that were taken."""

    @property
    def last_sample(self) -> int:
        """Index on the grid of the last sample that is not after the end of what was taken."""
        return self.taken * GRID_HZ // self._rate_hz

    def blocks(self, chunk: ArrayLike) -> Iterator[Float32Array]:
        """Take a chunk (N,), floats of which 1 is full scale or 16-bit whole numbers, and yield what becomes whole.

        Raises
        ------
        AudioError : it is no mono sound
        """
        samples = _checked(chunk)
        self.taken += len(samples)
        self._waiting = np.concatenate([self._waiting, samples])
        yield from self._whole()

    def silence(self, blocks: int) -> Iterator[Float32Array]:
        """Blocks as if so much silence followed, counted from the end of what was taken."""
        wanted = self.taken + -(-(blocks + 1) * self._rate_hz // GRID_HZ) + self._reach
        self._waiting = np.concatenate([self._waiting, np.zeros(max(0, wanted - self.taken))])
        yield from self._whole()

    def _whole(self) -> Iterator[Float32Array]:
        while True:
            first, last = self._span(self._blocks)
            if last >= self._first + len(self._waiting):
                return
            part = self._waiting[first - self._first : last + 1 - self._first]
            yield np.asarray(part if self._exact else self._resampled(part, first), np.float32)
            self._blocks += 1
            first, _ = self._span(self._blocks)
            self._waiting = self._waiting[first - self._first :]
            self._first = first

    def _span(self, block: int) -> tuple[int, int]:
        """First and last index of the samples that a block is made of."""
        first, last = block * BLOCK, (block + 1) * BLOCK - 1
        if self._exact:
            return first, last
        return (
            first * self._rate_hz // RATE_HZ - self._reach + 1,
            last * self._rate_hz // RATE_HZ + self._reach,
        )

    def _resampled(self, part: Array, first: int) -> Array:
        whole, rest = divmod(self._blocks * BLOCK * self._rate_hz, RATE_HZ)
        if rest not in self._kernels:  # 25 at most
            self._kernels[rest] = _kernel(self._rate_hz, rest, self._reach, self._narrow)
        at, kernel = self._kernels[rest]
        return np.asarray((part[at + (whole - first)] * kernel).sum(axis=1))


def _kernel(rate_hz: int, rest: int, reach: int, narrow: float) -> tuple[IntArray, Array]:
    """Which samples each of a block is made of, from the one at or before the block's begin on, and how, (BLOCK, 2 reach)."""
    ahead, apart = np.divmod(rest + np.arange(BLOCK, dtype=np.int64) * rate_hz, RATE_HZ)
    taps = np.arange(1 - reach, reach + 1)
    away = taps - (apart / RATE_HZ)[:, None]
    window = np.i0(_BETA * np.sqrt(np.maximum(1.0 - np.square(away / reach), 0.0))) / np.i0(_BETA)
    return ahead[:, None] + taps, narrow * np.sinc(narrow * away) * window


def _checked(chunk: ArrayLike) -> Array:
    """A chunk as (N,) numbers of which 1 is full scale."""
    samples = np.asarray(chunk)
    if samples.ndim != 1 or not (samples.dtype.kind == "f" or samples.dtype == np.int16 or samples.size == 0):
        raise AudioError(
            f"A chunk of sound has the shape {samples.shape} and the type {samples.dtype}",
            "Give one channel, (N,), of floats or 16-bit whole numbers",
        )
    if samples.dtype == np.int16:
        return samples / 32768.0
    found = samples.astype(np.float64)
    if not (np.abs(found) < _LOUDEST).all():  # false for NaN too
        raise AudioError(
            "A chunk of sound has samples that are not numbers, or far beyond full scale",
            "Give floats of which 1 is full scale, or 16-bit whole numbers",
        )
    return found

"""How frames are read from samples, as a linear functional of the samples around: what pins are solved through."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..motion import cubic
from ..types import Array, IntArray

_AROUND = 6  # samples that hold all four which a cubic reads, wherever it lies among them


@dataclass(frozen=True, eq=False)
class Reader:
    """Values at M times are sums over samples: of sample index[m, j], times weight[m, j].

    index, weight : (M, J)
    """

    index: IntArray
    weight: Array

    @classmethod
    def at(cls, time_s: Array, at_s: Sequence[float] | Array) -> "Reader":
        """That of `HeadMotion.at` at times (M,), for samples at (T,): Catmull-Rom, held beyond the ends."""
        return _reader(np.ascontiguousarray(time_s).tobytes(), tuple(map(float, at_s)))

    def values(self, samples: Array) -> Array:
        """What is read (M, C) of samples (T, C)."""
        return np.einsum("mj,mjc->mc", self.weight, samples[self.index])


@lru_cache(maxsize=8)  # a slider asks again and again for the same pins
def _reader(times: bytes, at_s: tuple[float, ...]) -> Reader:
    time_s, wanted = np.frombuffer(times), np.array(at_s)
    size = min(_AROUND, len(time_s))
    first = np.clip(np.searchsorted(time_s, wanted) - size // 2, 0, len(time_s) - size)
    weights = np.stack(
        [cubic(time_s[i : i + size], np.eye(size), at[None])[0] for i, at in zip(first, wanted, strict=True)]
    )
    return Reader(first[:, None] + np.arange(size), weights)

"""Level of a sound: peak, loudness and clipping, in one pass over the samples as they are stored."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..types import Array, Float32Array
from .sound import Sound

SILENT_DB = -100.0
"""Stands for the level of a sound without any, dB of full scale."""

_BLOCK_S = 0.1
_OVERLAPPING = 4  # blocks of 0.4 s that overlap by three quarters
_ABSOLUTE_GATE_DB, _RELATIVE_GATE_DB = -70.0, -10.0
_STEP = 1.5 / 32768  # of 16-bit samples: −32768 and 32767 are both full scale
_FLAT = 3  # neighbouring samples
_LEAST_PEAK = 0.1


@dataclass(frozen=True)
class SoundLevel:
    """Level of a sound.

    duration_s : seconds that were decoded, silence for what is damaged included
    peak_db : of the largest sample, dB of full scale
    level_db : mean power while there is sound, dB of full scale: blocks of 0.4 s that overlap by three quarters, gated
        at −70 dB and then at 10 dB below the mean, as ITU-R BS.1770-5 does it, without its weighting of frequencies
        and with the mean of the channels; a constant offset does not count
    flat_tops : how often three or more neighbouring samples of a channel lie at the file's own peak, or at full scale
        where the peak is above it; 0 where the peak is below −20 dB. A sound that was clipped has many, also where it was
        made quieter since; one that only reaches full scale has one or two
    """

    duration_s: float
    peak_db: float
    level_db: float
    flat_tops: int


def measure_level(path: Path) -> SoundLevel:
    """Measure the level of the sound of a file, in bounded memory.

    Raises
    ------
    AudioError : the file cannot be read, or has no sound
    """
    sound = Sound(path)
    tops, powers = _FlatTops(), _Powers()
    for rate_hz, block in sound.native():
        tops.add(block)
        powers.add(rate_hz, block)
    return SoundLevel(
        duration_s=float(sound.duration),
        peak_db=_decibels(np.square(tops.peak)),
        level_db=_gated_db(powers.all()),
        flat_tops=tops.count if tops.peak >= _LEAST_PEAK else 0,
    )


class _FlatTops:
    """Counts runs of samples at the peak; a new peak begins anew."""

    def __init__(self) -> None:
        self.peak = 0.0
        self.count = 0
        self._before: Float32Array = np.zeros((0, _FLAT), np.float32)

    def add(self, block: Float32Array) -> None:
        if not block.size:
            return
        sizes = np.abs(block)
        loudest = float(sizes.max())
        if loudest > self.peak:
            if loudest > self.peak + _STEP and self.peak < 1.0:
                self.count = 0
            self.peak = loudest
        if len(self._before) != len(sizes):
            self._before = np.zeros((len(sizes), _FLAT), np.float32)
        # Three samples of before, so that a run which a block's end cuts is counted once.
        sizes = np.concatenate([self._before, sizes], axis=1)
        self._before = sizes[:, -_FLAT:]
        threshold = min(self.peak, 1.0) - _STEP
        if loudest < threshold:
            return
        top = sizes >= threshold
        begins = ~top[:, :-3] & top[:, 1:-2] & top[:, 2:-1] & top[:, 3:]
        self.count += int(begins.sum())


class _Powers:
    """Mean power of the channels in blocks of 0.1 s, about their own mean."""

    def __init__(self) -> None:
        self._waiting: list[Float32Array] = []
        self._have = self._rate_hz = 0
        self._powers: list[Array] = []

    def add(self, rate_hz: int, block: Float32Array) -> None:
        if rate_hz != self._rate_hz or (self._waiting and len(self._waiting[0]) != len(block)):
            self._settle()
            self._rate_hz, self._waiting, self._have = rate_hz, [], 0
        self._waiting.append(block)
        self._have += block.shape[1]
        if self._have >= rate_hz:
            self._settle()

    def all(self) -> Array:
        """Powers of all whole blocks, and of a part of one where there is no whole one."""
        self._settle()
        if not self._powers and self._have:
            return np.array([_power(np.concatenate(self._waiting, axis=1))])
        return np.concatenate([*self._powers, np.zeros(0)])

    def _settle(self) -> None:
        size = max(round(_BLOCK_S * self._rate_hz), 1)
        if self._have < size:
            return
        joined = np.concatenate(self._waiting, axis=1)
        whole = joined.shape[1] // size * size
        self._powers.append(_power(joined[:, :whole].reshape(len(joined), -1, size)))
        self._waiting, self._have = [joined[:, whole:]], joined.shape[1] - whole


def _power(samples: Float32Array) -> Array:
    """Mean power of blocks (C, ..., n) about their mean, over channels."""
    return np.asarray(samples.var(axis=-1, dtype=np.float64).mean(axis=0))


def _gated_db(powers: Array) -> float:
    """Gated level of the powers of neighbouring blocks of 0.1 s, (N,)."""
    if not len(powers):
        return SILENT_DB
    width = min(_OVERLAPPING, len(powers))
    blocks = np.convolve(powers, np.full(width, 1.0 / width), mode="valid")
    loud = blocks[blocks > 10 ** (_ABSOLUTE_GATE_DB / 10)]
    if not len(loud):
        return SILENT_DB
    return _decibels(loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE_DB / 10)].mean())


def _decibels(power: float) -> float:
    return float(10 * np.log10(max(power, 10 ** (SILENT_DB / 10))))

"""Coloured Gaussian noise with given spectra, resampled at a varying rate."""

from dataclasses import dataclass, replace

import numpy as np

from ..motion import GRID_HZ, cubic
from ..noise import PUPPET_MOVEMENT, Channel, normals
from ..style.resampling import low_pass
from ..style.schema import BANDS_HZ
from ..types import Array

_KERNEL = 256  # samples: 10.24 s, resolves 0.1 Hz
_BURSTS_S = {Channel.SHORT_BURSTS: 0.12, Channel.LONG_BURSTS: 0.8}
"""How long bursts and lulls last when the voice does not decide."""
LARGEST_FOLLOW = 0.95  # some of the bursts stay the head's own
PAUSE_RANGE = (-2.0, 3.0)
_LOG_RATE_RANGE = (-3.0, 0.8)  # twice as fast at most: faster, and slow turns become tremble


@dataclass(frozen=True)
class NoiseParameters:
    """Parameters of the noise that the puppet plays, fitted by `calibrate`.

    log_density : (3, 6) log10 degrees² per Hz of the noise, below 0.2 Hz and in each of BANDS_HZ
    mixing : (3, 3) lower triangular, makes white noise of three axes correlate
    spread_mm : (3,) standard deviation of the residual translation
    lead_s : by how much the head leads the voice
    drive : (3,) weights of the standardised drives, to a drive of variance 1
    follow : correlation of the rate's logarithm with the drive, the rest is noise
    burst : standard deviation of the rate's logarithm in speech
    pause : how far the rate's logarithm falls in a pause
    """

    log_density: Array
    mixing: Array
    spread_mm: Array
    lead_s: float
    drive: Array
    follow: float
    burst: float
    pause: float

    def heeding(self, voice: float) -> "NoiseParameters":
        """Parameters with which the voice counts `voice` times as much; with 0 it decides nothing."""
        return replace(
            self,
            follow=min(voice * self.follow, LARGEST_FOLLOW),
            pause=float(np.clip(voice * self.pause, *PAUSE_RANGE)),
        )


def playing_rate(parameters: NoiseParameters, seed: int, drive: Array, active: Array) -> Array:
    """How fast the noise is played at each sample, shape (T,); its mean in speech is 1."""
    own = np.sqrt(1.0 - parameters.follow**2) * _own_bursts(seed, len(drive))
    log_rate = parameters.burst * (parameters.follow * drive + own) - 0.5 * parameters.burst**2
    log_rate = log_rate - parameters.pause * (1.0 - active)
    return np.exp(np.clip(log_rate, *_LOG_RATE_RANGE))


def play(parameters: NoiseParameters, seed: int, rate: Array) -> Array:
    """The noise at the times to which `rate` (T,) adds up, low-passed: (T, 6) in degrees and metres."""
    clock = np.concatenate([[0.0], np.cumsum(rate[:-1])])
    count = int(clock[-1]) + 4
    white = np.stack([normals(seed, channel, -_KERNEL, count + _KERNEL) for channel in PUPPET_MOVEMENT])
    white[:3] = parameters.mixing @ white[:3]
    kernels = kernels_of(parameters)
    coloured = np.stack(
        [np.convolve(*pair, mode="valid")[:count] for pair in zip(white, kernels, strict=True)], axis=1
    )
    return low_pass(cubic(np.arange(count, dtype=np.float64), coloured, clock))


def kernels_of(parameters: NoiseParameters) -> Array:
    """Impulse responses (6, _KERNEL) that give white noise the person's spectra."""
    frequency = np.fft.rfftfreq(_KERNEL, 1.0 / GRID_HZ)
    angles = np.stack([density_at(frequency, log_density) for log_density in parameters.log_density])
    # Nobody has measured a spectrum of residual translation apart: it moves as the angles do.
    shape = np.exp(np.mean(np.log(angles), axis=0))
    shape = shape / (shape.sum() * GRID_HZ / _KERNEL)
    lengths = np.square(parameters.spread_mm * 1e-3)[:, None] * shape
    amplitude = np.sqrt(np.concatenate([angles, lengths]) * GRID_HZ / 2.0)
    return np.roll(np.fft.irfft(amplitude, _KERNEL, axis=1), _KERNEL // 2, axis=1)


def density_at(frequency: Array, log_density: Array) -> Array:
    """Density at frequencies in Hz: straight between the bands' centres in a plot of logarithms."""
    centres = np.log([0.12, *(np.sqrt(low * high) for low, high in BANDS_HZ)])
    return np.asarray(10.0 ** np.interp(np.log(np.maximum(frequency, 1e-3)), centres, log_density))


def _own_bursts(seed: int, count: int) -> Array:
    """Bursts independent of the voice: noise of variance 1 on the motion's own clock, of all _BURSTS_S."""
    total = np.zeros(count)
    for channel, sigma_s in _BURSTS_S.items():
        reach = int(np.ceil(3.0 * sigma_s * GRID_HZ))
        kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / (sigma_s * GRID_HZ)))
        kernel /= np.sqrt(len(_BURSTS_S) * np.square(kernel).sum())
        white = normals(seed, channel, -reach, count + 2 * reach)
        total += np.convolve(white, kernel, mode="valid")
    return total

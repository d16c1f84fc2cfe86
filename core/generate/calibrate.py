"""Calibration of the puppet: fits the parameters of its noise so that its output has the person's statistics.

Playing noise at a changing rate smears its spectrum, quickens its speed and loosens its coupling, by
amounts that no closed form gives well. So the puppet is run on a stretch of synthetic speech, what
comes out is measured as people are, each parameter is corrected by what is missing, and so on.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..noise import Channel, inverse_normal, normals
from ..speech.windows import smooth
from ..style.population import load_population
from ..style.resampling import low_pass, rate
from ..style.schema import AXES, BANDS_HZ, DRIVES, STATISTICS, Style
from ..style.spectrum import band_means, power_density
from ..style.voice_coupling import LEAD_RANGE_S, SMOOTHING_S, correlation, log_speed
from ..types import Array
from .coloured_noise import LARGEST_FOLLOW, PAUSE_RANGE, NoiseParameters, play, playing_rate

_SAMPLES = 12_000  # 8 minutes: each band's density comes out within a few per cent
_STEPS = (1.0, 1.0, 0.8, 0.6, 0.4, 0.3)  # smaller and smaller: a stretch of eight minutes is not endless
_SEED = 0
_REACH = 1.0  # how far, in powers of ten, a band's parameter may leave what is wanted
_WIDTH_BELOW_HZ = 0.3
_TILTS = np.linspace(0.0, 3.0, 61)  # powers of the frequency
_HELD_BY_BANDS = 0.8  # share of the variance; the rest lies below 0.2 Hz
_DRIVE_S, _PHRASE_S = 0.15, 0.5  # how long an accent and the edge of a phrase last


@dataclass(frozen=True)
class Outcome:
    """Statistics of a generated run, named and expressed as in a style.

    sigma_deg, speed_deg_s : (3,) standard deviation of the angles, mean size of the rates
    shape : (3, 5) log10 densities in BANDS_HZ over squared speed
    echo : correlation of log speed with the rate's logarithm while speaking, below 1 because the speed
        of noise changes by itself; nothing in a style asks for it, it sets how strong to couple
    """

    sigma_deg: Array
    speed_deg_s: Array
    shape: Array
    sd_log_speed: float
    log_pause_ratio: float
    echo: float = 1.0


def calibrate(style: Style) -> NoiseParameters:
    """Fit the parameters with which the puppet has the style's statistics, as far as noise can."""
    return _calibrated(tuple(style.statistics[name] for name in STATISTICS))


@lru_cache(maxsize=256)  # a kilobyte each: a slider that is dragged pushes nobody out
def _calibrated(values: tuple[float, ...]) -> NoiseParameters:
    style = Style(dict(zip(STATISTICS, values, strict=True)), speech_s=0.0, confidence=0.0)
    parameters = first_guess(style)
    wanted, coupling = _wanted(style, parameters), parameters.follow
    drive, active = synthetic_speech(_SAMPLES)
    for step in _STEPS:
        parameters = _corrected(parameters, wanted, _outcome(parameters, drive, active), coupling, step)
    return parameters


def synthetic_speech(count: int) -> tuple[Array, Array]:
    """A drive and an activity, (T,) each, with the population's share of speech."""
    threshold = inverse_normal(np.array(1.0 - load_population().speech_share))
    active = smooth(
        (_unit(smooth(normals(_SEED, Channel.CALIBRATION_PHRASES, 0, count), _PHRASE_S)) > threshold).astype(
            np.float64
        ),
        0.1,
    )
    return _unit(smooth(normals(_SEED, Channel.CALIBRATION_ACCENTS, 0, count), _DRIVE_S)) * active, active


def first_guess(style: Style) -> NoiseParameters:
    """Parameters straight from the statistics, as if playing at a rate changed nothing."""
    names = [[f"psd_{axis}_{band}" for band in range(1, len(BANDS_HZ) + 1)] for axis in AXES]
    speed = style.vector(*(f"log_speed_{axis}" for axis in AXES))
    bands = np.stack([style.vector(*row) for row in names]) + 2.0 / np.log(10.0) * speed[:, None]
    bands = _tilted(bands, np.exp(style.vector(*(f"log_sigma_{axis}" for axis in AXES))))
    coupling = style.vector(*(f"coupling_{drive}" for drive in DRIVES))
    weights = np.linalg.solve(load_population().drive_correlation, coupling)
    strength = float(np.sqrt(max(float(weights @ coupling), 1e-6)))
    return NoiseParameters(
        log_density=np.concatenate([bands[:, :1], bands], axis=1),
        mixing=np.linalg.cholesky(_correlation(style)),
        spread_mm=np.exp(style.vector(*(f"log_sigma_{axis}" for axis in "xyz"))),
        lead_s=float(np.clip(style.statistics["lead_s"], *LEAD_RANGE_S)),
        drive=weights / strength,
        follow=min(strength, 0.9),
        burst=0.5,
        pause=style.statistics["log_pause_ratio"],
    )


def _tilted(bands: Array, sigma_deg: Array) -> Array:
    """Densities (3, 5) moved towards the fast bands until they hold no more variance than the person has.

    A short clip determines size and speed well and the shape of the spectrum hardly, so that is mostly the
    population's; of somebody who nods fast and little it would make large slow turns. The speed stays.
    """
    low, high = np.array(BANDS_HZ).T
    decades, width = 0.5 * np.log10(low * high), high - low
    squared_rate = 10.0 ** (2.0 * decades) * width
    tilted = bands + _TILTS[:, None, None] * decades  # (tilts, 3, 5)
    tilted = tilted + np.log10((10.0**bands @ squared_rate) / (10.0**tilted @ squared_rate))[..., None]
    fits = 10.0**tilted @ width <= _HELD_BY_BANDS * np.square(sigma_deg)
    first = np.where(fits.any(axis=0), fits.argmax(axis=0), len(_TILTS) - 1)
    return np.asarray(tilted[first, np.arange(len(bands))])


def _correlation(style: Style) -> Array:
    """The axes' correlation as a matrix that has a Cholesky factor whatever the file holds."""
    matrix = np.eye(3)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        value = style.statistics[f"correlation_{AXES[a]}_{AXES[b]}"]
        matrix[a, b] = matrix[b, a] = np.clip(value, -0.95, 0.95)
    values, vectors = np.linalg.eigh(matrix)
    matrix = (vectors * np.maximum(values, 0.05)) @ vectors.T
    size = np.sqrt(np.diag(matrix))
    return np.asarray(matrix / np.outer(size, size))


def _wanted(style: Style, parameters: NoiseParameters) -> Outcome:
    speed_deg_s = np.exp(style.vector(*(f"log_speed_{axis}" for axis in AXES)))
    return Outcome(
        sigma_deg=np.exp(style.vector(*(f"log_sigma_{axis}" for axis in AXES))),
        speed_deg_s=speed_deg_s,
        shape=parameters.log_density[:, 1:] - 2.0 * np.log10(speed_deg_s)[:, None],
        sd_log_speed=style.statistics["sd_log_speed"],
        log_pause_ratio=style.statistics["log_pause_ratio"],
    )


def _outcome(parameters: NoiseParameters, drive: Array, active: Array) -> Outcome:
    playing = playing_rate(parameters, _SEED, drive, active)
    # People are measured through this low-pass too.
    angles = low_pass(play(parameters, _SEED, playing)[:, :3])
    rates = rate(angles)
    speed, speaking = np.linalg.norm(rates, axis=1), active > 0.5
    mean_speed, logarithm = np.abs(rates).mean(axis=0), log_speed(rates)
    smoothed = smooth(logarithm, SMOOTHING_S)
    return Outcome(
        sigma_deg=angles.std(axis=0),
        speed_deg_s=mean_speed,
        shape=band_means(*power_density(angles, np.ones(len(angles), np.bool_)))
        - 2.0 * np.log10(mean_speed)[:, None],
        sd_log_speed=float(logarithm.std()),
        log_pause_ratio=float(np.log(speed[speaking].mean() / speed[~speaking].mean())),
        echo=correlation(smoothed[speaking], np.log(playing[speaking])),
    )


def _corrected(
    parameters: NoiseParameters, wanted: Outcome, got: Outcome, coupling: float, step: float
) -> NoiseParameters:
    """Correct each parameter by what its own statistic lacks; limits keep odd styles within what a head does."""
    # Mean logarithms of short clips lie below those of long ones, by much the same in each band: it is
    # the mean speed that determines the size, and the bands only how it is shared among them.
    lacking_shape = wanted.shape - got.shape
    lacking_shape = lacking_shape - lacking_shape[:, :-1].mean(axis=1, keepdims=True)
    size = 2.0 * np.log10(wanted.speed_deg_s / got.speed_deg_s)[:, None]
    bands = parameters.log_density[:, 1:] + step * (lacking_shape + size)
    naive = wanted.shape + 2.0 * np.log10(wanted.speed_deg_s)[:, None]
    bands = np.clip(bands, naive - _REACH, naive + _REACH)
    # What the bands do not hold of the variance lies below them.
    lacking = (np.square(wanted.sigma_deg) - np.square(got.sigma_deg)) / _WIDTH_BELOW_HZ
    below = 10.0 ** parameters.log_density[:, 0] + step * lacking
    floor = 10.0 ** (naive[:, 0] - _REACH)
    below = np.log10(np.clip(below, floor, 1e3 * floor))
    return replace(
        parameters,
        log_density=np.column_stack([below, bands]),
        burst=float(
            np.clip(parameters.burst + 1.4 * step * (wanted.sd_log_speed - got.sd_log_speed), 0.05, 1.0)
        ),
        follow=float(np.clip(coupling / max(got.echo, 0.1), 0.0, LARGEST_FOLLOW)),
        pause=float(
            np.clip(parameters.pause + step * (wanted.log_pause_ratio - got.log_pause_ratio), *PAUSE_RANGE)
        ),
    )


def _unit(values: Array) -> Array:
    return (values - values.mean()) / values.std()

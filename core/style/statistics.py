"""Statistics of a manner, measured from a track and its speech."""

import numpy as np

from ..motion import GRID_HZ
from ..speech.features import SpeechFeatures
from ..speech.windows import smooth
from ..types import Array, BoolArray
from .resampling import GridTrack, rate
from .schema import AXES, DRIVES
from .spectrum import band_means, centroid, power_density
from .voice_coupling import SMOOTHING_S, best_lead_s, correlation, log_speed, raw_drives, shifted

SPEAKING = 0.5
"""Where activity is higher, there is speech."""

_LEAST_DEG, _LEAST_MM = 0.01, 0.01  # below any tracker: a still head has finite logarithms
_NOD_DEG = 1.0
_NOD_SLOW_S = 0.4
_HELD = GRID_HZ // 5  # samples beyond the sound's ends that are of its last one
_ENOUGH = GRID_HZ  # samples of speech, or of pause, that a ratio is taken from


def measure(track: GridTrack, speech: SpeechFeatures | None) -> dict[str, float]:
    """All statistics that the material supports; what needs speech is left out without it.

    The track holds at least two seconds of valid samples.
    """
    rates = rate(track.angles_deg)
    inside = _inside(track)
    found = _amplitudes(track, rates, inside) | _rhythm(rates, inside) | _nods(track, rates, inside)
    if speech is not None:
        found |= _coupling(track, rates, inside, speech)
    return found


def speaking(track: GridTrack, speech: SpeechFeatures) -> BoolArray:
    """Which samples of a track are valid and in speech, shape (T,); none beyond the sound's ends."""
    index = np.arange(len(track.valid)) + track.start
    has_sound = (index >= -_HELD) & (index < len(speech.time_s) + _HELD)
    return track.valid & has_sound & (_at(track, speech.column("activity")) > SPEAKING)


def movement(track: GridTrack) -> dict[str, float]:
    """Statistics of size and speed alone, `log_sigma_…` and `log_speed_…` of the angles; half a second is enough."""
    sigma, speed = _sizes_and_speeds(track, rate(track.angles_deg), _inside(track))
    found = {f"log_sigma_{axis}": float(np.log(sigma[i])) for i, axis in enumerate(AXES)}
    return found | {f"log_speed_{axis}": float(np.log(speed[i])) for i, axis in enumerate(AXES)}


def _inside(track: GridTrack) -> BoolArray:
    """Where a rate is true: its neighbours are valid too."""
    return track.valid & np.roll(track.valid, 1) & np.roll(track.valid, -1)


def _sizes_and_speeds(track: GridTrack, rates: Array, inside: BoolArray) -> tuple[Array, Array]:
    """Standard deviations of the angles and mean sizes of their rates, each (3,)."""
    sigma = np.maximum(track.angles_deg[track.valid].std(axis=0), _LEAST_DEG)
    return sigma, np.maximum(np.abs(rates[inside]).mean(axis=0), _LEAST_DEG)


def _amplitudes(track: GridTrack, rates: Array, inside: BoolArray) -> dict[str, float]:
    sigma, speed = _sizes_and_speeds(track, rates, inside)
    spread = np.maximum(1e3 * track.translation_m[track.valid].std(axis=0), _LEAST_MM)
    frequency, density = power_density(track.angles_deg, track.valid)
    # The spectrum's shape apart from its size, so that each is drawn to the population by its own right.
    bands = band_means(frequency, density) - 2.0 * np.log10(speed)[:, None]
    centre = centroid(frequency, density)
    found: dict[str, float] = {}
    if track.translation_m.any():  # some recordings hold only rotation
        found = {f"log_sigma_{axis}": float(np.log(spread[i])) for i, axis in enumerate("xyz")}
    for i, axis in enumerate(AXES):
        found[f"log_sigma_{axis}"] = float(np.log(sigma[i]))
        found[f"log_speed_{axis}"] = float(np.log(speed[i]))
        found[f"centroid_{axis}"] = float(centre[i])
        found |= {f"psd_{axis}_{band}": float(value) for band, value in enumerate(bands[i], 1)}
    return found


def _rhythm(rates: Array, inside: BoolArray) -> dict[str, float]:
    used = rates[inside]
    speed = np.linalg.norm(used, axis=1)
    centred = used - used.mean(axis=0)
    variance = np.maximum(np.square(centred).mean(axis=0), 1e-9)
    found = {
        "hold": float((speed < 0.35 * speed.mean()).mean()),
        "sd_log_speed": float(log_speed(used).std()),
        "kurtosis": float(np.mean((centred**4).mean(axis=0) / variance**2 - 3.0)),
    }
    for a, b in ((0, 1), (0, 2), (1, 2)):
        found[f"correlation_{AXES[a]}_{AXES[b]}"] = correlation(used[:, a], used[:, b])
    return found


def _nods(track: GridTrack, rates: Array, inside: BoolArray) -> dict[str, float]:
    """Nods: the head goes down and comes back by a degree or more within about a second."""
    pitch = track.angles_deg[:, 0]
    pitch = pitch - smooth(pitch, _NOD_SLOW_S)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(pitch))) != 0) + 1
    depth = np.array(
        [
            pitch[low] - max(pitch[before], pitch[after])
            for before, low, after in zip(turns, turns[1:], turns[2:], strict=False)
            if pitch[low] > pitch[before] and track.valid[low]
        ]
    )
    deep = depth[depth >= _NOD_DEG]
    fall = rates[inside, 0]
    found = {
        "nod_rate": len(deep) * GRID_HZ / int(track.valid.sum()),
        "asymmetry": float(np.mean((fall - fall.mean()) ** 3) / max(float(fall.std()), 1e-3) ** 3),
    }
    if len(deep):
        found["log_nod_size"] = float(np.log(deep).mean())
    return found


def _coupling(track: GridTrack, rates: Array, inside: BoolArray, speech: SpeechFeatures) -> dict[str, float]:
    within_speech = (np.arange(len(inside)) + track.start >= 0) & (
        np.arange(len(inside)) + track.start < len(speech.time_s)
    )
    usable = inside & within_speech
    if usable.sum() < _ENOUGH:
        return {}
    speed = np.linalg.norm(rates, axis=1)
    smoothed = smooth(log_speed(rates), SMOOTHING_S)
    drives = raw_drives(speech)
    energy = _at(track, drives[:, 0])
    lead_s = best_lead_s(smoothed, energy, usable)
    found = {"lead_s": lead_s}
    active = _at(track, shifted(speech.column("activity"), lead_s)) > SPEAKING
    talk, pause = usable & active, usable & ~active
    if talk.sum() >= _ENOUGH and pause.sum() >= _ENOUGH:
        ratio = max(float(speed[talk].mean()), 1e-3) / max(float(speed[pause].mean()), 1e-3)
        found["log_pause_ratio"] = float(np.log(ratio))
    if talk.sum() >= 2 * _ENOUGH:
        later = _at(track, shifted(drives, lead_s))
        for i, drive in enumerate(DRIVES):
            found[f"coupling_{drive}"] = correlation(smoothed[talk], later[talk, i])
    return found


def _at(track: GridTrack, values: Array) -> Array:
    """Values on the speech's grid at the track's samples, held beyond the sound's ends."""
    index = np.clip(np.arange(len(track.valid)) + track.start, 0, len(values) - 1)
    return values[index]

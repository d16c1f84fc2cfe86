"""Sound to SpeechFeatures: prosodic features on the common grid."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from ..errors import AudioError
from ..media.sound import Sound
from ..motion import GRID_HZ, Progress, no_progress
from ..types import Array, BoolArray, Float32Array
from .shorttime import BANDS, ShortTime, analyse
from .windows import local, smooth

_log = logging.getLogger(__name__)

NAMES = (
    "energy",  # level above (+) or below the speaker's own loud speech, tens of dB
    "energy_rate",  # its slope, tens of dB per second
    "f0",  # pitch above the speaker's own median, semitones; fades to 0 where unvoiced
    "f0_rate",  # its slope, semitones per second
    "voicing",  # strength of the voice's period, 0 to 1
    "onset",  # rise of the spectrum, 1 = a strong one of this speaker
    "flux",  # share of the spectrum that is new, 1 = a strong change of this speaker
    "activity",  # is there speech, 0 to 1
    "accent",  # loud, high and lasting at once: 0 in plain speech, 1 at a marked accent
    "since_pause_s",  # time since the last pause ended, at most 2
    "to_pause_s",  # time to the next pause, at most 2
    *(f"mel_{band:02d}" for band in range(1, BANDS + 1)),  # band against its own median, tens of dB
)

LOOK_AHEAD_S = 10.0
"""Upper bound on how far what comes later in a sound reaches back into its features."""

SHORTEST_S = 0.5
_AUDIBLE_DB = -75.0
_PAUSE_S = 0.2
_CAP_S = 2.0


@dataclass(frozen=True)
class SpeechFeatures:
    """Prosodic features of a sound, as engines and styles use them.

    time_s : (T,) seconds, i / GRID_HZ from the first sample up to, and not after, the end
    values : (T, len(NAMES)) float32, columns and units as in NAMES
    duration_s : length of the sound, seconds
    notes : sentences to the user on what was chosen, bridged or left out of the file
    """

    time_s: Array
    values: Float32Array
    duration_s: float
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.time_s), len(NAMES)):
            raise ValueError(f"values have shape {self.values.shape}, not {(len(self.time_s), len(NAMES))}")

    def column(self, name: str) -> Array:
        """One feature by its name, shape (T,), as float64."""
        return self.values[:, NAMES.index(name)].astype(np.float64)


def extract_features(
    path: Path,
    progress: Progress = no_progress,
    *,
    start_s: float = 0.0,
    length_s: float | None = None,
) -> SpeechFeatures:
    """Analyse a sound file, or the sound of a video, or a part of it, as if there were nothing else.

    Any rate and number of channels. Memory grows with the features alone, 9 MB an hour.

    start_s, length_s : the part, by default all; t = 0 is its first sample

    Raises
    ------
    AudioError : the file is no sound, damaged, without numbers, shorter than SHORTEST_S or silent
    """
    sound = Sound(path)
    parts = []
    for part in analyse(sound.part(start_s, length_s)):
        parts.append(part)
        share = float(sound.duration) / sound.promised_s if sound.promised_s else 0.0
        progress(min(share, 1.0), f"listening, {float(sound.duration):.0f} s")
    _log.info("Sound %s: %.2f s of sound", path.name, float(sound.duration))
    # Exact fractions, so that 29.97 s of a broadcast rate never gains or loses a sample.
    count = int(sound.duration * GRID_HZ) + 1
    if sound.duration < SHORTEST_S:
        problem = f"“{path.name}” holds only {float(sound.duration):.2f} s of sound"
        raise AudioError(problem, f"Give a sound of at least {SHORTEST_S} s")
    raw = _joined(parts, count)
    if raw.energy_db.max() < _AUDIBLE_DB:
        problem = f"“{path.name}” is silent (never above {_AUDIBLE_DB:.0f} dB)"
        raise AudioError(problem, "Check that the right channel was exported and that it is not muted")
    progress(1.0, "listening")
    return SpeechFeatures(np.arange(count) / GRID_HZ, _features(raw), float(sound.duration), sound.notes)


def _joined(parts: list[ShortTime], count: int) -> ShortTime:
    """All segments as one, `count` samples long: the grid's last sample may lie on a segment's end."""
    columns = {}
    for field in fields(ShortTime):
        whole = np.concatenate([getattr(part, field.name) for part in parts])
        missing = max(0, count - len(whole))
        columns[field.name] = np.pad(whole[:count], [(0, missing)] + [(0, 0)] * (whole.ndim - 1), mode="edge")
    return ShortTime(**columns)


@dataclass(frozen=True)
class Levels:
    """What values are compared with, (T,) each.

    level_db, floor_db : of loud speech, and between words
    median_hz : of the voice
    onset, flux : a strong one
    """

    level_db: Array
    floor_db: Array
    median_hz: Array
    onset: Array
    flux: Array


def _features(raw: ShortTime) -> Float32Array:
    voiced = raw.voicing > 0
    everywhere = np.ones(len(voiced), np.bool_)
    levels = Levels(
        level_db=local(_percentile(90), raw.energy_db, everywhere, -30.0),
        floor_db=local(_percentile(10), raw.energy_db, everywhere, -60.0),
        median_hz=local(_percentile(50), raw.f0_hz, voiced, 150.0),
        onset=local(_percentile(95), raw.onset, voiced, 1.0),
        flux=local(_percentile(95), raw.flux, voiced, 0.2),
    )
    mel = raw.mel_db - local(lambda part: np.median(part, axis=0), raw.mel_db, voiced, -40.0)
    return np.column_stack([prosody(raw, levels), np.clip(mel / 10.0, -4.0, 4.0)]).astype(np.float32)


def prosody(raw: ShortTime, levels: Levels) -> Array:
    """The features before the spectrum's, (T, C), columns as in NAMES."""
    voiced = raw.voicing > 0
    relative = raw.energy_db - levels.level_db
    # Voices rise 12 to 25 dB above what lies between words; a hum or hiss is loud but has no voice.
    threshold = np.maximum(-25.0, np.minimum(levels.floor_db - levels.level_db + 6.0, -12.0))
    loud = 1.0 / (1.0 + np.exp(-(relative - threshold) / 2.0))
    near_voice = np.clip(3.0 * smooth(voiced.astype(np.float64), 0.15), 0.0, 1.0)
    activity = loud * near_voice

    energy = np.clip(relative / 10.0, -4.0, 2.0)
    semitones = 12.0 * np.log2(np.where(voiced, raw.f0_hz, levels.median_hz) / levels.median_hz)
    weight = smooth(raw.voicing, 0.06)
    f0 = np.clip(smooth(semitones * raw.voicing, 0.06) / (weight + 0.05), -12.0, 12.0)
    onset = raw.onset / np.maximum(levels.onset, 0.1)
    flux = raw.flux / np.maximum(levels.flux, 0.02)

    prominence = np.maximum(energy + 0.5, 0.0) + np.maximum(f0, 0.0) / 4.0
    accent = smooth(raw.voicing * activity * prominence, 0.12)
    since, to = _pause_times(activity)
    return np.column_stack(
        [
            energy,
            _slope(energy),
            f0,
            _slope(f0),
            raw.voicing,
            np.clip(onset, 0.0, 3.0),
            np.clip(flux, 0.0, 3.0),
            activity,
            accent,
            since,
            to,
        ]
    )


def _percentile(share: float) -> Callable[[Array], float]:
    return lambda part: float(np.percentile(part, share))


def _slope(values: Array) -> Array:
    return np.gradient(smooth(values, 0.04)) * GRID_HZ


def _pause_times(activity: Array) -> tuple[Array, Array]:
    """Seconds since the last pause and to the next one, 0 within one, at most _CAP_S."""
    still = activity < 0.5
    edges = np.flatnonzero(np.diff(still.astype(np.int8), prepend=0, append=0))
    for start, end in edges.reshape(-1, 2):
        still[start:end] = end - start >= _PAUSE_S * GRID_HZ
    return _steps_since(still) / GRID_HZ, _steps_since(still[::-1])[::-1] / GRID_HZ


def _steps_since(marked: BoolArray) -> Array:
    index = np.arange(len(marked), dtype=np.float64)
    cap = _CAP_S * GRID_HZ
    last = np.maximum.accumulate(np.where(marked, index, -cap))
    return np.minimum(index - last, cap)

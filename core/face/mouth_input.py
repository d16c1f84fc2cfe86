"""What the mouth network takes of a sound: log-mel features, and phonetic features of Whisper's front."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..media.sound import RATE_HZ, Sound
from ..motion import Progress, no_progress
from ..network.layers import Floats
from ..types import Float32Array
from .log_mel import about_own_mean, band_db, sound_windows
from .network import mouth_network
from .whisper_front import HOP_STEPS, PER_STEP, whisper_front
from .whisper_mel import about_loud_moments, mel_log_power


@dataclass(frozen=True, eq=False)
class MouthInput:
    """Features of a sound on one clock, t = 0 its first sample.

    log_mel : (T, BANDS) of `log_mel.py`, LOG_MEL_HZ
    phonetic : (N, E) of `whisper_front.py`, projected by the mouth network, FRONT_HZ; N = T / PER_STEP rounded up
    """

    log_mel: Floats
    phonetic: Floats


def mouth_input(
    speech: Path | Float32Array, progress: Progress = no_progress, *, first_s: float | None = None
) -> MouthInput:
    """Features of a file with sound, or of samples at 16 kHz, mono; of its first seconds, or by default of all.

    Memory grows with the features alone, 0.4 GB an hour.

    Raises
    ------
    AudioError : the file is no sound, or is damaged
    MissingPartError : weights are missing
    CancelledError : through `progress`
    """
    front, network = whisper_front(), mouth_network()
    bands, powers = [], []
    pieces = Sound(speech).part(0.0, first_s) if isinstance(speech, Path) else [speech[: _samples(first_s)]]
    for windows in sound_windows(pieces):
        bands.append(band_db(windows))
        powers.append(mel_log_power(windows, front.mel_filters))
    whisper_mel = about_loud_moments(np.concatenate(powers))
    phonetic = []
    for number, part in enumerate(front.features(whisper_mel), 1):
        phonetic.append(network.project(part))
        progress(min(1.0, number * HOP_STEPS * PER_STEP / len(whisper_mel)), "Analysing speech for the face")
    return MouthInput(about_own_mean(np.concatenate(bands)), np.concatenate(phonetic))


def _samples(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * RATE_HZ)

"""Cache of the phonetic features of Whisper's front, kept as ID.npy in float16, before any projection."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mannerism.core.face.log_mel import sound_windows
from mannerism.core.face.whisper_front import WIDTH, whisper_front
from mannerism.core.face.whisper_mel import about_loud_moments, mel_log_power
from mannerism.core.files import replacing
from mannerism.core.types import Float32Array

Halves = NDArray[np.float16]


def phonetic_features(samples: Float32Array) -> Float32Array:
    """Features (N, WIDTH) of samples at 16 kHz, mono."""
    front = whisper_front()
    powers = [mel_log_power(part, front.mel_filters) for part in sound_windows([samples])]
    parts = list(front.features(about_loud_moments(np.concatenate(powers))))
    return np.concatenate([np.zeros((0, WIDTH), np.float32), *parts])


def kept_features(name: str, samples: Float32Array, folder: Path) -> Halves:
    """As `phonetic_features`, kept in a folder from one run to the next."""
    file = folder / f"{name}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(file) as temporary, temporary.open("wb") as opened:
            np.save(opened, phonetic_features(samples).astype(np.float16))
    return np.asarray(np.load(file, allow_pickle=False), np.float16)

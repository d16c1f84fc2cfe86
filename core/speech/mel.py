"""Mel filterbanks, as librosa makes them: read from `mel.npz`, which `tools/build/mel_tables.py` writes."""

from functools import lru_cache
from pathlib import Path

from ..arrays_file import ArraySpec, read_arrays
from ..types import Float32Array

PATH = Path(__file__).with_name("mel.npz")

FFT = 512  # 32 ms
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
BANDS_OF = {"speech": 36, "face": 40}
"""Number of bands of each filterbank, by its name."""


@lru_cache
def filterbank(name: str) -> Float32Array:
    """Triangular filters of height 1 in equal steps of mel, shape (BANDS_OF[name], FFT // 2 + 1), float32.

    name : key of BANDS_OF
    """
    table = read_arrays(PATH, {name: ArraySpec("f", 2) for name in BANDS_OF}, linked=True)[name]
    table.setflags(write=False)
    return table

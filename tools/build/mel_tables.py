"""Write the mel filterbanks that ship, made by librosa: python tools/build/mel_tables.py.

librosa is a dependency of development alone: at run time the tables are read, see `core/speech/mel.py`.
"""

import sys

import librosa
import numpy as np

from mannerism.core.arrays_file import write_arrays
from mannerism.core.media.sound import RATE_HZ
from mannerism.core.speech.mel import BANDS_OF, FFT, HIGHEST_HZ, LOWEST_HZ, PATH
from mannerism.core.types import Float32Array


def filterbank(bands: int) -> Float32Array:
    """Librosa's mel filterbank of that many triangles of height 1, shape (bands, FFT // 2 + 1)."""
    return np.asarray(
        librosa.filters.mel(
            sr=RATE_HZ, n_fft=FFT, n_mels=bands, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, norm=None, dtype=np.float32
        )
    )


def main() -> int:
    """Write all tables into the one file; 0."""
    write_arrays(PATH, {name: filterbank(bands) for name, bands in BANDS_OF.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())

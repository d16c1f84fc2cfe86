"""An engine of your own: nods on the loud syllables, as deep as the style's person nods.

An engine is a function from style, speech features and settings to rotation vectors and translation on the
speech's grid, shape (T, 6), in radians and metres. The package leads it from rest and back, and scales it.

    python examples/python/04_your_own_engine.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import mannerism

EXAMPLES = Path(__file__).parents[1]
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)


def nodder(
    style: mannerism.Style,
    speech: mannerism.SpeechFeatures,
    settings: mannerism.GenerationSettings,
    progress: mannerism.Progress,
) -> NDArray[np.float64]:
    """Pitch down with each accent of the voice."""
    progress(0.0, "nodding")
    depth_deg = np.exp(style.statistics["log_nod_size"])
    accent = np.convolve(speech.column("accent"), np.hanning(9) / 4, mode="same")
    channels = np.zeros((len(speech.time_s), 6))
    channels[:, 0] = np.radians(depth_deg) * settings.voice * accent
    return channels


motion = mannerism.generate("emphatic nods", EXAMPLES / "line_1.wav", engine=nodder, intensity=1.5)
mannerism.export(OUT / "nodder.csv", motion)

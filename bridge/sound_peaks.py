"""The loudness of a sound for a picture, by Blender's own decoder."""

from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import AudioError
from ..core.motion import Progress, no_progress
from ..core.picture.take import Wave

SLICE_S = 0.01
_PIECE_S = 60.0
"""Decoded at once: an hour of sound never lies in memory."""


def wave_of(
    path: Path, start_s: float = 0.0, length_s: float | None = None, progress: Progress = no_progress
) -> Wave:
    """The peaks of a part of a sound, all its channels together.

    start_s, length_s : the part; None is up to the end

    Raises
    ------
    AudioError : it cannot be decoded
    CancelledError : from `progress`
    """
    import aud as blender_aud  # its decoder, without a sound of the scene

    aud: Any = blender_aud
    peaks: list[float] = []
    try:
        sound = aud.Sound.file(str(path))
        rate_hz = float(sound.specs[0])
        whole_s = max(float(sound.length) / rate_hz - start_s, 0.0)
        wanted_s = whole_s if length_s is None else min(length_s, whole_s)
        for piece in range(ceil(wanted_s / _PIECE_S)):
            progress(piece * _PIECE_S / wanted_s, f"reading {path.name}")
            begin_s = start_s + piece * _PIECE_S
            end_s = min(begin_s + _PIECE_S, start_s + wanted_s)
            samples = np.abs(sound.limit(begin_s, end_s).data()).max(axis=1, initial=0.0)
            starts = (np.arange(0.0, len(samples) / rate_hz, SLICE_S) * rate_hz).astype(int)
            peaks.extend(
                np.maximum.reduceat(samples, starts[starts < len(samples)]).tolist() if len(samples) else ()
            )
    except (aud.error, ZeroDivisionError) as error:
        raise AudioError(f"“{path.name}” cannot be decoded ({error})", "Choose another sound file") from error
    return Wave(np.nan_to_num(np.array(peaks)), SLICE_S)

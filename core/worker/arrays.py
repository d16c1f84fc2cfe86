"""Motions as `.npz`: the form in which they leave the worker and lie in a saved scene."""

import zipfile
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ..errors import WorkerError
from ..motion import HeadMotion

NAMES = ("time_s", "rotation", "translation_m")


def save_motion(target: Path | BinaryIO, motion: HeadMotion) -> None:
    """Write the three arrays of a motion."""
    np.savez_compressed(target, **{name: getattr(motion, name) for name in NAMES})


def load_motion(source: Path | BinaryIO) -> HeadMotion:
    """Read what `save_motion` wrote; nothing in it is executed.

    Raises
    ------
    WorkerError : no such arrays, or not of a motion's shapes
    """
    try:
        with np.load(source, allow_pickle=False) as arrays:
            return HeadMotion(*(np.asarray(arrays[name], np.float64) for name in NAMES))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise WorkerError(f"A stored motion cannot be read ({error})", "Generate the layer again") from error

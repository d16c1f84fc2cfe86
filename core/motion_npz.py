"""Motions and curves as `.npz`: the form in which they leave the worker and lie in a saved scene."""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from .arrays_file import ArraysFileError, ArraySpec, read_arrays, write_arrays
from .errors import WorkerError
from .motion import HeadMotion
from .types import Array

_MOTION = {
    "time_s": ArraySpec("fiu", 1),
    "rotation": ArraySpec("fiu", 2),
    "translation_m": ArraySpec("fiu", 2),
}
_CURVE = ArraySpec("fiu", 1)
_LARGEST_BYTES = 1 << 28  # two days of motion


def save_motion(target: Path | BinaryIO, motion: HeadMotion) -> None:
    """Write the three arrays of a motion, to a file whole or not at all. Raises OutputError."""
    write_arrays(target, {name: getattr(motion, name) for name in _MOTION})


def save_channels(target: Path, time_s: Array, channels: Mapping[str, Array]) -> None:
    """Write curves (T,) by name at times (T,), whole or not at all. Raises OutputError."""
    write_arrays(target, {"time_s": time_s, **channels})


def load_channels(source: Path) -> tuple[Array, dict[str, Array]]:
    """Read the times and curves that `save_channels` wrote. Raises WorkerError."""
    try:
        arrays = read_arrays(source, {"time_s": _CURVE}, others=_CURVE, largest_bytes=_LARGEST_BYTES)
    except ArraysFileError as error:
        raise WorkerError(f"Stored curves cannot be read ({error})", "Generate the face again") from error
    curves = {name: np.asarray(array, np.float64) for name, array in arrays.items()}
    return curves.pop("time_s"), curves


def load_motion(source: Path | BinaryIO) -> HeadMotion:
    """Read what `save_motion` wrote; nothing in it is executed.

    Raises
    ------
    WorkerError : no such arrays, or not of a motion's shapes
    """
    try:
        arrays = read_arrays(source, _MOTION, largest_bytes=_LARGEST_BYTES)
        time_s, rotation, translation_m = (np.asarray(arrays[name], np.float64) for name in _MOTION)
        return HeadMotion(time_s, rotation, translation_m)
    except ValueError as error:
        raise WorkerError(f"A stored motion cannot be read ({error})", "Generate the layer again") from error

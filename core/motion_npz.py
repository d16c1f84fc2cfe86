"""Motions as `.npz`: the form in which they leave the worker and lie in a saved scene."""

import zipfile
import zlib
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from .errors import WorkerError
from .files import replacing
from .motion import HeadMotion
from .types import Array

NAMES = ("time_s", "rotation", "translation_m")

_LARGEST = 1 << 28  # bytes, two days of motion
# What numpy and zipfile raise at files that are cut, altered, encrypted or of another kind.
_DAMAGED = (
    *(OSError, ValueError, KeyError, EOFError, TypeError, AttributeError, MemoryError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error),
)


def save_motion(target: Path | BinaryIO, motion: HeadMotion) -> None:
    """Write the three arrays of a motion, to a file whole or not at all. Raises OutputError."""
    arrays = {name: getattr(motion, name) for name in NAMES}
    with replacing(target) if isinstance(target, Path) else nullcontext(target) as opened:
        np.savez_compressed(opened, **arrays)


def save_channels(target: Path, time_s: Array, channels: Mapping[str, Array]) -> None:
    """Write curves (T,) by name at times (T,), whole or not at all. Raises OutputError."""
    with replacing(target) as opened:
        arrays: dict[str, Any] = {"time_s": time_s, **channels}
        np.savez_compressed(opened, **arrays)


def load_channels(source: Path) -> tuple[Array, dict[str, Array]]:
    """Times and curves by name, as `save_channels` wrote them. Raises WorkerError."""
    try:
        with np.load(source, allow_pickle=False) as arrays:
            curves = {name: np.asarray(arrays[name], np.float64) for name in arrays.files}
        return curves.pop("time_s"), curves
    except _DAMAGED as error:
        raise WorkerError(f"Stored curves cannot be read ({error})", "Generate the face again") from error


def load_motion(source: Path | BinaryIO) -> HeadMotion:
    """Read what `save_motion` wrote; nothing in it is executed.

    Raises
    ------
    WorkerError : no such arrays, or not of a motion's shapes
    """
    try:
        with np.load(source, allow_pickle=False) as arrays:
            if sum(member.file_size for member in arrays.zip.infolist()) > _LARGEST:
                raise ValueError("far larger than any motion")
            return HeadMotion(*(np.asarray(arrays[name], np.float64) for name in NAMES))
    except _DAMAGED as error:
        raise WorkerError(f"A stored motion cannot be read ({error})", "Generate the layer again") from error

"""Weights files: safetensors, float16 on disk and float64 in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from ..errors import MissingPartError
from ..files import replacing
from .layers import Floats

VERSION = 1

_VERSION_KEY = "mannerism_network"  # in the metadata: it also distinguishes our files from others


Network = TypeVar("Network")


@dataclass(frozen=True, eq=False)
class Weights:
    """Trained weights of a network, with metadata.

    arrays : float64 by name, not to be written to, for readers share them
    metadata : text by name, whatever the training noted
    """

    arrays: Mapping[str, Floats]
    metadata: Mapping[str, str]


def write_weights(
    path: Path, arrays: Mapping[str, NDArray[np.floating[Any]]], metadata: Mapping[str, str]
) -> None:
    """Write arrays as float16 and their metadata, whole or not at all.

    Raises
    ------
    ValueError : a value is not finite, or too large for float16
    OutputError : the folder is missing or read-only, or the disk is full
    """
    from safetensors.numpy import save_file

    with np.errstate(over="ignore"):
        halves = {name: array.astype(np.float16, order="C") for name, array in arrays.items()}
    for name, half in halves.items():
        if not np.isfinite(half).all():
            raise ValueError(f"“{name}” does not fit into float16")
    with replacing(path) as temporary:
        save_file(halves, temporary, {**metadata, _VERSION_KEY: str(VERSION)})


def read_weights(path: Path) -> Weights:
    """Read what `write_weights` wrote; a file that has not changed is read once.

    Raises
    ------
    MissingPartError : the file is missing, damaged, newer or no such file, or safetensors is not installed
    """
    try:
        status = path.stat()
    except OSError as error:
        raise _refusal(path, f"cannot be read ({error.strerror or error})") from error
    return _read(path, status.st_mtime_ns, status.st_size)


def network_of(path: Path, build: Callable[[Weights], Network]) -> Network:
    """The network that `build` makes of a weights file; of a file that has not changed it is made once.

    build : raises KeyError, TypeError or ValueError of weights that do not fit

    Raises
    ------
    MissingPartError : as `read_weights`, or the weights do not fit
    """
    weights = read_weights(path)
    try:
        return cast("Network", _built(build, weights))
    except (KeyError, TypeError, ValueError) as error:
        raise MissingPartError(
            f"The weights “{path.name}” are not of this version's network", "Install Mannerism again"
        ) from error


@lru_cache(maxsize=8)
def _built(build: Callable[[Weights], Any], weights: Weights) -> Any:
    return build(weights)


@lru_cache(maxsize=8)
def _read(path: Path, _mtime_ns: int, _size: int) -> Weights:
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError as error:
        raise MissingPartError(
            "The package safetensors, which reads what was learned, is missing",
            "Install it with “pip install safetensors”",
        ) from error
    try:
        with safe_open(path, framework="np") as file:
            metadata = dict(file.metadata() or {})
            _check_version(path, metadata.pop(_VERSION_KEY, ""))
            arrays = {name: file.get_tensor(name).astype(np.float64) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, TypeError) as error:  # the last for kinds of numbers that numpy lacks
        raise _refusal(path, "is damaged or holds no weights") from error
    for array in arrays.values():
        if not np.isfinite(array).all():
            raise _refusal(path, "holds values that are no numbers")
        array.flags.writeable = False
    return Weights(MappingProxyType(arrays), MappingProxyType(metadata))


def _check_version(path: Path, version: str) -> None:
    if version.isdecimal() and int(version) > VERSION:
        raise MissingPartError(
            f"“{path.name}” was written by a newer version (weights format {version}, this reads {VERSION})",
            "Update Mannerism",
        )
    if version != str(VERSION):
        raise _refusal(path, "holds no weights of this product")


def _refusal(path: Path, what: str) -> MissingPartError:
    return MissingPartError(f"The weights file “{path}” {what}", "Install Mannerism again")

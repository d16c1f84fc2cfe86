"""Arrays in `.npz` files: written whole or not at all, read within limits and against a table of names.

A file is judged by its directory and headers before any array is loaded: it may come from another machine,
or from a run that was killed.
"""

import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from io import BytesIO
from math import prod
from pathlib import Path
from stat import S_ISLNK
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .files import replacing
from .own_file import open_own

LARGEST_BYTES = 1 << 30

_MOST_ARRAYS = 1 << 16
_SUFFIX = ".npy"
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
# What numpy and zipfile raise at files that are cut, altered or of another kind.
_DAMAGED = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError),
    *(MemoryError, RuntimeError, SyntaxError, tokenize.TokenError),
    *(struct.error, zipfile.BadZipFile, zlib.error),
)
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class ArraysFileError(ValueError):
    """A file without the expected arrays; the caller turns it into a refusal with a remedy."""


@dataclass(frozen=True)
class ArraySpec:
    """The kind of array that a name may hold.

    kinds : letters of `numpy.dtype.kind`, as "f" for floats or "iu" for whole numbers
    dimensions : number of axes; None for any
    """

    kinds: str
    dimensions: int | None = None


FLOATS = ArraySpec("f")
NUMBERS = ArraySpec("fiub")


def write_arrays(target: Path | BinaryIO, arrays: Mapping[str, Any], *, compressed: bool = True) -> None:
    """Write arrays by name as `.npz`; to a path whole or not at all.

    Raises
    ------
    TypeError : an array of Python objects
    OutputError : the folder is missing or read-only, or the disk is full
    """
    for name, array in arrays.items():
        if np.asarray(array).dtype.hasobject:
            raise TypeError(f"“{name}” holds Python objects")
    whole = BytesIO()  # a zip file that a full disk breaks off would stay open
    (np.savez_compressed if compressed else np.savez)(whole, **arrays)
    if not isinstance(target, Path):
        target.write(whole.getbuffer())
        return
    with replacing(target) as temporary:
        temporary.write_bytes(whole.getbuffer())


def read_arrays(
    source: Path | BinaryIO,
    specs: Mapping[str, ArraySpec],
    *,
    optional: Mapping[str, ArraySpec] | None = None,
    others: ArraySpec | None = None,
    largest_bytes: int = LARGEST_BYTES,
    linked: bool = False,
) -> dict[str, NDArray[Any]]:
    """Read the arrays of a `.npz` by name; nothing in it is executed.

    specs : the arrays that must be there
    optional : arrays that may be there
    others : the kind of arrays of any further name; None to refuse them
    largest_bytes : of the file, and of all its arrays in memory
    linked : whether the file may be a symbolic link, as an installer makes them of a package's files

    Raises
    ------
    ArraysFileError : no such file, no file but a link or a pipe, damaged, too large, or other arrays than asked for
    """
    try:
        with open_own(source, linked=linked) if isinstance(source, Path) else nullcontext(source) as file:
            _check_size(file, largest_bytes)
            with zipfile.ZipFile(file) as archive:
                members = _members(archive, largest_bytes)
                wanted = _wanted(members, specs, optional or {}, others)
                return {name: _array(archive, members[name], name, spec) for name, spec in wanted.items()}
    except ArraysFileError as error:
        if isinstance(source, Path):
            raise ArraysFileError(f"“{source.name}”: {error}") from error
        raise
    except _DAMAGED as error:
        raise ArraysFileError(str(error) or type(error).__name__) from error


def _check_size(file: BinaryIO, largest_bytes: int) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    if size > largest_bytes:
        raise ArraysFileError(f"its {size} bytes are more than the {largest_bytes} that it may have")


def _members(archive: zipfile.ZipFile, largest_bytes: int) -> dict[str, zipfile.ZipInfo]:
    """The members of an archive by the names of their arrays, none of them odd, in all within the limit.

    What a member unpacks to is never more than its `file_size`, whatever its content.
    """
    infos = archive.infolist()
    if len(infos) > _MOST_ARRAYS:
        raise ArraysFileError(f"it holds {len(infos)} arrays, more than {_MOST_ARRAYS}")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.removesuffix(_SUFFIX)
        odd = (
            info.filename == name
            or not {"/", "\\"}.isdisjoint(name)
            or name in members
            or S_ISLNK(info.external_attr >> 16)
            or info.flag_bits & _ENCRYPTED
            or info.compress_type not in _READABLE
        )
        if odd:
            raise ArraysFileError(f"“{info.filename}” is no plain array")
        members[name] = info
    size = sum(info.file_size for info in infos)
    if size > largest_bytes:
        raise ArraysFileError(f"its arrays of {size} bytes are larger than the {largest_bytes} allowed")
    return members


def _wanted(
    members: Mapping[str, zipfile.ZipInfo],
    specs: Mapping[str, ArraySpec],
    optional: Mapping[str, ArraySpec],
    others: ArraySpec | None,
) -> dict[str, ArraySpec]:
    """What each member must be, in their order in the file."""
    if missing := specs.keys() - members.keys():
        raise ArraysFileError(f"it lacks “{min(missing)}”")
    found = {name: {**optional, **specs}.get(name, others) for name in members}
    wanted = {name: spec for name, spec in found.items() if spec is not None}
    if unknown := found.keys() - wanted.keys():
        raise ArraysFileError(f"“{min(unknown)}” does not belong in it")
    return wanted


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, spec: ArraySpec) -> NDArray[Any]:
    """The array of a member, whose header is checked first."""
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)  # type: ignore[no-untyped-call]
        if version not in _HEADERS:
            raise ArraysFileError(f"“{name}” has a header of an unknown version")
        shape, _, dtype = _HEADERS[version](file)  # type: ignore[no-untyped-call]
        if dtype.hasobject or dtype.kind not in spec.kinds:
            raise ArraysFileError(f"“{name}” holds {dtype}")
        if min(shape, default=0) < 0 or spec.dimensions not in {None, len(shape)}:
            raise ArraysFileError(f"“{name}” has the shape {shape}")
        if file.tell() + prod(shape) * dtype.itemsize != member.file_size:
            raise ArraysFileError(f"“{name}” has not the size that its header says")
    with archive.open(member) as file:
        array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)  # type: ignore[no-untyped-call]
        return array

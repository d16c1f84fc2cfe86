"""Memory-mapped files of frames."""

import mmap
import tokenize
from collections.abc import Iterable
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import OutputError
from ...own_file import open_own
from ...types import ByteArray

_MOST_MAPPED = 64_000_000  # bytes


def write_pictures(path: Path, pictures: Iterable[ByteArray], shape: tuple[int, ...]) -> ByteArray:
    """Write frames one after the other as `.npy`, and open them as a read-only memory map.

    They are written, not mapped, since only writing reports a full disk.

    shape : of all frames together

    Raises
    ------
    OutputError : the folder is missing or read-only, or the disk is full
    """
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    try:
        with path.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)  # type: ignore[no-untyped-call]
            for picture in pictures:
                file.write(np.ascontiguousarray(picture, np.uint8).data)
        return open_pictures(path)
    except OSError as error:
        raise OutputError(
            f"“{path.name}” cannot be written in {path.parent} ({error.strerror or error})",
            "Free some space there, or choose another folder",
        ) from error


def open_pictures(path: Path) -> ByteArray:
    """Open a file of frames as a memory map. Raises OSError or ValueError where it is incomplete, a link, or no such file."""
    with open_own(path) as file:
        try:
            if np.lib.format.read_magic(file) != (1, 0):  # type: ignore[no-untyped-call]
                raise ValueError(f"“{path.name}” has a header of an unknown version")
            shape, by_column, dtype = np.lib.format.read_array_header_1_0(file)  # type: ignore[no-untyped-call]
        except (TypeError, SyntaxError, RuntimeError, MemoryError, tokenize.TokenError) as error:
            raise ValueError(f"“{path.name}” has a damaged header") from error
        begin = file.tell()
        size = file.seek(0, 2)
    if dtype != np.uint8 or by_column or begin + prod(shape) != size or not size > begin:
        raise ValueError(f"“{path.name}” holds no frames")
    return _Frames(path, np.uint8, "r", begin, shape)


class _Frames(np.memmap[Any, np.dtype[np.uint8]]):
    """Memory map whose single frames are copied, and whose pages are given back now and then.

    Pages of a file that was gone through stay in the process otherwise, 1.6 GB for a minute at 512 pixels.
    """

    _read = 0

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        mapped: Any = getattr(self, "_mmap", None)
        if not isinstance(key, int | np.integer) or mapped is None:
            return found
        frame = np.array(found)
        self._read += frame.nbytes
        if self._read > _MOST_MAPPED:
            self._read = 0
            if hasattr(mapped, "madvise"):  # Windows gives pages back itself
                mapped.madvise(mmap.MADV_DONTNEED)
        return frame

"""Memory-mapped files of frames."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ...errors import OutputError
from ...types import ByteArray


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
    """Open a file of frames as a memory map. Raises OSError or ValueError where it is incomplete."""
    pictures: ByteArray = np.load(path, mmap_mode="r", allow_pickle=False)
    return pictures

"""Identity of a reference: its path and the SHA-256 of its content, computed once."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import time

from ...errors import VideoError
from ...files import sha256_of

_SETTLED_S = 2.0  # a file written within it may change without another time of change


@dataclass(frozen=True)
class Reference:
    """Reference video and the SHA-256 of its content.

    sha256 : of the file's content, hexadecimal
    """

    path: Path
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "Reference":
        """Hash a reference file. Raises VideoError."""
        return cls(path, fingerprint(path))


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; cached by this process while the file is unchanged.

    Raises
    ------
    VideoError : it is no file, or cannot be read
    """
    try:
        status = path.stat()
        if not path.is_file():  # a pipe or a device may never end
            raise VideoError(f"“{path}” is no file", "Give a file")
        if time() - max(status.st_mtime, status.st_ctime) < _SETTLED_S:
            return sha256_of(path)
        stamp = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        return _remembered(path.resolve(), stamp)
    except OSError as error:
        raise VideoError(f"“{path}” cannot be read ({error.strerror or error})", "Check the path") from error


@lru_cache(maxsize=64)
def _remembered(path: Path, _stamp: tuple[int, ...]) -> str:
    return sha256_of(path)

"""On-disk store of a video's rendered frames, kept until the video is whole."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from pathlib import Path
from time import sleep, time

import cv2
import numpy as np

from ...errors import OutputError
from ...file_lock import LockedError, locked
from ...files import output_error, replacing
from ...motion import Progress
from ...own_file import read_own
from ...types import ByteArray

_FRAMES = "frames"
_LARGEST_BYTES = 1 << 28
_TRIES = 20
_POLL_EVERY_S = 0.2
_STALE_S = 7 * 24 * 3600.0  # frames of a video that nobody came back to
_PNG = [cv2.IMWRITE_PNG_COMPRESSION, 1]


@dataclass(frozen=True)
class Frames:
    """Rendered frames of a video in a folder of their own, each whole or not at all, so that a killed run resumes.

    folder : named by a digest of all that determines them
    count : frames that the video has
    """

    folder: Path
    count: int

    @classmethod
    def of(cls, folder: Path, reference: str, digest: str, count: int) -> "Frames":
        """Open the frame store of a video; makes its folder, and removes stores left over for a week.

        folder : see `core/data_folder.py`
        reference : SHA-256 of the reference
        digest : of all that determines the frames

        Raises
        ------
        OutputError : the folder cannot be made
        """
        of_reference = folder / _FRAMES / reference[:16]
        own = of_reference / digest[:16]
        try:
            _make_folder(own)
            os.utime(own)
            for other in of_reference.iterdir():
                with suppress(FileNotFoundError):  # finished meanwhile
                    if time() - other.stat().st_mtime > _STALE_S:
                        shutil.rmtree(other, ignore_errors=True)
        except OSError as error:
            raise OutputError(
                f"There is no room for pictures in {own} ({error.strerror or error})",
                "Free some space there, or set MANNERISM_DATA to a folder that is writable",
            ) from error
        return cls(own, count)

    def path(self, number: int) -> Path:
        """File of a frame, from 0."""
        return self.folder / f"{number:06d}.png"

    def missing(self) -> list[int]:
        """Indices of the frames that are still to be rendered."""
        return [number for number in range(self.count) if not self.path(number).is_file()]

    def keep(self, number: int, picture: ByteArray) -> None:
        """Write a frame, RGB uint8, shape (H, W, 3).

        Raises
        ------
        OutputError : the disk is full, and how much more is needed; or the folder is gone
        """
        data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _PNG)[1]
        try:
            with replacing(self.path(number)) as temporary:
                temporary.write_bytes(data.tobytes())
        except OutputError as error:
            if getattr(error.__cause__, "errno", None) in {ENOSPC, EDQUOT}:
                raise self._full(data.nbytes) from error
            raise

    def pictures(self) -> Iterator[ByteArray]:
        """Iterate over all frames in order, RGB uint8, (H, W, 3).

        Raises
        ------
        OutputError : one is damaged; it is removed, so that the next run makes it anew
        """
        for number in range(self.count):
            path = self.path(number)
            picture = _read(path)
            if picture is None:
                path.unlink(missing_ok=True)
                raise OutputError(
                    f"Picture {number} in {self.folder} is damaged", "Run the same again: it is drawn anew"
                )
            yield np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)

    def drop(self) -> None:
        """Delete all frames of the finished video."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):  # unless another video of this reference is in the making
            self.folder.parent.rmdir()

    def _full(self, size: int) -> OutputError:
        missing = len(self.missing())
        need_mb = max(1, round(missing * size / 1e6))
        return OutputError(
            f"The disk is full: {self.count - missing} of {self.count} pictures are in {self.folder} and stay there",
            f"Free about {need_mb} MB there and run the same again, which carries on",
        )


@contextmanager
def alone(folder: Path, digest: str, progress: Progress) -> Iterator[None]:
    """Wait until no other process makes the video of this digest, and keep others waiting while the block runs.

    Raises
    ------
    OutputError : the folder cannot be written
    CancelledError : through `progress`
    """
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            while True:
                try:
                    held.enter_context(locked(folder / f"{digest[:16]}.lock"))
                    break
                except LockedError:
                    progress(0.0, "Waiting for another process that makes the same video")
                    sleep(_POLL_EVERY_S)
        except OSError as error:
            raise output_error(folder, error) from error
        yield


def drop_all_frames(folder: Path, reference: str) -> None:
    """Delete the frames of all unfinished videos of a reference, named by its SHA-256."""
    shutil.rmtree(folder / _FRAMES / reference[:16], ignore_errors=True)


def _read(path: Path) -> ByteArray | None:
    """A stored frame as OpenCV has it, None where it is damaged."""
    try:
        data = np.frombuffer(read_own(path, _LARGEST_BYTES), np.uint8)
        return cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None  # type: ignore[return-value]
    except (OSError, ValueError, cv2.error):
        return None


def _make_folder(folder: Path) -> None:
    """Make a folder, although another process may remove the one that it lies in. Raises OSError."""
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            folder.mkdir(parents=True, exist_ok=True)
            return
    folder.mkdir(parents=True, exist_ok=True)

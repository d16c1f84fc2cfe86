"""Locks between processes, on a file: the system lifts those of a process that ends, however it ends."""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EACCES, EAGAIN, EDEADLK
from pathlib import Path

_POLL_EVERY_S = 0.02
_ALL = range(1 << 30)
_BUSY = {EACCES, EAGAIN, EDEADLK}
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


class LockedError(Exception):
    """Another process holds the lock."""


@contextmanager
def locked(path: Path, places: Iterable[range] = (range(1),), *, wait_s: float = 0.0) -> Iterator[None]:
    """Hold a lock while the block runs; the file is there only as long as somebody holds one.

    places : which numbers are held, each range in steps of one; others may be held by others meanwhile
    wait_s : how long to wait for another process

    Within one process it excludes nobody. Where the file system has no locks, it holds nothing.

    Raises
    ------
    LockedError : another process holds one of these places
    OSError : there can be no such file
    """
    wanted = list(places)
    deadline = time.monotonic() + wait_s
    while (handle := _acquire(path, wanted)) is None:
        if time.monotonic() >= deadline:
            raise LockedError(str(path))
        time.sleep(_POLL_EVERY_S)
    try:
        yield
    finally:
        _release(handle, path, wanted)


def _acquire(path: Path, places: Sequence[range]) -> int | None:
    while True:
        handle = os.open(path, _FLAGS, 0o666)
        if not all(_hold(handle, place) for place in places):
            os.close(handle)
            return None
        if _is_at(handle, path):
            return handle
        os.close(handle)  # whoever held it has just removed it


def _release(handle: int, path: Path, places: Sequence[range]) -> None:
    """Give the places free, and remove the file unless somebody else holds some of it."""
    for place in places:
        _free(handle, place)
    if _hold(handle, _ALL) and _is_at(handle, path):
        with suppress(OSError):  # Windows: somebody else has it open
            path.unlink()
    os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _hold(handle: int, place: range) -> bool:
        os.lseek(handle, place.start, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, len(place))
        except OSError as error:
            return error.errno not in _BUSY
        return True

    def _free(handle: int, place: range) -> None:
        os.lseek(handle, place.start, os.SEEK_SET)
        with suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_UNLCK, len(place))

else:
    import fcntl

    def _hold(handle: int, place: range) -> bool:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, len(place), place.start)
        except OSError as error:
            return error.errno not in _BUSY
        return True

    def _free(handle: int, place: range) -> None:
        with suppress(OSError):
            fcntl.lockf(handle, fcntl.LOCK_UN, len(place), place.start)

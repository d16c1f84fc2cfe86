"""One batch at a time: two that would make the same lines take turns, and chunks without lines in common go on side by side."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import BatchError
from ..file_lock import LockedError, locked
from ..files import output_error
from .manifest import Manifest

_EVERY_LINE = range(1 << 24)


@contextmanager
def one_at_a_time(manifest: Manifest) -> Iterator[None]:
    """Keep other processes from these lines while the block runs; a killed one keeps nobody.

    Raises
    ------
    BatchError : another process is making some of them
    OutputError : the manifest's folder cannot be written
    """
    path = manifest.path.resolve()
    name = hashlib.sha256(path.name.encode(errors="surrogateescape")).hexdigest()[:16]
    whole = manifest.places.step == 1
    places = [_EVERY_LINE] if whole else [range(at, at + 1) for at in manifest.places]
    try:
        with locked(path.with_name(f".mannerism-{name}.lock"), places):
            yield
    except LockedError:
        raise BatchError(
            f"Another process is making lines of “{path.name}”",
            "Wait until it has ended, or end it; the same command then carries on",
        ) from None
    except OSError as error:
        raise output_error(path, error) from error

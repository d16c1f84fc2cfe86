"""The same bytes from Blender's FBX exporter for the same scene: no time of day, and numbers that names give.

The exporter stamps each file with the time, and numbers its objects by Python's hashes, which are others in
each process. For the time of an export its own clock and numbering are exchanged. What another version of the exporter
lacks stays as it is there.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from types import SimpleNamespace
from typing import Any

_EXPORTER, _NUMBERS = "io_scene_fbx.export_fbx_bin", "io_scene_fbx.fbx_utils"
_LARGEST = 2**31 - 1
_THEN = datetime(2000, 1, 1)  # noqa: DTZ001  the exporter writes local times, and this one is nowhere's


class _Clock(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: Any = None) -> "datetime":
        """Return always the same time."""
        return _THEN.replace(tzinfo=tz)


@contextmanager
def same_bytes() -> Iterator[None]:
    """Let Blender's exporter write, within the block, what depends on the scene alone."""
    exporter, numbers = (_module(name) for name in (_EXPORTER, _NUMBERS))
    kind = getattr(numbers, "UUID", int)
    changes: tuple[tuple[Any, str, Any], ...] = (
        (exporter, "datetime", SimpleNamespace(datetime=_Clock)),
        (numbers, "_keys_to_uuids", {}),
        (numbers, "_uuids_to_keys", {}),
        (numbers, "_key_to_uuid", lambda taken, key: kind(_number(taken, key))),
    )
    there = [change for change in changes if hasattr(change[0], change[1])]
    before = [(module, name, getattr(module, name)) for module, name, _ in there]
    try:
        for module, name, value in there:
            setattr(module, name, value)
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _number(taken: Any, key: Any) -> int:
    """A number for a key of the exporter, unlike those that are taken."""
    digest = blake2b(repr(key).encode(errors="surrogatepass"), digest_size=8).digest()
    number = int.from_bytes(digest) % _LARGEST + 1
    while number in taken:
        number = number % _LARGEST + 1
    return number

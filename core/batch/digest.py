"""Digest of a line: one value for everything that its output depends on."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from ..errors import BatchError
from ..export import FORMATS
from ..files import sha256_of
from ..generate.engine import ENGINES
from ..version import VERSION
from .manifest_row import Line
from .places import shown
from .product import plain_product

_CORE = Path(__file__).parents[1]
_LEARNED = ("weights", "style", "speech", "generate")
_OF_FACES = ("face",)
_LEARNED_SUFFIXES = {".safetensors", ".json", ".npz"}


def digest_of(line: Line, asked: str = "") -> str:
    """Compute the SHA-256 of everything that a line's output depends on.

    These are the sound, the style, the settings, what the take must do, the form, the versions of package, engine and
    format, and the weights; of faces and talking heads also their settings and the video of the person.

    asked : what the take must do, as `direction_to_json` writes it, of a line that names no file of it

    Raises
    ------
    BatchError : the sound, the style, the skeleton or the reference cannot be read
    DirectionError, TableError : what the take must do cannot be read
    """
    engine, output = ENGINES.get(line.settings.engine), FORMATS.get(line.out.suffix.lower())
    inputs = {
        "version": VERSION,
        "engine": engine.version if engine else 0,
        "format": output.version if output else 0,
        "weights": weights_digest(),
        "audio": sha256_of_input(line.audio),
        "style": sha256_of_input(line.style),
        "settings": asdict(line.settings),
        "fps": str(line.rate.fps),
        "name": line.out.name,
        "preset": line.form.preset,
        "skeleton": sha256_of_input(line.form.skeleton) if line.form.skeleton else "",
        "neck": line.form.neck_share,
    }
    if line.product is not None:
        known = plain_product(line.product) | {"reference": "", "consent": False}
        inputs |= {"product": known, "learned": _learned(_OF_FACES)}
        if line.product.reference is not None:
            inputs["reference"] = sha256_of_input(line.product.reference)
    if line.direct is not None:
        from ..direct.direction_file import direction_to_json, read_direction

        # And not the file's bytes: it may name motions, which may have changed.
        inputs["direct"] = direction_to_json(read_direction(line.direct))
    elif asked:
        inputs["direct"] = asked
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def weights_digest() -> str:
    """SHA-256 over the weights and tables that engines work from, as they are on the disk now."""
    return _learned(_LEARNED)


def _learned(rooms: Iterable[str]) -> str:
    files = (path for room in rooms for path in (_CORE / room).glob("*"))
    learned = sorted(path for path in files if path.suffix in _LEARNED_SUFFIXES)
    stamps = ((path, path.stat()) for path in learned)
    whole = [_remembered(path, (status.st_size, status.st_mtime_ns)) for path, status in stamps]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()


def sha256_of_input(path: Path) -> str:
    """SHA-256 of a sound, a style or a skeleton. Raises BatchError where it cannot be read."""
    try:
        if path.is_file():
            return sha256_of(path)
        path.stat()
        reason: object = "it is no file"  # a pipe or a device may never end
    except (OSError, ValueError) as error:  # ValueError: a name that no system can have
        reason = getattr(error, "strerror", None) or error
    raise BatchError(f"“{shown(path.name)}” cannot be read ({reason})", "Check the paths of this line")


@lru_cache(maxsize=64)
def _remembered(path: Path, _stamp: tuple[int, int]) -> str:
    return f"{path.name} {sha256_of(path)}"

"""One line made, in whatever process: the same bytes there, in any order, on any worker."""

import hashlib
import json
import logging
import shutil
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BatchError, OutputError
from ..export import export_motion
from ..files import sha256_of
from ..motion import Progress
from ..version import VERSION
from .manifest import Line

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from ..style import Style


@dataclass(frozen=True)
class Made:
    """The digest of what a line's file was made from, and whether it was written just now."""

    digest: str
    written: bool


def make(line: Line, known: str, progress: Progress) -> Made:
    """Write the motion of a line, unless it is there and its digest is the `known` one.

    The file is written in a folder beside its own and takes its place when it is whole.

    Raises
    ------
    BatchError, AudioError, StyleError, SettingsError, OutputError, MissingPartError, CancelledError
    """
    from ..generate.from_audio import motion_from_audio
    from ..progress import part

    digest = digest_of(line)
    if digest == known and line.out.is_file():
        _log.info("Line %s: made before", line.id)
        return Made(digest, written=False)
    style = _style(line.style, _sha256(line.style))
    motion = motion_from_audio(style, line.audio, line.settings, part(progress, 0.0, 0.9))
    aside = folder_aside(line)
    try:
        aside.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(aside, ignore_errors=True)  # of a run that was killed
        aside.mkdir()
        export_motion(aside / line.out.name, motion, line.rate)
        (aside / line.out.name).replace(line.out)
    except OSError as error:
        raise OutputError(
            f"“{line.out.name}” cannot be written ({error.strerror or error})",
            "Choose a folder that is writable and has free space",
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Made(digest, written=True)


def digest_of(line: Line) -> str:
    """SHA-256 of all that decides the bytes of a line's output: its sources, its settings, this version.

    Raises
    ------
    BatchError : the sound or the style cannot be read
    """
    inputs = {
        "version": VERSION,
        "audio": _sha256(line.audio),
        "style": _sha256(line.style),
        "settings": asdict(line.settings),
        "fps": str(line.rate.fps),
        "name": line.out.name,
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def folder_aside(line: Line) -> Path:
    """Where the file of a line grows, always the same, so that whoever comes after a crash finds it."""
    return line.out.with_name(f".mannerism-{hashlib.sha256(line.out.name.encode()).hexdigest()[:16]}")


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise BatchError(
            f"“{path.name}” cannot be read ({error.strerror or error})", "Check the paths of this line"
        ) from error


@lru_cache(maxsize=16)
def _style(path: Path, _sha256: str) -> "Style":
    from ..style import read_style  # Blender asks this module for hashes alone

    return read_style(path)

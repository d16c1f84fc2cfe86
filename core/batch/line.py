"""Making one line of a batch: the same bytes in any process, in any order, on any machine."""

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
class LineResult:
    """Result of making a line.

    digest : of the sources, settings and version that the file was made from
    written : False where the file was there already, made from the same
    notes : sentences to the user on the line's sound
    """

    digest: str
    written: bool
    notes: tuple[str, ...] = ()


def make_line(line: Line, finished: str, progress: Progress) -> LineResult:
    """Write the motion of a line, unless it is there and was made from the same.

    finished : digest of the line when its file was last written, empty if never

    The file is written in a folder beside its own and takes its place when it is whole.

    Raises
    ------
    BatchError, AudioError, StyleError, SettingsError, OutputError, MissingPartError, CancelledError
    """
    from ..generate.from_audio import motion_from_audio
    from ..progress import part

    digest = digest_of(line)
    if digest == finished and line.out.is_file():
        _log.info("Line %s: made before", line.id)
        return LineResult(digest, written=False)
    style = _style(line.style, _sha256(line.style))
    motion = motion_from_audio(style, line.audio, line.settings, part(progress, 0.0, 0.9))
    folder = temporary_folder(line)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
        folder.mkdir()
        export_motion(folder / line.out.name, motion, line.rate)
        (folder / line.out.name).replace(line.out)
    except OSError as error:
        raise OutputError(
            f"“{line.out.name}” cannot be written ({error.strerror or error})",
            "Choose a folder that is writable and has free space",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return LineResult(digest, written=True, notes=motion.notes)


def digest_of(line: Line) -> str:
    """Compute the SHA-256 of everything that a line's output depends on: sources, settings, version.

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


def temporary_folder(line: Line) -> Path:
    """Folder in which the file of a line is written first: always the same, so that a later run finds it after a crash."""
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

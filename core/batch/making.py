"""What writes the file of a line, by its product: the functions of the single commands, so that bytes are theirs."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..export import export_motion
from ..motion import HeadMotion, Progress
from ..progress import part
from .digest import sha256_of_input
from .manifest_row import Line
from .product import Face, Portrait

if TYPE_CHECKING:
    from ..style import Style

# The public functions and whole rooms are loaded when they are needed: Blender asks this room for manifests alone.


def write_line(path: Path, line: Line, progress: Progress) -> tuple[str, ...]:
    """Write the file of a line; returns sentences to the user.

    Raises
    ------
    MannerismError : as the public function for such a file
    """
    return _WRITERS[type(line.product)](path, line, progress)


def _head(line: Line, progress: Progress) -> HeadMotion:
    from ..direct import Direction, read_direction
    from ..generate.from_audio import motion_from_audio

    style = _style(line.style, sha256_of_input(line.style))
    direction = Direction() if line.direct is None else read_direction(line.direct)
    return motion_from_audio(style, line.audio, line.settings, progress, direction=direction)


def _write_motion(path: Path, line: Line, progress: Progress) -> tuple[str, ...]:
    motion = _head(line, part(progress, 0.0, 0.9))
    said = export_motion(path, motion, line.rate, line.form)
    return (*motion.notes, *said)


def _write_face(path: Path, line: Line, progress: Progress) -> tuple[str, ...]:
    from ..export.face_formats import write_face_file
    from ..face.curves import curves_from_audio
    from ..face.doses import expression_doses
    from ..gaze.request import GazeRequest
    from ..gaze.settings import gaze_doses

    product: Any = line.product
    manner = gaze = None
    if product.reference is not None:
        manner, gaze = _manners(product.reference, part(progress, 0.0, 0.5))
        progress = part(progress, 0.5, 1.0)
    head = _head(line, part(progress, 0.0, 0.4))
    curves = curves_from_audio(
        line.audio,
        manner,
        names=product.names,
        seed=line.settings.seed,
        strength=product.strength,
        gaze=GazeRequest(head, gaze_doses(dict(product.gaze)), (), gaze),
        doses=expression_doses(dict(product.expression)),
        rate=line.rate,
        progress=part(progress, 0.4, 1.0),
    )
    said = write_face_file(path, curves, head, line.form)
    return tuple(dict.fromkeys((*curves.notes, *head.notes, *said)))


def _write_portrait(path: Path, line: Line, progress: Progress) -> tuple[str, ...]:
    from .. import api

    product: Any = line.product
    head = _head(line, part(progress, 0.0, 0.1))
    result = api.portrait(
        product.reference,
        line.audio,
        path,
        consent=product.consent,
        motion=head,
        seed=line.settings.seed,
        fps=line.rate,
        quality=product.quality,
        size=product.size,
        label=product.label,
        refine_s=product.refine_s,
        gaze=dict(product.gaze),
        expression=dict(product.expression),
        progress=part(progress, 0.1, 1.0),
    )
    return tuple(dict.fromkeys((*head.notes, *result.notes)))


_WRITERS: Mapping[type, Callable[[Path, Line, Progress], tuple[str, ...]]] = {
    type(None): _write_motion,
    Face: _write_face,
    Portrait: _write_portrait,
}


@lru_cache(maxsize=16)
def _style(path: Path, _sha256: str) -> "Style":
    from ..style import read_style

    return read_style(path)


def _manners(path: Path, progress: Progress) -> Any:
    """Manners of the person in a reference: many lines share one, and it takes as long as a hundred of them."""
    from ..portrait.analysis.reference_face import reference_manners

    known = path, sha256_of_input(path)
    if known not in _measured:
        found = reference_manners(path, progress)
        if len(_measured) >= _MOST_MEASURED:
            _measured.pop(next(iter(_measured)))
        _measured[known] = found
    return _measured[known]


_MOST_MEASURED = 8
_measured: dict[tuple[Path, str], Any] = {}  # no `lru_cache`, which would tell references apart by `progress`

"""Cache of raw measurements of a clip: face tracking and speech features, before any cleaning.

Landmarks cost a hundred times more than all that follows. So FaceMeasurements and SpeechFeatures of each
clip, and how the picture changes, lie in a folder of their own as ID.face.npz, ID.speech.npz and
ID.change.npy, or the reason why not as ID.refused; removing a clip's files has it measured again.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from mannerism.core.arrays_file import NUMBERS, ArraySpec, read_arrays, write_arrays
from mannerism.core.errors import MannerismError, MissingPartError
from mannerism.core.files import replacing
from mannerism.core.recording import Measured
from mannerism.core.recording.cuts import picture_changes
from mannerism.core.speech import SpeechFeatures, extract_features
from mannerism.core.track import FaceMeasurements, measure_face
from mannerism.training.data.catalogue import Clip

_ARRAYS = ("time_s", "found", "rotation", "position_m", "mouth_m")
_FACE = {**dict.fromkeys(_ARRAYS, NUMBERS), "others": ArraySpec("U", 0)}
_SPEECH = {"time_s": ArraySpec("f", 1), "values": ArraySpec("f", 2), "duration_s": ArraySpec("fiu", 0)}


class RefusedError(MannerismError):
    """A clip that could not be measured."""


def measure(clip: Clip, folder: Path) -> None:
    """Measure a clip, unless `folder` has its measurements or a reason why there are none.

    Raises
    ------
    MissingPartError : no face model, which is no fault of the clip
    """
    face, speech, change, refused = _files(clip, folder)
    if measured(clip, folder):
        return
    try:
        if not face.exists():
            _write_face(face, measure_face(clip.path))
        if not speech.exists():
            write_speech(speech, extract_features(clip.path))
        if not change.exists():
            with replacing(change) as temporary, temporary.open("wb") as file:
                np.save(file, picture_changes(clip.path))
    except MissingPartError:
        raise
    except MannerismError as error:
        with replacing(refused) as temporary:
            temporary.write_text(error.problem, encoding="utf-8")


def measured(clip: Clip, folder: Path) -> bool:
    """Whether `folder` holds the measurements of a clip, or the reason why there are none."""
    *parts, refused = _files(clip, folder)
    return refused.exists() or all(part.exists() for part in parts)


def read(clip: Clip, folder: Path) -> Measured:
    """The measurements of a clip. Raises RefusedError with the reason where there are none."""
    face, speech, change, refused = _files(clip, folder)
    if refused.exists():
        raise RefusedError(refused.read_text(encoding="utf-8"), f"Remove “{refused}” to try again")
    stored = read_arrays(face, _FACE)
    others = json.loads(str(stored.pop("others")))
    values: dict[str, Any] = {**stored, **others}
    return Measured(FaceMeasurements(**values), read_speech(speech), np.load(change, allow_pickle=False))


def _files(clip: Clip, folder: Path) -> tuple[Path, Path, Path, Path]:
    return (
        folder / f"{clip.id}.face.npz",
        folder / f"{clip.id}.speech.npz",
        folder / f"{clip.id}.change.npy",
        folder / f"{clip.id}.refused",
    )


def _write_face(path: Path, face: FaceMeasurements) -> None:
    arrays = {name: getattr(face, name) for name in _ARRAYS}
    others = {field.name: getattr(face, field.name) for field in fields(face) if field.name not in _ARRAYS}
    write_arrays(path, {**arrays, "others": np.array(json.dumps(others))}, compressed=False)


def write_speech(path: Path, speech: SpeechFeatures) -> None:
    """Write speech features as `.npz`, whole or not at all."""
    write_arrays(path, {name: getattr(speech, name) for name in _SPEECH}, compressed=False)


def read_speech(path: Path) -> SpeechFeatures:
    """The speech features that `write_speech` wrote. Raises ArraysFileError."""
    stored = read_arrays(path, _SPEECH)
    return SpeechFeatures(stored["time_s"], stored["values"], float(stored["duration_s"]))

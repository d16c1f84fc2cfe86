"""CSV files of OpenFace to `HeadPoseTrack`, by the landmarks in space that they hold."""

from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..clock import check_steps, from_start, one_stretch
from ..errors import StyleError
from ..motion import HeadPoseTrack
from ..table_file import Table
from ..text_file import UnreadableError
from ..types import IntArray
from .head_pose import canonical_face, fit_similarity
from .neutral import about_neutral

ANGLES = ("pose_Rx", "pose_Ry", "pose_Rz")
# Of the 68 points those that speech and lids leave alone, and the same of the canonical face: eye corners, nose.
_POINTS = {27: 168, 30: 4, 33: 2, 36: 33, 39: 133, 42: 362, 45: 263}
_LANDMARKS = tuple(f"{axis}_{point}" for axis in "XYZ" for point in _POINTS)
_LEAST_CONFIDENCE = 0.5
_MAIN_FACE = 0.8  # of the rows
_TO_HEAD_AXES = np.diag([1.0, -1.0, -1.0])  # from the camera's right, down and away
_LARGEST_MM = 1e5
_REMEDY = "Encode the video that it was made of, or run OpenFace again with -3Dfp beside -pose"


def is_openface(table: Table) -> bool:
    """Whether a table has OpenFace's columns of head pose."""
    return table.has(*ANGLES)


def read_openface(path: Path, table: Table) -> HeadPoseTrack:
    """Track of the head in a CSV file of OpenFace's FeatureExtraction.

    Where it holds landmarks in space (X_0 … Z_67, mm, camera axes: right, down, away, as its projection
    x = X f/Z + cx, y = Y f/Z + cy has them) the head's rotation is that of nose and eye corners, to which the canonical face is fitted.
    The angles pose_R… are not used. The documentation calls them “R = Rx Ry Rz, left-handed positive sign”; the
    code (Utilities::Euler2RotationMatrix) has the right-handed matrix in camera axes, by which pitch is +Rx,
    yaw −Ry and roll −Rz in the axes of this package, and users report both. A mirrored style is worse than none.

    Rows with `success` 0 or little confidence are bridged and not valid.

    Raises
    ------
    StyleError : no landmarks in space, several faces, or fewer than two usable rows
    """
    try:
        return _track(path, table)
    except UnreadableError as error:
        raise StyleError(f"“{path.name}” {error}", _REMEDY) from error


def _track(path: Path, table: Table) -> HeadPoseTrack:
    """The track of a table. Raises StyleError, UnreadableError."""
    if not table.has(*_LANDMARKS):
        raise StyleError(
            f"“{path.name}” is a table of OpenFace with angles alone, whose signs its documentation and its code state"
            " differently",
            _REMEDY,
        )
    whose, said_of_faces = _main_face(path, table)
    seen = np.ones(len(table.lines), np.bool_)
    for name, least in (("success", 0.5), ("confidence", _LEAST_CONFIDENCE)):
        if table.has(name):
            seen &= table.numbers(name)[:, 0] >= least
    points = table.numbers(*_LANDMARKS).reshape(-1, 3, len(_POINTS)).swapaxes(1, 2)
    if (np.abs(np.nan_to_num(points)) > _LARGEST_MM).any():
        raise StyleError(f"“{path.name}” holds places of no face", _REMEDY)
    seen &= np.isfinite(points).all(axis=(1, 2))
    time_s = table.numbers("timestamp")[:, 0] if table.has("timestamp") else np.array([])
    used, said = one_stretch(time_s[whose] if len(time_s) else time_s)
    used = whose[used]
    seen, points = seen[used], points[used]
    if seen.sum() < 2:
        raise StyleError(f"“{path.name}” holds no times and faces", _REMEDY)
    time_s, calendar = from_start(time_s[used])
    check_steps(time_s)
    if lost := int((~seen).sum()):
        said += (f"In {lost} of {len(seen)} rows OpenFace found no face; they are bridged.",)
    rotation = np.tile(rot.IDENTITY, (len(seen), 1))
    template = canonical_face()[list(_POINTS.values())]
    rotation[seen] = rot.from_matrix(fit_similarity(template, points[seen] @ _TO_HEAD_AXES)[0])
    return about_neutral(time_s, rotation, source=path, valid=seen, said=[*said_of_faces, *said, *calendar])


def _main_face(path: Path, table: Table) -> tuple[IntArray, tuple[str, ...]]:
    """The rows of the face that nearly all are of, and a sentence on the others. Raises StyleError."""
    faces = np.array(table.cells("face_id") if table.has("face_id") else [""] * len(table.lines), str)
    known, count = np.unique(faces, return_counts=True)
    if len(known) < 2:
        return np.arange(len(faces)), ()
    if count.max() < _MAIN_FACE * len(faces):
        raise StyleError(
            f"“{path.name}” is a table of OpenFace with several faces", "Keep the rows of one face_id"
        )
    main = np.flatnonzero(faces == known[count.argmax()])
    others = len(faces) - len(main)
    return main, (
        f"The file holds several faces; rows of others than the main one that were left out: {others}.",
    )

"""Face retargeting: mouth, lids, brows and cheeks to one person's expression, by ridge regression on the reference."""

from collections.abc import Collection

import numpy as np

from ... import rotation as rot
from ...face.expression import expression_of
from ...face.expression_parts import PARTS
from ...face.manner import lids, shut
from ...face.motion import FaceMotion
from ...face.mouth import mouth_shape
from ...types import Array, IntArray
from ..model.camera import FacePoses
from ..model.person import Drive, Person
from .own_eyes import eyes_beside

_EYES = np.array(
    [
        *(33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
        *(130, 25, 110, 24, 23, 22, 26, 112, 243, 190, 56, 28, 27, 29, 30, 247),
        *(263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
        *(359, 255, 339, 254, 253, 252, 256, 341, 463, 414, 286, 258, 257, 259, 260, 467),
        *range(468, 478),
    ]
)
"""MediaPipe's points of lids, their folds and the irises."""
_BROWS = np.array(
    [
        *(70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 225, 224, 223, 222, 221, 113, 189),
        *(300, 293, 334, 296, 336, 285, 295, 282, 283, 276, 445, 444, 443, 442, 441, 342, 413),
    ]
)
_OPEN_LIDS, _SHUT_LIDS = 75.0, 0.5  # per cent of the frames: blinks and looks down lie between
_WIDEST_LIDS, _DOWN = 95.0, 0.6  # per cent; and a share of these, below which somebody looks down or blinks
_UNSEEN_SHUT = 0.2  # of the open eye, where no blink shows what shut lids measure
_RIDGE = 1e-3  # share of a number's own variance: only keeps what the reference never shows from running away
_BEYOND = 0.25  # a face may leave the reference's range by so much of the range


def drive_from_face(person: Person, poses: FacePoses, face: FaceMotion) -> Drive:
    """Retarget poses and face motion to a person, one of each at the times of `face`.

    Each part of the face is regressed on what drives it, over the usable reference frames: the
    mouth and all below the eyes on the mouth's shape, the lids on the blink, and the irises on the head's
    turn as well, so that the gaze stays where the person kept it, and on the eyes' own motion where there is any; the
    brows on their own numbers. What cheeks and lids do beside mouth and blinks drives them only where it is asked for,
    so that without it they are as if it did not exist.
    """
    shown = person.usable
    asked_for = [name for name, columns in PARTS.items() if face.expression[:, columns].any()]
    of_reference = _drivers(
        _of_reference(person, eyes=face.eye is not None), person, person.poses[shown], asked_for
    )
    expression = np.repeat(person.expression[shown].mean(axis=0)[None], len(poses), axis=0)
    for part, known, asked in zip(
        _parts(), of_reference, _drivers(face, person, poses, asked_for), strict=True
    ):
        room = _BEYOND * np.ptp(known, axis=0)
        held = np.clip(asked, known.min(axis=0) - room, known.max(axis=0) + room)
        expression[:, part] += _regression(known, person.expression[shown][:, part], held)
    return Drive(face.time_s, poses, expression)


def _of_reference(person: Person, *, eyes: bool = False) -> FaceMotion:
    """Face motion of the reference's usable frames, in the units of `FaceMotion`; that of the eyes only where it is asked for."""
    points = person.mesh + person.expression[person.usable]
    apart = lids(points)
    # Somebody who looks down most of the time, as at something in the hands, has lids open among the others alone.
    up = apart[apart >= _DOWN * np.percentile(apart, _WIDEST_LIDS)]
    open_, least = np.percentile(up, _OPEN_LIDS), np.percentile(apart, _SHUT_LIDS)
    closed = least if least < 0.5 * open_ else _UNSEEN_SHUT * open_
    blink, turn = (open_ - apart) / (open_ - closed), turns(person, person.poses[person.usable])
    expression = expression_of(points, turn, shut(apart))
    accounted = np.column_stack([blink, turn[:, :2], expression[:, PARTS["squint"]]])
    return FaceMotion(
        person.clip.time_s[person.usable],
        mouth_shape(points),
        blink,
        expression,
        eyes_beside(points, accounted, shut(apart)) if eyes else None,
    )


def _parts() -> tuple[IntArray, ...]:
    """Point indices of mouth with everything below the eyes, eyes, and brows."""
    rest = np.setdiff1d(np.arange(478), np.concatenate([_EYES, _BROWS]))
    return rest, _EYES, _BROWS


def _drivers(
    face: FaceMotion, person: Person, poses: FacePoses, asked_for: Collection[str]
) -> tuple[Array, ...]:
    """Regressors of each of `_parts`, shapes (T, D), with those numbers of the expression that are asked for."""
    beside = {
        name: face.expression[:, columns if name in asked_for else slice(0)]
        for name, columns in PARTS.items()
    }
    return (
        np.column_stack([face.mouth, beside["cheeks"]]),
        np.column_stack(
            [
                face.blink,
                turns(person, poses)[:, :2],
                beside["squint"],
                *([] if face.eye is None else [face.eye]),
            ]
        ),
        beside["brows"],
    )


def turns(person: Person, poses: FacePoses) -> Array:
    """Turns of the head from the person's neutral pose, (T, 3), rotation vectors."""
    return rot.to_rotvec(rot.from_matrix(person.stage.rotation.T @ poses.rotation))


def _regression(known: Array, points: Array, asked: Array) -> Array:
    """Displacement of points from their mean for regressors `asked`, shape (T, P, 3).

    Ridge regression of points (N, P, 3) on regressors `known` (N, D), evaluated at others (T, D).
    """
    middle, size = known.mean(axis=0), known.std(axis=0) + 1e-12
    scaled = (known - middle) / size
    strength = np.eye(scaled.shape[1]) * _RIDGE * len(scaled)
    moved = (points - points.mean(axis=0)).reshape(len(points), -1)
    weights = np.linalg.solve(scaled.T @ scaled + strength, scaled.T @ moved)
    return np.asarray(((asked - middle) / size @ weights).reshape(len(asked), *points.shape[1:]))

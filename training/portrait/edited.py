"""Evaluation of keyed poses beyond the reference: error of the re-tracked head rotation."""

from collections.abc import Iterator

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.portrait.analysis.face_fit import follow
from mannerism.core.portrait.driving.pose_correction import correct
from mannerism.core.portrait.driving.pose_limits import distance_rad
from mannerism.core.portrait.model.person import Drive, Person
from mannerism.core.portrait.quality import QualityRenderer
from mannerism.core.types import Array
from mannerism.training.portrait.cases import Case
from mannerism.training.portrait.figures import Figures
from mannerism.training.portrait.films import film
from mannerism.training.portrait.tracked import track, turned_deg

BEYOND_DEG = (5.0, 12.0, 20.0)
"""Ends of the bands in which errors are reported: distance to the nearest pose of the reference."""
_SWEEP_S = 1.6
_AXES = np.array([[1.0, 0, 0], [-1.0, 0, 0], [0, 1.0, 0], [0, -1.0, 0]])  # down, up, to either side
_FURTHEST_DEG = 90.0


def edited(case: Case, *, closed_loop: bool) -> Figures:
    """Mean error of the re-tracked pose in each band beyond the reference, degrees."""
    frames_of = QualityRenderer(case.renderer).frames_of
    errors, beyond = [], []
    for wanted in sweeps(case.person):
        shown = correct(case.person, wanted, frames_of)[0] if closed_loop else wanted
        tracked = track(film(case.renderer, shown))
        poses, _ = follow(case.person, tracked.landmarks[tracked.found])
        errors.append(turned_deg(poses.rotation, wanted.poses.rotation[tracked.found]))
        beyond.append(np.degrees(distance_rad(case.person, wanted))[tracked.found])
    error, far = np.concatenate(errors), np.concatenate(beyond)
    figures = {}
    for low, high in zip((0.0, *BEYOND_DEG), BEYOND_DEG, strict=False):
        inside = error[(far > low) & (far <= high)]
        figures[f"beyond_{high:.0f}_deg"] = float(inside.mean()) if len(inside) else np.nan
    return figures


def sweeps(person: Person) -> Iterator[Drive]:
    """Slow turns about the neck from the neutral pose to the far end of the last band.

    The expression is that of the reference's frame nearest to neutral.
    """
    step_s = float(np.median(np.diff(person.clip.time_s)))
    time_s = np.arange(round(_SWEEP_S / step_s), dtype=np.float64) * step_s
    ease = 0.5 - 0.5 * np.cos(np.pi * time_s / time_s[-1])
    for axis in _AXES:
        angle = np.radians(np.arange(0.0, _FURTHEST_DEG, 0.5))
        far = distance_rad(
            person, _turned(person, angle, axis, np.arange(len(angle), dtype=np.float64) * step_s)
        )
        reach = angle[far <= np.radians(BEYOND_DEG[-1])][-1]
        yield _turned(person, reach * ease, axis, time_s)


def _turned(person: Person, angle: Array, axis: Array, time_s: Array) -> Drive:
    turn = rot.continuous(rot.from_rotvec(angle[:, None] * axis))
    motion = HeadMotion(time_s, turn, np.zeros((len(angle), 3)))
    usable = np.flatnonzero(person.usable)
    away = turned_deg(person.poses.rotation[usable], person.stage.rotation[None])
    expression = person.expression[usable[away.argmin()]]
    return Drive(time_s, person.stage.poses(motion), np.tile(expression, (len(angle), 1, 1)))

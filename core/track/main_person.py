"""Selection of the main person among the faces of a video: the largest that stays."""

from dataclasses import dataclass

import numpy as np

from ..types import Array, IntArray

# How far one head may move between two sightings: a jump, and a pace that grows with the time unseen.
_JUMP_M = 0.15
_PACE_M_S = 0.4
_FARTHEST_M = 0.6
_AXIS_WEIGHTS = np.array([1.0, 1.0, 0.3])  # depth is measured several times worse


@dataclass
class _Person:
    sightings: list[int]
    presence: float
    position_m: Array
    seen_s: float

    def reach_m(self, time_s: float) -> float:
        return min(_JUMP_M + _PACE_M_S * (time_s - self.seen_s), _FARTHEST_M)

    def distance_m(self, position_m: Array) -> float:
        return float(np.linalg.norm((position_m - self.position_m) * _AXIS_WEIGHTS))


def main_person(time_s: Array, position_m: Array) -> tuple[IntArray, float]:
    """Selects the detections of the person with the largest face, summed over the video.

    time_s : (S,) of the sightings, not decreasing; those of one frame share a time
    position_m : (S, 3) of the heads in the camera frame; all faces count as equally large in metres,
        so the nearest one is the largest in the picture

    Returns the indices of that person's sightings, one a frame at most, and the next person's presence
    as a share of the first one's.
    """
    people: list[_Person] = []
    for index, (now_s, where) in enumerate(zip(time_s.tolist(), position_m, strict=True)):
        known = [person for person in people if person.seen_s < now_s]
        near = min(known, key=lambda person: person.distance_m(where), default=None)
        if near is None or near.distance_m(where) > near.reach_m(now_s):
            near = _Person([], 0.0, where, now_s)
            people.append(near)
        near.sightings.append(index)
        near.presence += 1.0 / max(float(-where[2]), 1e-3)
        near.position_m, near.seen_s = where, now_s
    people.sort(key=lambda person: person.presence, reverse=True)
    rival = people[1].presence / people[0].presence if len(people) > 1 else 0.0
    return np.array(people[0].sightings), rival

"""Axes of a rig's head, from where its bones are."""

from collections.abc import Iterator, Mapping

import numpy as np

from .. import rotation as rot
from ..types import Array
from .detect import ancestors
from .sides import pairs, without_side
from .words import LEGS, is_eye, is_in_front, words

X, Y, Z = np.eye(3)
_ALONG = 0.94  # cosine within which a direction is taken for an axis of the armature: 20 degrees
_SLANT = 0.7  # the same for the spine, which leans: 45 degrees
_AHEAD = 0.2  # of the way to eyes or jaw, that leads out of the face
_ACROSS = 0.05  # cosine to the vertical within which left is level: 3 degrees
_RAISED = 0.3  # sine of the slope by which an animal's neck shows where up is
_LEVEL = 0.2  # cosine below which a neck lies level, as a fish's

Positions = Mapping[str, Array]
Parents = Mapping[str, str | None]


def head_axes(
    head: str,
    chest: str | None,
    parents: Parents,
    positions: Positions,
    *,
    default_up: Array = Z,
    world_up: Array | None = None,
) -> Array:
    """Rotation from the head frame (left, up, face) to the armature's axes, as a quaternion (4,).

    Left is where the left eye is, or what else about the head has a left and a right; without that, the
    shoulders, and without those, beside eyes, nose or jaw. Up is from the chest to the head, unless the legs
    say better, as an animal's do. Both are taken for axes of the armature where they lie close to them, since
    spines lean.

    chest : the bone that carries the neck
    parents : what carries each bone
    positions : position (3,) of each bone in armature axes, in a pose that looks ahead
    default_up : where the head points if it carries nothing and nothing carries it
    world_up : the world's up in armature axes, by which the legs are believed where the neck lies level
    """
    up = _upward(head, chest, parents, positions, default_up)
    left = left_of(head, parents, positions)
    face = None if left is not None else face_of(head, parents, positions, up)
    if face is not None:
        left = np.cross(up, face)
    if left is None:
        left = Y if abs(up[0]) > max(abs(up[1]), abs(up[2])) else X
    up = _by_legs(_raised(up), left, parents, positions, world_up)
    if world_up is not None and up.min() < -_ALONG and not leg_pairs(parents, positions):
        up = _unit(world_up)  # a fish, or a head that looks out of a wall
    left = left - (left @ up) * up if abs(left @ up) > _SLANT else left
    left, up = _snapped(_unit(left), _unit(up - (up @ left) * left / (left @ left)), world_up)
    return rot.from_matrix(np.stack([left, up, np.cross(left, up)], axis=1))


def is_front_evident(head: str, parents: Parents, positions: Positions, up: Array) -> bool:
    """Whether anything about a rig says where it looks; else it is taken to do so as Blender's own do."""
    return left_of(head, parents, positions) is not None or face_of(head, parents, positions, up) is not None


def left_of(head: str, parents: Parents, positions: Positions) -> Array | None:
    """Direction to the left, from twin bones on the head or as near to it as there are any."""
    for twins in _nearest_twins(head, parents, positions):
        across = np.sum([positions[left] - positions[right] for left, right in twins], axis=0)
        if np.linalg.norm(across) > 1e-3 * _size(positions):
            return np.asarray(across / np.linalg.norm(across))
    return None


def face_of(head: str, parents: Parents, positions: Positions, up: Array) -> Array | None:
    """Direction out of the face, from where the head carries eyes, nose or jaw, which need no sides."""
    ahead = [
        positions[bone] - positions[head]
        for bone in parents
        if is_in_front(bone) and head in ancestors(parents, bone)
    ]
    if not ahead:
        return None
    mean = np.mean(ahead, axis=0)
    level = mean - up * (mean @ up)
    return _unit(level) if np.linalg.norm(level) > _AHEAD * np.linalg.norm(mean) else None


def shoulders_on(head: str, parents: Parents, positions: Positions) -> str | None:
    """The bone, among those that carry the head, on which the nearest twins hang that are not on the head."""
    on = attached(head, parents, positions)
    return next((bone for bone in ancestors(parents, head) if bone in on), None)


def eye_distance(head: str, parents: Parents, positions: Positions) -> float:
    """Largest distance of twin bones called eyes on the head; 0 without."""
    apart = [
        float(np.linalg.norm(positions[left] - positions[right]))
        for left, right in pairs(positions)
        if is_eye(left) and head in ancestors(parents, left)
    ]
    return max(apart, default=0.0)


def leg_pairs(parents: Parents, positions: Positions) -> list[tuple[str, str]]:
    """Twin bones of legs, the upper ones first."""
    found = [pair for pair in pairs(positions) if LEGS.intersection(words(without_side(pair[0])))]
    return sorted(found, key=lambda pair: len(list(ancestors(parents, pair[0]))))


def _nearest_twins(head: str, parents: Parents, positions: Positions) -> Iterator[list[tuple[str, str]]]:
    """Groups of twins, the best first: eyes, others on the head, then those on each bone that carries it."""
    on = attached(head, parents, positions)
    own = on.get(head, [])
    yield [pair for pair in own if is_eye(pair[0])]
    yield own
    for bone in ancestors(parents, head):
        for pair in sorted(on.get(bone, []), key=lambda pair: len(list(ancestors(parents, pair[0])))):
            yield [pair]


def attached(head: str, parents: Parents, positions: Positions) -> dict[str, list[tuple[str, str]]]:
    """Twin bones by the bone of the head's line that both hang on."""
    line = {head, *ancestors(parents, head)}
    found: dict[str, list[tuple[str, str]]] = {}
    for left, right in pairs(positions):
        on = [
            next((bone for bone in ancestors(parents, each) if bone in line), None) for each in (left, right)
        ]
        if on[0] is not None and on[0] == on[1]:
            found.setdefault(on[0], []).append((left, right))
    return found


def _upward(head: str, chest: str | None, parents: Parents, positions: Positions, default: Array) -> Array:
    below = list(ancestors(parents, head))
    start = below.index(chest) if chest in below else 0
    for bone in below[start:]:
        up = positions[head] - positions[bone]
        if np.linalg.norm(up) > 0.02 * _size(positions):
            return _unit(up)
    return _unit(default)


def _raised(up: Array) -> Array:
    """Where a spine lies rather along a negative axis, as an animal's that looks along -Y, the next one up."""
    along = int(np.argmax(np.abs(up)))
    other = int(np.argmax(up))
    return np.eye(3)[other] if up[along] < 0 and up[other] > _RAISED else up


def _by_legs(up: Array, left: Array, parents: Parents, positions: Positions, world_up: Array | None) -> Array:
    """The direction away from the feet, where the legs are the same body's and stand."""
    legs = leg_pairs(parents, positions)
    middle = {pair: (positions[pair[0]] + positions[pair[1]]) / 2 for pair in legs}
    of = {bone: pair for pair in legs for bone in pair}
    down, across = np.zeros(3), np.zeros(3)
    for pair in legs:
        across += positions[pair[0]] - positions[pair[1]]
        above = next((of[bone] for bone in ancestors(parents, pair[0]) if bone in of), None)
        if above is not None and above != pair:
            down += middle[pair] - middle[above]
    if not (down.any() and across.any()) or _unit(across) @ _unit(left) < _ALONG:
        return up
    away = -_unit(down)
    level = abs(away @ up) < _LEVEL
    stands = world_up is not None and away @ _unit(world_up) > _ALONG
    return away if away @ up >= _LEVEL or (level and stands) else up


def _snapped(left: Array, up: Array, world_up: Array | None) -> tuple[Array, Array]:
    """Both as axes of the armature, where they lie close to two of them; up alone, where left is level; else as they are."""
    across, along = int(np.argmax(np.abs(left))), int(np.argmax(np.abs(up)))
    if abs(up[along]) < _ALONG and world_up is not None:  # between the axes, and the object stands it up
        vertical = _unit(world_up)
        if vertical @ up > _ALONG and abs(vertical @ left) < _ACROSS:
            return _unit(left - vertical * (left @ vertical)), vertical
    straight = np.eye(3)[along] * np.sign(up[along])
    if across != along and abs(left[across]) >= _ALONG and abs(up[along]) >= _SLANT:
        return np.eye(3)[across] * np.sign(left[across]), straight
    if abs(left[along]) < _ACROSS and abs(up[along]) >= _SLANT:
        return _unit(left - straight * (left @ straight)), straight
    return left, up


def _unit(vector: Array) -> Array:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-30))


def _size(positions: Positions) -> float:
    places = np.array(list(positions.values()))
    return float(np.linalg.norm(np.ptp(places, axis=0)))

"""Which way is up, left and out of the face, read from the joints around the head, whatever their local frames are.

Local frames of joints are a matter of taste: in some files they lie along the world's axes, in others along the
bones, and the zero pose need not be a pose at all. What holds everywhere is where the joints stand once posed:
the head above the hips, the left eye or shoulder to the left of the right one. Legs, arms and hands are looked at
only where nothing nearer to the head has two sides, for they swing.

Two steps: `head_frames` gives the axes of a head that looks ahead, in the space of the positions, for each pose;
`axes_in_head` expresses them in the head joint's own frame, where they are the same in all poses. An armature at
rest is one pose, a recording is many.
"""

from collections.abc import Iterator, Mapping
from itertools import permutations, product

import numpy as np

from .. import rotation as rot
from ..types import Array
from .sides import pairs

Parents = Mapping[str, str | None]

_UPRIGHT_DEG = 20.0  # a body's line this near to an axis of the space stands along it
_SLANT_DEG = 25.0  # a head held, or a line of joints bent, by less than this
_LEAST_WIDTH = 0.01  # of a pair, over the height of the body's line; less is two names for one place


def head_frames(parents: Parents, head: str, positions: Mapping[str, Array]) -> tuple[Array, bool]:
    """Axes of a head that looks where the body faces, for each of T poses.

    parents : of each joint, None for a root
    positions : (T, 3) of each joint, any unit, all in one right-handed space

    Returns
    -------
    (T, 3, 3) rotations, columns left, up, out of the face in the space of the positions; and whether a pair of
    joints says where the left is. Without one the face is taken to look along +Z, or along −Y where Z is up.
    """
    line = positions[head] - positions[_base(parents, head)]
    up = _upright(line)
    height = float(np.median(np.linalg.norm(line, axis=1)))
    for one, other in pairs_by_nearness(parents, head):
        left = positions[one] - positions[other]
        left = left - up * np.sum(left * up, axis=1, keepdims=True)
        width = np.linalg.norm(left, axis=1)
        if np.median(width) > max(_LEAST_WIDTH * height, 1e-9) and width.all():
            return _frames(left / width[:, None], up), True
    left = np.where(np.abs(up[:, :1]) > 0.9, [0.0, 1.0, 0.0], [1.0, 0.0, 0.0])
    left = left - up * np.sum(left * up, axis=1, keepdims=True)
    return _frames(left / np.linalg.norm(left, axis=1, keepdims=True), up), False


def axes_in_head(frames: Array, head_rotation: Array) -> Array:
    """The head frame's axes (columns left, up, out of the face) in the head joint's own frame, shape (3, 3).

    The median over all poses is one of a head that looks ahead. Where the joint's own axes are near to it, they
    are taken as they are: a head kept turned to the side, or a bent back, then makes no difference. Where they
    are not, as with a bone that slants backward, its lateral axis is taken, for heads are symmetrical.

    frames : (T, 3, 3) of `head_frames`; head_rotation : (T, 4) of the head joint in the same space, wxyz
    """
    found = rot.to_matrix(
        rot.geodesic_median(rot.multiply(rot.inverse(head_rotation), rot.from_matrix(frames)))
    )
    own = max(_right_angles(), key=lambda axes: float(np.sum(axes * found)))
    if found[:, 1] @ own[:, 1] >= np.cos(np.radians(_SLANT_DEG)):
        return own
    if found[:, 0] @ own[:, 0] < np.cos(np.radians(_SLANT_DEG)):
        return found
    up = found[:, 1] - own[:, 0] * (own[:, 0] @ found[:, 1])
    return _frames(own[None, :, 0], up[None] / np.linalg.norm(up))[0]


def pairs_by_nearness(parents: Parents, head: str) -> list[tuple[str, str]]:
    """Pairs (left, right) of joints, the best witnesses of the head's left first.

    What hangs on the head (eyes, ears), then what leaves the line from head to root highest: shoulders before
    hips, and of each limb the root before what swings.
    """
    line = list(_to_root(parents, head))

    def fork(joint: str) -> tuple[int, int]:
        """How far below the head's joint a limb leaves the line, and the joint's generation in the limb."""
        for generation, above in enumerate(_to_root(parents, joint)):
            if above in line:
                return line.index(above), generation
        return len(line), 0

    ranked = [(fork(left), fork(right), (left, right)) for left, right in pairs(parents)]
    return [pair for left, right, pair in sorted(ranked) if left == right and left[0] < len(line)]


def _base(parents: Parents, head: str) -> str:
    """The joint at the lower end of the body's line: where the lowest limbs leave it, else the root."""
    line = list(_to_root(parents, head))
    roots = [
        parents[left] for left, right in pairs_by_nearness(parents, head) if parents[left] == parents[right]
    ]
    forks = [line.index(joint) for joint in roots if joint in line[1:]]
    return line[max(forks, default=len(line) - 1)]


def _to_root(parents: Parents, joint: str) -> Iterator[str]:
    name: str | None = joint
    while name is not None:
        yield name
        name = parents[name]


def _upright(line: Array) -> Array:
    """Up for each pose, (T, 3): the axis of the space that the line stands along, else the line itself."""
    length = np.linalg.norm(line, axis=1, keepdims=True)
    unit = np.where(length > 0, line / np.where(length > 0, length, 1.0), [0.0, 1.0, 0.0])
    mean = unit.mean(axis=0)
    largest = int(np.argmax(np.abs(mean)))
    if abs(mean[largest]) < np.cos(np.radians(_UPRIGHT_DEG)) * np.linalg.norm(mean):
        return unit
    return np.broadcast_to(np.sign(mean[largest]) * np.eye(3)[largest], line.shape)


def _frames(left: Array, up: Array) -> Array:
    return np.stack([left, up, np.cross(left, up)], axis=-1)


def _right_angles() -> list[Array]:
    """The 24 rotations that carry axes to axes, shape (3, 3) each."""
    signed = [
        np.eye(3)[:, list(order)] * signs
        for order in permutations(range(3))
        for signs in product((1.0, -1.0), repeat=3)
    ]
    return [axes for axes in signed if np.linalg.det(axes) > 0]

"""Where the bones of head and neck are when the character looks ahead: at rest, or as its animation has them.

Recordings often rest in a pose that no body can take: each bone's frame lies along the bone, and only the
motion says how the body stands. What the animation shows most of the time is then what is neutral.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..types import Array

CRUMPLED = np.radians(75.0)  # no neck is turned farther than this most of the time


@dataclass(frozen=True)
class RestBone:
    """A bone at rest in the armature's axes: rotation (4,) and position (3,) of its head."""

    name: str
    turn: Array
    place: Array


@dataclass(frozen=True)
class NeutralBone:
    """A bone in the neutral pose, in the armature's axes.

    turn : (4,) its rotation
    channels : (4,) the rotation of the axes that its location channel counts along
    place : (3,) position of its head
    """

    turn: Array
    channels: Array
    place: Array


def at_rest(bone: RestBone) -> NeutralBone:
    """The neutral pose of a bone whose rest is neutral."""
    return NeutralBone(bone.turn, bone.turn, bone.place)


def neutral_pose(chain: Sequence[RestBone], turned: Mapping[str, Array]) -> dict[str, NeutralBone]:
    """Bones of a chain in their neutral pose, by name.

    chain : from the bone that carries the shoulders, which is taken as it rests, to the head
    turned : (T, 4) rotations that the animation gives to bones, each about its own axes, by name
    """
    first, *rest = chain
    found = {first.name: at_rest(first)}
    last, last_turn = first, np.broadcast_to(first.turn, (1, 4))
    for bone in rest:
        step = rot.multiply(rot.inverse(last.turn), bone.turn)
        channels = rot.multiply(last_turn, step)
        whole = rot.multiply(channels, turned.get(bone.name, rot.IDENTITY[None]))
        above = found[last.name]
        offset = rot.rotate(rot.inverse(last.turn), bone.place - last.place)
        turn = rot.geodesic_median(whole)
        found[bone.name] = NeutralBone(
            turn, rot.multiply(above.turn, step), above.place + rot.rotate(above.turn, offset)
        )
        last, last_turn = bone, whole
    head = chain[-1]
    if all(
        rot.angle_between(found[bone.name].turn, bone.turn) < CRUMPLED
        for bone in (head, chain[-2] if len(chain) > 1 else head)
    ):
        return {bone.name: at_rest(bone) for bone in chain}
    return found

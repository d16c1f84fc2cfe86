"""The small head of every exported file: three joints, upright, with the axes and the unit of a preset."""

from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..motion import HeadMotion
from ..timing import FrameRate
from ..types import Array
from .presets import PRESETS, Form, Preset

LENGTHS_M = (0.10, 0.09, 0.17)
"""One chain: chest to the base of the neck, to the skull, to the crown."""

_AXES = {"Y": rot.IDENTITY, "Z": rot.from_rotvec([np.pi / 2, 0.0, 0.0])}
"""Rotation from the head frame (left, up, face) to the axes of a file, by the one that is up."""


@dataclass(frozen=True)
class Bone:
    """A joint over time, in a file's axes and unit. At rest no joint is turned against its parent.

    offset : (3,) from the parent at rest
    rotation : (T, 4) against the parent
    place : (T, 3) from the parent, where the joint takes the translation; else None
    """

    name: str
    offset: Array
    rotation: Array
    place: Array | None


@dataclass(frozen=True)
class Posed:
    """A motion on the skeleton at whole frames.

    time_s : (T,) seconds from 0
    bones : each the parent of the next
    crown : (3,) end of the last one
    up : (4,) rotation from the head frame to the file's axes
    """

    time_s: Array
    bones: tuple[Bone, ...]
    crown: Array
    up: Array


def posed(motion: HeadMotion, rate: FrameRate, form: Form, *, own: Preset | None = None) -> Posed:
    """A motion on the skeleton of a preset, at whole frames from t = 0 to its end; see `lay_out`."""
    return lay_out(motion.at(rate.grid(motion.duration_s)), form, own=own)


def lay_out(motion: HeadMotion, form: Form, *, own: Preset | None = None) -> Posed:
    """A motion on the skeleton of a preset, at its own samples.

    The shares of neck and head compose to the motion exactly: the head's rotation in the world is
    the motion's, in the file's axes.

    own : a preset whose axes and unit the format has, whatever the form says
    """
    preset = PRESETS[form.preset]
    layout = own or preset
    axes, units = _AXES[layout.up], layout.units_per_m
    turn = rot.multiply(axes, rot.multiply(motion.rotation, rot.inverse(axes)))
    neck = rot.power(turn, form.neck_share)
    head = rot.multiply(rot.inverse(neck), turn)
    rest = np.broadcast_to(rot.IDENTITY, turn.shape)
    up = rot.rotate(axes, np.array([0.0, 1.0, 0.0])) * units
    offsets = [np.zeros(3), *(length * up for length in LENGTHS_M)]
    shift = rot.rotate(axes, motion.translation_m) * units
    bones = tuple(
        Bone(name, offset, rotation, offset + shift if index == preset.shifted else None)
        for index, (name, offset, rotation) in enumerate(
            zip(preset.names, offsets, (rest, rot.continuous(neck), rot.continuous(head)), strict=False)
        )
    )
    return Posed(motion.time_s, bones, offsets[-1], axes)

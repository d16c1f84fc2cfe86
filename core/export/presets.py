"""How motion files are laid out for each program: one table of axes, unit, joints and frame rate.

A further program is a row of PRESETS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..neck_share import NECK_SHARE


class Preset(NamedTuple):
    """The form that a program takes best. Formats that have axes and a unit of their own, as glTF, keep these.

    label : the program
    up : "Y", where the face looks along +Z, or "Z", where it looks along −Y; both right-handed
    units_per_m : lengths in the file
    names : of the joints root, neck and head
    shifted : index of the joint that takes the translation; where an engine takes a moving root for
        the way that the whole character goes, it is the neck
    fps : frames a second where nobody asks for others
    """

    label: str
    up: str = "Y"
    units_per_m: float = 100.0
    names: tuple[str, str, str] = ("Root", "Neck", "Head")
    shifted: int = 0
    fps: int = 30


DEFAULT_PRESET = "any"

PRESETS: Mapping[str, Preset] = {
    DEFAULT_PRESET: Preset("any program"),
    "unreal": Preset("Unreal Engine", "Z", 100.0, ("root", "neck_01", "head"), 1, 30),
    "unity": Preset("Unity", "Y", 1.0, ("Root", "Neck", "Head"), 1, 60),
    "maya": Preset("Maya", "Y", 100.0, ("Reference", "Neck", "Head"), 0, 24),
    "motionbuilder": Preset("MotionBuilder", "Y", 100.0, ("Reference", "Neck", "Head"), 0, 30),
    "blender": Preset("Blender", "Y", 1.0, ("root", "neck", "head"), 0, 24),
}
"""By the name that the command line takes. BVH says neither axes nor unit: Blender reads it as Y up and metres."""


@dataclass(frozen=True)
class Form:
    """How a motion is to be laid out in a file.

    preset : one of PRESETS
    skeleton : a file with a skeleton of the user's, whose head and neck then take the motion
    neck_share : part of the rotation that the neck takes, 0 to 1
    """

    preset: str = DEFAULT_PRESET
    skeleton: Path | None = None
    neck_share: float = NECK_SHARE


ANY = Form()
"""Root, neck and head as any program takes them."""

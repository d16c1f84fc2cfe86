"""Head motion as USD text: a UsdSkel skeleton with its animation, whole frames from time code 0.

Written by hand, for USD's own package is larger than all of this one; the tests read it with that package. A time code is a
frame, and the stage says how many make a second, so that no time is rounded.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import numpy as np

from ..files import replacing
from ..motion import HeadMotion
from ..timing import FrameRate
from ..types import Array
from .presets import ANY, PRESETS, Form
from .skeleton import Posed, posed


def write_usd(path: Path, motion: HeadMotion, rate: FrameRate, form: Form = ANY) -> None:
    """Write a motion as USD text, a sample a frame from t = 0 to its end. Raises OutputError."""
    preset = PRESETS[form.preset]
    body = posed(motion, rate, form)
    last = len(body.time_s) - 1
    with replacing(path) as temporary, temporary.open("w", encoding="ascii", newline="\n") as file:
        file.write(
            f"""#usda 1.0
(
    defaultPrim = "Character"
    doc = "Head motion by Mannerism"
    startTimeCode = 0
    endTimeCode = {last}
    framesPerSecond = {float(rate.fps)!r}
    timeCodesPerSecond = {float(rate.fps)!r}
    metersPerUnit = {1.0 / preset.units_per_m:g}
    upAxis = "{preset.up}"
)

def SkelRoot "Character"
{{
    def Skeleton "Skeleton" (
        prepend apiSchemas = ["SkelBindingAPI"]
    )
    {{
        uniform token[] joints = {_joints(body)}
        uniform matrix4d[] bindTransforms = {_list(_matrices(body, world=True))}
        uniform matrix4d[] restTransforms = {_list(_matrices(body, world=False))}
        rel skel:animationSource = </Character/Skeleton/Animation>

        def SkelAnimation "Animation"
        {{
            uniform token[] joints = {_joints(body)}
            half3[] scales = {_list(["(1, 1, 1)"] * len(body.bones))}
"""
        )
        _samples(file, "quatf[] rotations", [bone.rotation for bone in body.bones], "%.8f")
        still = np.ones((len(body.time_s), 1))
        places = [still * bone.offset if bone.place is None else bone.place for bone in body.bones]
        _samples(file, "float3[] translations", places, "%.7f")
        file.write("        }\n    }\n}\n")


def _joints(body: Posed) -> str:
    names = [bone.name for bone in body.bones]
    return json.dumps(["/".join(names[: depth + 1]) for depth in range(len(names))])


def _matrices(body: Posed, *, world: bool) -> Iterator[str]:
    """Rest of each joint in the world or in its parent, rows as USD multiplies: the place is the last one."""
    place = np.zeros(3)
    for bone in body.bones:
        place = place + bone.offset if world else bone.offset
        x, y, z = (f"{value:.7g}" for value in place + 0.0)
        yield f"( (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), ({x}, {y}, {z}, 1) )"


def _list(parts: Iterable[str]) -> str:
    return f"[{', '.join(parts)}]"


def _samples(file: TextIO, what: str, values: list[Array], number: str) -> None:
    """A sample a frame: for each joint one of `values` (T, k)."""
    row = (
        "                %d: "
        + _list("(" + ", ".join([number] * each.shape[1]) + ")" for each in values)
        + ","
    )
    table = np.concatenate([np.arange(len(values[0]))[:, None], *values], axis=1) + 0.0
    file.write(f"            {what}.timeSamples = {{\n")
    np.savetxt(file, table, fmt=row)
    file.write("            }\n")

"""Head motion as VRM Animation: glTF with the extension VRMC_vrm_animation, for any VRM character.

The specification (github.com/vrm-c/vrm-specification, VRMC_vrm_animation-1.0) wants the humanoid at rest in a T-pose, lets no
bone but the hips shift, and takes the weight of an expression from the x of a node's translation.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..motion import HeadMotion
from ..timing import FrameRate
from ..types import Array
from .gltf_file import Gltf
from .presets import ANY, Form

NO_SHIFT = "A VRM Animation turns neck and head, and cannot shift them."

_HUMANOID: Mapping[str, tuple[str | None, tuple[float, float, float]]] = {
    "hips": (None, (0.0, 0.95, 0.0)),
    "spine": ("hips", (0.0, 0.10, 0.0)),
    "chest": ("spine", (0.0, 0.15, 0.0)),
    "neck": ("chest", (0.0, 0.25, 0.0)),
    "head": ("neck", (0.0, 0.09, 0.0)),
    **{
        f"{side}{bone}": (f"{side}{parent}" if parent[0].isupper() else parent, (x * sign, y, z))
        for side, sign in (("left", 1.0), ("right", -1.0))
        for bone, parent, (x, y, z) in (
            ("Shoulder", "chest", (0.03, 0.20, 0.0)),
            ("UpperArm", "Shoulder", (0.12, 0.0, 0.0)),
            ("LowerArm", "UpperArm", (0.27, 0.0, 0.0)),
            ("Hand", "LowerArm", (0.25, 0.0, 0.0)),
            ("UpperLeg", "hips", (0.09, -0.05, 0.0)),
            ("LowerLeg", "UpperLeg", (0.0, -0.42, 0.0)),
            ("Foot", "LowerLeg", (0.0, -0.40, 0.0)),
        )
    },
}
"""The bones that a humanoid must have: the parent of each, and its place from it in metres, the T-pose facing +Z."""


def write_vrma(path: Path, motion: HeadMotion, rate: FrameRate, form: Form = ANY) -> tuple[str, ...]:
    """Write a motion as VRM Animation, a key a frame from t = 0 to its end. Raises OutputError."""
    motion = motion.at(rate.grid(motion.duration_s))
    write_performance(path, motion.time_s, motion.rotation, {}, form)
    return (NO_SHIFT,) if motion.translation_m.any() else ()


def write_performance(
    path: Path, time_s: Array, rotation: Array, expressions: Mapping[str, Array], form: Form = ANY
) -> None:
    """Write a head that turns and a face that speaks.

    rotation : (T, 4) of the head in the world
    expressions : weights (T,), 0 to 1, by the names of VRM's presets, as aa or blinkLeft
    """
    file = Gltf()
    bones: dict[str, int] = {}
    for bone, (parent, place) in _HUMANOID.items():
        bones[bone] = file.append("nodes", {"name": bone, "translation": list(place)})
        if parent is not None:
            file.document["nodes"][bones[parent]].setdefault("children", []).append(bones[bone])
    neck = rot.power(rotation, form.neck_share)
    channels = [
        (bones["neck"], "rotation", rot.continuous(neck)),
        (bones["head"], "rotation", rot.continuous(rot.multiply(rot.inverse(neck), rotation))),
    ]
    shown = {name: file.append("nodes", {"name": name}) for name in expressions}
    channels += [
        (shown[name], "translation", np.stack([weights, 0.0 * weights, 0.0 * weights], axis=1))
        for name, weights in expressions.items()
    ]
    file.document |= {"scene": 0, "scenes": [{"nodes": [bones["hips"], *shown.values()]}]}
    file.document["extensionsUsed"] = ["VRMC_vrm_animation"]
    file.document["extensions"] = {
        "VRMC_vrm_animation": {
            "specVersion": "1.0",
            "humanoid": {"humanBones": {bone: {"node": node} for bone, node in bones.items()}},
            **(
                {"expressions": {"preset": {name: {"node": node} for name, node in shown.items()}}}
                if shown
                else {}
            ),
        }
    }
    file.animation(path.stem, time_s, channels)
    file.write(path)

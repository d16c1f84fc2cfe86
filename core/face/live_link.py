"""The columns of the app Live Link Face: ARKit's 52 shapes in its order, then the angles of head and eyes."""

from collections.abc import Mapping

import numpy as np

from ..types import Array


def _sided(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{side}" for name in names for side in ("Left", "Right"))


_EYE = ("EyeBlink", "EyeLookDown", "EyeLookIn", "EyeLookOut", "EyeLookUp", "EyeSquint", "EyeWide")

SHAPES = (
    *(f"{name}{side}" for side in ("Left", "Right") for name in _EYE),
    *("JawForward", "JawRight", "JawLeft", "JawOpen"),
    *("MouthClose", "MouthFunnel", "MouthPucker", "MouthRight", "MouthLeft"),
    *_sided("MouthSmile", "MouthFrown", "MouthDimple", "MouthStretch"),
    *("MouthRollLower", "MouthRollUpper", "MouthShrugLower", "MouthShrugUpper"),
    *_sided("MouthPress", "MouthLowerDown", "MouthUpperUp", "BrowDown"),
    *("BrowInnerUp", *_sided("BrowOuterUp"), "CheekPuff", *_sided("CheekSquint", "NoseSneer"), "TongueOut"),
)
HEAD = ("HeadYaw", "HeadPitch", "HeadRoll")
EYES = tuple(f"{side}Eye{angle}" for side in ("Left", "Right") for angle in ("Yaw", "Pitch", "Roll"))
COLUMNS = (*SHAPES, *HEAD, *EYES)
"""61 of them, and so BlendShapeCount says."""


def live_link(shapes: Mapping[str, Array]) -> dict[str, Array]:
    """Weights (T,) of all 52 shapes in the app's order and spelling, those that nothing moves 0."""
    rest = np.zeros_like(next(iter(shapes.values())))
    spelled = {f"{name[0].upper()}{name[1:]}": values for name, values in shapes.items()}
    return {name: spelled.get(name, rest) for name in SHAPES}

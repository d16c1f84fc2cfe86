"""Eyes as ARKit's blendshape channels."""

from collections.abc import Mapping

import numpy as np

from ..types import Array

SIDEWAYS_DEG, UP_DEG, DOWN_DEG = 35.0, 25.0, 30.0
"""Where an eyeLook channel is 1; Live Link Face has 0.6 rad, 34°, as well."""

_SIDES = ("Left", "Right")
_LID_PER_DEG, _WIDE = 0.012, 0.4  # lids follow the eye 1:1 (Becker and Fuchs 1988), less upwards


def arkit(eye: Array) -> dict[str, Array]:
    """ARKit's eyeLook channels, each (T,), 0 to 1, of eyes (T, 2) in the head, radians to the left and up.

    The subject's left is out for the left eye and in for the right one.
    """
    left, up = np.degrees(eye).T
    to_left, to_right = _unit(left / SIDEWAYS_DEG), _unit(-left / SIDEWAYS_DEG)
    return {
        "eyeLookOutLeft": to_left,
        "eyeLookInRight": to_left,
        "eyeLookInLeft": to_right,
        "eyeLookOutRight": to_right,
        **{f"eyeLookUp{side}": _unit(up / UP_DEG) for side in _SIDES},
        **{f"eyeLookDown{side}": _unit(-up / DOWN_DEG) for side in _SIDES},
    }


def lids(eye: Array) -> dict[str, Array]:
    """What lids that follow the eyes add to ARKit's channels of lids, each (T,).

    Only for faces whose eyeLookDown and eyeLookUp leave the lids alone, and for eyes that are bones.
    """
    up = np.degrees(eye[:, 1])
    return {
        **{f"eyeBlink{side}": _LID_PER_DEG * np.maximum(-up, 0.0) for side in _SIDES},
        **{f"eyeWide{side}": _WIDE * _unit(up / UP_DEG) for side in _SIDES},
    }


def with_eyes(shapes: Mapping[str, Array], eye: Array, lid_dose: float) -> dict[str, Array]:
    """Channels of a face with those of its eyes (T, 2); lids are added to what is there, which none replaces."""
    added = lids(eye) if lid_dose else {}
    rest = np.zeros(len(eye))
    moved = {name: _unit(shapes.get(name, rest) + lid_dose * values) for name, values in added.items()}
    return {**shapes, **moved, **arkit(eye)}


def _unit(values: Array) -> Array:
    return np.asarray(np.clip(values, 0.0, 1.0) + 0.0)

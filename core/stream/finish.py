"""Poses of a running take as they are handed out: from rest at its start, and back to it after its end."""

import numpy as np

from .. import rotation as rot
from ..easing import smootherstep
from ..generate.controls import RAMP_S, within_reach
from ..motion import GRID_HZ
from ..types import Array

REST = round(RAMP_S * GRID_HZ)
"""Samples after the sound's last one in which the head goes to rest."""


def finished_pose(pose: Array, index: int, intensity: float, end: int | None) -> Array:
    """A unit quaternion and a translation in metres, (7,), of one sample. One by one, so that each has the same bytes in any company.

    pose : (6,) degrees and millimetres
    index : of the sample
    end : index of the last sample of the take; None where the sound goes on beyond this one
    """
    ramp = index / REST if end is None else min(index, end - index) / REST
    gain = intensity * float(smootherstep(np.array(ramp)))
    turned = within_reach(np.radians(pose[None, :3]) * gain) + 0.0
    return np.concatenate([rot.from_rotvec(turned)[0], 1e-3 * pose[3:] * gain + 0.0])

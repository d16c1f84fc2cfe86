"""How much of the time the person in a reference looks away."""

import numpy as np

from ... import rotation as rot
from ...face.measured_gaze import measured_gaze
from ...gaze.manner import GazeManner
from ...types import BoolArray
from ..model.camera import FacePoses
from ..model.person import Clip


def own_gaze(clip: Clip, poses: FacePoses, usable: BoolArray) -> GazeManner:
    """Gaze manner of the person, with their own share of looks away.

    poses, usable : (N,) of the clip's frames
    """
    seen = poses[usable]
    off_centre = (seen.shift - clip.centre_px) * [1.0, -1.0]
    gaze = measured_gaze(
        clip.landmarks[usable],
        clip.time_s[usable],
        rot.from_matrix(seen.rotation),
        np.column_stack([off_centre, np.full(len(off_centre), -clip.focal_px)]),
    )
    seconds = float(np.median(np.diff(gaze.time_s)) * gaze.known.sum())
    return GazeManner().with_share(float(gaze.away[gaze.known].mean()), seconds, gaze.turned)

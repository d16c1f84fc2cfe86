"""Face and gaze manner of the speaker of a reference video, without the rest of the portrait's analysis."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ... import rotation as rot
from ...face.manner import FaceManner, face_manner
from ...face.measured_gaze import measured_gaze
from ...gaze.manner import GazeManner
from ...motion import Progress, no_progress
from ..model.options import FACE_SIZE
from .analyse import usable_face
from .clip_reader import read_clip
from .first_pass import LONGEST_REFERENCE_S


def reference_manners(path: Path, progress: Progress = no_progress) -> tuple[FaceManner, GazeManner]:
    """Measure how the speaker of a video moves lips, lids, brows and cheeks, and how much of the time they look away.

    As a talking-head video of the default size does, but from landmarks that are not yet aligned by optical
    flow: on the example that changes how far the mouth opens by 0.1 %. Of a longer video the first LONGEST_REFERENCE_S
    seconds count. Nothing is kept.

    Raises
    ------
    VideoError : no video, no face, or too few frames with the whole face
    MissingPartError : no face model
    OutputError : no room for temporary files
    CancelledError : through `progress`
    """
    with TemporaryDirectory(prefix="mannerism-", ignore_cleanup_errors=True) as folder:
        clip = read_clip(path, FACE_SIZE, folder=Path(folder), seconds=LONGEST_REFERENCE_S, progress=progress)
        face, usable = usable_face(clip)
        rotation = rot.from_matrix(face.poses.rotation)
        turn = rot.to_rotvec(rot.multiply(rot.inverse(rot.geodesic_median(rotation[usable])), rotation))
        manner = face_manner(face.mesh + face.expression, clip.time_s, usable, speech=path, turn=turn)
        poses = face.poses[usable]
        off_centre = (poses.shift - clip.centre_px) * [1.0, -1.0]
        gaze = measured_gaze(
            clip.landmarks[usable],
            clip.time_s[usable],
            rot.from_matrix(poses.rotation),
            np.column_stack([off_centre, np.full(len(off_centre), -clip.focal_px)]),
        )
        seconds = float(np.median(np.diff(gaze.time_s)) * gaze.known.sum())
        own_share = float(gaze.away[gaze.known].mean())
        return manner, GazeManner().with_share(own_share, seconds, gaze.turned)

"""Face and gaze manner of the speaker of a reference video, without the rest of the portrait's analysis."""

from pathlib import Path
from tempfile import TemporaryDirectory

from ... import rotation as rot
from ...face.manner import FaceManner, face_manner
from ...gaze.manner import GazeManner
from ...motion import Progress, no_progress
from ..model.options import FACE_SIZE
from .analyse import usable_face
from .clip_reader import read_clip
from .first_pass import LONGEST_REFERENCE_S
from .gaze_share import own_gaze


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
        return manner, own_gaze(clip, face.poses, usable)

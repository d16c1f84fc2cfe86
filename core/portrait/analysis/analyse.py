"""Analysis of a reference clip into a Person: face fit, surround, matte, background, flow registration."""

from pathlib import Path

import numpy as np

from ... import rotation as rot
from ...errors import VideoError
from ...motion import Progress, no_progress
from ...progress import part
from ...track.head_pose import INNER_LIPS
from ...track.tracker import lips_move
from ...types import BoolArray
from ..model.camera import Stage
from ..model.person import Clip, Person
from .background import clean_background
from .face_fit import Face, fit_face
from .fine_hair import with_fine_hair
from .flow_registration import register
from .matte import drop_silhouette, person_matte
from .surround_fit import fit_surround
from .usable_frames import usable_pictures

_FEWEST_USABLE = 10


def analyse(clip: Clip, progress: Progress = no_progress, *, folder: Path | None = None) -> Person:
    """Build a Person from the frames of a reference clip.

    folder : where to keep the matte, in memory without

    Raises
    ------
    VideoError : too few frames with the whole face
    MissingPartError : no person model
    CancelledError : through `progress`
    """
    face, usable = usable_face(clip)
    surround = fit_surround(clip, face.mesh, face.poses, usable, part(progress, 0.1, 0.3))
    silhouette = person_matte(clip, folder=folder, progress=part(progress, 0.3, 0.5))
    background = clean_background(clip, silhouette)
    matte = with_fine_hair(clip, silhouette, background, folder=folder)
    del silhouette
    drop_silhouette(folder)
    tracked = Person(
        clip=clip,
        mesh=face.mesh,
        expression=face.expression,
        poses=face.poses,
        stage=_stage(clip, face, usable),
        surround=surround,
        matte=matte,
        background=background,
        usable=usable,
    )
    person = register(tracked, part(progress, 0.5, 1.0))
    progress(1.0, "The reference is analysed")
    return person


def usable_face(clip: Clip) -> tuple[Face, BoolArray]:
    """Fit the face to a clip's usable frames; returns the fit and the (N,) bool mask of usable frames.

    Raises
    ------
    VideoError : too few frames with the whole face
    """
    usable = usable_pictures(clip, fit_face(clip.landmarks))
    if usable.sum() < _FEWEST_USABLE:
        raise VideoError(
            f"Only {usable.sum()} pictures of the reference show the whole face",
            "Give a video in which one person looks at the camera for 10 seconds or more",
        )
    return fit_face(clip.landmarks, usable), usable


def _stage(clip: Clip, face: Face, usable: BoolArray) -> Stage:
    """Neutral pose and camera: the median pose over the frames in which the person speaks."""
    upper, lower = (face.mesh[lip] + face.expression[usable, lip] for lip in INNER_LIPS)
    time_s = clip.time_s[usable]
    opening_m = np.linalg.norm(upper - lower, axis=1)
    speaking = lips_move(time_s, opening_m, float(1.0 / np.median(np.diff(time_s))))
    poses = face.poses[usable][speaking]
    return Stage(
        scale=float(np.median(poses.scale)),
        rotation=rot.to_matrix(rot.geodesic_median(rot.from_matrix(poses.rotation))),
        shift=np.median(poses.shift, axis=0),
        focal_px=clip.focal_px,
        centre_px=clip.centre_px,
    )

"""Driving plan: pose and expression of every frame, from head motion and speech, within the reference's range."""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from ...arrays_file import ArraysFileError, ArraySpec, read_arrays, write_arrays
from ...face.face_from_speech import face_from_speech
from ...gaze.request import GazeRequest
from ...generate import GenerationSettings
from ...generate.from_audio import motion_from_audio
from ...media.sound import Sound
from ...motion import HeadMotion, Progress
from ...progress import part
from ...style import read_style
from ...types import Array
from ..analysis.gaze_share import own_gaze
from ..model.camera import FacePoses
from ..model.person import Drive, Person
from ..model.request import PortraitRequest
from ..render.renderer import Plan
from ..render.window import Window
from .face_retarget import drive_from_face
from .framing import framed
from .kept_manner import own_face_manner, own_style
from .pose_correction import Render, correct
from .pose_limits import distance_rad, keep_in_range

_NOTABLE_M = 0.02
_TOO_FAR = (
    "The motion carries the head up to {:.0f} cm farther than the reference can show, and is held back; "
    "take less translation, or step back in the reference."
)
_CURVES = ("confidence", "beyond_deg", "held_back_deg")
_SPECS = {
    **{name: ArraySpec("f", 1) for name in (*_CURVES, "time_s", "scale")},
    "shift": ArraySpec("f", 2),
    "rotation": ArraySpec("f", 3),
    "expression": ArraySpec("f", 3),
    "notes": ArraySpec("U", 1),
}
_OPTIONAL = {"shown": ArraySpec("f", 1)}


@dataclass(frozen=True)
class DrivingPlan:
    """Poses and expressions of every video frame, and their distance from the reference.

    confidence, beyond_deg, held_back_deg : (T,), as in PortraitResult
    notes : sentences to the user
    shown : the part of the frame that is shown, the whole without
    """

    drive: Drive
    confidence: Array
    beyond_deg: Array
    held_back_deg: Array
    notes: tuple[str, ...] = ()
    shown: Window | None = None

    def save(self, path: Path) -> None:
        """Write the plan as `.npz`, whole or not at all. Raises OutputError."""
        arrays = {name: getattr(self, name) for name in _CURVES}
        drive = {"time_s": self.drive.time_s, "expression": self.drive.expression, **vars(self.drive.poses)}
        if self.shown is not None:
            arrays["shown"] = np.array(astuple(self.shown), np.float64)
        write_arrays(path, {**arrays, **drive, "notes": np.array(self.notes, np.str_)})

    @classmethod
    def load(cls, path: Path) -> "DrivingPlan | None":
        """Read a plan that `save` wrote; None where there is none, or it is damaged."""
        try:
            arrays = read_arrays(path, _SPECS, optional=_OPTIONAL)
        except ArraysFileError:
            return None
        poses = FacePoses(arrays["scale"], arrays["rotation"], arrays["shift"])
        drive = Drive(arrays["time_s"], poses, arrays["expression"])
        curves = {name: arrays[name] for name in _CURVES}
        left, top, side, size = arrays.get("shown", np.zeros(4)).tolist()
        shown = Window(left, top, side, int(size)) if size else None
        return cls(drive, notes=tuple(arrays["notes"].tolist()), shown=shown, **curves)


def plan_frames(
    request: PortraitRequest,
    person: Person,
    render: Render,
    plan_of: Callable[[Drive], Plan],
    *,
    time_s: Array,
    progress: Progress,
) -> DrivingPlan:
    """Plan the poses and expressions of the frames shown from `time_s` on, shape (T,), seconds.

    render : of a drive, for the correction of poses
    plan_of : chooses the source frames of a drive

    Raises
    ------
    PortraitError : the head touches the edge of the reference's frame so closely that it cannot be moved
    AudioError, VideoError, StyleError, MissingPartError, CancelledError
    """
    if request.motion is None:
        motion, notes = generated(request, part(progress, 0.0, 0.5))
    else:
        motion, notes = request.motion, request.motion.notes
    progress(0.5, "Analysing speech for the face")
    manner = own_face_manner(request.identity, person, request.folder)
    pieces = Sound(request.audio).part(request.start_s, request.length_s)
    face = face_from_speech(
        np.concatenate(list(pieces)),
        manner,
        request.seed,
        time_s,
        GazeRequest(motion, request.eyes, (), own_gaze(person.clip, person.poses, person.usable)),
        doses=request.expression,
        head=motion,
        progress=part(progress, 0.5, 0.6),
    )
    asked = drive_from_face(person, person.stage.poses(motion.at(time_s)), face)
    shown = keep_in_range(person, asked)
    drive, _ = correct(person, shown.drive, render, part(progress, 0.6, 0.9))
    progress(0.9, "Framing the video")
    framing = framed(person, drive, plan_of)
    beyond_deg = np.degrees(distance_rad(person, asked))
    farthest_m = float(shown.held_back_m.max())
    if farthest_m > _NOTABLE_M:
        notes += (_TOO_FAR.format(farthest_m * 100),)
    notes += framing.notes
    held_back_deg = shown.held_back_deg + framing.held_back_deg
    return DrivingPlan(framing.drive, shown.confidence, beyond_deg, held_back_deg, notes, framing.window)


def generated(request: PortraitRequest, progress: Progress) -> tuple[HeadMotion, tuple[str, ...]]:
    """Generate head motion for the speech in a style file's manner, or else the reference's own, with notes.

    Raises
    ------
    AudioError, VideoError, StyleError, MissingPartError, CancelledError
    """
    if request.style:
        style = read_style(request.style)
    else:
        style = own_style(request.identity, request.folder, part(progress, 0.0, 0.7))
    motion = motion_from_audio(
        style,
        request.audio,
        GenerationSettings(request.seed),
        part(progress, 0.7, 1.0),
        start_s=request.start_s,
        length_s=request.length_s,
    )
    return motion, style.reasons

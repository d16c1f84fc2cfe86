"""The raw measurement: the pose of one person's head in each frame, before any smoothing."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import VideoError
from ..files import sha256_of
from ..media.facts import VideoFacts
from ..media.stillness import Stillness
from ..media.video import Video
from ..motion import Progress, no_progress
from ..types import Array, BoolArray, IntArray
from .landmarks import Region, find_model
from .main_person import main_person
from .sightings import HeadGatherer, HeadSightings, find_faces, with_unseen
from .small_faces import UnfoundFrames

DEFAULT_FOCAL_HEIGHTS = 1.5
"""Focal length over picture height; a camera or phone held level has 1.3 to 1.6."""

_FEWEST_FRAMES = 5
_SMALLEST_SHARE = 0.1
_FACE_REMEDY = (
    "Give a video that shows one person's face from the front, at least 60 pixels wide, in good light"
)
_SEARCHED_BELOW = 0.8  # share of frames with a face, below which a smaller one is looked for
NOT_MOVING = "The picture does not move: it is a photo, not a film, and shows nobody's manner."


@dataclass(frozen=True)
class FaceMeasurements:
    """One person's head in the N frames of a video, raw.

    time_s : (N,) seconds from the first audio sample
    found : (N,) bool, whether the person's face was found; the rest is NaN where not
    rotation : (N, 4) unit quaternions wxyz, head to camera
    position_m : (N, 3) origin of the canonical face in the camera frame of `pose.py`
    mouth_m : (N,) opening between the inner lips
    width, height : of the upright picture, pixels
    rival : presence of a second person as a share of this one's, 0 to 1
    cut_short : whether frames are damaged or end early
    notes : sentences to the user on the file, what is damaged among them
    """

    time_s: Array
    found: BoolArray
    rotation: Array
    position_m: Array
    mouth_m: Array
    width: int
    height: int
    frame_rate: float
    focal_heights: float
    rival: float
    cut_short: bool
    source_sha256: str
    model_sha256: str
    notes: tuple[str, ...] = ()


def measure_face(
    path: Path,
    *,
    model: Path | None = None,
    focal_heights: float = DEFAULT_FOCAL_HEIGHTS,
    progress: Progress = no_progress,
) -> FaceMeasurements:
    """Measure the head in each frame of a video, without smoothing or bridging.

    Memory grows only by a few numbers a frame.

    Raises
    ------
    VideoError : not a video, a single picture, no face, a face in too few frames
    MissingPartError : no face model
    """
    model = find_model(model)
    video = Video(path)
    seen = _look(video, model, focal_heights, progress)
    notes = seen.notes
    region = seen.unfound.region(model) if seen.found_share < _SEARCHED_BELOW else None
    if region is not None:
        nearer = _look(video, model, focal_heights, progress, region)
        if nearer.found_share > seen.found_share:
            seen = nearer
            notes = (
                *nearer.notes,
                f"The face is only {seen.face_px:.0f} pixels wide, which makes the track less exact.",
            )
    return measurements_of(
        seen.heads,
        video.facts,
        name=path.name,
        cut_short=video.cut_short,
        focal_heights=focal_heights,
        source_sha256=sha256_of(path),
        model_sha256=sha256_of(model),
        notes=notes,
    )


@dataclass(frozen=True)
class _Look:
    """What one pass over a video found."""

    heads: HeadSightings
    unfound: UnfoundFrames
    face_px: float
    notes: tuple[str, ...]

    @property
    def found_share(self) -> float:
        return float((self.heads.counts > 0).mean()) if len(self.heads.counts) else 0.0


def _look(
    video: Video, model: Path, focal_heights: float, progress: Progress, region: Region | None = None
) -> _Look:
    """Find the heads in all frames, or in a region of them."""
    facts, duration_s = video.facts, video.facts.duration_s
    gatherer, unfound, stillness = HeadGatherer(facts, focal_heights), UnfoundFrames(), Stillness()
    widths: list[float] = []
    first_s = np.inf
    for frame, faces in find_faces(video, model, region):
        first_s = min(first_s, frame.time_s)
        gatherer.add(frame.time_s, faces)
        stillness.add(frame.time_s, frame.rgb if region is None else region.of(frame.rgb))
        if len(faces):
            widths.append(float(np.ptp(faces[0, :, 0])) * frame.rgb.shape[1])
        elif not frame.is_marred:
            unfound.add(frame)
        progress(min((frame.time_s - first_s) / duration_s, 1.0) if duration_s else 0.0, "tracking the face")
    return _Look(
        with_unseen(gatherer.result(), (lost_s for lost_s in video.lost_s if lost_s > first_s)),
        unfound,
        float(np.median(widths)) if widths else 0.0,
        (*video.notes, *([NOT_MOVING] if stillness.is_still else [])),
    )


def measurements_of(
    sightings: HeadSightings,
    facts: VideoFacts,
    *,
    name: str,
    cut_short: bool,
    source_sha256: str,
    model_sha256: str,
    focal_heights: float = DEFAULT_FOCAL_HEIGHTS,
    notes: tuple[str, ...] = (),
) -> FaceMeasurements:
    """Measurements of the main person among all heads of a video.

    facts, name, cut_short : of the video; whether its frames are damaged or end early
    source_sha256, model_sha256 : of the video and of the face model
    focal_heights : with which the heads were gathered
    notes : sentences to the user on the file

    Raises
    ------
    VideoError : a single picture, no face, a face in too few frames
    """
    time_s = sightings.time_s
    if len(time_s) == 0:
        raise VideoError(f"No picture of “{name}” can be decoded: it is damaged", "Copy or export it again")
    if len(time_s) < 2:
        raise VideoError(f"“{name}” holds no moving picture", "Give a video, not a single image")
    sighting_frame = np.repeat(np.arange(len(time_s)), sightings.counts)
    if len(sighting_frame) == 0:
        raise VideoError(f"No face was found in “{name}”", _FACE_REMEDY)
    chosen, rival = main_person(time_s[sighting_frame], sightings.position_m)
    frames = sighting_frame[chosen]
    if len(frames) < max(_FEWEST_FRAMES, _SMALLEST_SHARE * len(time_s)):
        raise VideoError(
            f"A face was found in only {len(frames)} of {len(time_s)} frames of “{name}”", _FACE_REMEDY
        )
    return FaceMeasurements(
        time_s=time_s,
        found=np.isin(np.arange(len(time_s)), frames),
        rotation=_spread(sightings.rotation[chosen], frames, len(time_s)),
        position_m=_spread(sightings.position_m[chosen], frames, len(time_s)),
        mouth_m=_spread(sightings.mouth_m[chosen], frames, len(time_s)),
        width=facts.width,
        height=facts.height,
        frame_rate=facts.frame_rate or float(1.0 / np.median(np.diff(time_s))),
        focal_heights=focal_heights,
        rival=rival,
        cut_short=cut_short,
        source_sha256=source_sha256,
        model_sha256=model_sha256,
        notes=notes,
    )


def _spread(values: Array, frames: IntArray, count: int) -> Array:
    whole = np.full((count, *values.shape[1:]), np.nan)
    whole[frames] = values
    return whole

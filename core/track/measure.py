"""The raw measurement: the pose of one person's head in each frame, before any smoothing."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import VideoError
from ..files import sha256_of
from ..media.video import Frame, Video
from ..motion import Progress, no_progress
from ..types import Array, BoolArray, IntArray
from .head_pose import HeadPoses, head_poses
from .landmarks import FaceFinder, find_model
from .main_person import main_person

DEFAULT_FOCAL_HEIGHTS = 1.5
"""Focal length over picture height; a camera or phone held level has 1.3 to 1.6."""

_CHUNK = 64  # frames whose landmarks are held and fitted at once
_AHEAD = 3  # decoded frames that wait for each finder
_FEWEST_FRAMES = 5
_SMALLEST_SHARE = 0.1
_FACE_REMEDY = (
    "Give a video that shows one person's face from the front, at least 60 pixels wide, in good light"
)


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
    duration_s, frame_rate = video.facts.duration_s, video.facts.frame_rate
    width, height = 0, 0
    times: list[float] = []
    counts: list[int] = []
    poses: list[HeadPoses] = []
    found_faces = find_faces(video, model)
    while chunk := list(islice(found_faces, _CHUNK)):
        width, height = chunk[0].width, chunk[0].height
        landmarks = np.concatenate([frame.faces for frame in chunk])
        poses.append(head_poses(landmarks, width, height, focal_heights))
        times += [frame.time_s for frame in chunk]
        counts += [len(frame.faces) for frame in chunk]
        progress(min(times[-1] / duration_s, 1.0) if duration_s else 0.0, "tracking the face")
    if len(times) < 2:
        raise VideoError(f"“{path.name}” holds no moving picture", "Give a video, not a single image")

    time_s = np.array(times)
    sighting_frame = np.repeat(np.arange(len(times)), counts)
    if len(sighting_frame) == 0:
        raise VideoError(f"No face was found in “{path.name}”", _FACE_REMEDY)
    rotation, position, mouth = (
        np.concatenate([getattr(part, name) for part in poses])
        for name in ("rotation", "position_m", "mouth_m")
    )
    chosen, rival = main_person(time_s[sighting_frame], position)
    frames = sighting_frame[chosen]
    if len(frames) < max(_FEWEST_FRAMES, _SMALLEST_SHARE * len(times)):
        raise VideoError(
            f"A face was found in only {len(frames)} of {len(times)} frames of “{path.name}”", _FACE_REMEDY
        )
    return FaceMeasurements(
        time_s=time_s,
        found=np.isin(np.arange(len(times)), frames),
        rotation=_spread(rotation[chosen], frames, len(times)),
        position_m=_spread(position[chosen], frames, len(times)),
        mouth_m=_spread(mouth[chosen], frames, len(times)),
        width=width,
        height=height,
        frame_rate=frame_rate or float(1.0 / np.median(np.diff(time_s))),
        focal_heights=focal_heights,
        rival=rival,
        cut_short=video.cut_short,
        source_sha256=sha256_of(path),
        model_sha256=sha256_of(model),
    )


class FrameFaces(NamedTuple):
    """The faces of one picture, as `FaceFinder.find` tells them, and the picture's size."""

    time_s: float
    width: int
    height: int
    faces: Array


def find_faces(frames: Iterable[Frame], model: Path) -> Iterator[FrameFaces]:
    """The landmarks of the faces in each frame, in order.

    Decoding runs here and landmarks on threads of their own, which let the interpreter go while they
    work. Image mode keeps nothing between frames, so the result does not depend on their number.
    """
    with ExitStack() as stack:
        count = min(2, os.cpu_count() or 1)
        finders = [stack.enter_context(FaceFinder(model)) for _ in range(count)]
        threads = [stack.enter_context(ThreadPoolExecutor(1)) for _ in finders]
        waiting: deque[Future[FrameFaces]] = deque()
        for index, frame in enumerate(frames):
            waiting.append(threads[index % count].submit(_faces_of, frame, finders[index % count]))
            if len(waiting) > _AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _faces_of(frame: Frame, finder: FaceFinder) -> FrameFaces:
    height, width = frame.rgb.shape[:2]
    return FrameFaces(frame.time_s, width, height, finder.find(frame.rgb))


def _spread(values: Array, frames: IntArray, count: int) -> Array:
    whole = np.full((count, *values.shape[1:]), np.nan)
    whole[frames] = values
    return whole

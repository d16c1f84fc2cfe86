"""Reference video to a Clip: main person, static square crop about the head, tracked landmarks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ...errors import VideoError
from ...media.video import Frame, Video
from ...motion import Progress, no_progress
from ...track.head_pose import head_poses
from ...track.main_person import main_person
from ...track.measure import DEFAULT_FOCAL_HEIGHTS
from ...types import Array, BoolArray, ByteArray
from ..model.person import Clip, Footage, Square
from ..model.picture_file import write_pictures
from ..model.topology import topology
from .landmark_averaging import averaged_landmarks
from .picture_area import Area
from .sightings import Sightings, sightings_of

PICTURES = "pictures.npy"
WHOLE = Area()

_SMOOTH_S = 0.024
"""Deviation of the window over landmarks: 0.6 frames at 25 fps, which takes jitter and leaves lips."""
_FEWEST_PICTURES = 10
_SIDE_FACES = 2.4  # side of the square, heights of the face from the forehead's top to the chin
_SMALLEST_SIDE_FACES = 1.6
_FACE_DOWN = 0.48  # where the middle of the face lies in the square, from its top
_ROOM_FOR_MOTION = 1.1
_LOOKED, _CUT = 0.3, 0.45  # shares of the time until then; the rest is looking again
_REMEDY = "Give a video that shows one person's face from the front, well lit, for 10 seconds or more"


def read_clip(
    path: Path,
    size: int,
    *,
    folder: Path,
    start_s: float = 0.0,
    seconds: float | None = None,
    square: Square | None = None,
    sightings: Sightings | None = None,
    area: Area = WHOLE,
    progress: Progress = no_progress,
) -> Clip:
    """Crop the frames of the person with the largest face out of a video, and track the face.

    The video is decoded once for the faces, unless `sightings` has them, and once for the frames of the fixed crop.
    Landmarks are then averaged over detections in these, see `landmark_averaging.py`. Frames are stored in `folder`
    and not in memory; those without the face are left out.

    size : of the frames, pixels
    start_s, seconds : start and length of the part, by default all of it; seconds from the first audio sample
    square : crop, such as that of another part; by default one about the head
    sightings : the faces of that part, where they are found already
    area : of the picture without black bars, inside which the crop by default is

    Raises
    ------
    VideoError : not a video, no such part, no face or too few frames with one
    MissingPartError : no face model
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    video = Video(path)
    part = _Part(video, start_s, np.inf if seconds is None else start_s + seconds)
    width, height = video.facts.width, video.facts.height
    if sightings is None:
        sightings = sightings_of(part, lambda at_s, what: progress(_LOOKED * part.done(at_s), what))
    time_s = sightings.time_s
    if len(time_s) == 0:
        raise VideoError(f"“{path.name}” holds no picture in the part asked for", "Ask for another part")
    found, shares, rival = _main_face(sightings, width / height)
    if found.sum() < _FEWEST_PICTURES:
        raise VideoError(
            f"A face was found in only {found.sum()} of {len(found)} frames of “{path.name}”", _REMEDY
        )
    points = shares * [width, height, -width]
    square = square or _square_about(points, area.box(width, height))

    def cut_pictures() -> Iterator[ByteArray]:
        for frame, with_face in zip(part, found, strict=False):
            if with_face:
                yield cut(frame.rgb, square, (width, height), size)
                share = part.done(frame.time_s)
                progress(_LOOKED + (_CUT - _LOOKED) * share, "Cutting the reference's pictures")

    pictures = write_pictures(folder / PICTURES, cut_pictures(), (int(found.sum()), size, size, 3))
    scale = size / square.side
    place = np.array([square.left, square.top])
    points[..., :2] = (points[..., :2] - place) * scale - 0.5
    points[..., 2] *= scale
    points = averaged_landmarks(
        pictures, points, lambda share, what: progress(_CUT + (1 - _CUT) * share, what)
    )
    return Clip(
        pictures=pictures,
        time_s=time_s[found],
        landmarks=smooth(time_s[found], points),
        focal_px=DEFAULT_FOCAL_HEIGHTS * height * scale,
        centre_px=(np.array([width, height]) / 2 - place) * scale - 0.5,
        footage=Footage(
            square=square,
            width=width,
            height=height,
            frame_rate=video.facts.frame_rate or float(1.0 / np.median(np.diff(time_s))),
            frames=len(found),
            rival=rival,
            cut_short=video.cut_short,
        ),
    )


def pixels(faces: Array, width: int, height: int) -> Array:
    """Convert normalised landmarks of `FaceFinder.find`, (..., 478, 3), to pixels as in `Clip`.

    MediaPipe counts shares from the middle of the first pixel: its face moves by half a pixel of the
    frame given, whatever its size.
    """
    return faces * [width, height, -width]


def smooth(time_s: Array, landmarks: Array) -> Array:
    """Smooth landmarks, (N, ...), over time with a short Gaussian window at their true times, without lag."""
    reach = int(np.ceil(3 * _SMOOTH_S / max(np.median(np.diff(time_s)), 1e-3)))
    total = np.zeros_like(landmarks)
    weights = np.zeros(len(time_s))
    index = np.arange(len(time_s))
    for step in range(-reach, reach + 1):
        other = np.clip(index + step, 0, len(time_s) - 1)
        weight = np.exp(-0.5 * ((time_s[other] - time_s) / _SMOOTH_S) ** 2) * (other == index + step)
        total += weight.reshape(-1, *[1] * (landmarks.ndim - 1)) * landmarks[other]
        weights += weight
    return total / weights.reshape(-1, *[1] * (landmarks.ndim - 1))


@dataclass(frozen=True)
class _Part:
    """Frames of a video within a time range."""

    video: Video
    start_s: float
    end_s: float

    def __iter__(self) -> Iterator[Frame]:
        for frame in self.video:
            if frame.time_s >= self.end_s:
                return
            if frame.time_s >= self.start_s:
                yield frame

    def done(self, time_s: float) -> float:
        """Fraction of the range before a time, 0 where the end is not known."""
        end_s = min(self.end_s, self.video.facts.duration_s or self.end_s)
        return float(np.clip((time_s - self.start_s) / (end_s - self.start_s), 0.0, 1.0))


def _main_face(sightings: Sightings, aspect: float) -> tuple[BoolArray, Array, float]:
    """Mask of frames with the person's face, (N,), its landmarks as in `Sightings`, and the rival's presence."""
    found = np.zeros(len(sightings.time_s), bool)
    if len(sightings.faces) == 0:
        return found, sightings.faces, 0.0
    frame = np.repeat(np.arange(len(sightings.time_s)), sightings.counts)
    poses = head_poses(sightings.faces, aspect, 1.0, DEFAULT_FOCAL_HEIGHTS)
    chosen, rival = main_person(sightings.time_s[frame], poses.position_m)
    found[frame[chosen]] = True
    return found, sightings.faces[chosen], rival


def _square_about(points: Array, box: tuple[int, int, int, int]) -> Square:
    """Square crop about the head over the whole clip, inside the picture: beyond it there is nothing to show.

    points : (N, 478, 3) pixels of the video
    box : left, top, right and bottom of the picture in it, pixels
    """
    start, end = np.array(box[:2]), np.array(box[2:])
    width, height = end - start
    oval = points[:, topology().oval, :2]
    face = float(np.median(np.linalg.norm(points[:, 10, :2] - points[:, 152, :2], axis=1)))
    low, high = np.percentile(oval.reshape(-1, 2), [0.5, 99.5], axis=0)
    roomy = max(min(_SIDE_FACES * face, width, height), _SMALLEST_SIDE_FACES * face)
    side = min(round(max(roomy, _ROOM_FOR_MOTION * float((high - low).max()))), int(width), int(height))
    middle = np.median((oval.min(axis=1) + oval.max(axis=1)) / 2, axis=0)
    corner = np.round(middle - side * np.array([0.5, _FACE_DOWN]))
    left, top = np.clip(corner, start, end - side).astype(int).tolist()
    return Square(left, top, side)


def cut(rgb: ByteArray, square: Square, whole: tuple[int, int], size: int) -> ByteArray:
    """Crop a square of an upright frame (H, W, 3) and scale it to `size`; edges are replicated beyond the frame.

    whole : width and height of the frame in square pixels
    """
    if rgb.shape[1::-1] != whole:
        rgb = np.asarray(cv2.resize(rgb, whole, interpolation=cv2.INTER_LINEAR), np.uint8)
    width, height = whole
    left, top = max(square.left, 0), max(square.top, 0)
    right, bottom = min(square.left + square.side, width), min(square.top + square.side, height)
    inside = rgb[top:bottom, left:right]
    beyond = (
        top - square.top,
        square.top + square.side - bottom,
        left - square.left,
        square.left + square.side - right,
    )
    if any(beyond):
        inside = np.asarray(cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_REPLICATE), np.uint8)
    way = cv2.INTER_AREA if square.side >= size else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(inside, (size, size), interpolation=way), np.uint8)

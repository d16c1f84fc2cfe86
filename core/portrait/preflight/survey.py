"""A quick look at a reference, before anything is analysed or trained: where the face is, and what is about it."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ...errors import AudioError, VideoError
from ...media.sound import RATE_HZ, Sound
from ...media.video import Frame, Video
from ...motion import Progress, no_progress
from ...track.head_pose import head_poses
from ...track.landmarks import POINTS, FaceFinder, find_model
from ...track.main_person import main_person
from ...track.measure import DEFAULT_FOCAL_HEIGHTS
from ...types import Array, BoolArray, ByteArray, IntArray

LONGEST_S = 60.0
"""What lies beyond in a longer reference is not looked at."""
SHORTEST_S = 2.0

GAP = slice(POINTS, POINTS + 3)
"""The colours between the lips, after those of the landmarks."""

_LOOKS_HZ = 12.5
_LARGEST = 1280  # pixels; the longer side of what a face is looked for in
_SMALL = 320  # pixels; the longer side of what is kept of a picture
_FACE = 96  # pixels; the width of a face whose colours are taken, so that they are those of small areas
_EYES = (64, 32)  # pixels, width and height
_EYE_CORNERS = [33, 263]
_CORNERS_AT = np.array([[12.0, 12.0], [52.0, 12.0]])
_INNER_LIPS = np.array([[82, 87], [13, 14], [312, 317]])  # upper and lower
_FEWEST_FOUND = 5
_REMEDY = "Give a video that shows one person's face from the front, well lit, for 10 seconds or more"
_BELOW_LIP = 0.35  # of the way from the upper lip to the lower one, where teeth are seen


@dataclass(frozen=True)
class Survey:
    """What N pictures of a reference show, upright and with square pixels.

    name : of the file
    time_s : (N,) seconds from the first audio sample
    faces : (N,) how many faces were seen, 2 at most
    found : (N,) bool, whether the main person's face was; what follows of it is NaN or 0 where not
    landmarks : (N, 478, 2) pixels of the source
    rotation : (N, 4) unit quaternions wxyz, head to camera
    colours : (N, 481, 3) 0 to 255, of the face at its landmarks and between the lips
    eyes : (N, 32, 64) uint8, the grey picture about the eyes, level
    small : (N, h, w) uint8, the grey picture, 320 pixels long
    width, height : of the source
    frame_rate, duration_s : frames a second on average, and length, of the whole file
    steps_s : (M,) between neighbouring frames of the source
    rival : presence of a second person as a share of the main one's
    turned : whether the file says that it lies on its side
    loudness_db : (N,) of the sound at those times, full scale 0; None where there is no sound
    cut_short : whether the file is damaged or breaks off
    """

    name: str
    time_s: Array
    faces: IntArray
    found: BoolArray
    landmarks: Array
    rotation: Array
    colours: Array
    eyes: ByteArray
    small: ByteArray
    width: int
    height: int
    frame_rate: float
    duration_s: float
    steps_s: Array
    rival: float
    turned: bool
    loudness_db: Array | None
    cut_short: bool

    @property
    def step_s(self) -> float:
        """How long one look stands for, seconds."""
        return float(np.median(np.diff(self.time_s)))

    @property
    def face_px(self) -> float:
        """Width of the face, pixels of the source."""
        return float(np.median(np.ptp(self.landmarks[self.found, :, 0], axis=1)))

    @property
    def small_scale(self) -> float:
        """Pixels of `small` a pixel of the source."""
        return self.small.shape[2] / self.width


@dataclass(frozen=True)
class _Look:
    """One picture; of each of its F faces the landmarks as `FaceFinder.find` tells them, colours and eyes."""

    time_s: float
    width: int
    height: int
    small: ByteArray
    landmarks: Array
    colours: list[Array]
    eyes: list[ByteArray]


def survey(path: Path, progress: Progress = no_progress) -> Survey:
    """Look at a reference about 12 times a second at reduced size; memory is bounded.

    Raises
    ------
    VideoError : no video, shorter than 2 s, no face in it
    MissingPartError : no face model
    """
    video = Video(path)
    whole_s = min(video.facts.duration_s or LONGEST_S, LONGEST_S)
    times: list[float] = []
    looks: list[_Look] = []
    with FaceFinder(find_model()) as finder:
        for frame in video:
            times.append(frame.time_s)
            since_s = frame.time_s - times[0]
            if since_s > LONGEST_S:
                break
            if since_s >= len(looks) / _LOOKS_HZ - 1e-3:
                looks.append(_look(frame, finder))
                progress(min(since_s / whole_s, 1.0), "looking at the reference")
    if not looks or times[-1] - times[0] < SHORTEST_S:
        seconds = times[-1] - times[0] if times else 0.0
        raise VideoError(f"“{path.name}” shows only {seconds:.1f} s", _REMEDY)
    return _survey(path, video, looks, np.diff(times))


def _look(frame: Frame, finder: FaceFinder) -> _Look:
    height, width = frame.rgb.shape[:2]
    picture = _fit(frame.rgb, width, height, _LARGEST)
    landmarks = finder.find(picture)
    small = cv2.cvtColor(_fit(picture, width, height, _SMALL), cv2.COLOR_RGB2GRAY)
    places = landmarks[..., :2] * [picture.shape[1], picture.shape[0]]
    return _Look(
        time_s=frame.time_s,
        width=width,
        height=height,
        small=np.asarray(small, np.uint8),
        landmarks=landmarks,
        colours=[_colours(picture, face) for face in places],
        eyes=[_eyes(picture, face) for face in places],
    )


def _fit(picture: ByteArray, width: int, height: int, longest: int) -> ByteArray:
    """The picture as of width by height, reduced where its longer side is beyond `longest`."""
    scale = min(1.0, longest / max(width, height))
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    if size == (picture.shape[1], picture.shape[0]):
        return picture
    return np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _colours(picture: ByteArray, places: Array) -> Array:
    """What the picture shows at a face's landmarks and between its lips, (481, 3)."""
    upper, lower = places[_INNER_LIPS].swapaxes(0, 1)
    points = np.concatenate([places, upper + _BELOW_LIP * (lower - upper)])
    scale = min(_FACE / max(np.ptp(places[:, 0]), 1.0), 1.0)
    reduced = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    at = (points * scale - 0.5).astype(np.float32)
    sampled = cv2.remap(reduced, at[:, 0], at[:, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled[:, 0], np.float64)


def _eyes(picture: ByteArray, places: Array) -> ByteArray:
    """The grey picture about the eyes with their outer corners at fixed places, (32, 64)."""
    matrix = cv2.estimateAffinePartial2D(places[_EYE_CORNERS], _CORNERS_AT)[0]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.warpAffine(grey, matrix, _EYES, flags=cv2.INTER_AREA), np.uint8)


def _survey(path: Path, video: Video, looks: list[_Look], steps_s: Array) -> Survey:
    counts = np.array([len(look.landmarks) for look in looks], np.intp)
    width, height = looks[0].width, looks[0].height
    if not counts.any():
        raise VideoError(f"No face was found in “{path.name}”", _REMEDY)
    time_s = np.array([look.time_s for look in looks])
    of_look = np.repeat(np.arange(len(looks)), counts)
    landmarks: Array = np.concatenate([look.landmarks for look in looks])
    poses = head_poses(landmarks, width, height, DEFAULT_FOCAL_HEIGHTS)
    chosen, rival = main_person(time_s[of_look], poses.position_m)
    place = of_look[chosen]
    if len(place) < _FEWEST_FOUND:
        seen = f"{len(place)} of {len(looks)}"
        raise VideoError(f"A face was found in only {seen} pictures looked at of “{path.name}”", _REMEDY)

    def spread(values: Array) -> Array:
        whole = np.full((len(looks), *values.shape[1:]), np.nan)
        whole[place] = values[chosen]
        return whole

    eyes = np.zeros((len(looks), *_EYES[::-1]), np.uint8)
    eyes[place] = np.array([picture for look in looks for picture in look.eyes])[chosen]
    small = looks[0].small.shape[::-1]
    return Survey(
        name=path.name,
        time_s=time_s,
        faces=counts,
        found=np.isin(np.arange(len(looks)), place),
        landmarks=spread(landmarks[..., :2] * np.array([width, height], np.float64)),
        rotation=spread(poses.rotation),
        colours=spread(np.concatenate([np.array(look.colours).reshape(-1, GAP.stop, 3) for look in looks])),
        eyes=eyes,
        small=np.array([cv2.resize(look.small, small) for look in looks], np.uint8),
        width=width,
        height=height,
        frame_rate=video.facts.frame_rate or float(1.0 / np.median(steps_s)),
        duration_s=video.facts.duration_s or float(steps_s.sum()),
        steps_s=steps_s,
        rival=rival,
        turned=video.facts.is_stored_lying,
        loudness_db=_loudness_db(path, time_s),
        cut_short=video.cut_short,
    )


def _loudness_db(path: Path, time_s: Array) -> Array | None:
    """Loudness in windows of 40 ms nearest to those times, (N,); None without a sound that can be read."""
    window = RATE_HZ // 25
    levels: list[Array] = []
    rest = np.zeros(0, np.float32)
    try:
        for piece in Sound(path).part(0.0, float(time_s[-1]) + 1.0):
            rest = np.concatenate([rest, piece])
            whole = len(rest) // window * window
            levels.append(np.square(rest[:whole].reshape(-1, window), dtype=np.float64).mean(axis=1))
            rest = rest[whole:]
    except AudioError:
        pass
    power = np.concatenate(levels) if levels else np.zeros(0)
    if len(power) == 0:
        return None
    at = np.clip((time_s * 25).astype(int), 0, len(power) - 1)
    return np.asarray(10 * np.log10(power[at] + 1e-12))

"""Features of sampled frames for preflight: face colours, eye crops, a small grey image."""

from dataclasses import dataclass

import cv2
import numpy as np

from ...media.video import Frame
from ...track.landmarks import POINTS
from ...types import Array, ByteArray, Float32Array
from .usable_frames import skin_colours, skin_points

GAP = slice(POINTS, POINTS + 3)
"""The colours between the lips, after those of the landmarks."""
EYES = (64, 32)
"""Size of the eye crop, pixels, width and height."""

_SMALL = 320  # pixels; the longer side of what is kept of a frame
_FACE = 96  # pixels; the width of a face whose colours are taken, so that they are those of small areas
_SKIN_FACE = 40 / 3  # pixels; the height of a face whose skin is taken: that of a clip 32 pixels wide
_TOP, _CHIN = 10, 152
_EYE_CORNERS = [33, 263]
_CORNERS_AT = np.array([[12.0, 12.0], [52.0, 12.0]])
_INNER_LIPS = np.array([[82, 87], [13, 14], [312, 317]])  # upper and lower
_BELOW_LIP = 0.35  # of the way from the upper lip to the lower one, where teeth are visible


@dataclass(frozen=True)
class SampledFrame:
    """One sampled frame and its F faces.

    time_s : seconds from the first audio sample
    small : (h, w) uint8, the grey frame, 320 pixels long at most
    faces : (F, 478, 3) landmarks as `FaceFinder.find` returns them
    colours : (F, 481, 3) 0 to 255, at the landmarks and between the lips
    skin : (F, len(skin_points()), 3) float32, colours of the skin, brightness apart, as `usable_frames.skin_colours`
    eyes : (F, 32, 64) uint8, the grey crop about the eyes, level
    """

    time_s: float
    small: ByteArray
    faces: Array
    colours: Array
    skin: Float32Array
    eyes: ByteArray


def sampled_frame(frame: Frame, faces: Array) -> SampledFrame:
    """Extract the preflight features of a frame and its faces."""
    picture = frame.rgb
    height, width = picture.shape[:2]
    small = cv2.cvtColor(_fit(picture, _SMALL), cv2.COLOR_RGB2GRAY)
    places = faces[..., :2] * [width, height]
    return SampledFrame(
        time_s=frame.time_s,
        small=np.asarray(small, np.uint8),
        faces=faces,
        colours=np.array([_colours(picture, face) for face in places]).reshape(-1, GAP.stop, 3),
        skin=np.array([_skin(picture, face) for face in places], np.float32).reshape(
            -1, len(skin_points()), 3
        ),
        eyes=np.array([_eyes(picture, face) for face in places], np.uint8).reshape(-1, *EYES[::-1]),
    )


def _fit(picture: ByteArray, longest: int) -> ByteArray:
    """Downscale a frame whose longer side exceeds `longest` pixels."""
    height, width = picture.shape[:2]
    scale = min(1.0, longest / max(width, height))
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    if size == (width, height):
        return picture
    return np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _colours(picture: ByteArray, places: Array) -> Array:
    """Colours at a face's landmarks and between its lips, (481, 3)."""
    upper, lower = places[_INNER_LIPS].swapaxes(0, 1)
    points = np.concatenate([places, upper + _BELOW_LIP * (lower - upper)])
    scale = min(_FACE / max(np.ptp(places[:, 0]), 1.0), 1.0)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    at = (points * scale - 0.5).astype(np.float32)
    sampled = cv2.remap(small, at[:, 0], at[:, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled[:, 0], np.float64)


def _skin(picture: ByteArray, places: Array) -> Array:
    face = float(np.linalg.norm(places[_TOP] - places[_CHIN]))
    return skin_colours(picture, places, min(_SKIN_FACE / max(face, 1.0), 1.0))


def _eyes(picture: ByteArray, places: Array) -> ByteArray:
    """Grey crop about the eyes, outer corners at fixed places, (32, 64)."""
    matrix = cv2.estimateAffinePartial2D(places[_EYE_CORNERS], _CORNERS_AT)[0]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.warpAffine(grey, matrix, EYES, flags=cv2.INTER_AREA), np.uint8)

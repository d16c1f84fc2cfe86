"""Search for a face that is too small in the picture to be found otherwise, as in recordings of a screen."""

from math import ceil
from pathlib import Path

import numpy as np

from ..media.video import Frame
from ..types import Array, ByteArray
from .landmarks import FaceFinder, Region

_PARTS = (2, 4, 8)  # of the shorter side of the picture
_SMALLEST_TILE = 200  # pixels; in a smaller one a face would have too few for its landmarks
_AGREE = 1 / 3  # of the frames that are searched
_ROOM_FACES = 5.0  # side of the region beyond the face's way, widths of the face
_MOST_FRAMES = 8
_FIRST = 3  # frames without any face in tiles of a size, after which the next size is tried


class UnfoundFrames:
    """Keeps a few frames without a face, spread over a video, in bounded memory."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self._stride, self._count = 1, 0

    def add(self, frame: Frame) -> None:
        """Take a frame in which no face was found."""
        if self._count % self._stride == 0:
            self._frames.append(frame)
            if len(self._frames) == 2 * _MOST_FRAMES:
                self._frames, self._stride = self._frames[::2], 2 * self._stride
        self._count += 1

    def region(self, model: Path) -> Region | None:
        """Region about the face that is found in most of the frames in smaller and smaller tiles; None without one."""
        frames = self._frames[:: ceil(len(self._frames) / _MOST_FRAMES)] if self._frames else []
        if not frames:
            return None
        height, width = frames[0].rgb.shape[:2]
        with FaceFinder(model) as finder:
            for parts in _PARTS:
                side = min(width, height) // parts
                if side < _SMALLEST_TILE:
                    break
                seen = [_faces(finder, frame.rgb, side) for frame in frames[:_FIRST]]
                if not any(map(len, seen)):
                    continue
                seen += [_faces(finder, frame.rgb, side) for frame in frames[_FIRST:]]
                region = _agreed(seen, width, height)
                if region is not None:
                    return region
        return None


def _faces(finder: FaceFinder, rgb: ByteArray, side: int) -> Array:
    """Middle and width of the faces in half-overlapping tiles of a frame, (F, 3) pixels."""
    height, width = rgb.shape[:2]
    found = [np.zeros((0, 3))]
    for top in _starts(height, side):
        for left in _starts(width, side):
            points = finder.find_in(rgb, left, top, side)[..., :2] * [width, height]
            wide = np.ptp(points[..., 0], axis=1)
            found.append(np.column_stack([points.mean(axis=1), wide]))
    return np.concatenate(found)


def _starts(length: int, side: int) -> list[int]:
    count = 2 * ceil((length - side) / side) + 1
    return [round(start) for start in np.linspace(0, length - side, count)]


def _agreed(seen: list[Array], width: int, height: int) -> Region | None:
    """Region of the face that most frames agree on. seen : (F, 3) middles and widths of each frame."""
    best: list[Array] = []
    for middle in np.concatenate(seen):
        near = [faces[np.hypot(*(faces[:, :2] - middle[:2]).T) < 1.5 * middle[2]] for faces in seen]
        agreeing = [faces[0] for faces in near if len(faces)]
        if len(agreeing) > len(best):
            best = agreeing
    if len(best) < max(2, _AGREE * len(seen)):
        return None
    faces = np.array(best)
    middle, spread = np.median(faces[:, :2], axis=0), np.ptp(faces[:, :2], axis=0)
    side = min(float(spread.max() + _ROOM_FACES * np.median(faces[:, 2])), width, height)
    left, top = np.clip(middle - side / 2, 0.0, [width - side, height - side])
    return Region(float(left / width), float(top / height), side / height)

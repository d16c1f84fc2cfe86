"""Face detections in the frames of a video, from which the main person is selected later."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ...media.video import Frame
from ...motion import Progress
from ...track.landmarks import POINTS, find_model
from ...track.sightings import find_faces
from ...types import Array, IntArray

_LARGEST = 1920  # pixels of the longer side; the face finder works on 256, and is slow in larger frames


@dataclass(frozen=True)
class Sightings:
    """Detected faces, S in N frames.

    time_s : (N,) seconds from the first audio sample
    counts : (N,) how many faces each frame has, 0 to 2
    faces : (S, 478, 3) landmarks in the order of the frames, in shares of width, height and width that count
        from the frame's edge, so that they are the same at every size
    """

    time_s: Array
    counts: IntArray
    faces: Array


class SightingsGatherer:
    """Accumulates the faces of successive frames."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._counts: list[int] = []
        self._faces: list[Array] = [np.zeros((0, POINTS, 3))]

    def add(self, frame: Frame, faces: Array) -> None:
        """Add the faces of a frame, (F, 478, 3), normalised from the first pixel's centre as in `FaceFinder.find`."""
        height, width = frame.rgb.shape[:2]
        self._times.append(frame.time_s)
        self._counts.append(len(faces))
        self._faces.append(faces + np.array([0.5 / width, 0.5 / height, 0.0]))

    def result(self) -> Sightings:
        """All faces added so far."""
        return Sightings(np.array(self._times), np.array(self._counts, np.intp), np.concatenate(self._faces))


def sightings_of(frames: Iterable[Frame], progress: Progress) -> Sightings:
    """Detect faces in frames; `progress` gets each frame's time, seconds. Raises MissingPartError."""
    gatherer = SightingsGatherer()
    for frame, faces in find_faces(map(reduced, frames), find_model()):
        gatherer.add(frame, faces)
        progress(frame.time_s, "Looking at the reference")
    return gatherer.result()


def reduced(frame: Frame) -> Frame:
    """Downscale a frame to a size at which face detection is fast."""
    longest = max(frame.rgb.shape[:2])
    if longest <= _LARGEST:
        return frame
    share = _LARGEST / longest
    small = cv2.resize(frame.rgb, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return replace(frame, rgb=np.asarray(small, np.uint8))

"""All faces of a video, frame by frame: landmarks as they come, and the poses of their heads gathered."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..media.facts import VideoFacts
from ..media.video import Frame
from ..types import Array, IntArray
from .head_pose import HeadPoses, head_poses
from .landmarks import POINTS, FaceFinder, Region

_CHUNK = 64  # frames whose landmarks are held and fitted at once
_NO_FACE = np.zeros((0, POINTS, 3))
_AHEAD = 3  # decoded frames that wait for each finder


class FrameFaces(NamedTuple):
    """One frame, and the landmarks of its faces as `FaceFinder.find` returns them, (F, 478, 3)."""

    frame: Frame
    faces: Array


def find_faces(frames: Iterable[Frame], model: Path, region: Region | None = None) -> Iterator[FrameFaces]:
    """Find the landmarks of the faces in each frame, in order.

    region : the only part of the frames to look at

    Decoding runs here and landmarks on threads of their own, which let the interpreter go while they
    work. Image mode keeps nothing between frames, so the result does not depend on their number.
    """
    with ExitStack() as stack:
        count = min(2, os.cpu_count() or 1)
        finders = [stack.enter_context(FaceFinder(model)) for _ in range(count)]
        threads = [stack.enter_context(ThreadPoolExecutor(1)) for _ in finders]
        waiting: deque[Future[FrameFaces]] = deque()
        for index, frame in enumerate(frames):
            waiting.append(threads[index % count].submit(_faces_of, frame, finders[index % count], region))
            if len(waiting) > _AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _faces_of(frame: Frame, finder: FaceFinder, region: Region | None) -> FrameFaces:
    """Faces of a frame; none where parts of it are made up, as a face there may be wrong."""
    return FrameFaces(frame, _NO_FACE if frame.is_marred else finder.find(frame.rgb, region))


@dataclass(frozen=True)
class HeadSightings:
    """Poses of all S heads in the N frames of a video, in the camera frame.

    time_s : (N,) seconds from the first audio sample
    counts : (N,) how many heads each frame has, 0 to 2
    rotation : (S, 4) unit quaternions wxyz, head to camera, in the order of the frames
    position_m : (S, 3) origin of the canonical face
    mouth_m : (S,) opening between the inner lips
    """

    time_s: Array
    counts: IntArray
    rotation: Array
    position_m: Array
    mouth_m: Array


def with_unseen(heads: HeadSightings, time_s: Iterable[float]) -> HeadSightings:
    """The same with frames at further times that show no head."""
    more = np.setdiff1d(np.fromiter(time_s, np.float64), heads.time_s)
    times = np.concatenate([heads.time_s, more])
    counts = np.concatenate([heads.counts, np.zeros(len(more), np.intp)])
    order = np.argsort(times)
    return replace(heads, time_s=times[order], counts=counts[order])


class HeadGatherer:
    """Gathers the head poses of frames that come one by one; memory grows by a few numbers a frame."""

    def __init__(self, facts: VideoFacts, focal_heights: float) -> None:
        self._facts = facts
        self._focal_heights = focal_heights
        self._times: list[float] = []
        self._counts: list[int] = []
        self._waiting: list[Array] = []
        self._poses: list[HeadPoses] = []

    def add(self, time_s: float, faces: Array) -> None:
        """Take the faces of one frame, (F, 478, 3)."""
        self._times.append(time_s)
        self._counts.append(len(faces))
        self._waiting.append(faces)
        if len(self._waiting) == _CHUNK:
            self._fit()

    def result(self) -> HeadSightings:
        """All poses so far."""
        if self._waiting or not self._poses:
            self._fit()
        return HeadSightings(
            np.array(self._times),
            np.array(self._counts, np.intp),
            *(
                np.concatenate([getattr(part, name) for part in self._poses])
                for name in ("rotation", "position_m", "mouth_m")
            ),
        )

    def _fit(self) -> None:
        landmarks = np.concatenate([np.zeros((0, 478, 3)), *self._waiting])
        facts = self._facts
        self._poses.append(head_poses(landmarks, facts.width, facts.height, self._focal_heights))
        self._waiting.clear()

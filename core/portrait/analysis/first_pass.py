"""Single decoding pass over a reference, shared by preflight checks, clip and the person's own style."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...media.facts import VideoFacts
from ...media.video import Frame, Video
from ...motion import Progress, no_progress
from ...track.landmarks import find_model
from ...track.measure import DEFAULT_FOCAL_HEIGHTS
from ...track.sightings import HeadGatherer, HeadSightings, find_faces
from ...types import Array
from .sampled_frames import SampledFrame, sampled_frame
from .sightings import Sightings, SightingsGatherer, reduced

LONGEST_REFERENCE_S = 60.0
"""Length limit of the reference, seconds, from its beginning; only the person's own style uses the whole."""
SAMPLED_HZ = 12.5
"""Rate of the sampled frames, a second."""


@dataclass(frozen=True)
class FirstPass:
    """Results of one decoding pass over a reference.

    facts : of the video
    cut_short : whether frames are damaged or end early, as far as it was read
    time_s : (M,) of all frames of the first LONGEST_REFERENCE_S, processed or not, seconds from the first audio sample
    samples : about SAMPLED_HZ of them, with what is kept of the frame
    sightings : of each frame of the first LONGEST_REFERENCE_S of the sound; None where only samples were taken
    heads : of all frames that were read; None where only samples were taken
    whole : whether `heads` are those of the whole video
    damage : what is damaged and when, a sentence without a full stop; empty where nothing is
    notes : what was chosen or converted, a sentence a line
    """

    facts: VideoFacts
    cut_short: bool
    time_s: Array
    samples: tuple[SampledFrame, ...]
    sightings: Sightings | None
    heads: HeadSightings | None
    whole: bool
    damage: str = ""
    notes: str = ""


def sample_frames(path: Path, progress: Progress = no_progress) -> FirstPass:
    """Detect faces in about SAMPLED_HZ frames a second of the first LONGEST_REFERENCE_S.

    Raises
    ------
    VideoError : no video
    MissingPartError : no face model
    """
    return _Pass(Video(path), every=False, to_end=False).run(progress)


def scan_frames(path: Path, progress: Progress = no_progress, *, to_end: bool = False) -> FirstPass:
    """Detect faces in every frame of the first LONGEST_REFERENCE_S.

    to_end : whether to go on for the heads of the whole video

    Raises
    ------
    VideoError : no video
    MissingPartError : no face model
    """
    return _Pass(Video(path), every=True, to_end=to_end).run(progress)


class _Pass:
    """State of a pass: which frames to process, and what was detected in them."""

    def __init__(self, video: Video, *, every: bool, to_end: bool) -> None:
        self._video = video
        self._every = every
        self._to_end = to_end
        self._stopped = False
        self._times: list[float] = []
        self._asked = 0
        self._is_sampled: deque[bool] = deque()

    def run(self, progress: Progress) -> FirstPass:
        facts = self._video.facts
        length_s = facts.duration_s or LONGEST_REFERENCE_S
        length_s = length_s if self._to_end else min(length_s, LONGEST_REFERENCE_S)
        samples: list[SampledFrame] = []
        gatherer = SightingsGatherer()
        heads = HeadGatherer(facts, DEFAULT_FOCAL_HEIGHTS)
        for frame, faces in find_faces(self._frames(), find_model()):
            if self._is_sampled.popleft():
                samples.append(sampled_frame(frame, faces))
            if self._every:
                heads.add(frame.time_s, faces)
                if 0.0 <= frame.time_s < LONGEST_REFERENCE_S:
                    gatherer.add(frame, faces)
            progress(min(max(frame.time_s / length_s, 0.0), 1.0), "Looking at the reference")
        return FirstPass(
            facts=facts,
            cut_short=self._video.cut_short,
            time_s=np.array(self._times),
            samples=tuple(samples),
            sightings=gatherer.result() if self._every else None,
            heads=heads.result() if self._every else None,
            whole=self._every and not self._stopped,
            damage=self._video.damage,
            notes="\n".join(self._video.notes),
        )

    def _frames(self) -> Iterator[Frame]:
        """Frames to process, reduced in size."""
        first_s: float | None = None
        for frame in self._video:
            first_s = frame.time_s if first_s is None else first_s
            since_s = frame.time_s - first_s
            if since_s <= LONGEST_REFERENCE_S:
                self._times.append(frame.time_s)
            elif not self._to_end and frame.time_s >= LONGEST_REFERENCE_S:
                self._stopped = True
                return
            is_sampled = since_s <= LONGEST_REFERENCE_S and since_s >= self._asked / SAMPLED_HZ - 1e-3
            self._asked += is_sampled
            if is_sampled or self._every:
                self._is_sampled.append(is_sampled)
                yield reduced(frame)

"""Evaluation cases of the talking-head score: persons, each with a reference and a held-out truth."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from mannerism.core.motion import Progress, no_progress
from mannerism.core.portrait.analysis.analyse import analyse
from mannerism.core.portrait.analysis.clip_reader import read_clip
from mannerism.core.portrait.analysis.face_fit import follow
from mannerism.core.portrait.analysis.first_pass import sample_frames
from mannerism.core.portrait.analysis.flow_registration import registered_drive
from mannerism.core.portrait.analysis.picture_area import picture_area
from mannerism.core.portrait.model.person import Clip, Drive, Person
from mannerism.core.portrait.render.look import FILM
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.core.progress import part
from mannerism.training.data.catalogue import Clip as Listed
from mannerism.training.data.catalogue import find_clips
from mannerism.training.portrait.tracked import Tracked, track

REFERENCE_SHARE = 0.7
"""Of a clip's duration, from its beginning; the rest is the truth."""
LONG_S = 10.0
"""From so much of reference on a clip is judged among the long ones."""


@dataclass(frozen=True)
class Case:
    """One person: an analysed reference, and the rest of the same clip as the truth to be reproduced.

    sound : file with the clip's speech, whose first sample is time 0
    truth : the frames after those of the reference, in the same square
    tracked : poses and expressions of the truth, as tracked
    drive : the same registered by optical flow, see `core.portrait.analysis.flow_registration.registered_drive`
    """

    name: str
    sound: Path
    person: Person
    truth: Clip
    tracked: Drive
    drive: Drive

    @property
    def is_long(self) -> bool:
        """Whether the reference has at least LONG_S."""
        time_s = self.person.clip.time_s
        return float(time_s[-1] - time_s[0]) >= LONG_S

    @cached_property
    def renderer(self) -> Renderer:
        """Renderer of the reference."""
        return Renderer(self.person, FILM)

    @cached_property
    def retracked(self) -> Tracked:
        """Tracking of the truth's frames, as of those of the systems."""
        return track(self.truth.pictures)


def judged(folder: Path) -> list[Listed]:
    """Select the evaluation clips, by a rule fixed before any result was available.

    Of the videos in `folder`/hires, or in `folder` where there is no such, each person's longest, the first
    of equals, in the order of persons. All of them are judged, whatever comes out.
    """
    catalogue, hires = folder / "catalog.tsv", folder / "hires"
    videos = hires if hires.is_dir() else folder
    listed = find_clips(videos, catalogue if catalogue.is_file() else None)
    return longest_of_each(clip for clip in listed if clip.path.is_file())


def longest_of_each(clips: Iterable[Listed]) -> list[Listed]:
    """Longest clip of each person, the first of equals, in the order of persons."""
    longest: dict[str, Listed] = {}
    for clip in clips:
        if clip.person not in longest or clip.seconds > longest[clip.person].seconds:
            longest[clip.person] = clip
    return [longest[person] for person in sorted(longest)]


def read_case(
    name: str,
    video: Path,
    size: int,
    folder: Path,
    progress: Progress = no_progress,
    *,
    seconds: float | None = None,
) -> Case:
    """Read, crop and analyse a clip, without its black bars, as a film is made of it.

    size : of the square frames, pixels
    folder : for its frames and matte, which exists
    seconds : of the clip, from its beginning; all of it without
    """
    samples = sample_frames(video, part(progress, 0.0, 0.1)).samples
    clip = read_clip(
        video,
        size,
        folder=folder,
        seconds=seconds,
        area=picture_area(sample.small for sample in samples),
        progress=part(progress, 0.1, 0.5),
    )
    end = clip.time_s[0] + REFERENCE_SHARE * (clip.time_s[-1] - clip.time_s[0])
    cut = int(np.searchsorted(clip.time_s, end))
    truth = _part(clip, slice(cut, None))
    person = analyse(_part(clip, slice(0, cut)), part(progress, 0.5, 0.9), folder=folder)
    tracked = Drive(truth.time_s, *follow(person, truth.landmarks))
    drive = registered_drive(person, truth, tracked, part(progress, 0.9, 1.0))
    return Case(name, video, person, truth, tracked, drive)


def _part(clip: Clip, frames: slice) -> Clip:
    return replace(
        clip,
        pictures=clip.pictures[frames],
        time_s=clip.time_s[frames],
        landmarks=clip.landmarks[frames],
    )

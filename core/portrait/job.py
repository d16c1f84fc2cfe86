"""Talking-head video pipeline: reference, speech and head motion to a file, resumable at every step."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from ..errors import PortraitError
from ..files import check_writable, replacing
from ..media.sound import read_sound
from ..motion import Progress, no_progress
from ..progress import part
from ..types import ByteArray
from .analysis.cache import entry_of, reference_person
from .analysis.cache import forget as forget_analysis
from .analysis.large_blocks import return_large_blocks
from .driving.plan import DrivingPlan, plan_frames
from .model.options import AUTO_SIZE
from .model.request import PortraitRequest, PortraitResult
from .neural.renderer import graphics_card
from .output.draw import draw_missing
from .output.frame_store import Frames, alone, drop_all_frames
from .output.label import labelled
from .output.video_writer import SOUND_HZ, write_video
from .preflight.checks import speech_fault
from .preflight.coverage import coverage
from .preflight.fitting_size import fitting_size, size_note
from .preflight.kept_survey import reference_survey
from .quality import quality_renderer
from .reference.consent import require, withdraw
from .reference.identity import Reference

_log = logging.getLogger(__name__)

LONGEST_AUDIO_S = 1800.0
"""Length limit of the sound, and so of the video, seconds."""
CONFIDENCE_COLUMNS = ("time_s", "confidence", "beyond_deg", "held_back_deg")

_PLAN = "direction.npz"
_SHORTEST_S = 0.1
_NOTABLE_DEG = 0.5
_NOTABLE_S = 0.5
_FORMATS = ("%.6f", "%.4f", "%.3f", "%.3f")


def make_portrait(
    request: PortraitRequest,
    progress: Progress = no_progress,
    preview: Callable[[Path], None] = lambda _path: None,
) -> PortraitResult:
    """Make a talking-head video.

    Finished steps are kept in the request's folder until the video is whole: the same request resumes there after
    a kill, a full disk or ESC.

    preview : called with the newest frame's file whenever there is one

    Raises
    ------
    ConsentError : no consent is recorded for the reference
    PortraitError : invalid settings, or too little or too much sound
    VideoError, AudioError, StyleError, MissingPartError, OutputError, CancelledError
    """
    request.check()
    return_large_blocks()
    check_writable(request.out)
    require(request.identity, request.folder)
    if request.quality == "high":
        graphics_card()  # refused before anybody waits
    wanted_s = LONGEST_AUDIO_S + 1.0 if request.length_s is None else request.length_s
    sound = read_sound(request.audio, request.start_s, min(wanted_s, LONGEST_AUDIO_S + 1.0))
    duration_s = sound.shape[1] / SOUND_HZ
    if duration_s < _SHORTEST_S:
        raise PortraitError(
            f"“{request.audio.name}” holds only {duration_s:.2f} s of sound in the part asked for",
            "Give a longer sound, or another part of it",
        )
    if duration_s > LONGEST_AUDIO_S:
        raise PortraitError(
            f"“{request.audio.name}” is longer than the {LONGEST_AUDIO_S / 60:g} minutes that a video may be",
            "Cut the sound, and make a video of each part",
        )
    time_s = request.times(duration_s)
    looking = part(progress, 0.0, 0.1)
    survey = reference_survey(request.identity, request.folder, looking, to_end=request.needs_own_style)
    size_notes: tuple[str, ...] = ()
    if request.size == AUTO_SIZE:
        request = request.at_size(fitting_size(survey))
        size_notes = (size_note(survey, request.size),)
    meter = coverage(survey, request.even_size)
    if request.quality == "high" and meter.blocks_high_quality is not None:
        raise PortraitError(meter.blocks_high_quality.problem, meter.blocks_high_quality.remedy)
    person = reference_person(request.identity, request.even_size, request.folder, part(progress, 0.1, 0.2))
    digest = request.digest(len(time_s))
    with alone(request.folder, digest, part(progress, 0.2, 0.2)):
        frames = Frames.of(request.folder, request.identity.sha256, digest, len(time_s))
        entry = entry_of(request.identity, request.even_size, request.folder)
        renderer = quality_renderer(
            person, request.quality, request.refine_s, part(progress, 0.2, 0.4), entry
        )
        plan = DrivingPlan.load(frames.folder / _PLAN)
        _log.info(
            "%d of %d pictures are still to be drawn, what they show is %s",
            len(frames.missing()),
            frames.count,
            "still to be planned" if plan is None else "planned already",
        )
        if plan is None:
            plan = plan_frames(
                request,
                person,
                renderer.frames_of,
                renderer.renderer.plan,
                time_s=time_s,
                progress=part(progress, 0.4, 0.5),
            )
            plan.save(frames.folder / _PLAN)
        if frames.missing():
            progress(0.5, "Choosing pictures of the reference")
            draw_missing(
                frames, renderer.frames_of(plan.drive, plan.shown), part(progress, 0.5, 0.95), preview
            )
        pictures = _shown(frames, part(progress, 0.95, 1.0))
        write_video(request.out, map(labelled, pictures) if request.label else pictures, request.fps, sound)
        frames.drop()
    speech = speech_fault(sound, SOUND_HZ)
    faults = tuple(f"{fault}." for fault in (*meter.faults, *([speech] if speech else [])))
    notes = (*size_notes, *faults, *renderer.notes, *plan.notes, *_notes(request, plan, duration_s))
    curves = (plan.confidence, plan.beyond_deg, plan.held_back_deg)
    return PortraitResult(request.out, time_s, *curves, notes)


def write_confidence(path: Path, result: PortraitResult) -> None:
    """Write the confidence of each frame as CSV, with CONFIDENCE_COLUMNS. Raises OutputError."""
    rows = np.column_stack([getattr(result, name) for name in CONFIDENCE_COLUMNS])
    header = ",".join(CONFIDENCE_COLUMNS)
    with replacing(path) as temporary:
        np.savetxt(temporary, rows, fmt=_FORMATS, delimiter=",", header=header, comments="", encoding="utf-8")


def forget(reference: Path, folder: Path) -> None:
    """Delete everything derived from a reference: analysis, rendered frames, recorded consent.

    Raises
    ------
    VideoError : there is no such file
    OutputError : it cannot be noted that consent is withdrawn
    """
    known = Reference.of(reference)
    drop_all_frames(folder, known.sha256)
    forget_analysis(known, folder)
    withdraw(known, folder)


def _shown(frames: Frames, progress: Progress) -> Iterator[ByteArray]:
    for number, picture in enumerate(frames.pictures()):
        progress(number / frames.count, "Writing the film")
        yield picture


def _notes(request: PortraitRequest, plan: DrivingPlan, duration_s: float) -> Iterator[str]:
    """User notes on the result."""
    held_s = (plan.held_back_deg > _NOTABLE_DEG).sum() / float(request.fps)
    if held_s > 0:
        yield (
            f"For {held_s:.1f} s the head turns farther than the reference can show, by up to "
            f"{plan.held_back_deg.max():.0f}°, and is held back; a reference with such turns would show them."
        )
    motion = request.motion
    if motion is not None and motion.duration_s < duration_s - _NOTABLE_S:
        yield (
            f"The motion ends after {motion.duration_s:.1f} s and the speech after {duration_s:.1f} s; "
            "the head keeps its last pose."
        )

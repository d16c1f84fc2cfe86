"""Preflight checks of a reference: a table of faults, each with a criterion, a problem and a remedy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...types import Float32Array
from . import criteria
from .survey import Survey

_SHORTEST_S = 3.0  # a single vowel has no pause either


@dataclass(frozen=True)
class Fault:
    """Fault of a reference: problem and remedy, one sentence each, without full stops.

    name : for programs
    blocks_high_quality : whether the quality High makes no sense with it
    """

    name: str
    problem: str
    remedy: str
    blocks_high_quality: bool = False

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}"


def find_faults(survey: Survey, size: int = 256) -> tuple[Fault, ...]:
    """Run all checks of a reference, for a video of `size` pixels; none stops the other qualities."""
    found = (_found(check, survey) for check in CHECKS)
    return tuple(fault for fault in (*found, _soft(survey, size)) if fault is not None)


def speech_fault(samples: Float32Array, rate_hz: int) -> Fault | None:
    """Check the speech of a video for silence, or, from 3 s on, for sound that never pauses.

    samples : (channels, n), full scale 1
    """
    window = rate_hz // 25
    mono = samples.mean(axis=0)[: samples.shape[1] // window * window].reshape(-1, window)
    level = 10 * np.log10(np.square(mono, dtype=np.float64).mean(axis=1) + 1e-12)
    if criteria.silent_speech(level):
        return Fault("silent_speech", "The speech is silent", "Check that it was exported and is not muted")
    if samples.shape[1] >= _SHORTEST_S * rate_hz and criteria.pauseless_speech(level):
        problem = "The speech never pauses, as music or noise does"
        return Fault("no_speech", problem, "Give the voice alone: lips follow every sound in the file")
    return None


@dataclass(frozen=True)
class _Check:
    """Row of the table: `measure` returns the figure for the sentence where the fault is present, else None."""

    name: str
    measure: Callable[[Survey], float | str | None]
    problem: str
    remedy: str
    blocks_high_quality: bool = False


def _found(check: _Check, survey: Survey) -> Fault | None:
    figure = check.measure(survey)
    if figure is None:
        return None
    return Fault(check.name, check.problem.format(figure), check.remedy, check.blocks_high_quality)


def _soft(survey: Survey, size: int) -> Fault | None:
    sharp = criteria.soft(survey, size)
    if sharp is None:
        return None
    return Fault(
        "soft",
        f"The head is only {sharp} pixels large, so that {size} pixels will look soft",
        "Choose a smaller size, or record larger or nearer",
    )


_AS_MANNER = "The video can be made; the manner is then that of the motion or style that you give"
CHECKS = (
    _Check(
        "cut_short",
        criteria.cut_short,
        "{}",
        "What can be read is used; export the video again if it should be longer",
    ),
    _Check(
        "does_not_move",
        criteria.does_not_move,
        "The picture does not move: it is a photo, not a film",
        "Record the person while speaking; from a photo nothing is learned of how they move",
        blocks_high_quality=True,
    ),
    _Check(
        "little_time",
        criteria.little_time,
        "The face is seen for only {:.1f} s",
        "Give 10 to 15 s, else the quality High is left out",
        blocks_high_quality=True,
    ),
    _Check(
        "one_pose",
        criteria.one_pose,
        "The head turns by only {:.0f}° in all",
        "Add two slow turns and nods to 25° to each side, else the quality High is left out",
        blocks_high_quality=True,
    ),
    _Check(
        "closed_mouth",
        criteria.closed_mouth,
        "The mouth is open for only {:.1f} s",
        "Record the person while speaking, else the quality High is left out",
        blocks_high_quality=True,
    ),
    _Check(
        "few_teeth",
        criteria.few_teeth,
        "Teeth are seen for only {:.1f} s",
        "Add some words with a smile, else teeth are taken from few pictures and may flicker",
    ),
    _Check(
        "lost_face",
        criteria.lost_face,
        "The face is lost in {:.0%} of the time",
        "Those pictures are not used; keep the whole face in the picture",
    ),
    _Check(
        "profile",
        criteria.turned_away,
        "The face is turned by more than 35° from the camera in {:.0%} of the time",
        "Those pictures are not used, and the head is not turned that far in the video",
    ),
    _Check(
        "covered",
        criteria.covered,
        "Something is before the face, or it looks unlike itself, in {} pictures looked at",
        "Those pictures are not used; keep hands and things below the chin",
    ),
    _Check(
        "glasses",
        criteria.glasses,
        "The person seems to wear glasses",
        "Keep to small turns, or record without them: their frame bends and reflections stick",
    ),
    _Check(
        "hair",
        criteria.hair,
        "Hair or earrings seem to swing beside the face",
        "Tie long hair back and take earrings off, or keep to turns below 10°",
    ),
    _Check(
        "moving_camera",
        criteria.moving_camera,
        "The camera or the background moves (by {:.0f} levels of 255)",
        "Record from a tripod before a still background; there is no clean background now",
    ),
    _Check(
        "bars",
        criteria.bars,
        "The picture has black bars",
        "They are left out; nothing needs to be done",
    ),
    _Check(
        "at_edge",
        criteria.at_edge,
        "The head touches the edge of the picture in {:.0%} of the time",
        "Leave room about the head; the video is cropped to what was recorded, or the head moves less",
    ),
    _Check(
        "captions",
        criteria.captions,
        "Writing seems to come and go in the picture",
        "Give the video without burnt-in captions: they go with the picture that they lie on",
    ),
    _Check(
        "light",
        criteria.light,
        "The light on the face changes by {:.0%}",
        "Record in steady light with the camera's exposure locked, else highlights pop",
    ),
    _Check(
        "gestures",
        criteria.gestures,
        "Hands or shoulders move much",
        "They follow the head alone in the video; keep them still, or choose a tighter picture",
    ),
    _Check(
        "two_people",
        criteria.two_people,
        "Two faces are seen at once in {:.0%} of the time",
        "The larger one is used; record that person alone",
    ),
    _Check(
        "cut",
        criteria.other_after_cut,
        "Another person is seen, or the same one after a cut",
        "The one that is largest for longest is used and the rest left out; give one take of one person",
    ),
    _Check(
        "lies_on_its_side",
        criteria.lies_on_its_side,
        "The video is stored lying on its side",
        "It is put upright as its tag says; nothing needs to be done",
    ),
    _Check(
        "slow",
        criteria.slow,
        "There are only {:.0f} pictures a second",
        "Record 25 or more, else lips and lids are seen too rarely",
    ),
    _Check(
        "uneven",
        criteria.uneven,
        "The time between pictures varies by {:.0%}",
        "Their true times are used; nothing needs to be done",
    ),
    _Check(
        "very_large",
        criteria.very_large,
        "The pictures are {} pixels large",
        "They are reduced, which takes some time and loses nothing at the sizes offered",
    ),
    _Check(
        "long",
        criteria.long,
        "The reference is {:.0f} s long",
        "Its first minute is used; cut out the best minute beforehand if that is another one",
    ),
    _Check(
        "small_face",
        criteria.small_face,
        "The face is only {:.0f} pixels wide",
        "Record nearer, at least 60 pixels and better 150: no size will look sharp",
    ),
    _Check("no_sound", criteria.no_sound, "The reference has no sound", _AS_MANNER),
    _Check("silent", criteria.silent, "The reference's sound is silent", _AS_MANNER),
    _Check(
        "no_pauses",
        criteria.pauseless,
        "The reference's sound never pauses, as music or noise does",
        "Record speech alone, else how the head follows the voice is measured wrongly",
    ),
)

"""Checks of a reference before anything is made of it: one row of a table for each possible fault."""

import numpy as np

from ..analysis.first_pass import LONGEST_S
from . import measurements
from .fault import Check, Fault, above, below
from .sound_checks import SOUND_CHECKS
from .survey import Survey

ENOUGH_S = 10.0
"""So long must the face be seen for the quality High."""
OPEN, CLOSED = 0.08, 0.02
"""Openings of the mouth, distances of the outer eye corners (about 9 cm)."""
TEETH_OPEN, TEETH_BRIGHT = 0.05, 0.8
"""Teeth are seen where the mouth is so wide open and, below the upper lip, so bright beside the skin."""

_FEW_S = 0.5
_NARROW_DEG = 6.0
_LOST, _TURNED_AWAY, _TWO_AT_ONCE, _RIVAL = 0.05, 0.02, 0.1, 0.1  # shares
_FEWEST_COVERED = 2
_BRIDGE_DARK = 0.3
_SWINGING = 0.14
_MOVING_LEVELS = 4.0
_GESTURES = 0.25
_LIGHT_SPREAD = 0.08
_SLOW_FPS = 20.0
_UNEVEN = 0.2
_VERY_LARGE_PX = 2000
_SMALL_FACE_PX = 60.0
_SQUARE_FACES = 2.4  # side of what is shown, heights of the face


def find_faults(survey: Survey, size: int = 256) -> tuple[Fault, ...]:
    """All faults of a reference, for a video of `size` pixels; none stops the other qualities."""
    found = (check.fault_in(survey) for check in CHECKS)
    return tuple(fault for fault in (*found, _soft(survey, size)) if fault is not None)


def _usable_s(survey: Survey) -> float:
    return float(survey.found.sum()) * survey.step_s


def _open_s(survey: Survey) -> float:
    return float((measurements.mouth(survey)[0] > OPEN).sum()) * survey.step_s


def _teeth_s(survey: Survey) -> float:
    seen = (measurements.mouth(survey)[0] > TEETH_OPEN) & (measurements.teeth(survey) > TEETH_BRIGHT)
    return float(seen.sum()) * survey.step_s


def _one_pose(survey: Survey) -> float | None:
    pitch, yaw, _ = np.ptp(np.quantile(measurements.angles_deg(survey), [0.02, 0.98], axis=0), axis=0)
    return below(float(max(pitch, yaw)), _NARROW_DEG)


def _few_teeth(survey: Survey) -> float | None:
    return below(_teeth_s(survey), _FEW_S) if _open_s(survey) >= _FEW_S else None


def _turned_away(survey: Survey) -> float | None:
    return above(float(survey.visibility.profile.mean()), _TURNED_AWAY)


def _covered(survey: Survey) -> str | None:
    count = int(survey.visibility.covered.sum())
    return f"{count} of {survey.found.sum()}" if count >= _FEWEST_COVERED else None


def _still_camera(survey: Survey) -> bool:
    return above(measurements.background_moves(survey), _MOVING_LEVELS) is None


def _hair(survey: Survey) -> float | None:
    """A moving camera moves everything, and a small face shows no hair: nothing is said of it then."""
    clear = survey.face_px >= _SMALL_FACE_PX and _still_camera(survey)
    return above(measurements.beside_face_moves(survey), _SWINGING) if clear else None


def _gestures(survey: Survey) -> float | None:
    return above(measurements.torso_moves(survey), _GESTURES) if _still_camera(survey) else None


def _two_people(survey: Survey) -> float | None:
    return above(float((survey.faces > 1).mean()), _TWO_AT_ONCE)


def _other_after_cut(survey: Survey) -> float | None:
    return above(survey.rival, _RIVAL) if _two_people(survey) is None else None


def _uneven(survey: Survey) -> float | None:
    steps = survey.steps_s
    return above(float(np.quantile(np.abs(steps / np.median(steps) - 1.0), 0.9)), _UNEVEN)


def _very_large(survey: Survey) -> str | None:
    return f"{survey.width} × {survey.height}" if max(survey.width, survey.height) > _VERY_LARGE_PX else None


def _long(survey: Survey) -> float | None:
    return above(survey.duration_s, LONGEST_S + 1.0)


def _soft(survey: Survey, size: int) -> Fault | None:
    """Whether the video is larger than what the source shows of the head."""
    height = np.median(np.ptp(survey.landmarks[survey.found, :, 1], axis=1))
    sharp = int(min(_SQUARE_FACES * height, survey.width, survey.height))
    if sharp >= 0.9 * size or survey.face_px < _SMALL_FACE_PX:
        return None
    return Fault(
        "soft",
        f"The head is only {sharp} pixels large, so that {size} pixels will look soft",
        "Choose a smaller size, or record larger or nearer",
    )


CHECKS = (
    Check(
        "cut_short",
        lambda survey: "" if survey.cut_short else None,
        "The picture is damaged or ends before the file says",
        "What can be read is used; export the video again if it should be longer",
    ),
    Check(
        "little_time",
        lambda survey: below(_usable_s(survey), ENOUGH_S),
        "The face is seen for only {:.1f} s",
        "Give 10 to 15 s, else the quality High is left out",
        bars_high=True,
    ),
    Check(
        "one_pose",
        _one_pose,
        "The head turns by only {:.0f}° in all",
        "Add two slow turns and nods to 25° to each side, else the quality High is left out",
        bars_high=True,
    ),
    Check(
        "closed_mouth",
        lambda survey: below(_open_s(survey), _FEW_S),
        "The mouth is open for only {:.1f} s",
        "Record the person while speaking, else the quality High is left out",
        bars_high=True,
    ),
    Check(
        "few_teeth",
        _few_teeth,
        "Teeth are seen for only {:.1f} s",
        "Add some words with a smile, else teeth are taken from few pictures and may flicker",
    ),
    Check(
        "lost_face",
        lambda survey: above(float(1.0 - survey.found.mean()), _LOST),
        "The face is lost in {:.0%} of the time",
        "Those pictures are not used; keep the whole face in the picture",
    ),
    Check(
        "profile",
        _turned_away,
        "The face is turned by more than 35° from the camera in {:.0%} of the time",
        "Those pictures are not used, and the head is not turned that far in the video",
    ),
    Check(
        "covered",
        _covered,
        "Something is before the face, or it looks unlike itself, in {} pictures looked at",
        "Those pictures are not used; keep hands and things below the chin",
    ),
    Check(
        "glasses",
        lambda survey: above(measurements.bridge(survey), _BRIDGE_DARK),
        "The person seems to wear glasses",
        "Keep to small turns, or record without them: their frame bends and reflections stick",
    ),
    Check(
        "hair",
        _hair,
        "Hair or earrings seem to swing beside the face",
        "Tie long hair back and take earrings off, or keep to turns below 10°",
    ),
    Check(
        "moving_camera",
        lambda survey: above(measurements.background_moves(survey), _MOVING_LEVELS),
        "The camera or the background moves (by {:.0f} levels of 255)",
        "Record from a tripod before a still background; there is no clean background now",
    ),
    Check(
        "light",
        lambda survey: above(measurements.brightness_spread(survey), _LIGHT_SPREAD),
        "The light on the face changes by {:.0%}",
        "Record in steady light with the camera's exposure locked, else highlights pop",
    ),
    Check(
        "gestures",
        _gestures,
        "Hands or shoulders move much",
        "They follow the head alone in the video; keep them still, or choose a tighter picture",
    ),
    Check(
        "two_people",
        _two_people,
        "Two faces are seen at once in {:.0%} of the time",
        "The larger one is used; record that person alone",
    ),
    Check(
        "cut",
        _other_after_cut,
        "Another person is seen, or the same one after a cut",
        "The one that is largest for longest is used and the rest left out; give one take of one person",
    ),
    Check(
        "lies_on_its_side",
        lambda survey: "" if survey.turned else None,
        "The video is stored lying on its side",
        "It is put upright as its tag says; nothing needs to be done",
    ),
    Check(
        "slow",
        lambda survey: below(survey.frame_rate, _SLOW_FPS),
        "There are only {:.0f} pictures a second",
        "Record 25 or more, else lips and lids are seen too rarely",
    ),
    Check(
        "uneven",
        _uneven,
        "The time between pictures varies by {:.0%}",
        "Their true times are used; nothing needs to be done",
    ),
    Check(
        "very_large",
        _very_large,
        "The pictures are {} pixels large",
        "They are reduced, which takes some time and loses nothing at the sizes offered",
    ),
    Check(
        "long",
        _long,
        "The reference is {:.0f} s long",
        "Its first minute is used; cut out the best minute beforehand if that is another one",
    ),
    Check(
        "small_face",
        lambda survey: below(survey.face_px, _SMALL_FACE_PX),
        "The face is only {:.0f} pixels wide",
        "Record nearer, at least 60 pixels and better 150: no size will look sharp",
    ),
    *SOUND_CHECKS,
)

"""Criteria of the preflight checks: thresholds, and the figure of each fault where a survey exceeds them."""

import numpy as np

from ...media.stillness import Stillness
from ...types import Array
from ..analysis.first_pass import LONGEST_REFERENCE_S
from ..analysis.picture_area import picture_area
from . import measurements
from .captions import has_captions
from .survey import Survey

ENOUGH_S = 10.0
"""Time in which the face has to be visible for the quality High, seconds."""
OPEN, CLOSED = 0.08, 0.02
"""Openings of the mouth, distances of the outer eye corners (about 9 cm)."""
TEETH_OPEN, TEETH_BRIGHT = 0.05, 0.8
"""Thresholds of visible teeth: opening of the mouth, and brightness below the upper lip over that of the skin."""

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
_HAIR_FACES, _EDGE_FACES = 0.3, 0.03  # heights of the face: hair above what is tracked, and skin beside it
_AT_EDGE = 0.05  # share of the time
_SILENT_DB, _PAUSELESS_DB = -75.0, 6.0


def cut_short(survey: Survey) -> str | None:
    """What of the video is damaged, or that it ends early, else None."""
    return (
        (survey.damage or "The picture is damaged or ends before the file says") if survey.cut_short else None
    )


def does_not_move(survey: Survey) -> str | None:
    """Whether the picture is a photo that was made a film: an empty string, else None."""
    still = Stillness()
    for time_s, picture in zip(survey.time_s, survey.small, strict=True):
        still.add(float(time_s), np.repeat(picture[..., None], 3, axis=2))
    return "" if still.is_still else None


def little_time(survey: Survey) -> float | None:
    """Seconds in which the face is visible, where they are too few, else None."""
    return _below(_usable_s(survey), ENOUGH_S)


def closed_mouth(survey: Survey) -> float | None:
    """Seconds in which the mouth is open, where they are too few, else None."""
    return _below(_open_s(survey), _FEW_S)


def lost_face(survey: Survey) -> float | None:
    """Fraction of frames without a face, where it is too large, else None."""
    return _above(float(1.0 - survey.found.mean()), _LOST)


def glasses(survey: Survey) -> float | None:
    """Contrast of the glasses' bridge, where there is one, else None."""
    return _above(measurements.bridge(survey), _BRIDGE_DARK)


def moving_camera(survey: Survey) -> float | None:
    """Levels by which the background changes, where it moves, else None."""
    return _above(measurements.background_moves(survey), _MOVING_LEVELS)


def bars(survey: Survey) -> str | None:
    """Whether the picture has black bars: an empty string, else None."""
    return None if picture_area(survey.small).is_whole else ""


def at_edge(survey: Survey) -> float | None:
    """Fraction of the time in which the head touches the edge of the picture, where it is too large, else None."""
    left, top, right, bottom = picture_area(survey.small).box(survey.width, survey.height)
    points = survey.landmarks[survey.found, :, :2]
    low, high = points.min(axis=1), points.max(axis=1)
    height = high[:, 1] - low[:, 1]
    hair, skin = _HAIR_FACES * height, _EDGE_FACES * height
    touches = (
        (low[:, 1] - hair < top)
        | (low[:, 0] - skin < left)
        | (high[:, 0] + skin > right)
        | (high[:, 1] + skin > bottom)
    )
    return _above(float(touches.mean()), _AT_EDGE)


def captions(survey: Survey) -> str | None:
    """Whether burnt-in writing comes and goes: an empty string, else None."""
    return "" if has_captions(survey.small) else None


def light(survey: Survey) -> float | None:
    """Range of the face's brightness, where it is too large, else None."""
    return _above(measurements.brightness_spread(survey), _LIGHT_SPREAD)


def lies_on_its_side(survey: Survey) -> str | None:
    """Whether the video is stored rotated: an empty string, else None."""
    return "" if survey.turned else None


def slow(survey: Survey) -> float | None:
    """Frames a second, where they are too few, else None."""
    return _below(survey.frame_rate, _SLOW_FPS)


def small_face(survey: Survey) -> float | None:
    """Width of the face, pixels, where it is too small, else None."""
    return _below(survey.face_px, _SMALL_FACE_PX)


def one_pose(survey: Survey) -> float | None:
    """Range of pitch and yaw, degrees, where it is too narrow, else None."""
    pitch, yaw, _ = np.ptp(np.quantile(measurements.angles_deg(survey), [0.02, 0.98], axis=0), axis=0)
    return _below(float(max(pitch, yaw)), _NARROW_DEG)


def few_teeth(survey: Survey) -> float | None:
    """Seconds in which teeth are visible, where they are too few in an open mouth, else None."""
    return _below(_teeth_s(survey), _FEW_S) if _open_s(survey) >= _FEW_S else None


def turned_away(survey: Survey) -> float | None:
    """Fraction of frames in profile, where it is too large, else None."""
    return _above(float(survey.visibility.profile.mean()), _TURNED_AWAY)


def covered(survey: Survey) -> str | None:
    """Count of frames with an occluded face, where it is too large, else None."""
    count = int(survey.visibility.covered.sum())
    return f"{count} of {survey.found.sum()}" if count >= _FEWEST_COVERED else None


def _still_camera(survey: Survey) -> bool:
    return moving_camera(survey) is None


def hair(survey: Survey) -> float | None:
    """Unexplained motion beside the face, face widths a second, where it is too fast, else None.

    A moving camera moves everything, and a small face shows no hair: None for both.
    """
    clear = survey.face_px >= _SMALL_FACE_PX and _still_camera(survey)
    return _above(measurements.beside_face_moves(survey), _SWINGING) if clear else None


def gestures(survey: Survey) -> float | None:
    """Fraction of the torso that moves, where it is too large, else None."""
    return _above(measurements.torso_moves(survey), _GESTURES) if _still_camera(survey) else None


def two_people(survey: Survey) -> float | None:
    """Fraction of frames with two faces, where it is too large, else None."""
    return _above(float((survey.faces > 1).mean()), _TWO_AT_ONCE)


def other_after_cut(survey: Survey) -> float | None:
    """Presence of a second person at other times, where it is too large, else None."""
    return _above(survey.rival, _RIVAL) if two_people(survey) is None else None


def uneven(survey: Survey) -> float | None:
    """Relative jitter of the frame times, where it is too large, else None."""
    steps = survey.steps_s
    return _above(float(np.quantile(np.abs(steps / np.median(steps) - 1.0), 0.9)), _UNEVEN)


def very_large(survey: Survey) -> str | None:
    """Frame size, where it is very large, else None."""
    return f"{survey.width} × {survey.height}" if max(survey.width, survey.height) > _VERY_LARGE_PX else None


def long(survey: Survey) -> float | None:
    """Duration, seconds, where it is beyond what is used, else None."""
    return _above(survey.duration_s, LONGEST_REFERENCE_S + 1.0)


def no_sound(survey: Survey) -> str | None:
    """Whether there is no sound: an empty string, else None."""
    return "" if survey.loudness_db is None else None


def silent(survey: Survey) -> float | None:
    """Loudest level, dB, where the sound is silent, else None."""
    return None if survey.loudness_db is None else _below(float(survey.loudness_db.max()), _SILENT_DB)


def pauseless(survey: Survey) -> float | None:
    """Range of the levels, dB, where speech never pauses, else None."""
    if survey.loudness_db is None or silent(survey) is not None:
        return None
    return _below(_span_db(survey.loudness_db), _PAUSELESS_DB)


def soft(survey: Survey, size: int) -> int | None:
    """Height of the visible square, pixels of the source, where a video of `size` pixels exceeds it, else None."""
    sharp = shown_px(survey)
    return None if sharp >= 0.9 * size or survey.face_px < _SMALL_FACE_PX else sharp


def shown_px(survey: Survey) -> int:
    """Height of the square that a video shows, pixels of the source."""
    height = np.median(np.ptp(survey.landmarks[survey.found, :, 1], axis=1))
    left, top, right, bottom = picture_area(survey.small).box(survey.width, survey.height)
    return int(min(_SQUARE_FACES * height, right - left, bottom - top))


def silent_speech(level_db: Array) -> bool:
    """Whether levels (n,), dB of full scale, are those of silence."""
    return not len(level_db) or bool(level_db.max() < _SILENT_DB)


def pauseless_speech(level_db: Array) -> bool:
    """Whether levels (n,), dB of full scale, never fall as in a pause of speech."""
    return _span_db(level_db) < _PAUSELESS_DB


def _above(figure: float | None, limit: float) -> float | None:
    return figure if figure is not None and figure > limit else None


def _below(figure: float, limit: float) -> float | None:
    return figure if figure < limit else None


def _usable_s(survey: Survey) -> float:
    return float(survey.found.sum()) * survey.step_s


def _open_s(survey: Survey) -> float:
    return float((measurements.mouth(survey)[0] > OPEN).sum()) * survey.step_s


def _teeth_s(survey: Survey) -> float:
    seen = (measurements.mouth(survey)[0] > TEETH_OPEN) & (measurements.teeth(survey) > TEETH_BRIGHT)
    return float(seen.sum()) * survey.step_s


def _span_db(level: Array) -> float:
    return float(np.ptp(np.quantile(level, [0.1, 0.9])))

"""Measurements of a survey: head pose, mouth, lids, light, background and motion beside the face."""

import cv2
import numpy as np

from ... import rotation as rot
from ...face.manner import blink_lengths_s, lids
from ...track.landmarks import POINTS
from ...types import Array, BoolArray
from ..analysis.sampled_frames import GAP
from ..model.optical_flow import FlowPreset, optical_flow, zero_flow
from .survey import Survey

_OUTER_EYES = (33, 263)
_INNER_LIPS, _MOUTH_CORNERS = (13, 14), (61, 291)
_STEADY = [33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 10, 151, 9]  # a head's own, whatever the face does
_RIDGE = 0.01
_BRIDGE_REACH = 3  # pixels of the eye crop
_BRIDGE = slice(4, 19), slice(27, 38)  # rows and columns between the eyes
_FRONTAL_RAD = np.radians(20.0)
_FEWEST_FRONTAL = 5
_PLAIN_FACES = 100  # pixels; the width of a face whose surroundings are followed
_PAIRS, _PICTURES = 60, 60
_MUCH = 12.0  # levels
_LEAST_BACKGROUND = 0.02  # of the frame
_ROOMS = ((0.6, 0.75), (0.4, 0.6), (0.25, 0.45))
"""Room for hair beside and above the face, its widths; less where an upright picture leaves no background else."""


def angles_deg(survey: Survey) -> Array:
    """Pitch, yaw and roll about the neutral pose where the face was found, (F, 3) degrees."""
    turns = survey.rotation[survey.found]
    neutral = rot.geodesic_median(turns)
    return np.degrees(rot.to_euler(rot.multiply(rot.inverse(neutral), turns)))


def camera_yaw_deg(survey: Survey) -> Array:
    """Yaw of the face from the camera axis, (F,) degrees."""
    return np.asarray(np.degrees(rot.to_euler(survey.rotation[survey.found])[:, 1]))


def mouth(survey: Survey) -> tuple[Array, Array]:
    """Lip opening over the eye distance, and mouth width over its median, both (F,)."""
    eyes = _gap(survey, *_OUTER_EYES)
    width = _gap(survey, *_MOUTH_CORNERS) / eyes
    opening = _gap(survey, *_INNER_LIPS) / eyes * np.cos(np.radians(camera_yaw_deg(survey)))
    return opening, width / np.median(width)


def teeth(survey: Survey) -> Array:
    """Maximum brightness below the upper lip over the face's median brightness, (F,)."""
    colours = survey.colours[survey.found].mean(axis=2)
    return np.asarray(colours[:, GAP].max(axis=1) / np.maximum(np.median(colours[:, :POINTS], axis=1), 1.0))


def blinks(survey: Survey) -> int:
    """Number of blinks, by the rule of the face manner."""
    found = survey.found
    return len(blink_lengths_s(lids(survey.landmarks[found]), survey.time_s[found]))


def brightness_spread(survey: Survey) -> float:
    """Range of the face's brightness after regression on head pose and place, as a fraction."""
    bare = ~survey.visibility.covered
    level = np.log(np.median(survey.colours[survey.found, :468].mean(axis=2), axis=1) + 1.0)[bare]
    place = np.median(_points(survey), axis=1)
    angles = np.radians(angles_deg(survey))
    causes = np.column_stack([angles, angles[:, 1] ** 2, place])[bare]
    causes = (causes - causes.mean(axis=0)) / (causes.std(axis=0) + 1e-9)
    level -= level.mean()
    weights = np.linalg.solve(causes.T @ causes + _RIDGE * len(causes) * np.eye(6), causes.T @ level)
    return float(np.ptp(np.quantile(level - causes @ weights, [0.05, 0.95])))


def bridge(survey: Survey) -> float:
    """Contrast of a dark line across the nose between the eyes, over the brightness there; 0 without frontal frames.

    The bridge of glasses is the one part of them that lies on bare skin in every frame.
    """
    frontal = np.abs(np.radians(camera_yaw_deg(survey))) < _FRONTAL_RAD
    if frontal.sum() < _FEWEST_FRONTAL:
        return 0.0
    pictures = survey.eyes[survey.found][frontal].astype(np.float32)
    usual = np.median(pictures / (pictures.mean(axis=(1, 2), keepdims=True) + 1.0), axis=0)
    reach = _BRIDGE_REACH
    line = np.zeros_like(usual)
    line[reach:-reach] = usual[: -2 * reach] + usual[2 * reach :] - 2 * usual[reach:-reach]
    line = cv2.dilate(line, np.ones((3, 1), np.uint8))  # it need not be quite level
    return float(np.quantile(line[_BRIDGE], 0.2, axis=1).max())


def background_moves(survey: Survey) -> float | None:
    """Upper-quartile change of the background, levels; None where hardly any is visible."""
    for beside, above in _ROOMS:
        background = ~_near_person(survey, beside, above)
        if background.mean() > _LEAST_BACKGROUND:
            return float(np.quantile(_changes(survey)[background], 0.75))
    return None


def torso_moves(survey: Survey) -> float:
    """Fraction of the visible area below the face that changes much."""
    left, top, right, bottom = _way_of_face(survey)
    across = right - left
    rows, columns = np.indices(survey.small.shape[1:])
    below = (rows > bottom + 0.1 * (bottom - top)) & (np.abs(columns - (left + right) / 2) < 1.5 * across)
    return float((_changes(survey)[below] > _MUCH).mean()) if below.any() else 0.0


def beside_face_moves(survey: Survey) -> float:
    """Speed beside the face that head motion does not explain, face widths a second.

    The visible area there is head, which moves with the face, or background, which stands still, or a mix
    of both at their edge; hair and earrings swing on their own.
    """
    starts = np.flatnonzero(survey.found[:-1] & survey.found[1:])
    starts = starts[:: max(len(starts) // _PAIRS, 1)]
    if len(starts) == 0:
        return 0.0
    speeds = [_own_motion(survey, int(start)) for start in starts]
    return float(np.quantile(speeds, 0.75))


def _own_motion(survey: Survey, start: int) -> float:
    before, after = survey.landmarks[[start, start + 1], :, :2] * survey.small_scale
    low, high = before.min(axis=0), before.max(axis=0)
    width, height = high - low
    middle = (low + high) / 2
    scale = _PLAIN_FACES / width
    matrix = cv2.estimateAffinePartial2D(before[_STEADY], after[_STEADY])[0]
    if matrix is None:
        return 0.0
    # A window about the head in which every face is equally large.
    window = np.array([[scale, 0.0, 0.0], [0.0, scale, 0.0]])
    corner = middle - [1.2 * width, height]
    window[:, 2] = -scale * corner
    size = (round(2.4 * width * scale), round(2.3 * height * scale))
    first, second = (
        np.asarray(
            cv2.warpAffine(survey.small[index], window, size, borderMode=cv2.BORDER_REPLICATE), np.uint8
        )
        for index in (start, start + 1)
    )
    flow = optical_flow(first, second, FlowPreset.FAST, zero_flow(first)) / scale
    rows, columns = np.indices(first.shape)
    place = np.stack([columns, rows], axis=-1) / scale + corner
    head = place @ matrix[:, :2].T + matrix[:, 2] - place
    along = np.clip((flow * head).sum(-1) / ((head**2).sum(-1) + 1e-6), 0.0, 1.2)
    own = np.linalg.norm(flow - along[..., None] * head, axis=-1) / width
    sideways, down = np.moveaxis((place - middle) / [width, height], -1, 0)
    beside = (np.abs(sideways) > 0.55) & (np.abs(sideways) < 0.9) & (down > -0.2) & (down < 0.9)
    return float(np.quantile(own[beside], 0.8)) / float(survey.time_s[start + 1] - survey.time_s[start])


def _points(survey: Survey) -> Array:
    """Landmarks in the frame where the face was found, (F, 478, 2) pixels."""
    return np.asarray(survey.landmarks[survey.found, :, :2])


def _gap(survey: Survey, first: int, second: int) -> Array:
    points = _points(survey)
    return np.asarray(np.linalg.norm(points[:, first] - points[:, second], axis=1))


def _changes(survey: Survey) -> Array:
    """Mean absolute deviation of each small pixel from its median, levels, (h, w)."""
    pictures = survey.small[survey.found]
    some = pictures[:: max(len(pictures) // _PICTURES, 1)].astype(np.float32)
    return np.asarray(np.abs(some - np.median(some, axis=0)).mean(axis=0), np.float64)


def _way_of_face(survey: Survey) -> tuple[float, float, float, float]:
    """Bounding box of the face over time, left, top, right and bottom, small pixels."""
    points = _points(survey) * survey.small_scale
    low, high = np.quantile(points.min(axis=1), 0.02, axis=0), np.quantile(points.max(axis=1), 0.98, axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _near_person(survey: Survey, beside: float, above: float) -> BoolArray:
    """Mask of head and torso; hair reaches so many widths of the face beside and above it."""
    left, top, right, bottom = _way_of_face(survey)
    face = survey.face_px * survey.small_scale
    rows, columns = np.indices(survey.small.shape[1:])
    head = (columns > left - beside * face) & (columns < right + beside * face) & (rows > top - above * face)
    torso = (rows > bottom - 0.25 * face) & (columns > left - 1.6 * face) & (columns < right + 1.6 * face)
    return np.asarray(head | torso)

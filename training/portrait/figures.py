"""Figures of merit of the frames that a system made of a truth. A figure is NaN where it cannot be measured."""

from collections.abc import Mapping

import numpy as np

from mannerism.core.portrait.driving.pose_limits import distance_rad
from mannerism.core.types import ByteArray
from mannerism.training.portrait.cases import Case
from mannerism.training.portrait.pictures import (
    face_boxes,
    flicker,
    liveliness,
    motion_error,
    mouth_boxes,
    psnr_db,
    sharpness,
    ssim,
    whole,
)
from mannerism.training.portrait.tracked import (
    correlation,
    landmark_distance,
    opening,
    pose_error_deg,
    track,
)

Figures = Mapping[str, float]

IN_RANGE_DEG = 5.0
"""A pose is in the reference's range where one of the reference is so near."""


def compared(case: Case, made: ByteArray) -> Figures:
    """Figures of frames that reproduce the truth; each is explained where it is computed.

    Means over frames, unless named `_p95`. Landmarks are in per cent of the eye distance, flicker as a
    share of the truth's, `lost` is the share of frames in which no face was found.
    """
    true, size = case.truth.pictures, case.truth.size
    face, mouth = face_boxes(case.truth.landmarks, size), mouth_boxes(case.truth.landmarks, size)
    return {
        "face_db": float(psnr_db(made, true, face).mean()),
        "full_db": float(psnr_db(made, true, whole(true)).mean()),
        "mouth_db": float(psnr_db(made, true, mouth).mean()),
        "ssim": float(ssim(made, true, face).mean()),
        "sharpness": float(sharpness(made, true, face).mean()),
        "motion_error": motion_error(made, true),
        "flicker": flicker(made, face) / flicker(true, face),
        "liveliness": liveliness(made, face) / liveliness(true, face),
        "mouth_sharpness": float(sharpness(made, true, mouth).mean()),
        "mouth_liveliness": liveliness(made, mouth) / liveliness(true, mouth),
        **_tracked(case, made),
    }


def spoken(case: Case, made: ByteArray) -> Figures:
    """Figures of lips driven by sound: correlation with the true opening, and its amplitude."""
    tracked = track(made)
    both = tracked.found & case.retracked.found
    if both.sum() < 2:
        return {"opening_r": np.nan, "opening_gain": np.nan}
    got, true = opening(tracked.landmarks[both]), opening(case.retracked.landmarks[both])
    return {"opening_r": correlation(got, true), "opening_gain": float(got.std() / max(true.std(), 1e-9))}


def _tracked(case: Case, made: ByteArray) -> Figures:
    tracked = track(made)
    both = tracked.found & case.retracked.found
    names = ("landmarks_pct", "pose_deg", "pose_p95_deg", "pose_in_range_deg", "opening_r")
    if both.sum() < 2:
        return {**dict.fromkeys(names, np.nan), "lost": float(1 - tracked.found.mean())}
    got, true = tracked.landmarks[both], case.retracked.landmarks[both]
    pose = pose_error_deg(case.person, got, true)
    near = np.degrees(distance_rad(case.person, case.drive))[both] <= IN_RANGE_DEG
    values = (
        100 * landmark_distance(got, true).mean(),
        pose.mean(),
        np.percentile(pose, 95),
        pose[near].mean() if near.any() else np.nan,
        correlation(opening(got), opening(true)),
    )
    return {
        **{k: float(v) for k, v in zip(names, values, strict=True)},
        "lost": float(1 - tracked.found.mean()),
    }

"""Recorded head rotation, from whatever device, as a track about its neutral pose."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..motion import HeadPoseTrack, bridged
from ..types import Array, BoolArray

NO_DISPLACEMENT = "The file holds rotation of the head without translation; how much it shifts is that of people in general."


_LEAST_DEG = 1.0


def hardly_turns(rotation: Array) -> tuple[str, ...]:
    """A sentence where rotations (T, 4) of seconds of speech stay within less than a head does."""
    turn_deg = float(np.degrees(np.ptp(rot.to_euler(rotation), axis=0).max())) if len(rotation) else 0.0
    if turn_deg >= _LEAST_DEG:
        return ()
    return (
        f"The head turns by {turn_deg:.2g}° at most in this file, which no speaker’s does: check the unit of its angles.",
    )


def about_neutral(
    time_s: Array,
    rotation: Array,
    *,
    source: Path,
    valid: BoolArray | None = None,
    said: Iterable[str] = (),
) -> HeadPoseTrack:
    """A track without displacement, relative to the median of its rotation.

    time_s : (N,) seconds, increasing; rotation : (N, 4) quaternions of the head in the head frame's axes
    source : the file, for its SHA-256
    valid : (N,) False where the rotation is not known and gets bridged; at least one is True
    said : sentences for the user beside the one about displacement
    """
    valid = np.ones(len(time_s), np.bool_) if valid is None else valid
    neutral = rot.geodesic_median(rotation[valid])
    known = rot.continuous(rot.multiply(rot.inverse(neutral), rotation[valid]))
    return HeadPoseTrack(
        time_s=time_s,
        rotation=rot.normalize(bridged(time_s, known, valid)),
        translation_m=np.zeros((len(time_s), 3)),
        valid=valid,
        meta={
            "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
            "neutral": {
                "frame": "chest or camera, axes of the head frame",
                "rotation_wxyz": neutral.tolist(),
            },
            "warnings": [*said, NO_DISPLACEMENT],
        },
    )

"""Ground truth of each frame of the example, as tables."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.files import replacing
from mannerism.core.motion import GRID_HZ, NECK_PIVOT_M, HeadMotion, HeadPoseTrack
from mannerism.core.motion_csv import write_track
from mannerism.core.types import Array
from mannerism.tools.make_example.blender_objects import TO_WORLD
from mannerism.tools.make_example.mouth import is_closure
from mannerism.tools.make_example.studio import CAMERA_M, FOCAL_HEIGHTS
from mannerism.tools.make_example.voice import Speech


def write_head(path: Path, motion: HeadMotion) -> None:
    """The head's motion relative to its neutral pose, as a track that missed no frame."""
    camera = np.linalg.inv(TO_WORLD)[:3, :3] @ CAMERA_M
    meta = {
        "made_by": "tools/make_example",
        "frame_rate": GRID_HZ,
        "focal_heights": FOCAL_HEIGHTS,
        "neck_pivot_m": list(NECK_PIVOT_M),
        "neutral": {
            "frame": "camera: +x right in the picture, +y up, +z towards the camera",
            "rotation_wxyz": rot.IDENTITY.tolist(),
            "pivot_m": (np.array(NECK_PIVOT_M) - camera).round(6).tolist(),
        },
    }
    valid = np.ones(len(motion.time_s), bool)
    write_track(path, HeadPoseTrack(motion.time_s, motion.rotation, motion.translation_m, valid, meta))


def write_face(path: Path, time_s: Array, opening_m: Array, blink: Array) -> None:
    """Gap between the inner lips, metres, and how far the lids are shut, 0 to 1."""
    rows = [(f"{t:.6f}", f"{o:.6f}", f"{b:.4f}") for t, o, b in zip(time_s, opening_m, blink, strict=True)]
    _write(path, ("time_s", "mouth_opening_m", "blink"), rows)


def write_phonemes(path: Path, speech: Speech) -> None:
    """What is said when, and which sounds need lips that touch."""
    rows = [(f"{p.start_s:.4f}", f"{p.end_s:.4f}", p.label, int(is_closure(p))) for p in speech.phonemes]
    _write(path, ("start_s", "end_s", "phoneme", "closure"), rows)


def _write(path: Path, header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

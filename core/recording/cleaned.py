"""Cleaned recording: picture and sound brought in step, cuts and listeners' stretches left out, on the common grid."""

from dataclasses import dataclass, replace

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ, HeadPoseTrack
from ..speech import SpeechFeatures
from ..style.resampling import to_grid
from ..track import FaceMeasurements
from ..track.tracker import head_track
from ..types import Array, BoolArray, Float32Array, IntArray
from .cuts import find_cuts, noise_deg, track_noise_deg
from .lips import estimate_offset, expected, lips_of
from .listener_detection import listening, runs

LEAST_S = 2.0
"""Length of the shortest stretch that is used."""

_LEAST_AGREEMENT = 1.5  # four in five voices of others stay below it
_FARTHEST_S = 0.38
_FARTHEST_TURN_DEG = 50.0
_FEWEST_FRAMES = 5


@dataclass(frozen=True)
class Measured:
    """All that is measured of a video.

    change : (N,) of the face's frames, from `cuts.picture_changes`
    """

    face: FaceMeasurements
    speech: SpeechFeatures
    change: Float32Array


@dataclass(frozen=True)
class Findings:
    """What is known of a recording beside its samples.

    duration_s : length of the sound
    noise_deg : the tracker's noise in one frame of pitch, yaw and roll, before any smoothing
    av_offset_s : what was added to the picture's times to bring it in step with the sound
    av_confidence : standard deviations by which mouth and voice agree better than at wrong times
    segments : [first, stop) samples of speech by the visible person, without cuts or gaps
    rejected : why nothing of the recording is used, or None
    """

    duration_s: float
    noise_deg: tuple[float, float, float]
    av_offset_s: float = 0.0
    av_confidence: float = 0.0
    segments: tuple[tuple[int, int], ...] = ()
    rejected: str | None = None

    @property
    def usable_s(self) -> float:
        """Seconds in all segments."""
        return sum(stop - first for first, stop in self.segments) / GRID_HZ


@dataclass(frozen=True)
class Samples:
    """A recording on the grid of GRID_HZ from the first audio sample on.

    time_s : (T,) float64 seconds, i / GRID_HZ
    rotvec_rad : (T, 3) rotation vectors of the head relative to the shot's neutral pose
    translation_m : (T, 3) displacement of the neck pivot
    valid : (T,) False where no face was found, and the pose is bridged or held
    speech : (T, F) columns as in `core.speech.NAMES`
    """

    time_s: Array
    rotvec_rad: Float32Array
    translation_m: Float32Array
    valid: BoolArray
    speech: Float32Array


def cleaned(measured: Measured) -> tuple[Findings, Samples | None]:
    """What remains of a measured video: findings, and samples unless it is rejected."""
    face, speech = measured.face, measured.speech
    voice = expected(speech)
    offset = estimate_offset(lips_of(face, speech.time_s), voice)
    found = Findings(
        duration_s=round(speech.duration_s, 3),
        noise_deg=noise_deg(face),
        av_offset_s=round(offset.offset_s, 3),
        av_confidence=round(offset.confidence, 2),
    )
    if offset.confidence < _LEAST_AGREEMENT:
        return replace(found, rejected="lips and voice do not belong together"), None
    if abs(offset.offset_s) > _FARTHEST_S:
        return replace(found, rejected="picture and sound are 0.4 s apart or more"), None
    vectors, translation, shot = _shots(
        face, find_cuts(face, measured.change), speech.time_s, offset.offset_s
    )
    lips = lips_of(face, speech.time_s, offset.offset_s)
    away = listening(lips, voice, speech.column("activity"))
    spans = [
        span
        for number in range(1, shot.max(initial=0) + 1)
        for span in runs((shot == number) & ~away, round(LEAST_S * GRID_HZ))
    ]
    if not spans:
        reason = f"no {LEAST_S:.0f} s of the face from the front, without a cut, with its own voice"
        return replace(found, rejected=reason), None
    return replace(found, segments=tuple(spans)), _samples(vectors, translation, shot > 0, speech)


def cleaned_track(track: HeadPoseTrack, speech: SpeechFeatures) -> tuple[Findings, Samples | None]:
    """What remains of a track and its sound.

    It shows neither lips nor cuts, so that sound and motion are taken to be in step, and of one person.
    """
    found = Findings(round(speech.duration_s, 3), track_noise_deg(track))
    count = len(speech.time_s)
    vectors, translation = np.zeros((count, 3)), np.zeros((count, 3))
    valid = np.zeros(count, np.bool_)
    if track.valid.sum() >= _FEWEST_FRAMES:
        _place(track, vectors, translation, valid)
    spans = runs(valid, round(LEAST_S * GRID_HZ))
    if not spans:
        return replace(found, rejected=f"no {LEAST_S:.0f} s in which the head is tracked in the sound"), None
    return replace(found, segments=tuple(spans)), _samples(vectors, translation, valid, speech)


def _samples(vectors: Array, translation: Array, valid: BoolArray, speech: SpeechFeatures) -> Samples:
    return Samples(
        speech.time_s, vectors.astype(np.float32), translation.astype(np.float32), valid, speech.values
    )


def _shots(
    face: FaceMeasurements, cuts: Array, time_s: Array, offset_s: float
) -> tuple[Array, Array, IntArray]:
    """Rotation vectors (T, 3) and translations (T, 3), each shot about its own neutral pose, held between
    them, and which shot is visible, from 1 on, 0 where no face is or it is turned away.
    """
    vectors, translation = np.zeros((len(time_s), 3)), np.zeros((len(time_s), 3))
    shot = np.zeros(len(time_s), np.intp)
    bounds = np.searchsorted(face.time_s, cuts)
    for number, frames in enumerate(np.split(np.arange(len(face.time_s)), bounds), 1):
        part = _frames(face, frames, offset_s)
        if part.found.sum() < _FEWEST_FRAMES or _turn_deg(part) > _FARTHEST_TURN_DEG:
            continue
        valid = np.zeros(len(time_s), np.bool_)
        placed = _place(head_track(part), vectors, translation, valid)
        shot[placed] = np.where(valid[placed], number, 0)
    return vectors, translation, shot


def _place(track: HeadPoseTrack, vectors: Array, translation: Array, valid: BoolArray) -> slice:
    """Write a track into arrays on the grid, and return where."""
    grid = to_grid(track)
    first, skipped = max(grid.start, 0), max(-grid.start, 0)
    last = min(grid.start + len(grid.valid), len(valid))
    if last <= first:
        return slice(0, 0)
    placed, inside = slice(first, last), slice(skipped, skipped + last - first)
    vectors[placed] = np.radians(grid.angles_deg[inside])
    translation[placed] = grid.translation_m[inside]
    valid[placed] = grid.valid[inside]
    return placed


def _frames(face: FaceMeasurements, frames: IntArray, offset_s: float) -> FaceMeasurements:
    return replace(
        face,
        time_s=face.time_s[frames] + offset_s,
        found=face.found[frames],
        rotation=face.rotation[frames],
        position_m=face.position_m[frames],
        mouth_m=face.mouth_m[frames],
    )


def _turn_deg(face: FaceMeasurements) -> float:
    """How far the neutral pose is turned from the camera's line of sight: half-profiles hide a cheek."""
    neutral = rot.geodesic_median(face.rotation[face.found])
    out_of_face = rot.rotate(neutral, [0.0, 0.0, 1.0])
    return float(np.degrees(np.arctan2(np.hypot(out_of_face[0], out_of_face[1]), out_of_face[2])))

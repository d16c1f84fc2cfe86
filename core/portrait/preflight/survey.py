"""Preflight survey of a reference: sampled faces, poses, colours and sound, before any analysis."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from ...errors import AudioError, VideoError
from ...media.sound import RATE_HZ, Sound
from ...motion import Progress, no_progress
from ...track.head_pose import head_poses
from ...track.main_person import main_person
from ...track.measure import DEFAULT_FOCAL_HEIGHTS
from ...types import Array, BoolArray, ByteArray, Float32Array, IntArray
from ..analysis.face_fit import fit_face
from ..analysis.first_pass import FirstPass, sample_frames
from ..analysis.sampled_frames import SampledFrame
from ..analysis.usable_frames import Visibility, visibility

SHORTEST_S = 2.0

_FEWEST_FOUND = 5
_REMEDY = (
    "Give a video that shows one person's face from the front, well lit, for 10 seconds or more,"
    " at least a sixth as high as the picture"
)
_CAMERA = np.array([1.0, 1.0, -1.0])  # depth of landmarks grows away from the camera


@dataclass(frozen=True)
class Survey:
    """Sampled frames of a reference, N of them, upright and with square pixels.

    name : of the file
    time_s : (N,) seconds from the first audio sample
    faces : (N,) how many faces were seen, 2 at most
    found : (N,) bool, whether the main person's face was; what follows of it is NaN or 0 where not
    landmarks : (N, 478, 3) pixels of the source; z grows towards the camera
    rotation : (N, 4) unit quaternions wxyz, head to camera
    colours : (N, 481, 3) 0 to 255, of the face at its landmarks and between the lips
    skin : (N, S, 3) colours of the skin, brightness apart, as `usable_frames.skin_colours`
    eyes : (N, 32, 64) uint8, the grey crop about the eyes, level
    small : (N, h, w) uint8, the grey frame, 320 pixels long
    width, height : of the source
    frame_rate, duration_s : frames a second on average, and length, of the whole file
    steps_s : (M,) between neighbouring frames of the source
    rival : presence of a second person as a share of the main one's
    turned : whether the file says that it lies on its side
    loudness_db : (N,) of the sound at those times, full scale 0; None where there is no sound
    cut_short : whether the file is damaged or breaks off
    damage : what is damaged and when, a sentence without a full stop; empty where nothing is
    """

    name: str
    time_s: Array
    faces: IntArray
    found: BoolArray
    landmarks: Array
    rotation: Array
    colours: Array
    skin: Float32Array
    eyes: ByteArray
    small: ByteArray
    width: int
    height: int
    frame_rate: float
    duration_s: float
    steps_s: Array
    rival: float
    turned: bool
    loudness_db: Array | None
    cut_short: bool
    damage: str = ""

    @cached_property
    def visibility(self) -> Visibility:
        """Visibility of the F faces found, by the rule of the analysis."""
        return visibility(fit_face(self.landmarks[self.found]), self.skin[self.found].astype(np.float64))

    @property
    def step_s(self) -> float:
        """Median time between sampled frames, seconds."""
        return float(np.median(np.diff(self.time_s)))

    @property
    def face_px(self) -> float:
        """Median width of the face, pixels of the source."""
        return float(np.median(np.ptp(self.landmarks[self.found, :, 0], axis=1)))

    @property
    def small_scale(self) -> float:
        """Scale of `small` relative to the source."""
        return self.small.shape[2] / self.width


def survey(path: Path, progress: Progress = no_progress) -> Survey:
    """Survey a reference at about 12 frames a second and reduced size, in bounded memory.

    Raises
    ------
    VideoError : no video, shorter than 2 s, no face in it
    MissingPartError : no face model
    """
    return survey_of(path, sample_frames(path, progress))


def survey_of(path: Path, first: FirstPass) -> Survey:
    """Build the survey of a reference from a pass over it. Reads its sound.

    Raises
    ------
    VideoError : shorter than 2 s, no face in it
    """
    samples, times = first.samples, first.time_s
    if not samples or times[-1] - times[0] < SHORTEST_S:
        seconds = times[-1] - times[0] if len(times) else 0.0
        raise VideoError(f"“{path.name}” shows only {seconds:.1f} s", _REMEDY)
    counts = np.array([len(sample.faces) for sample in samples], np.intp)
    if not counts.any():
        raise VideoError(f"No face was found in “{path.name}”", _REMEDY)
    facts, steps_s = first.facts, np.diff(times)
    time_s = np.array([sample.time_s for sample in samples])
    of_sample = np.repeat(np.arange(len(samples)), counts)
    faces = _all(samples, "faces")
    poses = head_poses(faces, facts.width, facts.height, DEFAULT_FOCAL_HEIGHTS)
    chosen, rival = main_person(time_s[of_sample], poses.position_m)
    place = of_sample[chosen]
    if len(place) < _FEWEST_FOUND:
        found = f"{len(place)} of {len(samples)}"
        raise VideoError(f"A face was found in only {found} pictures looked at of “{path.name}”", _REMEDY)

    def spread(values: Array, missing: float = np.nan) -> Array:
        whole = np.full((len(samples), *values.shape[1:]), missing, values.dtype)
        whole[place] = values[chosen]
        return whole

    size = np.array([facts.width, facts.height, facts.width], np.float64)
    return Survey(
        name=path.name,
        time_s=time_s,
        faces=counts,
        found=np.isin(np.arange(len(samples)), place),
        landmarks=spread(faces * size * _CAMERA),
        rotation=spread(poses.rotation),
        colours=spread(_all(samples, "colours")),
        skin=np.asarray(spread(_all(samples, "skin")), np.float32),
        eyes=np.asarray(spread(_all(samples, "eyes"), 0), np.uint8),
        small=_small(samples),
        width=facts.width,
        height=facts.height,
        frame_rate=facts.frame_rate or float(1.0 / np.median(steps_s)),
        duration_s=facts.duration_s or float(steps_s.sum()),
        steps_s=steps_s,
        rival=rival,
        turned=facts.is_stored_lying,
        loudness_db=_loudness_db(path, time_s),
        cut_short=first.cut_short,
        damage=first.damage,
    )


def _all(samples: tuple[SampledFrame, ...], name: str) -> Array:
    """A feature of all faces of all samples, concatenated."""
    return np.concatenate([getattr(sample, name) for sample in samples])


def _small(samples: tuple[SampledFrame, ...]) -> ByteArray:
    """Small grey frames, all resized to that of the first one."""
    size = samples[0].small.shape[::-1]
    return np.array([cv2.resize(sample.small, size) for sample in samples], np.uint8)


def _loudness_db(path: Path, time_s: Array) -> Array | None:
    """RMS loudness, dB, in the 40 ms windows nearest to times (N,); None without readable sound."""
    window = RATE_HZ // 25
    levels: list[Array] = []
    rest = np.zeros(0, np.float32)
    try:
        for piece in Sound(path).part(0.0, float(time_s[-1]) + 1.0):
            rest = np.concatenate([rest, piece])
            whole = len(rest) // window * window
            levels.append(np.square(rest[:whole].reshape(-1, window), dtype=np.float64).mean(axis=1))
            rest = rest[whole:]
    except AudioError:
        pass
    power = np.concatenate(levels) if levels else np.zeros(0)
    if len(power) == 0:
        return None
    at = np.clip((time_s * 25).astype(int), 0, len(power) - 1)
    return np.asarray(10 * np.log10(power[at] + 1e-12))

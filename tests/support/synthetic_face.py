"""Measurements of a head that never was, with a mouth that follows a voice."""

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.speech.windows import smooth
from mannerism.core.track import FaceMeasurements

FPS = 30.0


def mouth_of(speech, time_s, late_s=0.0):
    """Opening in metres at times of the picture, a moment before the sound.

    Open vowels are loud around their first formants (bands 3, 4, 8 and 9); behind closed lips there is
    only the voice's hum (bands 1 and 2).
    """
    vowel = sum(speech.column(f"mel_{band:02d}") for band in (3, 4, 8, 9)) / 4.0
    hum = sum(speech.column(f"mel_{band:02d}") for band in (1, 2)) / 2.0
    opening = smooth(np.maximum(vowel - 0.5 * hum + 2.0, 0.0), 0.04)
    return 0.004 * np.interp(np.asarray(time_s) - late_s + 0.08, speech.time_s, opening)


def face_of(speech, *, seconds=None, late_s=0.0, fps=FPS, seed=0, noise_deg=0.1):
    """A head that sways, and whose lips go with `speech`; the picture is late by `late_s`."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, (seconds or speech.duration_s), 1.0 / fps)
    count = len(time_s)
    sway = np.radians(3.0) * np.sin(2 * np.pi * np.outer(time_s, [0.5, 0.3, 0.2]) + rng.uniform(0, 6, 3))
    sway += np.radians(noise_deg) * rng.normal(size=(count, 3))
    place = np.array([0.0, 0.0, -0.8]) + 0.005 * np.sin(2 * np.pi * 0.25 * time_s)[:, None]
    return FaceMeasurements(
        time_s=time_s,
        found=np.ones(count, np.bool_),
        rotation=rot.from_rotvec(sway),
        position_m=place,
        mouth_m=mouth_of(speech, time_s, late_s) + 0.0003 * rng.normal(size=count),
        width=640,
        height=480,
        frame_rate=fps,
        focal_heights=1.5,
        rival=0.0,
        cut_short=False,
        source_sha256="0",
        model_sha256="0",
    )

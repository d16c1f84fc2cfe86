"""Data classes of a donation: consent, and two recordings without picture or sound."""

from dataclasses import dataclass, replace

import numpy as np

from ..recording import Findings, Samples
from ..speech import NAMES
from .consent import Consent

PROSODY = NAMES[: NAMES.index("mel_01")]
"""Speech features that a donation holds. The spectrum is left out: speech in four bands is understood by nearly all, in
one band, which is what loudness is, by hardly anybody (Shannon et al. 1995)."""

ORIGINS = ("video", "track")


@dataclass(frozen=True)
class DonatedRecording:
    """One recording.

    origin : a name in ORIGINS; a track shows no lips, so nobody checked that its sound belongs to it
    occasion : recordings with the same number were made on one occasion
    rotation_only : whether translation means nothing
    findings : what is known beside the samples
    samples : zero outside of the segments, and in the columns that are not in PROSODY
    """

    origin: str
    occasion: int
    rotation_only: bool
    findings: Findings
    samples: Samples


@dataclass(frozen=True)
class Donation:
    """Two recordings of one person who signed for them."""

    consent: Consent
    recordings: tuple[DonatedRecording, DonatedRecording]


def without_the_rest(samples: Samples, segments: tuple[tuple[int, int], ...]) -> Samples:
    """Samples of segments alone, without the spectrum: what is around them may show somebody else."""
    inside = np.zeros(len(samples.time_s), np.bool_)
    for first, stop in segments:
        inside[first:stop] = True
    kept = inside[:, None]
    kept_columns = np.arange(len(NAMES)) < len(PROSODY)
    return replace(
        samples,
        rotvec_rad=np.where(kept, samples.rotvec_rad, np.float32(0.0)),
        translation_m=np.where(kept, samples.translation_m, np.float32(0.0)),
        valid=samples.valid & inside,
        speech=np.where(kept & kept_columns, samples.speech, np.float32(0.0)),
    )

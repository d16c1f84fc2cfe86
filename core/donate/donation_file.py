"""Donation files, written: JSON that anybody can read, with columns of whole numbers in a unit that the file states.

A stretch of a recording is a segment, its first sample on the grid of 25 Hz, and a column for each channel. Values
are rounded to the unit, so they differ from what was measured by half of it at most.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import OutputError
from ..files import replacing
from ..motion import GRID_HZ
from ..recording import Samples
from ..types import Array
from .donation import PROSODY, DonatedRecording, Donation

SUFFIX = ".donation.json"
LARGEST_BYTES = 5_000_000
"""More than two recordings of LONGEST_S have with all digits; a minute has 0.1 MB."""

LONGEST_S = 600.0
"""Length of the longest recording."""

FORMAT, VERSION = "mannerism-donation", 1
ROTATION = ("pitch_rad", "yaw_rad", "roll_rad")
TRANSLATION = ("x_m", "y_m", "z_m")
UNITS: Mapping[str, float] = {
    **dict.fromkeys(ROTATION, 1e-5),
    **dict.fromkeys(TRANSLATION, 1e-5),
    **dict.fromkeys(PROSODY, 1e-3),
}
"""What 1 in a column means: rotation vectors in radians, metres, and the units of `core.speech.NAMES`."""


def write_donation(path: Path, donation: Donation) -> None:
    """Write a donation, whole or not at all, and never over a file.

    Raises
    ------
    OutputError : there is a file of that name, or it cannot be written
    """
    refuse_existing(path)
    consent = donation.consent
    content = {
        "format": FORMAT,
        "version": VERSION,
        "licence": consent.licence,
        "statement": consent.statement,
        "signed_by": consent.signed_by,
        "signed_on": consent.signed_on.isoformat(),
        "samples_per_second": GRID_HZ,
        "units": dict(UNITS),
        "recordings": [_written(recording) for recording in donation.recordings],
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
        refuse_existing(path)


def refuse_existing(path: Path) -> None:
    """Refuse to write over a file: somebody signed it. Raises OutputError."""
    if path.exists() or path.is_symlink():
        raise OutputError(
            f"“{path.name}” is there already", "Choose another name; a donation is never overwritten"
        )


def _written(recording: DonatedRecording) -> dict[str, Any]:
    found, samples = recording.findings, recording.samples
    columns = _columns(samples)
    return {
        "origin": recording.origin,
        "occasion": recording.occasion,
        "rotation_only": recording.rotation_only,
        "duration_s": found.duration_s,
        "samples": len(samples.time_s),
        "noise_deg": list(found.noise_deg),
        "av_offset_s": found.av_offset_s,
        "av_confidence": found.av_confidence,
        "stretches": [
            {"first": first, **{name: _text(values[first:stop]) for name, values in columns.items()}}
            for first, stop in found.segments
        ],
    }


def _columns(samples: Samples) -> dict[str, Array]:
    """All channels in whole units, (T,) each."""
    whole = np.column_stack([samples.rotvec_rad, samples.translation_m, samples.speech[:, : len(PROSODY)]])
    return {
        name: np.rint(values / unit)
        for (name, unit), values in zip(UNITS.items(), whole.T.astype(np.float64), strict=True)
    }


def _text(values: Array) -> str:
    return " ".join(map(str, values.astype(np.int64).tolist()))

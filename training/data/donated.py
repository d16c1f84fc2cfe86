"""Donated recordings beside videos: files that `mannerism donate` wrote, as rows and arrays of a dataset.

They are trained on, and judge nobody: there is no sound that a take could be generated for.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mannerism.core.donate.donation import DonatedRecording, Donation
from mannerism.core.donate.donation_file import SUFFIX
from mannerism.core.donate.donation_reader import read_donation
from mannerism.core.errors import DonationError
from mannerism.training.data.dataset import Arrays, Recording

PART = "train"
SOURCE = "donated"

_LICENCES = {"CC0-1.0": "CC0 1.0", "CC-BY-4.0": "CC BY 4.0"}
"""As catalogues name them."""


def find_donations(folder: Path) -> list[Path]:
    """Donation files in a folder and the folders in it, in a fixed order."""
    return sorted(path for path in folder.rglob(f"*{SUFFIX}") if path.is_file())


def donated(folder: Path) -> Iterator[tuple[Recording, Arrays | None]]:
    """Rows of all donated recordings of a folder, each with its arrays; files that are none have a row with the reason."""
    seen: set[str] = set()
    for path in find_donations(folder):
        name = "_".join(path.relative_to(folder).parts)[: -len(SUFFIX)]
        try:
            donation = read_donation(path)
        except DonationError as error:
            yield _refused(name, error.problem), None
            continue
        for number, recording in enumerate(donation.recordings, 1):
            row = _row(f"{name}_{number}", f"{name}_{recording.occasion}", donation, recording)
            digest = hashlib.sha256(recording.samples.rotvec_rad.tobytes()).hexdigest()
            if digest in seen:
                yield replace(row, segments=(), rejected="another donated recording is the same"), None
                continue
            seen.add(digest)
            yield row, Arrays(**vars(recording.samples))


def _row(name: str, session: str, donation: Donation, recording: DonatedRecording) -> Recording:
    return Recording(
        id=name,
        person=donation.consent.person,
        source=SOURCE,
        session=session,
        licence=_LICENCES[donation.consent.licence],
        split=PART,
        rotation_only=recording.rotation_only,
        prosody_only=True,
        **vars(recording.findings),
    )


def _refused(name: str, reason: str) -> Recording:
    return Recording(
        id=name,
        person=name,
        source=SOURCE,
        session=name,
        licence="",
        split=PART,
        duration_s=0.0,
        noise_deg=(0.0, 0.0, 0.0),
        av_offset_s=0.0,
        av_confidence=0.0,
        rotation_only=True,
        segments=(),
        rejected=reason,
        prosody_only=True,
    )

"""Whether a file that another machine says it wrote can be seen from here: a folder that only looks shared loses lines."""

from pathlib import Path

from ..batch.status import FAILED, SKIPPED, Outcome
from ..files import sha256_of

SEEN_WITHIN_S = 90.0
"""Network file systems may remember for a minute that a file was not there."""


def is_as_said(outcome: Outcome) -> bool:
    """Whether the file of an outcome is here as that machine wrote it, by size and SHA-256."""
    if outcome.status == FAILED:
        return True
    path = Path(outcome.out)
    try:
        if outcome.status == SKIPPED and outcome.reason:  # edited since, and kept
            return path.is_file()
        return path.stat().st_size == outcome.size and sha256_of(path) == outcome.sha256
    except OSError:
        return False

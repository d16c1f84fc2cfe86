"""The jobs of the worker about talking-head videos and the person in them."""

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..motion import Progress


def portrait(
    progress: Progress,
    *,
    reference: str,
    audio: str,
    out: str,
    cache: str,
    consent: str,
    motion: str,
    preview: str,
    fps: str,
    style: str = "",
    **settings: Any,
) -> dict[str, Any]:
    """Write a talking-head video, and NAME.confidence.csv beside it, see `portrait/job.py`.

    cache : folder of what is kept, see `portrait/output/frame_store.py`
    consent : SHA-256 of the reference for which the user gave their word
    motion : `.npz` of the head's motion; empty to have one generated
    preview : folder for the newest picture
    settings : other fields of PortraitRequest

    Raises
    ------
    ConsentError, MannerismError : as `make_portrait`
    """
    from .. import api
    from ..motion_npz import load_motion
    from ..portrait.job import write_confidence
    from ..portrait.output.preview import Preview
    from ..portrait.reference.identity import fingerprint

    result = api.portrait(
        reference,
        audio,
        out,
        consent=consent == fingerprint(Path(reference)),
        motion=load_motion(Path(motion)) if motion else None,
        style=style or None,
        fps=Fraction(fps),
        folder=cache,
        preview=Preview(Path(preview)),
        progress=progress,
        **settings,
    )
    confidence = result.out.with_suffix(".confidence.csv")
    write_confidence(confidence, result)
    return {"out": str(result.out), "confidence_csv": str(confidence), "notes": list(result.notes)}


def attest(progress: Progress, *, reference: str, cache: str) -> dict[str, Any]:
    """Note that the person in a reference agrees, see `portrait/reference/consent.py`. Reads the whole file.

    Raises
    ------
    VideoError, OutputError
    """
    from ..portrait.reference.consent import attest as note
    from ..portrait.reference.consent import mend
    from ..portrait.reference.identity import Reference

    progress(0.0, "Reading the reference")
    known = Reference.of(Path(reference))
    mended = mend(Path(cache))
    return {"sha256": known.sha256, "date": note(known, Path(cache)), "note": mended}


def coverage(progress: Progress, *, reference: str, size: int) -> dict[str, Any]:
    """Measure what a reference shows of its person, and what is wrong with it; see `portrait/preflight/coverage.py`.

    Raises
    ------
    VideoError, MissingPartError, CancelledError
    """
    from .. import api

    meter = api.coverage(reference, size=size, progress=progress)
    return {
        "rows": [asdict(row) for row in meter.rows],
        "faults": [str(fault) for fault in meter.faults],
        "bars_high": str(meter.blocks_high_quality or ""),
    }


def forget(progress: Progress, *, reference: str, cache: str) -> dict[str, Any]:
    """Delete all that is kept of a reference, see `portrait/job.py`. Raises VideoError, OutputError."""
    from ..portrait.job import forget as forget_reference

    progress(0.0, "Deleting what was made from the reference")
    forget_reference(Path(reference), Path(cache))
    return {}

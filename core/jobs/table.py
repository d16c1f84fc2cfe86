"""What the worker can do. Each job imports what it needs: the table itself costs nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..motion import Progress
from ..progress import part
from ..worker.server import Job


def encode(progress: Progress, *, source: str, style_out: str, keep_motion: bool) -> dict[str, Any]:
    """Write the style of the speaker in a video, or of recorded head motion (see `track/read_reference.py`).

    Raises
    ------
    VideoError, AudioError, TableError, StyleError, MissingPartError, OutputError, CancelledError
    """
    from ..speech import extract_features
    from ..style import encode_style, write_style
    from ..track.read_reference import read_reference

    path = Path(source)
    track, has_voice = read_reference(path, part(progress, 0.0, 0.9))
    speech = extract_features(path, progress=part(progress, 0.9, 1.0)) if has_voice else None
    style = encode_style(track, speech, keep_motion=keep_motion)
    write_style(Path(style_out), style)
    notes = [*track.meta.get("warnings", []), *style.reasons]
    return {"confidence": style.confidence, "notes": notes}


def generate(
    progress: Progress,
    *,
    audio: str,
    style: str,
    motion_out: str,
    start_s: float = 0.0,
    length_s: float | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """Write the head motion for a speech sound, or a part of it, as `.npz`, see `arrays.py`.

    settings : fields of GenerationSettings

    Raises
    ------
    AudioError, StyleError, SettingsError, MissingPartError, CancelledError
    """
    from ..generate import GenerationSettings, generate
    from ..motion_npz import save_motion
    from ..speech import extract_features
    from ..style import read_style

    manner = read_style(Path(style))
    speech = extract_features(Path(audio), part(progress, 0.0, 0.6), start_s=start_s, length_s=length_s)
    motion = generate(manner, speech, GenerationSettings(**settings), progress=part(progress, 0.6, 1.0))
    save_motion(Path(motion_out), motion)
    return {"duration_s": motion.duration_s}


def line(
    progress: Progress,
    *,
    id: str,  # noqa: A002  as in a manifest
    audio: str,
    style: str,
    out: str,
    fps: str,
    known: str,
    **settings: Any,
) -> dict[str, Any]:
    """Write the motion file of one line of a batch, see `batch/line.py`.

    settings : fields of GenerationSettings

    Raises
    ------
    MannerismError : as `make`
    """
    from fractions import Fraction

    from ..batch.line import make
    from ..batch.manifest import Line
    from ..generate import GenerationSettings
    from ..timing import FrameRate

    rate = FrameRate(Fraction(fps))
    wanted = Line(id, Path(audio), Path(style), Path(out), GenerationSettings(**settings), rate)
    made = make(wanted, known, progress)
    return {"digest": made.digest, "written": made.written}


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
    from fractions import Fraction

    from ..motion_npz import load_motion
    from ..portrait.job import make_portrait, write_confidence
    from ..portrait.model.request import PortraitRequest
    from ..portrait.output.preview import Preview
    from ..portrait.reference.consent import attest, refusal

    request = PortraitRequest(
        reference=Path(reference),
        audio=Path(audio),
        out=Path(out),
        folder=Path(cache),
        motion=load_motion(Path(motion)) if motion else None,
        style=Path(style) if style else None,
        fps=Fraction(fps),
        **settings,
    )
    if consent != request.identity.sha256:
        raise refusal(request.reference)
    attest(request.identity, request.folder)
    result = make_portrait(request, progress, Preview(Path(preview)))
    confidence = request.out.with_suffix(".confidence.csv")
    write_confidence(confidence, result)
    return {"out": str(result.out), "confidence_csv": str(confidence), "notes": list(result.notes)}


def attest(progress: Progress, *, reference: str, cache: str) -> dict[str, Any]:
    """Note that the person in a reference agrees, see `portrait/reference/consent.py`. Reads the whole file.

    Raises
    ------
    VideoError, OutputError
    """
    from ..portrait.reference.consent import attest as note
    from ..portrait.reference.identity import Reference

    progress(0.0, "Reading the reference")
    known = Reference.of(Path(reference))
    return {"sha256": known.sha256, "date": note(known, Path(cache))}


def coverage(progress: Progress, *, reference: str, size: int) -> dict[str, Any]:
    """What a reference shows of its person, and what is wrong with it; see `portrait/preflight/coverage.py`.

    Raises
    ------
    VideoError, MissingPartError, CancelledError
    """
    from dataclasses import asdict

    from ..portrait.preflight.coverage import check

    meter = check(Path(reference), progress, size=size)
    return {
        "rows": [asdict(row) for row in meter.rows],
        "faults": [str(fault) for fault in meter.faults],
        "bars_high": str(meter.bars_high or ""),
    }


def face(
    progress: Progress,
    *,
    audio: str,
    names: str,
    seed: int,
    strength: float,
    channels_out: str,
    start_s: float = 0.0,
    length_s: float | None = None,
) -> dict[str, Any]:
    """Write a speaking face as curves by the names of shape keys, see `face/channels.py` and `arrays.py`.

    names : `arkit` or `visemes`
    strength : of the mouth's movement and the brows'; 1 is people in general

    Raises
    ------
    AudioError, MissingPartError, OutputError, CancelledError
    """
    from dataclasses import replace
    from fractions import Fraction

    import numpy as np

    from ..face import channels
    from ..face.face_from_speech import face_from_speech
    from ..face.manner import FaceManner
    from ..media.sound import Sound
    from ..motion_npz import save_channels
    from ..timing import FrameRate

    progress(0.0, "Listening for the face")
    sound = Sound(Path(audio))
    speech = np.concatenate([*sound.part(start_s, length_s)])
    progress(0.3, "Speaking")
    time_s = FrameRate(Fraction(60)).grid(float(sound.duration))
    motion = face_from_speech(speech, FaceManner.average(), seed, time_s)
    motion = replace(motion, mouth=strength * motion.mouth, brows=strength * motion.brows)
    named = {"arkit": channels.arkit, "visemes": channels.visemes}[names](motion)
    named.pop(channels.SILENCE, None)  # a mesh at rest is silent
    save_channels(Path(channels_out), time_s, named)
    return {}


def forget(progress: Progress, *, reference: str, cache: str) -> dict[str, Any]:
    """Delete all that is kept of a reference, see `portrait/job.py`. Raises VideoError, OutputError."""
    from ..portrait.job import forget as forget_reference

    progress(0.0, "Deleting what was made from the reference")
    forget_reference(Path(reference), Path(cache))
    return {}


def doctor(progress: Progress) -> dict[str, Any]:
    """What is installed in this Python, in words, and whether the other jobs work with it."""
    from ..doctor import examine, report

    progress(0.0, "Trying each package")
    health = examine()
    return {"report": report(health), "works": health.main_job_works}


JOBS: Mapping[str, Job] = {
    job.__name__: job for job in (encode, generate, line, portrait, attest, coverage, face, forget, doctor)
}

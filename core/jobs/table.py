"""The jobs of the worker: the functions of `api` with plain values in and out. Each loads what it needs when it runs."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..motion import Progress
from ..worker.server import JobFunction
from .listed_line import file_record


def encode(progress: Progress, *, source: str, style_out: str, keep_motion: bool) -> dict[str, Any]:
    """Write the style of the speaker in a video, or of recorded head motion (see `track/read_reference.py`).

    Raises
    ------
    VideoError, AudioError, TableError, StyleError, MissingPartError, OutputError, CancelledError
    """
    from .. import api

    warnings: list[str] = []
    style = api.encode_style(source, keep_motion=keep_motion, on_warning=warnings.append, progress=progress)
    api.write_style(style_out, style)
    return {"confidence": style.confidence, "notes": [*warnings, *style.reasons]}


def generate(
    progress: Progress,
    *,
    audio: str,
    style: str,
    motion_out: str,
    direction: str = "",
    start_s: float = 0.0,
    length_s: float | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """Write the head motion for a speech sound, or a part of it, as `.npz`, see `motion_npz.py`.

    direction : what the take must do as JSON, see `direct/direction_file.py`; empty for nothing
    settings : fields of GenerationSettings

    Raises
    ------
    AudioError, StyleError, SettingsError, DirectionError, MissingPartError, CancelledError
    """
    from .. import api
    from ..direct.direction_file import direction_from_json
    from ..motion_npz import save_motion

    settings = {"seed": 0, **settings}
    motion = api.generate(
        style,
        audio,
        direction=direction_from_json(direction) if direction else None,
        start_s=start_s,
        length_s=length_s,
        progress=progress,
        **settings,
    )
    save_motion(Path(motion_out), motion)
    return {"duration_s": motion.duration_s, "notes": list(motion.notes)}


def generate_line(
    progress: Progress,
    *,
    out: str,
    fps: str,
    record: dict[str, Any],
    **wanted: Any,
) -> dict[str, Any]:
    """Write the motion for a line of Blender's list as `.npz`, unless the line is made.

    out, fps, record : as in `line_before`
    wanted : as in `generate`

    Raises
    ------
    MannerismError : as `generate` and `line_before`
    """
    from .listed_line import line_before

    progress(0.0, "Comparing with what is there")
    before = line_before(out=out, fps=fps, record=record, **wanted)
    return before if before["made"] else before | generate(progress, **wanted)


def line(
    progress: Progress,
    *,
    id: str,  # noqa: A002  as in a manifest
    audio: str,
    style: str,
    out: str,
    fps: str,
    form: dict[str, Any],
    record: dict[str, Any],
    statuses: list[str],
    overwrite_edited: bool,
    direct: str = "",
    **settings: Any,
) -> dict[str, Any]:
    """Write the motion file of one line of a batch, see `batch/line.py`.

    form : fields of the `Form` of the file
    record : fields of the `Record` of what was last written there, empty if nothing ever was
    statuses, overwrite_edited : as in `make_line`
    direct : file of what the take must do; empty for nothing
    settings : fields of GenerationSettings

    Raises
    ------
    MannerismError : as `make_line`
    """
    from ..batch.earlier import Record
    from ..batch.line import make_line
    from ..batch.manifest_row import Line
    from ..export import Form
    from ..generate import GenerationSettings
    from ..timing import FrameRate

    rate = FrameRate(Fraction(fps))
    skeleton = Path(form["skeleton"]) if form["skeleton"] else None
    layout = Form(form["preset"], skeleton, form["neck_share"])
    wanted = Line(
        id,
        Path(audio),
        Path(style),
        Path(out),
        GenerationSettings(**settings),
        rate,
        layout,
        direct=Path(direct) if direct else None,
    )
    made = make_line(
        wanted,
        Record(**record) if record else None,
        progress,
        statuses=[Path(status) for status in statuses],
        overwrite_edited=overwrite_edited,
    )
    return asdict(made)


def line_facts(progress: Progress, *, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Look at the files of some lines of a batch for its report, see `report/facts.py`.

    lines : as `Case.plain` of `report/gathering.py` returns them

    Raises
    ------
    CancelledError : through `progress`
    """
    from ..report.facts import gather
    from ..report.gathering import Case

    facts = []
    for at, values in enumerate(lines):
        progress(at / len(lines), "Looking at the lines")
        case = Case.of_plain(values)
        facts.append(gather(case.line, case.record).plain())
    return {"facts": facts}


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


def face(
    progress: Progress,
    *,
    audio: str,
    names: str,
    seed: int,
    strength: float,
    channels_out: str,
    head: str = "",
    doses: Mapping[str, float] | None = None,
    start_s: float = 0.0,
    length_s: float | None = None,
) -> dict[str, Any]:
    """Write a speaking face as curves by the names of shape keys, see `face/channels.py` and `motion_npz.py`.

    names : `arkit` or `visemes`
    strength : of the mouth's movement and the brows'; 1 is people in general
    head : motion that the eyes belong to, see `motion_npz.py`; without, a still head
    doses : of the eyes, fields of `GazeDoses`; without, the eyes rest

    Raises
    ------
    AudioError, MissingPartError, OutputError, CancelledError
    """
    from .. import api
    from ..gaze.settings import DOSES
    from ..motion_npz import load_motion, save_channels

    curves = api.face(
        audio,
        names=names,
        seed=seed,
        strength=strength,
        head=load_motion(Path(head)) if head else None,
        start_s=start_s,
        length_s=length_s,
        progress=progress,
        gaze=doses if doses is not None else dict.fromkeys(DOSES, 0.0),
    )
    save_channels(Path(channels_out), curves.time_s, curves.channels)
    return {"notes": list(curves.notes)}


def forget(progress: Progress, *, reference: str, cache: str) -> dict[str, Any]:
    """Delete all that is kept of a reference, see `portrait/job.py`. Raises VideoError, OutputError."""
    from ..portrait.job import forget as forget_reference

    progress(0.0, "Deleting what was made from the reference")
    forget_reference(Path(reference), Path(cache))
    return {}


def doctor(progress: Progress) -> dict[str, Any]:
    """Report what is installed in this Python, and whether the other jobs work with it."""
    from ..doctor import examine, report

    progress(0.0, "Trying each package")
    health = examine()
    return {"report": report(health), "works": health.ready}


JOBS: Mapping[str, JobFunction] = {
    job.__name__: job
    for job in (
        encode,
        generate,
        generate_line,
        file_record,
        line,
        line_facts,
        portrait,
        attest,
        coverage,
        face,
        forget,
        doctor,
    )
}

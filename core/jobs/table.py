"""The jobs of the worker: the functions of `api` with plain values in and out. Each loads what it needs when it runs."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..motion import Progress
from ..worker.server import JobFunction
from .listed_line import file_record
from .talking_head import attest, coverage, forget, portrait

if TYPE_CHECKING:
    from ..speech.features import SpeechFeatures


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
    activity_out: str = "",
    **settings: Any,
) -> dict[str, Any]:
    """Write the head motion for a speech sound, or a part of it, as `.npz`, see `motion_npz.py`.

    direction : what the take must do as JSON, see `direct/direction_file.py`; empty for nothing
    activity_out : where to write the curve `activity` of the speech, 0 in pauses to 1; empty for nowhere
    settings : fields of GenerationSettings

    Raises
    ------
    AudioError, StyleError, SettingsError, DirectionError, MissingPartError, CancelledError
    """
    from ..api.arguments import style_of
    from ..direct.direction import Direction
    from ..direct.direction_file import direction_from_json
    from ..generate import GenerationSettings
    from ..generate.from_audio import motion_from_audio
    from ..motion_npz import save_channels, save_motion

    def on_speech(speech: "SpeechFeatures") -> None:
        if activity_out:
            save_channels(Path(activity_out), speech.time_s, {"activity": speech.column("activity")})

    motion = motion_from_audio(
        style_of(style),
        Path(audio),
        GenerationSettings(**settings),
        progress,
        direction=direction_from_json(direction) if direction else Direction(),
        start_s=start_s,
        length_s=length_s,
        on_speech=on_speech,
    )
    save_motion(Path(motion_out), motion)
    return {"duration_s": motion.duration_s, "notes": list(motion.notes)}


def generate_line(
    progress: Progress,
    *,
    out: str,
    fps: str,
    record: dict[str, Any],
    asked: str = "",
    **wanted: Any,
) -> dict[str, Any]:
    """Write the motion for a line of Blender's list as `.npz`, unless the line is made.

    out, fps, record, asked : as in `line_before`
    wanted : as in `generate`

    Raises
    ------
    MannerismError : as `generate` and `line_before`
    """
    from .listed_line import line_before

    progress(0.0, "Comparing with what is there")
    before = line_before(out=out, fps=fps, record=record, asked=asked, **wanted)
    return before if before["made"] else before | generate(progress, **wanted)


def line(
    progress: Progress,
    *,
    wanted: dict[str, Any],
    record: dict[str, Any],
    statuses: list[str],
    overwrite_edited: bool,
) -> dict[str, Any]:
    """Write the motion file of one line of a batch, see `batch/line.py`.

    wanted : as `plain` of `batch/plain_line.py` returns it
    record : fields of the `Record` of what was last written there, empty if nothing ever was
    statuses, overwrite_edited : as in `make_line`

    Raises
    ------
    MannerismError : as `make_line`
    """
    from ..batch.earlier import Record
    from ..batch.line import make_line
    from ..batch.plain_line import of_plain

    made = make_line(
        of_plain(wanted),
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
    expression: Mapping[str, float] | None = None,
    start_s: float = 0.0,
    length_s: float | None = None,
) -> dict[str, Any]:
    """Write a speaking face as curves by the names of shape keys, see `face/channels.py` and `motion_npz.py`.

    names : `arkit` or `visemes`
    strength : of the mouth's movement and the brows'; 1 is people in general
    head : motion that the eyes belong to, see `motion_npz.py`; without, a still head
    doses : of the eyes, fields of `GazeDoses`; without, the eyes rest
    expression : doses of brows, cheeks and lids, fields of `ExpressionDoses`

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
        expression=expression,
    )
    save_channels(Path(channels_out), curves.time_s, curves.channels)
    return {"notes": list(curves.notes)}


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

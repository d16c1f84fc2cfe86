"""What the worker can do. Each job imports what it needs: the table itself costs nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..motion import Progress
from .server import Job


def encode(progress: Progress, *, source: str, style_out: str, keep_motion: bool) -> dict[str, Any]:
    """Write the style of the speaker in a video, or of recorded head motion (see `track/reference.py`).

    Raises
    ------
    VideoError, AudioError, TableError, StyleError, MissingPartError, OutputError, CancelledError
    """
    from ..speech import extract_features
    from ..style import encode_style, write_style
    from ..track.reference import read_reference

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
    from ..speech import extract_features
    from ..style import read_style
    from .arrays import save_motion

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


def part(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a stage that takes the whole from `start` to `end`."""

    def stage(share: float, what: str) -> None:
        progress(start + (end - start) * share, what)

    return stage


def doctor(progress: Progress) -> dict[str, Any]:
    """What is installed in this Python, in words, and whether the other jobs work with it."""
    from ..doctor import examine, report

    progress(0.0, "Trying each package")
    health = examine()
    return {"report": report(health), "works": health.main_job_works}


JOBS: Mapping[str, Job] = {"encode": encode, "generate": generate, "line": line, "doctor": doctor}

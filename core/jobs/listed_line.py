"""What there is of a line of Blender's list, and what was written of it, with plain values in and out."""

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..motion import Progress


def line_before(
    *,
    out: str,
    fps: str,
    record: dict[str, Any],
    audio: str,
    style: str,
    motion_out: str,
    asked: str = "",
    direction: str = "",
    activity_out: str = "",
    start_s: float = 0.0,
    length_s: float | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """What there is of a line of Blender's list: the fields of `Before`, see `batch/listed_line.py`.

    out : the line's file, empty where it becomes a layer
    record : fields of the `Record` of what was made for it, empty where that is gone
    asked : JSON of the direction by which it is another line, see `direct/direction_file.py`; empty for nothing
    direction : of all that the take must do, which is more where a take before it was edited
    """
    from ..batch.earlier import Record
    from ..batch.listed_line import file_before, layer_before
    from ..batch.manifest_row import Line
    from ..generate import GenerationSettings
    from ..timing import FrameRate

    del motion_out, direction, activity_out, start_s, length_s
    wanted = Line(
        record.get("id", ""),
        Path(audio),
        Path(style),
        Path(out or "layer"),
        GenerationSettings(**settings),
        FrameRate(Fraction(fps)),
    )
    return asdict((file_before if out else layer_before)(wanted, Record(**record) if record else None, asked))


def file_record(progress: Progress, *, path: str) -> dict[str, Any]:
    """Size and SHA-256 of a file that was just written. Raises OutputError."""
    from ..files import output_error, sha256_of

    progress(0.0, "Noting what was written")
    try:
        return {"size": Path(path).stat().st_size, "sha256": sha256_of(Path(path))}
    except OSError as error:
        raise output_error(Path(path), error) from error

"""Facts about one line, as its files are now: read from the disk, judged elsewhere."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..batch.digest import digest_of, sha256_of_input
from ..batch.earlier import Kind, Record, find_earlier
from ..batch.manifest_row import Line
from ..errors import MannerismError
from ..media.sound_level import SoundLevel, measure_level
from .motion_figures import MotionFigures, measure_motion
from .motion_file import UnmeasuredError, has_reader


@dataclass(frozen=True)
class Facts:
    """What the files of a line are now.

    place : what lies at the place of its output, a name of `batch.earlier.Kind`; empty where that is no file
    sha256 : of the file there, empty without one
    digest : of what the line would be made from now, empty where something is missing
    sound_sha256, sound, sound_problem : of its sound; the last is why there is no level
    style_problem : why the style cannot be used, else empty
    source_problem : why anything else that the line reads cannot be, else empty
    motion, motion_problem : of the file there; the last is why there are no figures; empty where there is
        no file, or no reader for its format
    sound_newer_s, style_newer_s : by how much the source's file is newer than the output, 0 where it is not
    """

    place: str
    sha256: str = ""
    digest: str = ""
    sound_sha256: str = ""
    sound: SoundLevel | None = None
    sound_problem: str = ""
    style_problem: str = ""
    motion: MotionFigures | None = None
    motion_problem: str = ""
    sound_newer_s: float = 0.0
    style_newer_s: float = 0.0
    source_problem: str = ""

    def plain(self) -> dict[str, Any]:
        """As values that JSON has."""
        return asdict(self)

    @classmethod
    def of_plain(cls, values: Mapping[str, Any]) -> "Facts":
        """From what `plain` returned."""
        sound, motion = values["sound"], values["motion"]
        return cls(
            **{
                **values,
                "sound": SoundLevel(**sound) if sound else None,
                "motion": MotionFigures(**{**motion, "statistics": tuple(motion["statistics"])})
                if motion
                else None,
            }
        )


def gather(line: Line, record: Record | None) -> Facts:
    """Look at the files of a line that can be made; nothing is written, and nothing raised for what is wrong with them.

    record : of what was last written at its place
    """
    sound_sha256, sound, sound_problem = _sound(line.audio)
    style_problem, source_problem, digest = _problem_of(line.style), "", ""
    if sound_sha256 and not style_problem:
        try:
            digest = digest_of(line)
        except MannerismError as error:
            source_problem = f"{error.problem}."
    facts = Facts(
        "", "", digest, sound_sha256, sound, sound_problem, style_problem, source_problem=source_problem
    )
    try:
        found = find_earlier(line.out, record, ())
    except MannerismError as error:
        return replace(facts, motion_problem=f"{error.problem}.")
    motion, motion_problem = None, ""
    if found.kind in {Kind.OURS, Kind.EDITED} and line.product is None and has_reader(line.out):
        try:
            motion = measure_motion(line.out)
        except UnmeasuredError as error:
            motion_problem = str(error)
    return replace(
        facts,
        place=found.kind.name,
        sha256=found.sha256,
        motion=motion,
        motion_problem=motion_problem,
        sound_newer_s=_newer_s(line.audio, line.out),
        style_newer_s=_newer_s(line.style, line.out),
    )


def _sound(path: Path) -> tuple[str, SoundLevel | None, str]:
    try:
        sha256 = sha256_of_input(path)  # first: it refuses what may never end
    except MannerismError as error:
        return "", None, f"{error.problem}."
    try:
        return sha256, _level(path, sha256), ""
    except MannerismError as error:
        return sha256, None, f"{error.problem}."


@lru_cache(maxsize=256)
def _level(path: Path, _sha256: str) -> SoundLevel:
    return measure_level(path)


def _problem_of(style: Path) -> str:
    try:
        sha256_of_input(style)
    except MannerismError as error:
        return f"{error.problem}."
    return ""


def _newer_s(source: Path, output: Path) -> float:
    try:
        newer_s = source.stat().st_mtime - output.stat().st_mtime
    except OSError:
        return 0.0
    return max(newer_s, 0.0) if math.isfinite(newer_s) else 0.0

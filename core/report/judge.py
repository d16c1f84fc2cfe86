"""Findings on the sound and the motion of a line, and among lines."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..batch.manifest_row import Line
from ..media.sound_level import SILENT_DB
from .facts import Facts
from .findings import (
    FLAT_TOPS,
    JUMP_DEG_S,
    LENGTH_S,
    OFF_STYLE,
    PEER_TIMES,
    PEER_Z,
    QUIET_DB,
    QUIETER_DB,
    STILL_SHARE,
    WILD_TIMES,
    Finding,
)
from .row import Comparison


@dataclass(frozen=True)
class Others:
    """What a line is compared with.

    level_db : median level of all sounds that are not silent, None where there is none
    by_sound, by_motion : the lines, by the hash of their sound and of their motion file
    """

    level_db: float | None
    by_sound: Mapping[str, Sequence[Line]]
    by_motion: Mapping[str, Sequence[Line]]

    @classmethod
    def of(cls, lines: Sequence[tuple[Line, Facts]]) -> "Others":
        """From the facts of all lines."""
        levels = [f.sound.level_db for _, f in lines if f.sound and f.sound.level_db > SILENT_DB]
        by_sound: dict[str, list[Line]] = defaultdict(list)
        by_motion: dict[str, list[Line]] = defaultdict(list)
        for line, facts in lines:
            by_sound[facts.sound_sha256].append(line)
            by_motion[facts.sha256].append(line)
        return cls(float(np.median(levels)) if levels else None, by_sound, by_motion)


def judge(line: Line, facts: Facts, comparison: Comparison, others: Others) -> Iterator[Finding]:
    """Findings on what a line is made from, and on its motion."""
    yield from _on_sources(facts, others)
    yield from _on_motion(facts, comparison)
    yield from _duplicates(line, facts, others)


def _on_sources(facts: Facts, others: Others) -> Iterator[Finding]:
    if facts.style_problem:
        yield Finding("no-style", facts.style_problem)
    if facts.source_problem:
        yield Finding("no-source", facts.source_problem)
    if facts.sound_problem:
        yield Finding("no-sound", facts.sound_problem)
    sound = facts.sound
    if sound is None:
        return
    if sound.level_db <= SILENT_DB:
        nothing = sound.peak_db <= SILENT_DB
        peak = "All samples are zero." if nothing else f"Its largest sample is at −{-sound.peak_db:.0f} dB."
        yield Finding("silent", peak)
    elif sound.level_db < QUIET_DB:
        yield Finding("quiet", f"{sound.level_db:.0f} dB of full scale.".replace("-", "−"))
    elif others.level_db is not None and sound.level_db < others.level_db - QUIETER_DB:
        yield Finding("quiet", f"{others.level_db - sound.level_db:.0f} dB below the median of the lines.")
    if sound.flat_tops >= FLAT_TOPS:
        yield Finding("clipped", f"{sound.flat_tops} flat tops.")


def _on_motion(facts: Facts, comparison: Comparison) -> Iterator[Finding]:
    if facts.motion_problem and facts.place:
        yield Finding("unmeasured", facts.motion_problem)
    motion = facts.motion
    if motion is None:
        return
    if facts.sound is not None:
        longer_s = motion.duration_s - facts.sound.duration_s
        if abs(longer_s) > LENGTH_S + motion.frame_s:
            how = "longer" if longer_s > 0 else "shorter"
            yield Finding("length", f"The motion is {abs(longer_s):.2f} s {how} than the sound.")
    times, z = comparison.times_style, comparison.z_lines
    if times is not None:
        against = f"{times:.2g} times the speed of the style."
        low, high = _among_lines(comparison)
        if times < STILL_SHARE or low:
            yield Finding("still", against + (f" {z:.1f} among the lines.".replace("-", "−") if low else ""))
        elif times > WILD_TIMES or high:
            yield Finding("wild", against + (f" {z:+.1f} among the lines." if high else ""))
    if motion.fastest_deg_s > JUMP_DEG_S:
        yield Finding("jump", f"{motion.fastest_deg_s:.0f}° a second between two frames.")
    if comparison.z_style is not None and comparison.z_style > OFF_STYLE:
        yield Finding("off-style", f"{comparison.z_style:.1f} standard deviations.")


def _among_lines(comparison: Comparison) -> tuple[bool, bool]:
    """Whether a line is far slower, and far faster, than the other lines of its style."""
    if comparison.z_lines is None or comparison.times_lines is None:
        return False, False
    return (
        comparison.z_lines < -PEER_Z and comparison.times_lines < 1 / PEER_TIMES,
        comparison.z_lines > PEER_Z and comparison.times_lines > PEER_TIMES,
    )


def _duplicates(line: Line, facts: Facts, others: Others) -> Iterator[Finding]:
    same = [
        ("The sound is", [o for o in others.by_sound[facts.sound_sha256] if o.audio != line.audio])
        if facts.sound_sha256
        else ("", []),
        ("The motion is", [o for o in others.by_motion[facts.sha256] if o.id != line.id])
        if facts.sha256
        else ("", []),
    ]
    parts = []
    for what, lines in same:
        if lines:
            more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
            parts.append(f"{what} that of “{lines[0].id}”{more}.")
    if parts:
        yield Finding("duplicate", " ".join(parts))

"""Long takes: lines of one person in one manner, taken as one, so that more than a few seconds are judged."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..motion import GRID_HZ
from ..style.resampling import GridTrack
from .evaluation_case import EvaluationCase

LONGEST_S = 40.0
"""Beyond that, lines begin another take."""


@dataclass(frozen=True, eq=False)
class LongTake:
    """Lines of one person, reference and seed.

    manner : names person and reference
    motions, targets : of the lines, one after another
    """

    person: str
    manner: str
    seed: int
    reference: GridTrack
    motions: tuple[GridTrack, ...]
    targets: tuple[GridTrack, ...]


def long_takes(takes: Sequence[EvaluationCase]) -> list[LongTake]:
    """Takes of one system, joined in their order up to LONGEST_S; what is longer by itself stays whole.

    Only lines in the manner of the same reference are joined: of two recordings each of which is the target of the
    other, reference and target would else be the same motion.
    """
    groups: dict[tuple[str, int], list[EvaluationCase]] = defaultdict(list)
    manners: dict[tuple[str, bytes], str] = {}
    for take in takes:
        content = take.person, take.reference.angles_deg.tobytes()
        name = manners.setdefault(content, f"{take.person} {len(manners)}")
        groups[name, take.seed].append(take)
    return [
        LongTake(
            lines[0].person,
            name,
            seed,
            lines[0].reference,
            tuple(line.motion for line in lines),
            tuple(line.target for line in lines),
        )
        for (name, seed), group in groups.items()
        for lines in _joined(group)
    ]


def _joined(takes: Sequence[EvaluationCase]) -> list[list[EvaluationCase]]:
    """As many of the takes together as LONGEST_S holds, in their order."""
    found: list[list[EvaluationCase]] = []
    seconds = 0.0
    for take in takes:
        length_s = len(take.motion.valid) / GRID_HZ
        if found and seconds + length_s <= LONGEST_S:
            found[-1].append(take)
            seconds += length_s
        else:
            found.append([take])
            seconds = length_s
    return found

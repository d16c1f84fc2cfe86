"""What `mannerism score` judges: a JSON object a line, and the CSV files it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .take import Take


@dataclass(frozen=True)
class Pair:
    """A line of PAIRS.jsonl; where there is a `problem`, the rest is not to be used."""

    place: str
    person: str = ""
    reference_track: Path = Path()
    target_track: Path = Path()
    audio: Path = Path()
    motion: Path = Path()
    seed: int = 0
    system: str = ""
    kind: str = "other"
    problem: str = ""


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """Read a file of pairs; relative paths are relative to its folder. Raises ScoreError."""
    raise NotImplementedError


def load_takes(pairs: tuple[Pair, ...]) -> Iterator[Take | Pair]:
    """Each line's take, or the line with its problem; tracks and sounds are read once."""
    raise NotImplementedError

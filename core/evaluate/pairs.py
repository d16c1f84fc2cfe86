"""Input of `mannerism score`: JSON lines of pairs, and the files they name."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import MannerismError, ScoreError
from ..motion import Progress, no_progress
from ..motion_csv import read_motion, read_track
from ..speech.features import extract_features
from .adversarial_baselines import CHEATS
from .evaluation_case import KINDS, EvaluationCase, make_take
from .scorecard import CEILING

_PATHS = ("reference_track", "target_track", "audio", "motion")
_REQUIRED = ("person", *_PATHS)
_OPTIONAL: Mapping[str, Any] = {"seed": 0, "kind": "other"}
_FOR_GENERATORS = {"reference_audio"}
"""What else training/data/pairs.py writes: who is judged may need it, who judges does not."""
_REMEDY = "Write one JSON object a line, as docs/scorecard.md shows"


@dataclass(frozen=True)
class Pair:
    """A line of PAIRS.jsonl; the paths are absolute.

    system : by default the name of the motion's file
    """

    person: str
    reference_track: Path
    target_track: Path
    audio: Path
    motion: Path
    seed: int
    system: str
    kind: str


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be judged: where it is, and why."""

    place: str
    problem: str


def load_takes(path: Path, progress: Progress = no_progress) -> Iterator[EvaluationCase | BadLine]:
    """The take of each line of a file of pairs, or why there is none.

    Relative paths are relative to the file's folder. Tracks and sounds that come again are read once.

    Raises
    ------
    ScoreError : the file cannot be read or has no lines
    """
    try:
        rows = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ScoreError(f"“{path.name}” cannot be read ({error})", _REMEDY) from error
    if not any(row.strip() for row in rows):
        raise ScoreError(f"“{path.name}” has no lines", _REMEDY)
    # The last few are enough: pairs of one target lie together.
    track, speech = lru_cache(maxsize=16)(read_track), lru_cache(maxsize=4)(extract_features)
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        progress((number - 1) / len(rows), f"reading line {number}")
        try:
            pair = parse_pair(row, path.resolve().parent)
            yield make_take(
                pair.person,
                f"{pair.reference_track}\n{pair.target_track}\n{pair.audio}",
                reference=track(pair.reference_track),
                target=track(pair.target_track),
                motion=read_motion(pair.motion),
                speech=speech(pair.audio),
                system=pair.system,
                seed=pair.seed,
                kind=pair.kind,
            )
        except MannerismError as error:
            yield BadLine(f"line {number}", str(error))


def parse_pair(row: str, folder: Path) -> Pair:
    """One line as a pair, its paths relative to `folder`. Raises ScoreError."""
    try:
        found = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise ScoreError(f"This is no JSON: {error}", _REMEDY) from error
    if not isinstance(found, dict):
        raise ScoreError("This is no JSON object", _REMEDY)
    values = {**_OPTIONAL, **found}
    known = [field.name for field in fields(Pair)]
    if missing := [name for name in _REQUIRED if name not in values]:
        raise ScoreError(f"Missing: {', '.join(missing)}", f"A line needs {', '.join(_REQUIRED)}")
    if unknown := sorted(values.keys() - set(known) - _FOR_GENERATORS):
        raise ScoreError(f"Unknown: {', '.join(unknown)}", f"Use {', '.join(known)}")
    if not all(isinstance(values[name], str) and values[name].isprintable() for name in _REQUIRED):
        raise ScoreError("A person or path is no text", _REMEDY)
    if not all(values[name].strip() for name in _REQUIRED):
        raise ScoreError("A person or path is empty", _REMEDY)
    if type(values["seed"]) is not int or values["kind"] not in KINDS:
        raise ScoreError("The seed is no whole number, or the kind unknown", f"Kinds are {', '.join(KINDS)}")
    paths = {name: folder / values[name] for name in _PATHS}
    system = values.get("system", paths["motion"].stem)
    if not isinstance(system, str) or system in {CEILING, *CHEATS}:
        raise ScoreError(f"No system can be called {json.dumps(system)}", "Give it another name")
    return Pair(person=values["person"], seed=values["seed"], system=system, kind=values["kind"], **paths)

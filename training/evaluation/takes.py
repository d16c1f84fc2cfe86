"""Pairs of a dataset to takes for the scorecard: each system, each seed, kept on disk as they are made."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mannerism.core import rotation as rot
from mannerism.core.arrays_file import ArraySpec, read_arrays, write_arrays
from mannerism.core.errors import ScoreError, StyleError
from mannerism.core.evaluate import EvaluationCase, make_take
from mannerism.core.generate.controls import finished
from mannerism.core.generate.engine import Engine
from mannerism.core.generate.settings import GenerationSettings, first_seed
from mannerism.core.motion import HeadMotion, Progress, no_progress
from mannerism.training.data.dataset import INDEX
from mannerism.training.data.pairs import Pair
from mannerism.training.evaluation.ablations import Change, Given, Material, material, nothing

_CORE = Path(__file__).parents[2] / "core"
_ROOMS = ("generate", "network", "speech", "style")
_MATERIALS = 512  # in memory, each of less than a megabyte


@dataclass(frozen=True)
class System:
    """A row of the table: an engine, and a change of what it is given.

    name : also of the folder of its takes
    weights : files that its takes depend on
    """

    name: str
    engine: Engine
    change: Change = nothing
    weights: tuple[Path, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A pair of which a system has no take, and why."""

    pair: Pair
    system: str
    problem: str


def make_takes(
    dataset: Path,
    pairs: Sequence[Pair],
    systems: Sequence[System],
    *,
    seeds: int,
    cache: Path,
    progress: Progress = no_progress,
) -> Iterator[EvaluationCase | LeftOut]:
    """Takes of all systems with several seeds on all pairs, or why there are none.

    cache : a folder for takes of whatever code and weights, each under a name of its own
    """
    known = lru_cache(_MATERIALS)(lambda pair: material(dataset, pair))
    folders = [_folder(cache, dataset, system) for system in systems]
    for i, pair in enumerate(pairs):
        progress(i / len(pairs), f"moving, {pair.person}")
        for system, folder in zip(systems, folders, strict=True):
            try:
                own = known(pair)
                others = [known(stranger(pairs, pair, seed)) for seed in range(seeds)]
                yield from [_take(own, other, system, seed, folder) for seed, other in enumerate(others)]
            except (StyleError, ScoreError) as error:
                yield LeftOut(pair, system.name, error.problem)


def stranger(pairs: Sequence[Pair], pair: Pair, seed: int) -> Pair:
    """A pair of the same kind and another person, with each seed the next one; the pair itself where none is."""
    alike = [other for other in pairs if other.kind == pair.kind]
    first = alike.index(pair)
    others = [other for other in alike[first:] + alike[:first] if other.person != pair.person]
    return others[seed % len(others)] if others else pair


def _take(own: Material, other: Material, system: System, seed: int, folder: Path) -> EvaluationCase:
    return make_take(
        own.pair.person,
        own.name,
        reference=own.reference,
        target=own.target,
        motion=_kept(folder / f"{own.name}__{other.name}__{seed}.npz", own, other, system, seed),
        speech=own.speech,
        system=system.name,
        seed=seed,
        kind=own.pair.kind,
    )


def _kept(file: Path, own: Material, other: Material, system: System, seed: int) -> HeadMotion:
    """The motion from a file of an earlier run, or a new one that is then kept."""
    if file.exists():
        stored = read_arrays(file, {"rotvec_rad": ArraySpec("f", 2), "translation_m": ArraySpec("f", 2)})
        rotation = rot.continuous(rot.from_rotvec(stored["rotvec_rad"]))
        return HeadMotion(own.speech.time_s, rotation, stored["translation_m"])
    # Each pair has seeds of its own: the same noise in all takes would be what the judge of C2ST learns to know.
    settings = GenerationSettings(first_seed(own.name) + seed)
    given = system.change(Given(own.style, own.speech, settings), own, other)
    channels = system.engine(given.style, given.speech, given.settings, no_progress)
    motion = finished(own.speech.time_s, channels, 1.0)
    file.parent.mkdir(parents=True, exist_ok=True)
    arrays = {"rotvec_rad": rot.to_rotvec(motion.rotation), "translation_m": motion.translation_m}
    write_arrays(file, arrays, compressed=False)
    return motion


def _folder(cache: Path, dataset: Path, system: System) -> Path:
    """Where takes of a system are kept: named by the code of the engines, the dataset and its weights."""
    code = [path for room in _ROOMS for path in (_CORE / room).rglob("*") if path.suffix in {".py", ".json"}]
    made_by = [
        *sorted(code),
        _CORE / "noise.py",
        Path(__file__).with_name("ablations.py"),
        dataset / INDEX,
        *system.weights,
    ]
    return cache / system.name / fingerprint(made_by)


def fingerprint(files: Iterable[Path]) -> str:
    """Names the content of files."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

"""Pairs of a dataset to takes for the scorecard: each engine, each seed, kept on disk as they are made."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.errors import StyleError
from mannerism.core.evaluate import ScoreError, Take, make_take
from mannerism.core.files import replacing
from mannerism.core.generate.controls import RAMP_S, GenerationSettings, finished
from mannerism.core.generate.engine import Engine
from mannerism.core.motion import GRID_HZ, HeadMotion, HeadPoseTrack, Progress, no_progress
from mannerism.core.speech import SpeechFeatures
from mannerism.core.style import Style, encode_style
from mannerism.training.dataset import Arrays, load
from mannerism.training.pairs import Pair

_RAMP = round(RAMP_S * GRID_HZ)
_CODE = ("generate", "speech", "style")


@dataclass(frozen=True)
class Material:
    """What a pair gives to engines and judges.

    heard : the target's speech and what lies around it, so that a take's ramps fall outside the target
    target : what the person did, on the times of `heard`
    """

    pair: Pair
    style: Style
    reference: HeadPoseTrack
    heard: SpeechFeatures
    target: HeadPoseTrack

    @property
    def name(self) -> str:
        """The pair, as a file name."""
        return f"{self.pair.reference.name}__{self.pair.target.name}"


def material(dataset: Path, pair: Pair) -> Material:
    """Load a pair. Raises StyleError or ScoreError where it holds too little."""
    reference = pair.reference.load(dataset)
    whole = load(dataset, pair.target.recording)
    first = max(0, pair.target.first - _RAMP)
    heard = whole.part(first, min(len(whole.time_s), pair.target.stop + _RAMP))
    shown = slice(_RAMP, min(pair.target.stop - first, len(heard.time_s) - _RAMP))
    return Material(
        pair=pair,
        style=encode_style(reference.track(), reference.features()),
        reference=reference.track(),
        heard=heard.features(),
        target=_within(heard, shown),
    )


def make_takes(
    dataset: Path,
    pairs: Sequence[Pair],
    engines: Mapping[str, Engine],
    *,
    seeds: int,
    cache: Path,
    progress: Progress = no_progress,
) -> Iterator[Take | tuple[Pair, str]]:
    """Takes of all engines with seeds 0, 1, … on all pairs, or a pair and why it cannot be judged.

    cache : a folder for what this code and these engines made
    """
    for i, pair in enumerate(pairs):
        progress(i / len(pairs), f"moving, {pair.person}")
        try:
            given = material(dataset, pair)
            yield from list(_takes_of(given, engines, seeds, cache))
        except (StyleError, ScoreError) as error:
            yield pair, error.problem


def _takes_of(given: Material, engines: Mapping[str, Engine], seeds: int, cache: Path) -> Iterator[Take]:
    for system, engine in engines.items():
        for seed in range(seeds):
            file = cache / system / f"{given.name}__{seed}.npz"
            yield make_take(
                given.pair.person,
                given.name,
                reference=given.reference,
                target=given.target,
                motion=_kept(file, given, engine, seed),
                speech=given.heard,
                system=system,
                seed=seed,
                kind=given.pair.kind,
            )


def _kept(file: Path, given: Material, engine: Engine, seed: int) -> HeadMotion:
    """The motion from a file of an earlier run, or a new one that is then kept."""
    if file.exists():
        with np.load(file, allow_pickle=False) as stored:
            rotation = rot.continuous(rot.from_rotvec(stored["rotvec_rad"]))
            return HeadMotion(given.heard.time_s, rotation, stored["translation_m"])
    channels = engine(given.style, given.heard, GenerationSettings(seed), no_progress)
    motion = finished(given.heard.time_s, channels, 1.0)
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as temporary, temporary.open("wb") as out:
        np.savez(out, rotvec_rad=rot.to_rotvec(motion.rotation), translation_m=motion.translation_m)
    return motion


def _within(heard: Arrays, shown: slice) -> HeadPoseTrack:
    """The samples that no ramp reaches, on the times of all of it."""
    if len(heard.time_s[shown]) < 2:
        raise ScoreError("The target is shorter than the ramps of a take", "Give a longer one")
    part = heard.part(shown.start, shown.stop).track()
    return replace(part, time_s=heard.time_s[shown])


def fingerprint(files: Iterable[Path]) -> str:
    """Names what motions depend on: the code of the engines and their rooms, and the files given."""
    core = Path(__file__).parents[1] / "core"
    code = [path for room in _CODE for path in (core / room).iterdir() if path.suffix in {".py", ".json"}]
    digest = hashlib.sha256()
    for path in [*sorted(code), *files]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

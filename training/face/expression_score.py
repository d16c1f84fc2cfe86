"""Evaluation of brows, cheeks and lids: training/face/expression_score.py CLIPS DATASET --work DIR.

Each third of a clip of the test part is made from its speech, with the rest of the clip as the reference, and compared with
what the person did: sizes, raises, jerk, how the brows go with voice and head, and whether a judge distinguishes windows of
4 s. Beside what is shipped stand a face at rest and the reference in a loop.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import find_peaks
from tqdm import tqdm

from mannerism.core.evaluate.c2st import area
from mannerism.core.evaluate.interval import over_persons
from mannerism.core.face.drives import voice_drive
from mannerism.core.face.expression_from_speech import expression_from_speech
from mannerism.core.face.expression_parts import NUMBERS, PARTS
from mannerism.core.face.manner import FaceManner
from mannerism.core.face.mouth_from_speech import voice_activity
from mannerism.core.face.recorded_expression import LEAST_S
from mannerism.core.motion import GRID_HZ
from mannerism.core.types import Array, BoolArray, IntArray
from mannerism.training.face.corpus import measured
from mannerism.training.face.expression_corpus import Shown, all_shown
from mannerism.training.face.expression_judge import WINDOW_S, scores, statistics, windows
from mannerism.training.face.score_command import Corpus, score_command
from mannerism.training.train_loop import use

THIRDS, SEEDS = 3, 2
_RAISE_M = 0.0007
_QUIETEST = 1e-4  # of a speed, so that a face at rest has a logarithm
HEADINGS = (
    *("size of brows", "of cheeks", "of lids", "raises a minute", "jerk"),
    *("r with voice", "r with head", "C2ST (95 %)"),
)


@dataclass(frozen=True, eq=False)
class Trial:
    """A third of a recording to be made, and the rest.

    known, real : the rest and the third; seed : of what is made
    """

    known: Shown
    real: Shown
    seed: int


def trials_of(shown: Sequence[Shown]) -> Iterator[Trial]:
    """All thirds of the recordings that are long enough, each with seeds of its own."""
    for place, each in enumerate(shown):
        size = len(each.voice) // THIRDS
        if size < WINDOW_S * GRID_HZ or (THIRDS - 1) * size < LEAST_S * GRID_HZ:
            continue
        for number in range(THIRDS):
            inside = np.zeros(len(each.voice), np.bool_)
            inside[number * size : (number + 1) * size] = True
            known = _cut(each, ~inside)
            if 0 < number < THIRDS - 1:
                known.voice[number * size] = np.nan  # no stretch goes on where the third was
            first = SEEDS * (THIRDS * place + number)
            for seed in range(first, first + SEEDS):
                yield Trial(known, _cut(each, inside), seed)


def _cut(shown: Shown, part: BoolArray) -> Shown:
    return replace(
        shown,
        numbers=shown.numbers[part] - np.median(shown.numbers[part], axis=0),
        voice=shown.voice[part],
        loud=shown.loud[part],
        head=shown.head[part],
    )


def _made(manner: FaceManner, trial: Trial) -> Array:
    loud = trial.real.loud
    return expression_from_speech(loud, voice_activity(loud), manner, trial.seed, trial.real.head)


def shipped(trial: Trial) -> Array:
    """What is shipped, with the person's reference."""
    known = trial.known
    manner = replace(FaceManner.average(), expression=known.numbers, voice=known.voice, head=known.head)
    return _made(manner, trial)


def in_general(trial: Trial) -> Array:
    """What is shipped, without a reference."""
    return _made(FaceManner.average(), trial)


def looped(trial: Trial) -> Array:
    """The reference from its beginning, again and again."""
    return np.take(trial.known.numbers, np.arange(len(trial.real.loud)), axis=0, mode="wrap")


def still(trial: Trial) -> Array:
    """At rest."""
    return np.zeros((len(trial.real.loud), len(NUMBERS)))


SYSTEMS: Mapping[str, Callable[[Trial], Array]] = {
    "shipped": shipped,
    "shipped, without a reference": in_general,
    "reference in a loop": looped,
    "at rest": still,
}


def figures(trial: Trial, numbers: Array) -> Array:
    """The figures of HEADINGS but the last of one take: sizes in millimetres, jerk in m/s³."""
    raised = numbers[:, :2].mean(axis=1)
    peaks, _ = find_peaks(raised, prominence=_RAISE_M)
    quick = np.log(np.abs(np.gradient(raised)) * GRID_HZ + _QUIETEST)
    return np.array(
        [
            *(1e3 * np.sqrt(numbers[:, columns].var(axis=0).mean()) for columns in PARTS.values()),
            60.0 * len(peaks) * GRID_HZ / len(raised),
            np.quantile(np.abs(np.diff(raised, 3)), 0.95) * GRID_HZ**3,
            _correlation(raised, voice_drive(trial.real.loud)),
            _correlation(quick, trial.real.head),
        ]
    )


def _correlation(a: Array, b: Array) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 1e-9 and b.std() > 1e-9 else 0.0


def rows(trials: Sequence[Trial]) -> dict[str, list[str]]:
    """Cells of HEADINGS by system, medians over recordings but means of correlations; real ones first."""
    persons = [each.real.row.person for each in trials]
    real = [each.real.numbers for each in trials]
    found = {"real": [*_cells(trials, real), "–"]}
    for name, system in SYSTEMS.items():
        made = [system(trial) for trial in trials]
        found[name] = [*_cells(trials, made), _distinguished(persons, real, made)]
    return found


def _cells(trials: Sequence[Trial], takes: Sequence[Array]) -> list[str]:
    found = np.array([figures(trial, take) for trial, take in zip(trials, takes, strict=True)])
    middle, mean = np.median(found, axis=0), found.mean(axis=0)
    return [
        *(f"{value:.2f} mm" for value in middle[:3]),
        f"{middle[3]:.0f}",
        f"{middle[4]:.2f}",
        *(f"{value:.2f}" for value in mean[5:]),
    ]


def _distinguished(persons: Sequence[str], real: Sequence[Array], made: Sequence[Array]) -> str:
    cuts = [[windows(take) for take in takes] for takes in (real, made)]
    counts = [len(each) for each in cuts[0]]
    whole = np.repeat(np.array(persons), counts).tolist()
    known = np.concatenate([statistics(np.concatenate(each)) for each in cuts])
    is_made = np.repeat([False, True], len(whole))
    judged = scores(known, is_made, whole * 2)

    def separation(chosen: IntArray) -> float:
        return area(judged[chosen[is_made[chosen]]], judged[chosen[~is_made[chosen]]])

    interval = over_persons(whole * 2, separation)
    return f"{interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})"


def table(found: Mapping[str, Sequence[str]]) -> str:
    """As Markdown."""
    lines = ["| | " + " | ".join(HEADINGS) + " |", "|---" * (len(HEADINGS) + 1) + "|"]
    return "\n".join([*lines, *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in found.items())])


def _corpus(given: argparse.Namespace) -> Corpus:
    (judges,), paths = measured(given, given.part)
    trials = list(trials_of(list(all_shown(tqdm(judges, disable=None), paths, given.work))))
    persons = {trial.real.row.person for trial in trials}
    return Corpus(len(persons), len(trials) // (THIRDS * SEEDS), lambda: table(rows(trials)))


def main() -> int:
    use(1)
    return score_command(__doc__, "expression-score", _corpus)


if __name__ == "__main__":
    sys.exit(main())

"""Evaluation of made eyes: training/face/gaze_score.py CLIPS DATASET --work DIR.

Eyes are made for the heads and the speech of the persons of the test part, and given what measuring adds to real ones. They are
compared with what the persons did: how often gaze shifts, how much it is averted, how that goes with speech and head, and
whether a judge distinguishes windows of 4 s. Beside what is shipped stand eyes that only compensate the head, eyes fixed in it,
and, as the judge's floor, the real eyes' own other half.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from tqdm import tqdm

from mannerism.core.evaluate.c2st import area
from mannerism.core.evaluate.interval import over_persons
from mannerism.core.gaze.look import look
from mannerism.core.gaze.manner import GazeManner
from mannerism.core.gaze.settings import GazeDoses
from mannerism.core.motion import GRID_HZ
from mannerism.core.types import Array, BoolArray, IntArray
from mannerism.training.face.expression_judge import scores, windows
from mannerism.training.face.gaze_corpus import Looked, all_looked, measured, seen
from mannerism.training.face.gaze_judge import AWAY_DEG, events, statistics
from mannerism.training.face.score_command import Corpus, score_command
from mannerism.training.train_loop import use

SEEDS = 4
AS_PEOPLE = GazeDoses(look_away=1.0)
ONLY_COMPENSATING = GazeDoses(look_away=0.0, small=0.0)
_LARGE_DEG = 8.0
HEADINGS = (
    *("shifts of 3° and more a minute", "of 8° and more", "averted", "more so in pauses"),
    *("r of eye and head", "classified correctly (95 %)", "of pairs", "area under the curve"),
)


def made(looked: Looked, seed: int, manner: GazeManner | None = None, doses: GazeDoses = AS_PEOPLE) -> Array:
    """Gaze (N, 2) in the room of eyes made for a head, before it is measured."""
    head = looked.head
    eyes = look(head, head.time_s, talking=looked.talking, manner=manner, doses=doses, seed=seed)
    return np.asarray(eyes.eye + looked.turned)


def with_own_share(looked: Looked, seed: int) -> Array:
    """Each half with the share of looking away that was measured in the other one."""
    first, gaze = looked.first_half, np.empty_like(looked.real.gaze)
    for half in (first, ~first):
        known = looked.part(~half).real
        seconds = float(known.time_s[-1] - known.time_s[0]) * float(known.known.mean())
        manner = GazeManner().with_share(float(known.away[known.known].mean()), seconds, known.turned)
        gaze[half] = made(looked, seed, manner)[half]
    return gaze


SYSTEMS: Mapping[str, Callable[[Looked, int], Array]] = {
    "made, people in general": made,
    "made, the person's own share of looking away": with_own_share,
    "perfect compensation alone": lambda looked, seed: made(looked, seed, doses=ONLY_COMPENSATING),
    "fixed in the head": lambda looked, _seed: looked.turned,
}


def on_grid(looked: Looked, gaze: Array) -> Array:
    """Columns (G, COLUMNS) of `gaze_judge.py` of measured gaze (N, 2)."""
    time_s = looked.real.time_s
    index = np.arange(np.ceil(time_s[0] * GRID_HZ), np.floor(time_s[-1] * GRID_HZ) + 1).astype(int)
    angles = np.degrees(np.column_stack([gaze, looked.real.head]))
    columns = [np.interp(index / GRID_HZ, time_s, column) for column in angles.T]
    return np.column_stack([*columns, looked.talking[np.minimum(index, len(looked.talking) - 1)]])


def figures(columns: Array) -> Array:
    """The first five of HEADINGS for one recording."""
    gaze, head, talking = columns[:, :2], columns[:, 2:4], columns[:, 4] > 0.5
    size, minutes = events(gaze)[0], len(gaze) / GRID_HZ / 60.0
    away = np.linalg.norm(gaze, axis=1) > AWAY_DEG
    eye = (gaze - head)[:, 0]
    return np.array(
        [
            np.count_nonzero(size) / minutes,
            np.count_nonzero(size >= _LARGE_DEG) / minutes,
            away.mean(),
            away[~talking].mean() - away[talking].mean() if 0 < talking.sum() < len(talking) else np.nan,
            np.corrcoef(eye, head[:, 0])[0, 1] if eye.std() > 1e-9 else 0.0,
        ]
    )


def rows(corpus: Sequence[Looked]) -> dict[str, list[str]]:
    """Cells of HEADINGS by system, medians over recordings but the mean of what pauses do; real eyes first."""
    real = [on_grid(looked, looked.real.gaze) for looked in corpus]
    persons = [looked.row.person for looked in corpus]
    found = {"real": [*_cells(real), *(["–"] * 3)], "real, against their own other half": _floor(corpus)}
    for name, system in SYSTEMS.items():
        takes = [
            on_grid(looked, seen(looked, system(looked, turn * len(corpus) + place)))
            for turn in range(SEEDS)
            for place, looked in enumerate(corpus)  # seeds of their own, since they differ as persons do
        ]
        found[name] = [*_cells(takes), *distinguished(persons * SEEDS, real * SEEDS, takes)]
    return found


def _floor(corpus: Sequence[Looked]) -> list[str]:
    halves = [
        [on_grid(part, part.real.gaze) for part in (one.part(one.first_half), one.part(~one.first_half))]
        for one in corpus
    ]
    first, second = zip(*halves, strict=True)
    return [*(["–"] * 5), *distinguished([one.row.person for one in corpus], first, second)]


def _cells(takes: Sequence[Array]) -> list[str]:
    found = np.array([figures(take) for take in takes])
    middle, pauses = np.median(found, axis=0), np.nanmean(found[:, 3])
    return [
        *(f"{value:.0f}" for value in middle[:2]),
        *(f"{value:.2f}" for value in (middle[2], pauses, middle[4])),
    ]


def distinguished(persons: Sequence[str], real: Sequence[Array], takes: Sequence[Array]) -> list[str]:
    """The last three of HEADINGS; a pair is a real window and one of the same person and place."""
    cuts = [[windows(columns) for columns in side] for side in (real, takes)]
    least = [min(len(one), len(other)) for one, other in zip(*cuts, strict=True)]
    whole = np.repeat(np.array(persons), least).tolist()
    known = np.concatenate(
        [
            statistics(np.concatenate([each[:count] for each, count in zip(side, least, strict=True)]))
            for side in cuts
        ]
    )
    is_made = np.repeat([False, True], len(whole))
    judged = scores(known, is_made, whole * 2)
    right = (judged > 0.0) == is_made

    def share(values: BoolArray | Array) -> Callable[[IntArray], float]:
        return lambda chosen: float(values[chosen].mean())

    def separation(chosen: IntArray) -> float:
        return area(judged[chosen[is_made[chosen]]], judged[chosen[~is_made[chosen]]])

    correct = over_persons(whole * 2, share(right))
    pairs = over_persons(whole, share(judged[is_made] > judged[~is_made]))
    curve = over_persons(whole * 2, separation)
    return [
        f"{correct.value:.2f} ({correct.low:.2f} to {correct.high:.2f})",
        f"{pairs.value:.2f}",
        f"{curve.value:.2f} ({curve.low:.2f} to {curve.high:.2f})",
    ]


def table(found: Mapping[str, Sequence[str]]) -> str:
    """As Markdown."""
    lines = ["| eyes | " + " | ".join(HEADINGS) + " |", "|---" * (len(HEADINGS) + 1) + "|"]
    return "\n".join([*lines, *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in found.items())])


def _corpus(given: argparse.Namespace) -> Corpus:
    judges, paths = measured(given, given.part)
    looked = list(all_looked(tqdm(judges, disable=None), paths, given.work))
    return Corpus(len({each.row.person for each in looked}), len(looked), lambda: table(rows(looked)))


def main() -> int:
    use(1)
    return score_command(__doc__, "gaze-score", _corpus)


if __name__ == "__main__":
    sys.exit(main())

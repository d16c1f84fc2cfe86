"""The built-in styles from a prepared dataset: training/manner/built_in.py DATASET.

`core/style/manners/table.json` says by how much a manner differs from the mean of all persons, in standard
deviations among persons, in the few statistics that make it up. All other statistics go along as they do in
people: each takes the value that persons have on average who have those. So nobody moves in this way, but
somebody could. Only persons of the split's training part are read, and what is written holds no figure of any
one of them.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mannerism.core.errors import MannerismError
from mannerism.core.motion import GRID_HZ
from mannerism.core.style.built_in import FOLDER, TABLE
from mannerism.core.style.population import Population, load_population
from mannerism.core.style.resampling import to_grid
from mannerism.core.style.schema import STATISTICS, Style, write_style
from mannerism.core.style.statistics import measure
from mannerism.core.types import Array
from mannerism.training.data.dataset import DatasetError, segments

LEAST_S = 4.0
LEAST_PERSONS = 10
NAMES = tuple(STATISTICS)


def persons(dataset: Path) -> Array:
    """The statistics of each training person (P, 41), NaN where one was not to be measured."""
    sums: dict[str, Array] = defaultdict(lambda: np.zeros((2, len(NAMES))))
    for row, arrays in segments(dataset, "train"):
        seconds = len(arrays.time_s) / GRID_HZ
        if seconds < LEAST_S:
            continue
        found = measure(to_grid(arrays.track()), arrays.features())
        values = np.array([found.get(name, np.nan) for name in NAMES])
        known = np.isfinite(values)
        sums[row.person] += seconds * np.stack([np.where(known, values, 0.0), known])
    if len(sums) < LEAST_PERSONS:
        raise DatasetError(
            f"Only {len(sums)} persons can be learned from", f"Prepare recordings of {LEAST_PERSONS} or more"
        )
    total, weight = np.stack(list(sums.values()), axis=1)
    return np.where(weight > 0, total / np.maximum(weight, 1e-9), np.nan)


def correlations(values: Array) -> Array:
    """How statistics (P, S) go together among persons (S, S), drawn to independence as far as chance may be it.

    The shrinkage of Schäfer and Strimmer 2005, with the large-sample variance of a correlation. What was not
    measured counts as the mean.
    """
    known = np.isfinite(values)
    count = np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, values - np.where(known, values, 0.0).sum(axis=0) / count, 0.0)
    standard = centred / np.sqrt(np.maximum(np.square(centred).sum(axis=0) / count, 1e-12))
    found = standard.T @ standard / len(standard)
    beside = found[~np.eye(len(found), dtype=bool)]
    chance = np.square(1.0 - np.square(beside)).sum() / (len(values) - 1)
    shrunken = found * (1.0 - min(1.0, chance / np.square(beside).sum()))
    np.fill_diagonal(shrunken, 1.0)
    return shrunken


def manner(moves: Mapping[str, float], correlation: Array, population: Population) -> dict[str, float]:
    """The mean with some statistics moved, and the others where they are expected then: linear regression."""
    moved = [NAMES.index(name) for name in moves]
    within, onto = correlation[np.ix_(moved, moved)], correlation[:, moved]
    deviation = onto @ np.linalg.solve(within, np.array(list(moves.values())))
    return {
        name: round(
            population.spreads[name].mean + float(deviation[i]) * population.spreads[name].between ** 0.5, 5
        )
        for i, name in enumerate(NAMES)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path, help="folder that training/data/prepare.py has made")
    parser.add_argument("-o", "--out", type=Path, default=FOLDER, help="folder for the style files")
    arguments = parser.parse_args()
    population = load_population()
    try:
        values = persons(arguments.dataset)
        correlation = correlations(values)
        for name, row in json.loads(TABLE.read_text(encoding="utf-8")).items():
            statistics = manner(row["moves"], correlation, population)
            style = Style(statistics, speech_s=0.0, confidence=1.0)
            write_style(arguments.out / f"{name}.style.json", style)
            print(arguments.out / f"{name}.style.json")
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"From the statistics of {len(values)} persons.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

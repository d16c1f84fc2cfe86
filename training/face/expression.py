"""Statistics of people's brows, cheeks and lids: training/face/expression.py CLIPS DATASET --work DIR.

Pools the training persons: of each number its size, how the numbers go together, how fast they change, how their size
changes from moment to moment, and what the voice adds. Writes core/face/expression.json: nothing of it is one person's.
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from scipy.optimize import nnls
from tqdm import tqdm

from mannerism.core.errors import MannerismError
from mannerism.core.face.expression_parts import PARTS
from mannerism.core.face.usual_expression import LEARNED
from mannerism.core.files import write_json
from mannerism.core.motion import GRID_HZ
from mannerism.core.types import Array
from mannerism.training.face.corpus import add_corpus_arguments, measured
from mannerism.training.face.expression_corpus import Shown, all_shown

_SMOOTHED_S = (0.12, 0.2, 0.35, 0.7, 1.4)
_LAGS = 50
_WINDOW = 50
_MISSED = 1.2  # chosen on validation persons: from 9 s slow movement is taken off with what the turns explain
_BRIGHTEST = 1e-2  # added to correlations' diagonal, so that they stay a covariance


def learn(shown: Sequence[Shown]) -> dict[str, list[float] | list[list[float]]]:
    """The fields of `UsualExpression`: means and medians over recordings, each as much as any other."""
    sizes = np.array([each.numbers.std(axis=0) for each in shown])
    units = [(each.numbers - each.numbers.mean(axis=0)) / each.numbers.std(axis=0) for each in shown]
    alike = np.mean([unit.T @ unit / len(unit) for unit in units], axis=0)
    alike = (alike + _BRIGHTEST * np.eye(len(alike))) / (1.0 + _BRIGHTEST)
    drives = np.concatenate([each.voice for each in shown])
    mean, deviation = float(drives.mean()), float(drives.std())
    voice = np.mean(
        [
            unit.T @ (each.voice - each.voice.mean()) / len(unit) / deviation
            for unit, each in zip(units, shown, strict=True)
        ],
        axis=0,
    )
    return {
        "sizes_m": (_MISSED * np.median(sizes, axis=0)).round(7).tolist(),
        "alike": alike.round(4).tolist(),
        "smoothed_s": list(_SMOOTHED_S),
        "shares": _shares(units).round(4).tolist(),
        "drive": [round(mean, 4), round(deviation, 4)],
        "voice": voice.round(4).tolist(),
        "bursts": _bursts(shown).round(3).tolist(),
    }


def _bursts(shown: Sequence[Shown]) -> Array:
    """Standard deviation of the logarithm of the size in windows of all recordings, of each of PARTS."""
    sizes = []
    for each in shown:
        cuts = np.lib.stride_tricks.sliding_window_view(each.numbers, _WINDOW, axis=0)[:: _WINDOW // 2]
        power = cuts.var(axis=2)
        sizes.append([0.5 * np.log(power[:, columns].mean(axis=1)) for columns in PARTS.values()])
    return np.concatenate(sizes, axis=1).std(axis=1)


def _shares(units: Sequence[Array]) -> Array:
    """Shares (8, S) of the variance by widths, whose sum has the autocorrelation of the recordings."""
    lags = np.arange(_LAGS) / GRID_HZ
    # Noise that was smoothed by a Gaussian of width s has the autocorrelation exp(−t² / 4 s²).
    models = np.exp(-np.square(lags[:, None] / (2.0 * np.array(_SMOOTHED_S))))
    # A mean that was taken off lowers all lags alike.
    models = np.column_stack([models, -np.ones(_LAGS)])
    found = []
    for number in range(units[0].shape[1]):
        columns = [unit[:, number] for unit in units if len(unit) > 2 * _LAGS]
        memory = np.median(
            [
                [(column[: len(column) - lag] * column[lag:]).mean() for lag in range(_LAGS)]
                for column in columns
            ],
            axis=0,
        )
        shares = nnls(models, memory)[0][:-1]
        found.append(shares / shares.sum())
    return np.array(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_corpus_arguments(parser)
    arguments = parser.parse_args()
    try:
        (rows,), paths = measured(arguments, "train")
        shown = list(all_shown(tqdm(rows, disable=None), paths, arguments.work))
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    persons = len({each.row.person for each in shown})
    minutes = sum(len(each.voice) for each in shown) / GRID_HZ / 60.0
    note = f"by training/face/expression.py, from {minutes:.0f} minutes of {persons} persons"
    write_json(LEARNED, {"made_by": note, **learn(shown)})
    print(note)
    return 0


if __name__ == "__main__":
    sys.exit(main())

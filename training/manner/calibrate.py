"""What the manner network misses, measured and written into its weights: training/manner/calibrate.py DATASET.

Takes without speech in the styles of the training persons, and in styles between and beyond those of two of them, are
measured as recordings are. By how much they exceed what their styles ask for is regressed on the styles; see
`core/network/correction.py`. No weight of the network changes, and styles that were made stay valid.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from mannerism.core.direct.person_kernel import speechless_takes
from mannerism.core.errors import MannerismError, StyleError
from mannerism.core.generate.actor import doubled
from mannerism.core.motion import GRID_HZ, Progress, no_progress
from mannerism.core.network.correction import OUTCOMES, SPREAD, Calibration, Correction
from mannerism.core.network.manner import CALIBRATION, PATH, Manner, read_manner
from mannerism.core.network.weights import read_weights, write_weights
from mannerism.core.progress import part, shown_progress
from mannerism.core.style import Style, encode_style
from mannerism.core.style.resampling import GridTrack, low_pass
from mannerism.core.style.statistics import measure
from mannerism.core.style.style_vector import scales
from mannerism.core.types import Array
from mannerism.training.data.dataset import Arrays, DatasetError, Recording, segments

COUPLING_SHARE = 0.7
"""Chosen on 43 persons of the parts that learn and validate: there two takes carry pitch–roll .48 with a share of .35,
.67 with .7, .76 with 1, where a real second half carries .54; C2ST by random convolutions is .54, .54 and .56."""

SPEED_SHARE = 0.5
BURST = 0.065
BURST_OF_SPREAD = 1.0
"""Half of what would move `SPREAD` by all that a style misses of it: takes are measured with an error."""

LEAST_S = 7.0
STYLES, TAKES = 400, 4
LEAST_PERSONS = 3

_RIDGE = 10.0  # styles
_BEYOND = 0.3  # of the way from one person's style to another's
_WITHOUT_VECTOR = 0.1  # share of the styles between
_EDGE = 15  # samples of a take that its filter reaches over


def styles_of(
    found: Iterable[tuple[Recording, Arrays]], manner: Manner, progress: Progress = no_progress
) -> list[Style]:
    """The style of each person's longest segment, where it holds enough speech."""
    longest: dict[str, Arrays] = {}
    for row, arrays in found:
        best = longest.get(row.person)
        if len(arrays.time_s) >= LEAST_S * GRID_HZ and (
            best is None or len(arrays.time_s) > len(best.time_s)
        ):
            longest[row.person] = arrays
    if len(longest) < LEAST_PERSONS:
        raise DatasetError(
            f"Only {len(longest)} persons have {LEAST_S:.0f} s",
            f"Prepare recordings of {LEAST_PERSONS} or more",
        )
    styles = []
    for i, arrays in enumerate(longest.values()):
        progress(i / len(longest), "encoding styles")
        with suppress(StyleError):
            styles.append(encode_style(arrays.track(), arrays.features(), keep_motion=False, manner=manner))
    return styles


def between(styles: Sequence[Style], count: int) -> list[Style]:
    """Styles, and mixtures of two of them until there are `count`, some without a vector."""
    random = np.random.default_rng(0)
    found = list(styles)
    while len(found) < count:
        one, other = (styles[i] for i in random.choice(len(styles), 2, replace=False))
        share = random.uniform(-_BEYOND, 1.0 + _BEYOND)
        vector = share * np.array(one.learned) + (1.0 - share) * np.array(other.learned)
        vector *= float(random.random() >= _WITHOUT_VECTOR) / max(float(np.linalg.norm(vector)), 1e-9)
        statistics = {
            name: share * value + (1.0 - share) * other.statistics[name]
            for name, value in one.statistics.items()
        }
        found.append(replace(one, statistics=statistics, learned=tuple(vector.tolist())))
    return found[:count]


def excess(
    manner: Manner, style: Style, correction: Correction, *, seed: int = 0, takes: int = TAKES
) -> Array:
    """By how much takes without speech exceed what a style asks for, (OUTCOMES,), the mean of some takes."""
    units, _, strides = scales(style.statistics)
    names = manner.sizes.statistics
    condition = manner.condition(style.vector(*names), np.array(style.learned)[None])
    sizes_deg = manner.sizes.gain * (correction.units * units)[:3]
    found = []
    for poses in speechless_takes(manner, condition, strides, correction, takes=takes, seed=seed):
        angles = low_pass(doubled(poses[:, :3]) * sizes_deg)[_EDGE:-_EDGE]
        still, seen = np.zeros_like(angles), np.ones(len(angles), np.bool_)
        measured = measure(GridTrack(0, angles, still, seen, 0.0), None)
        found.append([measured[name] - style.statistics[name] for name in OUTCOMES])
    return np.array(found).mean(axis=0)


def calibrate(manner: Manner, styles: Sequence[Style], progress: Progress = no_progress) -> Calibration:
    """The calibration from takes in styles. Raises CancelledError through `progress`."""
    inputs, missed = [], []
    for i, style in enumerate(styles):
        progress(i / len(styles), "measuring takes")
        standardised = manner.standardised(style.vector(*manner.sizes.statistics))
        inputs.append(np.concatenate([[1.0], standardised, style.learned]))
        # Seeds of their own: what a seed has too much of would else count as what all styles do.
        missed.append(excess(manner, style, Correction(burst=BURST), seed=i))
    known, values = np.array(inputs), np.array(missed)
    values[:, OUTCOMES.index(SPREAD)] -= values[:, OUTCOMES.index(SPREAD)].mean()
    ridge = np.diag([0.0, *[_RIDGE] * (known.shape[1] - 1)])
    weights = np.linalg.solve(known.T @ known + ridge, known.T @ values)
    return Calibration(
        tuple(map(tuple, np.round(weights, 6).tolist())),
        coupling_share=COUPLING_SHARE,
        speed_share=SPEED_SHARE,
        burst=BURST,
        burst_of_spread=BURST_OF_SPREAD,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--weights", type=Path, default=PATH, help="the weights file, which is written anew")
    parser.add_argument("--styles", type=int, default=STYLES)
    arguments = parser.parse_args()
    try:
        with shown_progress() as progress:
            manner = read_manner(arguments.weights)
            own = styles_of(segments(arguments.dataset, "train"), manner, part(progress, 0.0, 0.1))
            found = calibrate(manner, between(own, arguments.styles), part(progress, 0.1, 1.0))
        weights = read_weights(arguments.weights)
        write_weights(arguments.weights, weights.arrays, {**weights.metadata, CALIBRATION: found.to_json()})
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"From {arguments.styles} styles of {len(own)} persons and between them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

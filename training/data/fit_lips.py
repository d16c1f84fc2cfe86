"""Regression from sound to lip opening, from many speakers: training/data/fit_lips.py CLIPS_DIR --raw DATASET/raw.

Writes lips.json: a ridge regression of the mouth's motion on the speech features of the next third of a
second, pooled over persons who are trained on; each clip counts by its length and gives its own
mouth's size in its own unit. A second round uses the offsets that the first one finds. The weights hold no
figure of any one person.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from mannerism.core.errors import MannerismError
from mannerism.core.files import write_json
from mannerism.core.recording import Measured
from mannerism.core.recording.lips import INPUTS, LEADS, WEIGHTS, estimate_offset, lip_features, lips_of
from mannerism.core.types import Array
from mannerism.training.data.catalogue import Clip, find_clips
from mannerism.training.data.measurement_cache import RefusedError, measured, read
from mannerism.training.data.split import FROZEN, read_split

_RIDGE = 0.02
_ROUNDS = 2
_CONFIDENT = 4.0


def fit(measurements: Iterable[Measured], before: Array | None) -> Array:
    """Weights for `lip_features`. `before`: those of the round before, for the offsets, or None in the first one."""
    size = len(INPUTS) * len(LEADS)
    square, product = np.zeros((size, size)), np.zeros(size)
    for each in measurements:
        face, speech = each.face, each.speech
        sounds = lip_features(speech)
        offset_s = 0.0
        if before is not None:
            offset = estimate_offset(lips_of(face, speech.time_s), sounds @ before)
            if offset.confidence < _CONFIDENT:
                continue
            offset_s = offset.offset_s
        lips = lips_of(face, speech.time_s, offset_s)
        motion = lips.motion()[lips.visible]
        if len(motion) < 50 or motion.std() == 0:
            continue
        sounds = sounds[lips.visible] - sounds[lips.visible].mean(axis=0)
        square += sounds.T @ sounds
        product += sounds.T @ (motion / motion.std())
    return np.linalg.solve(square + _RIDGE * np.trace(square) / size * np.eye(size), product)


def _each(clips: list[Clip], raw: Path) -> Iterator[Measured]:
    for clip in clips:
        try:
            yield read(clip, raw)
        except RefusedError:
            continue


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument(
        "--raw", type=Path, required=True, help="measurements made by training/data/prepare.py"
    )
    parser.add_argument("--split", type=Path, default=FROZEN)
    parser.add_argument("-o", "--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    try:
        clips = find_clips(arguments.clips)
        parts = read_split(arguments.split).parts(clips)
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    clips = [clip for clip in clips if parts[clip.person] == "train" and measured(clip, arguments.raw)]
    found = None
    for _ in range(_ROUNDS):
        found = fit(_each(clips, arguments.raw), found)
    assert found is not None
    content = {"inputs": INPUTS, "leads": LEADS, "weights": [float(f"{value:.5g}") for value in found]}
    write_json(arguments.out, content)
    print(f"{len({clip.person for clip in clips})} persons, {len(clips)} clips: {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Training of the mouth network: training/face/train.py CLIPS DATASET --work DIR.

CLIPS is a folder of videos with their sound, DATASET what training/data/prepare.py made of it. The points of all
faces and the phonetic features of all sounds are measured into the work folder, once; then the network learns the mouth's shape from people, and
when lips close from people and from made-up words. Persons in CLIPS/hires are left out: they judge the
talking-head video. A run that was stopped goes on where it was.
"""

import argparse
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from mannerism.core.errors import MannerismError
from mannerism.core.face.mouth import basis
from mannerism.core.progress import shown_progress
from mannerism.training.data.dataset import DatasetError, Recording
from mannerism.training.face.calibrate import agreement, calibrate
from mannerism.training.face.corpus import Talk, add_corpus_arguments, measured, talks
from mannerism.training.face.examples import of_spoken, of_talk
from mannerism.training.face.export import export
from mannerism.training.face.fit import fit
from mannerism.training.face.options import TOY, Options
from mannerism.training.face.synthetic import kept_lines
from mannerism.training.train_loop import use

OUT = Path(__file__).parents[2] / "core" / "weights" / "face.safetensors"
_HELD_BACK = 8  # one made-up line in so many is not learned from
_LEAST_S = 2.0


def _read(rows: list[Recording], clips: dict[str, Path], work: Path) -> list[Talk]:
    found = talks(tqdm(rows, desc="reading", disable=None), clips, work)
    return [talk for talk in found if talk.used_s >= _LEAST_S]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_corpus_arguments(parser)
    parser.add_argument("-o", "--out", type=Path, default=OUT)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--toy", action="store_true", help="small and short: only shows that it runs")
    for field in fields(Options):
        if field.type in (int, float):
            parser.add_argument("--" + field.name.replace("_", "-"), type=field.type)
    arguments = parser.parse_args()
    given = {f.name: getattr(arguments, f.name, None) for f in fields(Options)}
    options = replace(
        TOY if arguments.toy else Options(), **{k: value for k, value in given.items() if value is not None}
    )
    use(arguments.threads)
    try:
        (learned, shown), paths = measured(arguments, "train", "valid")
        people, validation = (_read(rows, paths, arguments.work) for rows in (learned, shown))
        if not people or not validation:
            raise DatasetError("Too little is left to learn from", "Give more videos of people who talk")
        lines = kept_lines(arguments.work / f"lines_{options.lines}.npz", options.lines, options.seed)
        made_up = [of_spoken(line, len(basis())) for line in lines]
        kept = max(1, len(made_up) // _HELD_BACK)
        examples = [of_talk(talk) for talk in people]
        scale = np.median([each.shape[each.tracked].std(axis=0) for each in examples], axis=0)
        tracked = [of_talk(talk) for talk in validation]
        with shown_progress() as progress:
            network = fit(
                examples,
                made_up[:-kept],
                torch.from_numpy(scale.astype(np.float32)),
                options,
                lambda trained: agreement(trained, tracked),
                kept=arguments.work / "checkpoint.pt",
                key=sorted({row.id for row in learned + shown}),
                progress=progress,
            )
        found = calibrate(network, scale, tracked, made_up[-kept:])
        export(arguments.out, network, found, options, [talk.row for talk in people])
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())

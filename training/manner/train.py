"""Training of the manner network: training/manner/train.py DATASET -o WEIGHTS [--work FOLDER] [--toy].

DATASET is what training/data/prepare.py wrote. Run again after it was stopped, it goes on where it was; run again
when it is done, it writes the weights once more, with what --temperature, --gain and --vector-sd say. On
several devices: torchrun --nproc-per-node N training/manner/train.py … .
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from mannerism.core.errors import MannerismError
from mannerism.core.motion import Progress, no_progress
from mannerism.core.network.sizes import Sizes
from mannerism.core.progress import shown_progress
from mannerism.core.speech import NAMES
from mannerism.core.style import STATISTICS
from mannerism.training.data.dataset import load, usable
from mannerism.training.manner.corpus import Corpus, Segment, chosen_persons, is_clear, segment_of
from mannerism.training.manner.curve import draw
from mannerism.training.manner.distributed import ALONE, ProcessGroup, assembled
from mannerism.training.manner.examples import Examples
from mannerism.training.manner.export import export
from mannerism.training.manner.fit import Check, Training
from mannerism.training.manner.options import Options, add_arguments, options_of

CURVE = "curve.png"
_HELD_OUT = 0.2  # of the persons, where the validation split has none of the licence
_LEAST_SD = 1e-3


def train(
    dataset: Path,
    out: Path,
    work: Path,
    options: Options,
    group: ProcessGroup = ALONE,
    *,
    progress: Progress = no_progress,
) -> list[Check]:
    """Train on a prepared dataset, and write weights to `out`, checkpoint and curve into the folder `work`.

    Raises
    ------
    MannerismError : no dataset, nobody in it to learn from, or a file cannot be written
    """
    work.mkdir(parents=True, exist_ok=True)
    learned, strangers = _chosen(dataset, options)
    sizes = _sizes(learned, options)
    training = Training(
        Examples(learned, sizes, options),
        Examples(strangers, sizes, options),
        sizes,
        options,
        key=[[(row.id, row.segments) for row in corpus.rows] for corpus in (learned, strangers)],
        folder=work,
        group=group,
    )
    weights, checks = training.run(progress)
    if group.leads:
        export(out, weights, sizes, options, rows=learned.rows, checks=checks)
        draw(checks, work / CURVE)
    return checks


def _chosen(dataset: Path, options: Options) -> tuple[Corpus, Corpus]:
    """What to learn from, and by whom the best weights are chosen."""
    learned = Corpus(_segments(dataset, "train", options), options.window_s)
    segments = list(_segments(dataset, "valid", options))
    if segments:
        strangers = Corpus(segments, options.window_s)
    else:
        held = chosen_persons(learned.persons, _HELD_OUT)
        # One person alone has to be both.
        strangers, learned = learned.of(held), learned.of(set(learned.persons) - held or held)
    return learned.of(chosen_persons(learned.persons, options.share)), strangers


def _segments(dataset: Path, part: str, options: Options) -> Iterator[Segment]:
    spectrum = options.columns > NAMES.index("mel_01")
    for row in usable(dataset, part):
        if spectrum and row.prosody_only:
            continue
        if options.licence == "all" or is_clear(row):
            whole = load(dataset, row)
            yield from (segment_of(row, whole.part(*segment)) for segment in row.segments)


def _sizes(corpus: Corpus, options: Options) -> Sizes:
    speech = corpus.speech()[:, : options.columns].astype(np.float64)
    statistics = corpus.statistics()
    return Sizes(
        speech=NAMES[: options.columns],
        speech_mean=tuple(speech.mean(axis=0).tolist()),
        speech_sd=tuple((speech.std(axis=0) + _LEAST_SD).tolist()),
        statistics=tuple(STATISTICS),
        statistics_mean=tuple(statistics.mean(axis=0).tolist()),
        statistics_sd=tuple((statistics.std(axis=0) + _LEAST_SD).tolist()),
        vector=options.vector,
        vector_sd=options.vector_sd,
        code=options.code,
        statistics_embedding=options.statistics_embedding,
        past=options.past,
        hidden=options.hidden,
        layers=options.layers,
        head=options.head,
        components=options.components,
        temperature=options.temperature,
        gain=options.gain,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True, help="the weights, a .safetensors")
    parser.add_argument(
        "--work", type=Path, default=Path("out/manner"), help="for the checkpoint and the curve"
    )
    parser.add_argument("--threads", type=int, help="of each process; all cores unless given")
    add_arguments(parser)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    torch.use_deterministic_algorithms(mode=True, warn_only=True)
    try:
        with assembled() as group, shown_progress() as progress:
            options = options_of(arguments)
            checks = train(
                arguments.dataset, arguments.out, arguments.work, options, group, progress=progress
            )
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    if group.leads:
        for check in checks:
            print(
                f"step {check.step}: trained {check.trained:.3f}, strangers {check.strangers:.3f}, "
                f"no vector {check.no_vector:.3f}, no voice {check.no_voice:.3f}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())

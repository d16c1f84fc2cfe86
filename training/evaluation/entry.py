"""A row of the scorecard for anybody's motion: training/evaluation/entry.py DATASET PAIRS.jsonl -o WORK.

PAIRS.jsonl and the speech to move to come from training/data/pairs.py; whoever enters writes the motion files that
it names, as CSV. Judged as `make score` judges its own rows: by the same persons, with StyleID and C2ST, by the
judges that are kept in WORK, or are trained now.
"""

import argparse
import sys
from pathlib import Path

from mannerism.core.errors import MannerismError, ScoreError
from mannerism.core.evaluate import Row, score
from mannerism.core.evaluate.evaluation_case import EvaluationCase
from mannerism.core.evaluate.pairs import load_takes
from mannerism.core.evaluate.random_convolutions import RandomConvolutions
from mannerism.core.evaluate.report import as_json, as_text
from mannerism.core.files import write_json
from mannerism.core.motion import Progress, no_progress
from mannerism.core.progress import part, shown_progress
from mannerism.training.evaluation.judges import FULL, TOY, Budget, judges
from mannerism.training.train_loop import use


def judge_entry(
    dataset: Path, pairs: Path, work: Path, budget: Budget, progress: Progress = no_progress
) -> tuple[tuple[Row, ...], list[str]]:
    """Rows of the motions that a file of pairs names, and a sentence for each line that cannot be judged.

    Raises
    ------
    ScoreError : no line can be judged
    DatasetError : there is no such dataset
    CancelledError : through `progress`
    """
    found = list(load_takes(pairs, part(progress, 0.0, 0.1)))
    takes = [take for take in found if isinstance(take, EvaluationCase)]
    left_out = [f"{line.place}: {line.problem}" for line in found if not isinstance(line, EvaluationCase)]
    if not takes:
        raise ScoreError(f"No line of “{pairs.name}” can be judged: {left_out[0]}", "Write the motions first")
    work.mkdir(parents=True, exist_ok=True)
    trained = judges(dataset, work, budget, part(progress, 0.1, 0.5))
    rows = score(
        takes,
        verifier=trained.verifier,
        classifier=trained.classifier,
        second=RandomConvolutions(),
        progress=part(progress, 0.5, 1.0),
    )
    return rows, left_out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("pairs", type=Path, metavar="PAIRS.jsonl")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder of the judges, as of score.py")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--toy", action="store_true", help="hardly any training: shows that it runs")
    arguments = parser.parse_args()
    use(arguments.threads)
    try:
        with shown_progress() as progress:
            rows, left_out = judge_entry(
                arguments.dataset,
                arguments.pairs,
                arguments.out,
                TOY if arguments.toy else FULL,
                progress,
            )
        write_json(arguments.out / "entry.json", {"rows": as_json(rows)})
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    for line in left_out:
        print(line, file=sys.stderr)
    print(as_text(rows))
    return 1 if left_out else 0


if __name__ == "__main__":
    sys.exit(main())

"""The scorecard of all engines: training/evaluation/score.py DATASET -o WORK [--page docs/scorecard.md].

DATASET comes from training/data/prepare.py. Trains the judges and the baseline on the persons to learn from, makes
takes for the persons who judge, and writes scorecard.json and scorecard.md to WORK, and the table into a page.
The engines are those of the repository with its weights, which nothing here trains.
Everything on the way is kept in WORK, so a run that was stopped goes on where it was.

Whoever chooses between variants of an engine chooses with --split valid, on persons who do not judge. As they
are few, all pairs lie within one recording. This writes scorecard_valid.json and scorecard_valid.md.
"""

import argparse
import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from mannerism.core.errors import MannerismError
from mannerism.core.evaluate import EvaluationCase, score
from mannerism.core.evaluate.random_convolutions import RandomConvolutions
from mannerism.core.evaluate.report import markdown_of, text_of
from mannerism.core.files import replacing, write_json
from mannerism.core.motion import Progress, no_progress
from mannerism.core.progress import part, shown_progress
from mannerism.training.data.dataset import usable
from mannerism.training.data.pairs import find_pairs
from mannerism.training.evaluation.baseline import train_baseline
from mannerism.training.evaluation.docs_table import put_into
from mannerism.training.evaluation.judges import FULL, TOY, Budget, judges
from mannerism.training.evaluation.results import Results, results
from mannerism.training.evaluation.score_tables import as_values, tables
from mannerism.training.evaluation.systems import BASELINE, CLEAR, ROWS, actor_of, systems
from mannerism.training.evaluation.takes import System, make_takes, stranger
from mannerism.training.train_loop import use


def judge_all(
    dataset: Path,
    work: Path,
    budget: Budget,
    *,
    split: str = "test",
    names: Collection[str] = ROWS,
    clear_weights: Path | None = None,
    progress: Progress = no_progress,
) -> Results:
    """Rows of the given names and their results; intermediate results are kept in `work`, which exists.

    split : who judges
    names : of ROWS
    clear_weights : of the row CLEAR, which is left out where there are none
    """
    trained = judges(dataset, work, budget, part(progress, 0.0, 0.1))
    added: list[System] = []
    if CLEAR in names and clear_weights is not None and clear_weights.exists():
        added.append(actor_of(CLEAR, clear_weights))
    elif CLEAR in names:
        print(f"left out: {CLEAR}, whose weights are not there", file=sys.stderr)
    if BASELINE in names:
        weights = work / "baseline.pt"
        baseline = train_baseline(
            weights,
            dataset,
            list(usable(dataset, "train")),
            steps=budget.baseline,
            progress=part(progress, 0.1, 0.25),
        )
        added.append(System(BASELINE, baseline, weights=(weights,)))
    pairs = list(find_pairs(usable(dataset, split), within=split != "test"))
    made = make_takes(
        dataset,
        pairs,
        systems(names, added),
        seeds=budget.seeds,
        cache=work / "takes",
        progress=part(progress, 0.25, 0.6),
    )
    takes = []
    for found in made:
        if isinstance(found, EvaluationCase):
            takes.append(found)
        else:
            print(f"left out of {found.system}, {found.pair.name}: {found.problem}", file=sys.stderr)
    rows = score(
        takes,
        verifier=trained.verifier,
        classifier=trained.classifier,
        second=RandomConvolutions(),
        progress=part(progress, 0.6, 1.0),
    )
    towards = {
        (pair.name, seed): stranger(pairs, pair, seed).name for pair in pairs for seed in range(budget.seeds)
    }
    return results(rows, takes, trained.verifier, towards)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for all that is kept")
    parser.add_argument("--page", type=Path, help="a page with a place for the table")
    parser.add_argument("--threads", type=int, default=1, help="the networks are small: two gain little")
    parser.add_argument("--toy", action="store_true", help="hardly any training: shows that it runs")
    parser.add_argument("--split", choices=("test", "valid"), default="test", help="who judges")
    parser.add_argument("--systems", default=",".join(ROWS), help="rows, with commas between; default all")
    parser.add_argument("--clear-weights", type=Path, metavar="FILE", help=f"for the row “{CLEAR}”")
    parser.add_argument("--seeds", type=int, help="takes of each pair and system")
    arguments = parser.parse_args()
    names = arguments.systems.split(",")
    if unknown := set(names) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    budget = TOY if arguments.toy else FULL
    if arguments.seeds is not None:
        budget = replace(budget, seeds=arguments.seeds)
    out = arguments.out / ("scorecard" if arguments.split == "test" else f"scorecard_{arguments.split}")
    use(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    try:
        with shown_progress() as progress:
            found = judge_all(
                arguments.dataset,
                arguments.out,
                budget,
                split=arguments.split,
                names=names,
                clear_weights=arguments.clear_weights,
                progress=progress,
            )
        write_json(out.with_suffix(".json"), as_values(found))
        page = markdown_of(tables(found))
        with replacing(out.with_suffix(".md")) as temporary:
            temporary.write_text(page + "\n", encoding="utf-8")
        if arguments.page is not None:
            put_into(arguments.page, "score", page)
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    print(text_of(tables(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

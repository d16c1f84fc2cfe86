"""The command of an evaluation on held-out persons: its arguments, its refusals, and the table in a page of the docs."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mannerism.core.errors import MannerismError
from mannerism.training.data.dataset import DatasetError
from mannerism.training.evaluation.docs_table import put_into
from mannerism.training.face.corpus import add_corpus_arguments


class Corpus(NamedTuple):
    """Who judges.

    persons, clips : how many
    table : makes the table, as Markdown
    """

    persons: int
    clips: int
    table: Callable[[], str]


def score_command(doc: str | None, name: str, corpus_of: Callable[[argparse.Namespace], Corpus]) -> int:
    """Print the table of an evaluation, and put it into a page where one is given; the exit status.

    doc : of the command's module, whose first line is its help
    name : of the table in the page
    corpus_of : reads those who judge from the arguments: `add_corpus_arguments`, and `part`. Raises MannerismError
    """
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    add_corpus_arguments(parser)
    parser.add_argument(
        "--part", default="test", help="test, or valid or train while something is still chosen"
    )
    parser.add_argument("--page", type=Path, help="page whose table is to be replaced")
    arguments = parser.parse_args()
    try:
        corpus = corpus_of(arguments)
        if corpus.persons < 2:
            raise DatasetError("There are fewer than two persons to judge by", "Give more videos")
        text = f"{corpus.persons} persons, {corpus.clips} clips.\n\n{corpus.table()}"
        if arguments.page:
            put_into(arguments.page, name, text)
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    print(text)
    return 0

"""`mannerism score`."""

import argparse
import json
from pathlib import Path

from .command import add_command, print_result, say
from .exit_status import DONE, SOME_FAILED


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "score", run)
    command.add_argument("pairs", type=Path, metavar="PAIRS.jsonl")
    command.add_argument("--json", action="store_true", help="plain values in place of a table")


def run(arguments: argparse.Namespace) -> int:
    """Score motions against recorded motion of the same persons, beside the ceiling and adversarial baselines."""
    from .. import api
    from ..errors import ScoreError
    from ..evaluate import as_json, as_text
    from ..progress import shown_progress

    with shown_progress() as progress:
        scores = api.score(arguments.pairs, progress=progress)
    for line in scores.bad_lines:
        say(f"{line.place}: {line.problem}")
    if not scores.rows:
        raise ScoreError(f"No line of “{arguments.pairs.name}” can be judged", "See the reasons above")
    say("Without a verifier and a classifier there is no StyleID and no C2ST.")
    if arguments.json:
        print_result(json.dumps(as_json(scores.rows), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        print_result(as_text(scores.rows))
    return SOME_FAILED if scores.bad_lines else DONE

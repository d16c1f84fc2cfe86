"""Talking-head score: training/portrait/score.py CLIPS -o WORK [--page docs/talking_head.md].

CLIPS is a folder of videos, with a catalogue or a folder a person. Each person's longest clip is cut into a
reference and a truth, see cases.py; each row of systems.py is judged on each; and the medians over persons are
printed, and written into a page. Figures of single persons, and strips to look at, stay in WORK: a run that was
stopped goes on where it was, and a change of the code makes the figures anew.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from math import isfinite, nan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from mannerism.core.errors import MannerismError
from mannerism.core.evaluate.report import markdown_of, text_of
from mannerism.core.files import replacing, write_json
from mannerism.core.motion import Progress, no_progress
from mannerism.core.progress import shown_progress
from mannerism.core.types import ByteArray
from mannerism.training.data.catalogue import Clip as Listed
from mannerism.training.evaluation.docs_table import put_into
from mannerism.training.evaluation.takes import fingerprint
from mannerism.training.portrait.cases import Case, judged, read_case
from mannerism.training.portrait.figures import Figures
from mannerism.training.portrait.systems import FULL, ROWS, TOY, Budget, figures_of
from mannerism.training.portrait.table import Judged, tables

_ROOT = Path(__file__).parents[2]
_CODE = ("core/portrait/**/*.py", "core/face/*.py", "core/track/*.py", "training/portrait/*.py")
_IN_A_STRIP = 8
_SIZE = 256


def judge(
    clips: Sequence[Listed],
    work: Path,
    budget: Budget,
    *,
    systems: Sequence[str] = ROWS,
    size: int = _SIZE,
    seconds: float | None = None,
    stale: bool = False,
    progress: Progress = no_progress,
) -> list[Judged]:
    """Evaluate all clips, with results kept in `work`, an existing folder; existing results are not made again.

    seconds : of each clip, from its beginning; all of it without
    stale : whether what older code made counts as well
    """
    code = fingerprint(sorted(path for pattern in _CODE for path in _ROOT.glob(pattern)))
    found = []
    for number, clip in enumerate(clips):
        folder = work / (f"{size}" if seconds is None else f"{size}_{seconds:g}s") / clip.id
        folder.mkdir(parents=True, exist_ok=True)
        missing = [name for name in systems if _kept(folder / f"{name}.json", code, stale=stale) is None]
        if missing:
            progress(number / len(clips), f"{clip.id}: reading")
            with TemporaryDirectory(dir=work) as scratch:
                case = read_case(clip.id, clip.path, size, Path(scratch), seconds=seconds)
                for order, name in enumerate(missing):
                    progress((number + order / len(missing)) / len(clips), f"{clip.id}: {name}")
                    figures = figures_of(case, name, budget, partial(_show, folder))
                    _keep(folder / f"{name}.json", code, case, figures)
        found.append(_judged(folder, systems))
    return found


def table_of(size: int) -> str:
    """The command that writes the table of a size, after whose name a page has a place for it."""
    return "portrait-score" if size == _SIZE else f'portrait-score OPTIONS="--size {size}"'


def _kept(file: Path, code: str, *, stale: bool) -> dict[str, Any] | None:
    """Earlier results of the same code version."""
    if not file.exists():
        return None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found if stale or found["code"] == code else None


def _keep(file: Path, code: str, case: Case, figures: Figures) -> None:
    known = {name: value if isfinite(value) else None for name, value in figures.items()}
    write_json(file, {"code": code, "is_long": case.is_long, "figures": known})


def _judged(folder: Path, systems: Sequence[str]) -> Judged:
    kept = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in systems}
    figures = {
        name: {figure: nan if value is None else value for figure, value in one["figures"].items()}
        for name, one in kept.items()
    }
    return Judged(next(iter(kept.values()))["is_long"], figures)


def _show(folder: Path, case: Case, system: str, made: ByteArray) -> None:
    """Write a strip of truth above output, for inspection and never to be published."""
    frames = np.linspace(0, len(made) - 1, _IN_A_STRIP).astype(int)
    rows = [np.concatenate(list(pictures[frames]), axis=1) for pictures in (case.truth.pictures, made)]
    with replacing(folder / f"{system}.jpg") as temporary:
        temporary.write_bytes(cv2.imencode(".jpg", np.concatenate(rows)[..., ::-1])[1].tobytes())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clips", type=Path, help="folder of videos, with or without a catalog.tsv")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for all that is kept")
    parser.add_argument("--page", type=Path, help="a page with a place for the table")
    parser.add_argument("--systems", default=",".join(ROWS), help="rows, with commas between; default all")
    parser.add_argument("--persons", type=int, help="only the first so many")
    parser.add_argument("--size", type=int, default=_SIZE, help="of the pictures, pixels")
    parser.add_argument("--seconds", type=float, help="of each clip, from its beginning")
    parser.add_argument("--stale", action="store_true", help="figures that older code made count as well")
    parser.add_argument("--toy", action="store_true", help="hardly any training: shows that it runs")
    arguments = parser.parse_args()
    systems = arguments.systems.split(",")
    if unknown := set(systems) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    cv2.setNumThreads(1)
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        with shown_progress() as progress:
            found = judge(
                judged(arguments.clips)[: arguments.persons],
                arguments.out,
                TOY if arguments.toy else FULL,
                systems=systems,
                size=arguments.size,
                seconds=arguments.seconds,
                stale=arguments.stale,
                progress=progress,
            )
        print(text_of(tables(found)))
        if arguments.page is not None:
            put_into(arguments.page, table_of(arguments.size), markdown_of(tables(found)))
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

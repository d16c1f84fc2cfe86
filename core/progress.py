"""Progress of a job, shown on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from .motion import Progress

_LINE_EVERY_S = 5.0


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A bar on a terminal; otherwise a line now and then, and none for a quick job."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from tqdm import tqdm

    with tqdm(total=1.0, leave=False, bar_format="{percentage:3.0f} % |{bar:30}| {elapsed} {desc}") as bar:

        def show(share: float, what: str) -> None:
            bar.set_description_str(what, refresh=False)
            bar.update(share - bar.n)

        yield show


def _lines() -> Progress:
    last = monotonic()

    def tell(share: float, what: str) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_EVERY_S:
            last = monotonic()
            print(f"{share:4.0%} {what}", file=sys.stderr, flush=True)  # noqa: T201  this is its place

    return tell


def part(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a stage that takes the whole from `start` to `end`."""

    def stage(share: float, what: str) -> None:
        progress(start + (end - start) * share, what)

    return stage


def duration(seconds: float) -> str:
    """A time to wait, in the unit that one would say."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"

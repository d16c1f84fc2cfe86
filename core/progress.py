"""Progress of long work: shown on stderr, divided among its stages, and times to wait as text."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from .motion import Progress

_LINE_EVERY_S = 5.0


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Show progress as a bar on a terminal; otherwise as a line now and then, and not at all for quick work."""
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

    def write(share: float, what: str) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_EVERY_S:
            last = monotonic()
            print(f"{share:4.0%} {what}", file=sys.stderr, flush=True)  # noqa: T201  this is its place

    return write


def part(progress: Progress, start: float, end: float) -> Progress:
    """Map the progress of one stage to the part of the whole from `start` to `end`."""

    def stage(share: float, what: str) -> None:
        progress(start + (end - start) * share, what)

    return stage


def duration(seconds: float) -> str:
    """Format a time to wait in seconds, minutes or hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"

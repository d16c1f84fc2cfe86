"""Progress of a job: shown on stderr, logged by stage, and divided among stages."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .motion import Progress


_LINE_EVERY_S = 5.0


@contextmanager
def shown_progress() -> Iterator["Progress"]:
    """Yield a progress callback that draws a bar on a terminal, or else prints a line now and then."""
    if not sys.stderr.isatty():
        yield logged(_lines())
        return
    from tqdm import tqdm

    with tqdm(total=1.0, leave=False, bar_format="{percentage:3.0f} % |{bar:30}| {elapsed} {desc}") as bar:

        def show(share: float, what: str) -> None:
            bar.set_description_str(what, refresh=False)
            bar.update(share - bar.n)

        yield logged(show)


def _lines() -> "Progress":
    last = monotonic()

    def show(share: float, what: str) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_EVERY_S:
            last = monotonic()
            print(f"{share:4.0%} {what}", file=sys.stderr, flush=True)  # noqa: T201  this is its place

    return show


def logged(progress: "Progress") -> "Progress":
    """Progress that also logs how long each stage took, once the next one begins.

    A stage is named by its text up to the first digit or comma: the rest counts pictures or seconds.
    """
    import logging  # not before a job: Blender starts without it

    log = logging.getLogger(__name__)
    if not log.isEnabledFor(logging.DEBUG):
        return progress
    stage, began = "", monotonic()

    def show(share: float, what: str) -> None:
        nonlocal stage, began
        now, name = monotonic(), re.split(r"[\d,]", what, maxsplit=1)[0].strip()
        if name != stage:
            if stage:
                log.debug("“%s” took %.2f s", stage, now - began)
            stage, began = name, now
        progress(share, what)

    return show


def part(progress: "Progress", start: float, end: float) -> "Progress":
    """Map the progress of one stage to the part of the whole from `start` to `end`."""

    def stage(share: float, what: str) -> None:
        progress(start + (end - start) * share, what)

    return stage


def duration(seconds: float) -> str:
    """A duration as text, in seconds, minutes or hours by its size."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"

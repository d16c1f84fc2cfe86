"""Choice of the renderer for a quality level, with fallback where a trained one is no better."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..motion import Progress
from ..progress import part
from ..types import ByteArray
from .model.person import Drive, Person
from .render.look import FILM
from .render.renderer import Layers, Plan, Renderer
from .render.window import Window

if TYPE_CHECKING:
    from .refine.refiner import Refiner

_REFINING = 0.3  # of the time for High, at most, before the network


class FrameRenderer(Protocol):
    """Common interface of the renderers."""

    def plan(self, drive: Drive) -> Plan:
        """Choose the source frames of a video."""

    def frame(self, plan: Plan, index: int) -> Layers:
        """Render the frame of an index."""


@dataclass(frozen=True)
class QualityRenderer:
    """Renderer of a quality level, and notes to the user, in sentences."""

    renderer: FrameRenderer
    notes: tuple[str, ...] = ()

    def frames_of(self, drive: Drive, shown: Window | None = None) -> Callable[[int], ByteArray]:
        """Return a thread-safe function from a frame's index, from 0, to the frame, (S, S, 3) uint8 RGB.

        shown : the part of the frame that is shown, the whole without
        """
        plan = self.renderer.plan(drive)
        if shown is not None:
            plan = plan.through(shown)

        def picture(number: int) -> ByteArray:
            drawn = self.renderer.frame(plan, number).picture
            return np.asarray(np.clip(np.rint(drawn), 0, 255), np.uint8)

        return picture


def quality_renderer(
    person: Person, quality: str, seconds: float, progress: Progress, folder: Path | None = None
) -> QualityRenderer:
    """Return the renderer of a person for a quality of `names.QUALITIES`, trained where it needs to be.

    seconds : how long it may learn the person
    folder : of the analysed reference, where to keep what is learned for the next video; nowhere without

    Raises
    ------
    MissingPartError : the quality needs a package or a graphics card that is not there
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    if quality == "warp":
        return QualityRenderer(Renderer(person, FILM))
    if quality == "high":
        return _high(person, seconds, progress, folder)
    return _refined(person, _refiner(person, seconds, progress, folder))


def _refined(person: Person, refiner: "Refiner | None") -> QualityRenderer:
    if refiner is None:
        return QualityRenderer(
            Renderer(person, FILM), ("Refining made held-out pictures no better, so they are warped only.",)
        )
    return QualityRenderer(refiner)


def _high(person: Person, seconds: float, progress: Progress, folder: Path | None) -> QualityRenderer:
    """Neural renderer where it is better on held-out frames, else refined or warped."""
    from .neural.renderer import graphics_card, trial

    device, begun = graphics_card(), monotonic()
    refiner = _refiner(person, _REFINING * seconds, part(progress, 0.0, _REFINING), folder)
    left_s = seconds - (monotonic() - begun)
    high, holdout = trial(person, refiner, device, left_s, part(progress, _REFINING, 1.0))
    if high is not None and holdout is not None:
        than = "warped" if refiner is None else "refined"
        better = (
            f"A network brings held-out faces {holdout.gain_db:.1f} dB nearer the truth than {than} ones."
        )
        return QualityRenderer(high, (better,))
    if holdout is None:
        why = "The reference is too short for a network to learn from, so none is used."
    elif holdout.gain_db > 0:
        why = "A network made held-out pictures blurrier, so it is not used."
    else:
        why = "A network made held-out pictures no better, so it is not used."
    below = _refined(person, refiner)
    return QualityRenderer(below.renderer, (why, *below.notes))


def _refiner(person: Person, seconds: float, progress: Progress, folder: Path | None) -> "Refiner | None":
    """Refiner of the person, None where it is no better than warping."""
    if folder is not None:
        from .refine.cache import reference_refiner

        return reference_refiner(person, folder, seconds, progress)
    from .refine.refiner import train

    return train(person, seconds, progress)

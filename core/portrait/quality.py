"""Who draws: the renderer, or what has learned this person in addition where that turned out to be better."""

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
from .render.renderer import Layers, Plan, Renderer

if TYPE_CHECKING:
    from .refine.refiner import Refiner

_REFINING = 0.3  # of the time for High, at most, before the network


class Draws(Protocol):
    """What `Renderer` and those that learn in addition have in common."""

    def plan(self, drive: Drive) -> Plan:
        """What to draw the pictures of a video from."""

    def picture(self, plan: Plan, index: int) -> Layers:
        """The picture of a number."""


@dataclass(frozen=True)
class Artist:
    """Who draws, and what the user should know of it, in sentences."""

    draws: Draws
    notes: tuple[str, ...] = ()

    def pictures_of(self, drive: Drive) -> Callable[[int], ByteArray]:
        """What draws the picture of a number, from 0; may be called from several threads."""
        plan = self.draws.plan(drive)

        def picture(number: int) -> ByteArray:
            drawn = self.draws.picture(plan, number).picture
            return np.asarray(np.clip(np.rint(drawn), 0, 255), np.uint8)

        return picture


def artist_of(
    person: Person, quality: str, seconds: float, progress: Progress, folder: Path | None = None
) -> Artist:
    """Who draws a person in a quality of `names.QUALITIES`.

    seconds : how long it may learn the person
    folder : of the analysed reference, where to keep what is learned for the next film; nowhere without

    Raises
    ------
    MissingPartError : the quality needs a package or a graphics card that is not there
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    if quality == "warp":
        return Artist(Renderer(person))
    if quality == "high":
        return _high(person, seconds, progress, folder)
    return _refined(person, _refiner(person, seconds, progress, folder))


def _refined(person: Person, refiner: "Refiner | None") -> Artist:
    if refiner is None:
        return Artist(
            Renderer(person), ("Refining made held-out pictures no better, so they are warped only.",)
        )
    return Artist(refiner)


def _high(person: Person, seconds: float, progress: Progress, folder: Path | None) -> Artist:
    """With a network where it is better still, else as refined, or warped where that was in vain, too."""
    from .neural.renderer import graphics_card, trial

    device, begun = graphics_card(), monotonic()
    refiner = _refiner(person, _REFINING * seconds, part(progress, 0.0, _REFINING), folder)
    left_s = seconds - (monotonic() - begun)
    high, verdict = trial(person, refiner, device, left_s, part(progress, _REFINING, 1.0))
    if high is not None and verdict is not None:
        than = "warped" if refiner is None else "refined"
        better = (
            f"A network brings held-out faces {verdict.gain_db:.1f} dB nearer the truth than {than} ones."
        )
        return Artist(high, (better,))
    if verdict is None:
        why = "The reference is too short for a network to learn from, so none is used."
    elif verdict.gain_db > 0:
        why = "A network made held-out pictures blurrier, so it is not used."
    else:
        why = "A network made held-out pictures no better, so it is not used."
    below = _refined(person, refiner)
    return Artist(below.draws, (why, *below.notes))


def _refiner(person: Person, seconds: float, progress: Progress, folder: Path | None) -> "Refiner | None":
    """What has learned the person without a network, None where that was in vain."""
    if folder is not None:
        from .refine.cache import reference_refiner

        return reference_refiner(person, folder, seconds, progress)
    from .refine.refiner import train

    return train(person, seconds, progress)

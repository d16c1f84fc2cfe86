"""Who draws: the renderer, or what has learned this person in addition where that turned out to be better."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from ..motion import Progress
from .composite import Layers, Plan, Renderer
from .person import Drive, Person, Picture


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

    def pictures_of(self, drive: Drive) -> Callable[[int], Picture]:
        """What draws the picture of a number, from 0; may be called from several threads."""
        plan = self.draws.plan(drive)

        def picture(number: int) -> Picture:
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
    MissingPartError : the quality needs a package that is not there
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    renderer = Renderer(person)
    if quality == "warp":
        return Artist(renderer)
    taught = _taught(person, quality, seconds, progress, folder)
    if taught is None:
        return Artist(renderer, ("Refining made held-out pictures no better, so they are warped only.",))
    return Artist(taught)


def _taught(
    person: Person, quality: str, seconds: float, progress: Progress, folder: Path | None
) -> Draws | None:
    """What has learned the person, None where that was in vain."""
    if quality == "high":
        from .high import train as train_high

        return train_high(person, seconds, progress)
    if folder is not None:
        from .refine_cache import reference_refiner

        return reference_refiner(person, folder, seconds, progress)
    from .refine import train

    return train(person, seconds, progress)

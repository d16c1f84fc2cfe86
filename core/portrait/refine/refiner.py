"""A person drawn with what all pictures of the reference teach together, where that is better.

Needs no network: what is learned has one closed answer, the same whenever it is asked for.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from ...motion import Progress, no_progress
from ...types import Array, BoolArray, ByteArray, IntArray
from ..analysis.flow_registration import drawn_from_others
from ..model.person import Drive, Person
from ..render.renderer import Layers, Plan, Renderer
from .appearance_model import Look
from .features import Traits
from .holdout import Verdict, quality
from .uv_chart import Chart

_HELD_OUT = 0.15  # of the reference, its end
_FEWEST_S = 3.0  # to learn from
_FEWEST, _MOST = 60, 450  # pictures to look at
_MOST_JUDGED = 75


@dataclass(frozen=True)
class Refiner:
    """Draws a person as `Renderer` does, in its place.

    traits : that the look is told by
    """

    renderer: Renderer
    traits: Traits
    look: Look

    @property
    def person(self) -> Person:
        """Who is drawn."""
        return self.renderer.person

    def plan(self, drive: Drive, forbidden: BoolArray | None = None) -> Plan:
        """What to draw the T pictures of a video from; see `Renderer.plan`."""
        return self.renderer.plan(drive, forbidden)

    def picture(self, plan: Plan, index: int) -> Layers:
        """The picture of a number, from 0, and its layers."""
        return self.refined(self.renderer.picture(plan, index), plan, index)

    def refined(self, layers: Layers, plan: Plan, index: int) -> Layers:
        """The layers of a picture as the renderer has drawn it, with what it lacks."""
        one = slice(index, index + 1)
        traits = self.traits.tell(plan.drive.poses[one], plan.drive.expression[one])[0]
        warped = self._chart.take(layers.picture, plan.vertices.seen[index])
        lacks = self._chart.put(self._chart.inside * self.look.lacking(traits, warped), layers.head)
        return replace(layers, picture=layers.picture + layers.matte[..., None] * lacks)

    @cached_property
    def _chart(self) -> Chart:
        return Chart(self.renderer.person)


def train(person: Person, seconds: float, progress: Progress = no_progress) -> Refiner | None:
    """A refiner of a person, or None where it draws held-out pictures no better than the renderer; see `trial`."""
    refiner, verdict = trial(person, seconds, progress)
    return refiner if verdict is not None and verdict.kept else None


def trial(
    person: Person, seconds: float, progress: Progress = no_progress
) -> tuple[Refiner | None, Verdict | None]:
    """Learn to draw a person, and judge it on the end of the reference before that is learned from, too.

    seconds : time to look at pictures; where it is short, fewer are looked at

    Returns None twice where the reference is too short.

    Raises
    ------
    CancelledError : through `progress`
    """
    learned, held = split(person)
    if len(held) == 0 or np.ptp(person.clip.time_s[learned]) < _FEWEST_S:
        return None, None
    school = replace(person, usable=np.isin(np.arange(len(person.clip)), learned))
    renderer, plan = Renderer(school), drawn_from_others(school)
    looked = _in_time(np.flatnonzero(person.usable), renderer, plan, seconds)
    traits = Traits.of(person)
    pairs = _Pairs.of(renderer, plan, looked, traits, progress)
    judged = Refiner(renderer, traits, pairs.look(looked <= learned[-1]))
    verdict = Verdict(
        *(quality(person, held, (by.picture(plan, i).picture for i in held)) for by in (renderer, judged))
    )
    return Refiner(Renderer(person), traits, pairs.look(np.ones(len(looked), dtype=bool))), verdict


def split(person: Person) -> tuple[IntArray, IntArray]:
    """The usable pictures to learn from at first, and those to judge by: some of the reference's end."""
    usable = np.flatnonzero(person.usable)
    learned, held = np.split(usable, [round((1 - _HELD_OUT) * len(usable))])
    return learned, held[
        np.unique(np.linspace(0, max(len(held) - 1, 0), min(len(held), _MOST_JUDGED)).astype(int))
    ]


@dataclass(frozen=True)
class _Pairs:
    """Pictures on the chart as they are, and as they are drawn from others, (N, texels, texels, 3) each.

    traits : (N, F)
    """

    traits: Array
    truth: ByteArray
    warped: NDArray[np.float16]

    @classmethod
    def of(
        cls, renderer: Renderer, plan: Plan, looked: IntArray, traits: Traits, progress: Progress
    ) -> "_Pairs":
        person, chart = renderer.person, Chart(renderer.person)
        truth, warped = [], []
        for order, frame in enumerate(looked.tolist()):
            progress(order / len(looked), "Learning the look of the face")
            seen = plan.vertices.seen[frame]
            truth.append(chart.take(person.clip.pictures[frame], seen))
            warped.append(chart.take(renderer.picture(plan, frame).picture, seen).astype(np.float16))
        told = traits.tell(person.poses[looked], person.expression[looked])
        return cls(told, np.stack(truth), np.stack(warped))

    def look(self, learned: BoolArray) -> Look:
        """What some of them teach."""
        return Look.learn(self.traits[learned], self.truth[learned], self.warped[learned])


def _in_time(usable: IntArray, renderer: Renderer, plan: Plan, seconds: float) -> IntArray:
    """Pictures that can be looked at in the time, spread evenly over all."""
    begun = monotonic()
    renderer.picture(plan, int(usable[0]))
    count = np.clip(seconds / max(monotonic() - begun, 1e-3), _FEWEST, _MOST)
    return usable[np.unique(np.linspace(0, len(usable) - 1, int(count)).astype(int))]

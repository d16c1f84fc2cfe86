"""Refiner: warped frames corrected by the person's appearance model.

Needs no network: what is learned has one closed answer, the same whenever it is asked for.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from ...motion import Progress, no_progress
from ...types import Array, BoolArray, ByteArray, IntArray
from ..analysis.flow_registration import leave_out_plan
from ..model.person import Drive, Person
from ..render.look import FILM, Look
from ..render.renderer import Layers, Plan, Renderer
from .appearance_model import AppearanceModel
from .features import FeatureSpace
from .holdout import HoldoutComparison, quality
from .uv_chart import Chart

_HELD_OUT = 0.15  # of the reference, its end
_FEWEST_S = 3.0  # to learn from
_FEWEST, _MOST = 60, 450  # training frames
_MOST_JUDGED = 75


@dataclass(frozen=True)
class Refiner:
    """Renders a person with the appearance model on top of `Renderer`.

    feature_space : of the appearance model's input
    appearance : per-texel model of the face
    """

    renderer: Renderer
    feature_space: FeatureSpace
    appearance: AppearanceModel

    @property
    def person(self) -> Person:
        """The person rendered."""
        return self.renderer.person

    def plan(self, drive: Drive, forbidden: BoolArray | None = None) -> Plan:
        """Choose the source frames of the T frames of a video; see `Renderer.plan`."""
        return self.renderer.plan(drive, forbidden)

    def frame(self, plan: Plan, index: int) -> Layers:
        """Render the frame of an index, from 0, and its layers."""
        return self.refined(self.renderer.frame(plan, index), plan, index)

    def refined(self, layers: Layers, plan: Plan, index: int) -> Layers:
        """Add the appearance model's correction to the layers of a warped frame."""
        one = slice(index, index + 1)
        features = self.feature_space.transform(plan.drive.poses[one], plan.drive.expression[one])[0]
        warped = self._chart.take(layers.picture, plan.vertices.points_px[index])
        lacks = self._chart.put(self._chart.inside * self.appearance.residual(features, warped), layers.head)
        return replace(layers, picture=layers.picture + layers.matte[..., None] * lacks)

    @cached_property
    def _chart(self) -> Chart:
        return Chart(self.renderer.person)


def train(
    person: Person, seconds: float, progress: Progress = no_progress, look: Look = FILM
) -> Refiner | None:
    """Train a refiner of a person; None where it is no better than the renderer on held-out frames, see `trial`."""
    refiner, holdout = trial(person, seconds, progress, look)
    return refiner if holdout is not None and holdout.kept else None


def trial(
    person: Person, seconds: float, progress: Progress = no_progress, look: Look = FILM
) -> tuple[Refiner | None, HoldoutComparison | None]:
    """Train a refiner, and compare it with warping on the end of the reference, held out for that.

    seconds : time limit for rendering training frames; a shorter one gives fewer frames
    look : of the warped frames

    Returns None twice where the reference is too short.

    Raises
    ------
    CancelledError : through `progress`
    """
    learned, held = split(person)
    if len(held) == 0 or np.ptp(person.clip.time_s[learned]) < _FEWEST_S:
        return None, None
    training_person = replace(person, usable=np.isin(np.arange(len(person.clip)), learned))
    renderer, plan = Renderer(training_person, look), leave_out_plan(training_person, look)
    indices = _in_time(np.flatnonzero(person.usable), renderer, plan, seconds)
    feature_space = FeatureSpace.fit(person)
    pairs = _Pairs.of(renderer, plan, indices, feature_space, progress)
    judged = Refiner(renderer, feature_space, pairs.fit(indices <= learned[-1]))
    holdout = HoldoutComparison(
        *(quality(person, held, (by.frame(plan, i).picture for i in held)) for by in (renderer, judged))
    )
    return Refiner(
        Renderer(person, look), feature_space, pairs.fit(np.ones(len(indices), dtype=bool))
    ), holdout


def split(person: Person) -> tuple[IntArray, IntArray]:
    """Split the usable frames into training frames and held-out ones from the end of the reference."""
    usable = np.flatnonzero(person.usable)
    learned, held = np.split(usable, [round((1 - _HELD_OUT) * len(usable))])
    return learned, held[
        np.unique(np.linspace(0, max(len(held) - 1, 0), min(len(held), _MOST_JUDGED)).astype(int))
    ]


@dataclass(frozen=True)
class _Pairs:
    """Training pairs on the chart, recorded and rendered from other frames, (N, texels, texels, 3) each.

    features : (N, F)
    """

    features: Array
    truth: ByteArray
    warped: NDArray[np.float16]

    @classmethod
    def of(
        cls,
        renderer: Renderer,
        plan: Plan,
        indices: IntArray,
        feature_space: FeatureSpace,
        progress: Progress,
    ) -> "_Pairs":
        person, chart = renderer.person, Chart(renderer.person)
        truth, warped = [], []
        for order, frame in enumerate(indices.tolist()):
            progress(order / len(indices), "Learning the look of the face")
            points_px = plan.vertices.points_px[frame]
            truth.append(chart.take(person.clip.pictures[frame], points_px))
            warped.append(chart.take(renderer.frame(plan, frame).picture, points_px).astype(np.float16))
        features = feature_space.transform(person.poses[indices], person.expression[indices])
        return cls(features, np.stack(truth), np.stack(warped))

    def fit(self, learned: BoolArray) -> AppearanceModel:
        """Fit the appearance model to a subset of the pairs."""
        return AppearanceModel.fit(self.features[learned], self.truth[learned], self.warped[learned])


def _in_time(usable: IntArray, renderer: Renderer, plan: Plan, seconds: float) -> IntArray:
    """Evenly spread frames, as many as can be rendered in the time."""
    begun = monotonic()
    renderer.frame(plan, int(usable[0]))
    count = np.clip(seconds / max(monotonic() - begun, 1e-3), _FEWEST, _MOST)
    return usable[np.unique(np.linspace(0, len(usable) - 1, int(count)).astype(int))]

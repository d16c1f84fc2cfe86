"""StyleID: metric of person recognition by the motion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..style.resampling import GridTrack
from ..types import Array
from .evaluation_case import EvaluationCase, first_takes
from .interval import UNKNOWN, Interval, combined, mean_over_persons


class Verifier(Protocol):
    """Similarity of two head motions, trained on real motion of other persons only.

    Implementations must share nothing with a generator: no encoder, no statistics it was fitted to.
    """

    def embed(self, track: GridTrack) -> Array:
        """Embed the person's manner in a motion as a vector (D,)."""
        ...

    def similarity(self, motions: Array, references: Array) -> Array:
        """How alike, (N, D) and (M, D) to (N, M); larger is more alike, any scale."""
        ...


@dataclass(frozen=True)
class StyleID:
    """auc : 0.5 chance, 1 always nearer to the own reference than to another person's
    rank_1 : share of the motions that lie nearest to their own reference of all
    """

    auc: Interval
    rank_1: Interval


def style_id(takes: Sequence[EvaluationCase], verifier: Verifier) -> StyleID:
    """How often a motion is more like its own reference than like another person's.

    The area under the curve is taken motion by motion, so that a verifier need not be calibrated
    between motions. Ties, and what the verifier has no number for, count half.
    """
    gallery = first_takes(takes)
    owners = np.array([take.person for take in gallery])
    if len(set(owners)) < 2:
        return StyleID(UNKNOWN, UNKNOWN)
    places = {take.pair: i for i, take in enumerate(gallery)}
    alike = np.nan_to_num(similarities(takes, gallery, verifier), nan=-np.inf)
    area, first = np.empty(len(takes)), np.empty(len(takes))
    for i, take in enumerate(takes):
        own, others = alike[i, places[take.pair]], alike[i, owners != take.person]
        area[i] = (own > others).mean() + 0.5 * (own == others).mean()
        first[i] = own > others.max()
    persons = [take.person for take in takes]
    return StyleID(mean_over_persons(persons, area), mean_over_persons(persons, first))


def similarities(
    takes: Sequence[EvaluationCase], gallery: Sequence[EvaluationCase], verifier: Verifier
) -> Array:
    """How alike each motion and each of the gallery's references are, (N, M)."""
    references = np.stack([verifier.embed(take.reference) for take in gallery])
    motions = np.stack([verifier.embed(take.motion) for take in takes])
    return np.asarray(verifier.similarity(motions, references), np.float64)


def share_of_ceiling(auc: Interval, ceiling: Interval) -> Interval:
    """How far from chance, 0, to the person's other recording, 1, of two areas of the same persons."""
    return combined(auc, ceiling, lambda found, real: (found - 0.5) / np.maximum(real - 0.5, 0.01))

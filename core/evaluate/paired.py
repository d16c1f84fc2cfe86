"""Paired tests of the effect of the style: same pair and seed with one input changed, over persons."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..types import Array
from .evaluation_case import KINDS, EvaluationCase, first_takes
from .style_id import Verifier, similarities

EXACT = 16
"""Persons up to whom every way to flip signs is tried."""

FLIPS = 100_000

Towards = Mapping[tuple[str, int], str]
"""Pair and seed of a take in a wrong style, to the pair that the style is from."""


@dataclass(frozen=True)
class Paired:
    """mean : of the persons' mean differences, above 0 as was claimed
    p : how often chance alone gives as much, one-sided; NaN of nobody
    """

    mean: float
    p: float
    persons: int


def sign_flip(persons: Sequence[str], differences: Array) -> Paired:
    """Permutation test (Fisher 1935) that differences (N,) are above 0: persons are exchangeable, takes are not.

    If nothing was changed, each person's mean is as likely to have the other sign. With EXACT persons
    and fewer all signs are tried, else FLIPS of them, by the same dice each time, and the ones that were
    observed. Differences that are NaN are left out.
    """
    by_person = defaultdict(list)
    for person, difference in zip(persons, differences, strict=True):
        if np.isfinite(difference):
            by_person[person].append(float(difference))
    means = np.array([np.mean(values) for values in by_person.values()])
    count = len(means)
    if not count:
        return Paired(float("nan"), float("nan"), 0)
    if count <= EXACT:
        signs = np.array(list(product((1.0, -1.0), repeat=count)))
    else:
        signs = np.random.default_rng(0).choice([1.0, -1.0], size=(FLIPS, count))
        signs[0] = 1.0
    # A hair below the observed one, which must count as itself whatever the order of adding up.
    least = means.sum() - 1e-9 * np.abs(means).sum()
    return Paired(float(means.mean()), float((signs @ means >= least).mean()), count)


def own_reference(takes: Sequence[EvaluationCase], verifier: Verifier) -> Paired:
    """A motion is more like its own reference than like others', on average."""
    persons, differences = [], []
    for group in _kinds(takes):
        gallery = first_takes(group)
        owners = np.array([take.person for take in gallery])
        places = {take.pair: i for i, take in enumerate(gallery)}
        for take, alike in zip(group, similarities(group, gallery, verifier), strict=True):
            others = alike[owners != take.person]
            if len(others):
                persons.append(take.person)
                differences.append(alike[places[take.pair]] - others.mean())
    return sign_flip(persons, np.array(differences))


def own_style(own: Sequence[EvaluationCase], wrong: Sequence[EvaluationCase], verifier: Verifier) -> Paired:
    """The motion in the own style is more like the own reference than the one in a wrong style is."""
    return _compared(own, wrong, verifier, {(take.pair, take.seed): take.pair for take in own}, 1.0)


def moves_towards(
    own: Sequence[EvaluationCase], wrong: Sequence[EvaluationCase], verifier: Verifier, towards: Towards
) -> Paired:
    """The motion in a wrong person's style is more like that person's reference than the one in the own is."""
    return _compared(own, wrong, verifier, towards, -1.0)


def _compared(
    own: Sequence[EvaluationCase],
    wrong: Sequence[EvaluationCase],
    verifier: Verifier,
    place: Towards,
    sign: float,
) -> Paired:
    """Similarity of `own` less that of `wrong`, times `sign`, to the reference of the pair in `place`."""
    persons: list[str] = []
    found: list[Array] = []
    for group in _kinds(own):
        other = {(take.pair, take.seed): take for take in wrong if take.kind == group[0].kind}
        both = [take for take in group if (take.pair, take.seed) in other]
        gallery = first_takes(group)
        columns = {take.pair: i for i, take in enumerate(gallery)}
        both = [take for take in both if place[take.pair, take.seed] in columns]
        if both:
            matches = [other[take.pair, take.seed] for take in both]
            difference = similarities(both, gallery, verifier) - similarities(matches, gallery, verifier)
            chosen = [columns[place[take.pair, take.seed]] for take in both]
            persons += [take.person for take in both]
            found.append(sign * difference[np.arange(len(both)), chosen])
    return sign_flip(persons, np.concatenate(found) if found else np.empty(0))


def _kinds(takes: Sequence[EvaluationCase]) -> list[list[EvaluationCase]]:
    """Takes of each kind that there are: references of two kinds are never compared."""
    groups = ([take for take in takes if take.kind == kind] for kind in KINDS)
    return [group for group in groups if group]

"""One2Many: do seeds differ as much as a person's recordings do, without copying the reference?"""

from collections.abc import Sequence
from dataclasses import dataclass

from .interval import Interval
from .take import Take


@dataclass(frozen=True)
class OneToMany:
    """spread : distance between seeds over the natural one, NaN with one seed a pair; good 0.7 to 1.1
    novelty : distance of 2 s windows to the nearest of the reference over that of the target's windows; a copy 0
    """

    spread: Interval
    novelty: Interval


def one_to_many(takes: Sequence[Take]) -> OneToMany:
    """Spread over seeds and the no-copy test."""
    raise NotImplementedError

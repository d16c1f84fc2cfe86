"""StyleID: is the person recognised by the motion?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..motion import Array
from ..style.grid import GridTrack
from .interval import Interval
from .take import Take


class Verifier(Protocol):
    """Tells how alike two head motions are, trained on real motion of other persons only.

    Implementations must not share anything with a generator: no encoder, no statistics it was fitted to.
    """

    def embed(self, track: GridTrack) -> Array:
        """What is personal in a motion, shape (D,)."""
        ...

    def similarity(self, motions: Array, references: Array) -> Array:
        """How alike, (N, D) and (M, D) to (N, M); larger is more alike, any scale."""
        ...


@dataclass(frozen=True)
class StyleID:
    """auc : 0.5 chance, 1 always nearest to the own reference; rank_1 : share found among all references."""

    auc: Interval
    rank_1: Interval


def style_id(takes: Sequence[Take], verifier: Verifier) -> StyleID:
    """How often the own reference lies nearer than another person's."""
    raise NotImplementedError

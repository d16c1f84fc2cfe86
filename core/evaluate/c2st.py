"""C2ST: can a classifier tell the motion from real motion?"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..motion import Array
from .interval import Interval
from .take import Take

WINDOW_S, STEP_S = 4.0, 2.0


class Classifier(Protocol):
    """A learner of two classes of windows; it is fitted anew for each fold, and keeps nothing between."""

    def fit_predict(self, windows: Array, made: NDArray[np.bool_], unseen: Array) -> Array:
        """Learn from some persons, tell for others.

        windows : (N, 100, 3) rotation vectors in degrees at 25 Hz, each window about its own mean
        made : (N,) False for real motion, True for what is judged
        unseen : (M, 100, 3) windows of persons that `windows` has nothing of
        returns : (M,) larger where a window looks more made; any scale, the same within one call
        """
        ...


def c2st(takes: Sequence[Take], classifier: Classifier) -> Interval:
    """max(AUC, 1 − AUC) of person-disjoint classification: 0.5 nobody can tell, 1 always."""
    raise NotImplementedError

"""The eight numbers of an expression, see `expression.py`, and which of them each dose scales."""

from collections.abc import Mapping

import numpy as np

from ..types import Array
from .doses import ExpressionDoses

NUMBERS = ("raise_left", "raise_right", "inner", "knit", "cheek", "nose", "upper_lid", "lower_lid")
"""Height of the left and of the right brow; of their inner ends over the outer; how far apart the inner ends are; height of
the cheeks; of the wings of the nose; of the upper and of the lower lid.
"""

PARTS: Mapping[str, slice] = {"brows": slice(0, 4), "cheeks": slice(4, 6), "squint": slice(6, 8)}
"""Columns of NUMBERS by the dose that they take."""


def dosed(numbers: Array, doses: ExpressionDoses) -> Array:
    """Numbers (N, 8), each part by its own dose; 0 is exactly rest."""
    found = np.zeros_like(numbers)
    for name, columns in PARTS.items():
        if dose := getattr(doses, name):
            found[:, columns] = dose * numbers[:, columns]
    return found

"""Array types by element: the names that annotations of the whole package use."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
"""Numbers: angles, quaternions, positions, features; anything computed."""
Float32Array = NDArray[np.float32]
"""Samples of sound, and images in linear or fractional values."""
BoolArray = NDArray[np.bool_]
"""Masks."""
IntArray = NDArray[np.intp]
"""Indices."""
ByteArray = NDArray[np.uint8]
"""Images as decoded, values 0 to 255."""

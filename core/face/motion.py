"""Face motion: mouth, lids, brows, cheeks and eyes over time."""

from dataclasses import dataclass

from ..types import Array


@dataclass(frozen=True)
class FaceMotion:
    """Face motion relative to rest.

    time_s : (T,) seconds, t = 0 the first audio sample
    mouth : (T, K) coefficients of the mouth's shape, see `mouth.py`; 0 is rest
    blink : (T,) 0 is open lids, 1 is shut
    expression : (T, 8) what brows, cheeks and lids do beside that, see `expression.py`; 0 is rest
    eye : (T, 2) angle of the eyes in the head, to the subject's left and up, radians; None where they rest
    """

    time_s: Array
    mouth: Array
    blink: Array
    expression: Array
    eye: Array | None = None

"""Interpolation between two styles."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ..errors import StyleError
from ..types import Array
from .schema import STATISTICS, Style

_ONE_SIDED = (
    "Only one of the two styles has a learned vector, so what they blend to goes by statistics alone."
)


def blend(a: Style, b: Style, mix: float) -> Style:
    """The manner `mix` of the way from `a` to `b`: 0 is the manner of `a`, 1 that of `b`.

    Statistics change in a straight line; since sizes and speeds are logarithms, theirs is geometric. Learned
    vectors change along the sphere (see `slerp`); where only one side has one, it is left out between the
    ends. Confidence and seconds of speech are each side's by its share. A blend has no recorded motion.

    Raises
    ------
    StyleError : `mix` lies outside 0 to 1, or the learned vectors are of different encoders
    """
    if not 0.0 <= mix <= 1.0:
        raise StyleError(
            f"A mix of {mix:g} is out of range", "Choose one from 0, the first style, to 1, the second"
        )
    one_sided = (a.learned is None) != (b.learned is None)
    if a.learned is not None and b.learned is not None and _made_by(a) != _made_by(b):
        raise StyleError(
            "The two styles were encoded by different versions of the learned encoder",
            "Encode the older one again from its reference",
        )
    if mix in {0.0, 1.0}:
        return replace(b if mix else a, motion=None)
    learned = None
    if a.learned is not None and b.learned is not None:
        learned = tuple(slerp(a.learned, b.learned, mix).tolist())
    return Style(
        statistics={name: _between(a.statistics[name], b.statistics[name], mix) for name in STATISTICS},
        speech_s=_between(a.speech_s, b.speech_s, mix),
        confidence=_between(a.confidence, b.confidence, mix),
        reasons=tuple(dict.fromkeys([*a.reasons, *b.reasons, *([_ONE_SIDED] if one_sided else [])])),
        learned=learned,
        encoder=a.encoder if learned else None,
    )


def slerp(a: ArrayLike, b: ArrayLike, mix: float) -> Array:
    """The unit vector `mix` of the angle from unit vector `a` to `b` (Shoemake 1985), shape as given.

    Between opposite vectors all ways are equally long; the one taken depends on `a` alone.
    """
    start, end = np.asarray(a, np.float64), np.asarray(b, np.float64)
    across = end - (start @ end) * start
    angle = np.arctan2(np.linalg.norm(across), start @ end)
    if np.linalg.norm(across) < 1e-9:
        axis = np.eye(len(start))[np.argmin(np.abs(start))]
        across = axis - (start @ axis) * start
    side = across / np.linalg.norm(across)
    return np.asarray(np.cos(mix * angle) * start + np.sin(mix * angle) * side)


def _between(a: float, b: float, mix: float) -> float:
    return (1.0 - mix) * a + mix * b


def _made_by(style: Style) -> tuple[str | None, int]:
    return style.encoder, len(style.learned or ())

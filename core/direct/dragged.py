"""A finished take bent to pins at once, while one of them is dragged: no network, milliseconds.

Generating again then meets the same pins, by the same correction where the take passes near them.
"""

from collections.abc import Sequence

from .. import rotation as rot
from ..motion import HeadMotion, vectors_of
from .direction import Pin
from .exact import WIDE_S, pinned
from .kernel import Kernel


def kernel_of(motion: HeadMotion) -> Kernel:
    """How corrections of a take on the grid spread, from how it moves: made once a take."""
    return Kernel.of_samples(vectors_of(motion))


def bent(motion: HeadMotion, pins: Sequence[Pin], kernel: Kernel | None = None) -> HeadMotion:
    """A take through pins; what lies further than WIDE_S from all of them keeps its bytes.

    motion : on the grid of 25 Hz
    pins : in order of time
    kernel : from `kernel_of`; None to make it now
    """
    if not pins:
        return motion
    vectors = vectors_of(motion)
    made = pinned(motion.time_s, vectors, pins, kernel or Kernel.of_samples(vectors), WIDE_S)
    changed = (made != vectors).any(axis=1)
    rotation, translation_m = motion.rotation.copy(), motion.translation_m.copy()
    rotation[changed] = rot.from_rotvec(made[changed, :3])
    translation_m[changed] = made[changed, 3:]
    return HeadMotion(motion.time_s, rot.continuous(rotation), translation_m, motion.notes)

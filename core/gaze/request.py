"""What is asked of the eyes of a face."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..motion import HeadMotion
from ..types import Array, BoolArray
from .look import look
from .manner import GazeManner
from .motion import GazeMotion
from .settings import USUAL, GazeDoses
from .target import Target

_STILL = HeadMotion(np.zeros(1), np.array([[1.0, 0.0, 0.0, 0.0]]), np.zeros((1, 3)))
_MISSED_S = 0.5  # of a speech that a head's motion may end early


@dataclass(frozen=True)
class GazeRequest:
    """Eyes that are asked for.

    head : the motion that they belong to, t = 0 the first audio sample; None is a still head
    doses, targets, manner : as of `look`
    """

    head: HeadMotion | None = None
    doses: GazeDoses = USUAL
    targets: Sequence[Target] = ()
    manner: GazeManner | None = None

    def generate(self, time_s: Array, talking: BoolArray | None, seed: int) -> GazeMotion:
        """Generate them, see `look`."""
        return look(
            self.head or _STILL,
            time_s,
            talking=talking,
            targets=self.targets,
            manner=self.manner,
            doses=self.doses,
            seed=seed,
        )

    def notes(self, duration_s: float) -> tuple[str, ...]:
        """Sentences on a head that is not known for the whole of a speech."""
        if not self.doses.moves_eyes:
            return ()
        if self.head is None:
            return ("The eyes belong to a still head, as no motion of the head was given.",)
        start_s, end_s = float(self.head.time_s[0]), self.head.duration_s
        found = []
        if start_s > _MISSED_S:
            found.append(f"The head's motion begins at {start_s:.1f} s, and is taken to be still before.")
        if end_s < duration_s - _MISSED_S:
            found.append(
                f"The head's motion ends at {end_s:.1f} s of {duration_s:.1f} s, and is taken to be still after."
            )
        return (*found, *self.head.notes)

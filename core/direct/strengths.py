"""Strengths of a finished take that need no network: gains, smoothness, anticipation, pauses, fades.

What they do is in `strengthen.py`; the sidebar, which needs their names and ranges, loads this alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..slider import Slider, slider, sliders_of
from .ranges import check


@dataclass(frozen=True)
class Strengths:
    """How a take is changed after it is made; as they are by default, not at all.

    Raises
    ------
    DirectionError : one is out of its range
    """

    pitch: float = slider("Nods", 4.0, "Factor of pitch: 0 is none, 1 as made")
    yaw: float = slider("Turns", 4.0, "Factor of yaw: 0 is none, 1 as made")
    roll: float = slider("Tilts", 4.0, "Factor of roll: 0 is none, 1 as made")
    translation: float = slider("Shift", 4.0, "Factor of the head's displacement: 0 is none, 1 as made")
    smoothness: float = slider(
        "Smoothness",
        1.0,
        "Standard deviation of a Gaussian over time: 0 leaves all as made",
        usual=0.0,
        unit="s",
    )
    anticipation_s: float = slider(
        "Anticipation",
        0.5,
        "How much earlier, or with a minus later, the head moves",
        lowest=-0.5,
        usual=0.0,
        unit="s",
    )
    pauses: float = slider(
        "Life in Pauses", 2.0, "Factor of movement where the voice pauses: 0 holds still, 1 as made"
    )
    fade_in_s: float = slider("Fade In", 10.0, "Time to come from rest at the start", usual=0.0, unit="s")
    fade_out_s: float = slider("Fade Out", 10.0, "Time to go to rest at the end", usual=0.0, unit="s")

    def __post_init__(self) -> None:
        for name, limits in RANGES.items():
            check(getattr(self, name), limits.lowest, limits.largest, f"The strength {name} is", "")

    @property
    def gains(self) -> tuple[float, ...]:
        """Factors of the six channels."""
        return self.pitch, self.yaw, self.roll, *(self.translation,) * 3


RANGES: Mapping[str, Slider] = sliders_of(Strengths)
"""Ranges by the name of their field, in the order in which the sidebar shows them."""

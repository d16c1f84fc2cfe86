"""How an animator shapes a finished take, as a table of sliders."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..direct.strengths import RANGES, Strengths
from ..errors import DirectionError
from ..neck_share import NECK_SHARE
from ..slider import Slider, slider, sliders_of


@dataclass(frozen=True)
class Shape:
    """How a finished take is changed; by default not at all.

    Raises
    ------
    DirectionError : a value is out of its range
    """

    intensity: float = slider("Intensity", 4.0, "Factor of all movement: 0 is rest, 1 as made")
    strengths: Strengths = field(default_factory=Strengths)
    pre_roll_s: float = slider(
        "Pre-Roll", 1.0, "How long before the speech the head begins to move from rest", usual=0.0, unit="s"
    )
    post_roll_s: float = slider(
        "Post-Roll", 1.0, "How long after the speech the head still moves to rest", usual=0.0, unit="s"
    )

    def __post_init__(self) -> None:
        for name, limits in _OWN.items():
            value = getattr(self, name)
            if not limits.allows(value):
                raise DirectionError(
                    f"{limits.label} is {value:g}", f"Give it from {limits.lowest:g} to {limits.largest:g}"
                )

    @classmethod
    def of(cls, values: Mapping[str, float]) -> "Shape":
        """Of values by the names of SHAPE_RANGES; the neck share is no matter of the motion. Raises DirectionError."""
        strengths = Strengths(**{name: values[name] for name in RANGES if name in values})
        return cls(strengths=strengths, **{name: values[name] for name in _OWN if name in values})


_OWN = sliders_of(Shape)

SHAPE_RANGES: Mapping[str, Slider] = {
    "intensity": _OWN["intensity"],
    **RANGES,
    "pre_roll_s": _OWN["pre_roll_s"],
    "post_roll_s": _OWN["post_roll_s"],
    "neck_share": Slider(
        "Neck Share", 1.0, "How much of the turn the neck takes; the head takes the rest", usual=NECK_SHARE
    ),
}
"""All that shapes a take, by name, in the order in which the sidebar shows it."""

SHAPE_DEFAULTS: Mapping[str, float] = {name: each.usual for name, each in SHAPE_RANGES.items()}

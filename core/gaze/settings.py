"""Doses of the eyes, each on its own, and the table of their sliders. No numpy: the command line's help reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import isfinite
from typing import Any

from ..errors import SettingsError


@dataclass(frozen=True)
class Dose:
    """How much of one thing that eyes do; 0 is none of it.

    label : name in the sidebar
    largest : largest value that is accepted
    description : tooltip, help of the command line's option
    """

    label: str
    largest: float
    description: str


def _dose(usual: float, label: str, largest: float, description: str) -> Any:
    return field(default=usual, metadata={"dose": Dose(label, largest, description)})


@dataclass(frozen=True)
class GazeDoses:
    """How much of each thing that eyes do; all at 0 is exactly eyes at rest.

    Raises
    ------
    SettingsError : a dose is no number or lies outside its range
    """

    follow: float = _dose(
        1.0,
        "Hold the Gaze",
        1.0,
        "How far eyes turn against the head, so that they stay on what they look at: 0 is fixed in the head",
    )
    look_away: float = _dose(
        0.5, "Look Away", 3.0, "How often eyes leave what they look at: 0 is never, 1 is as people do"
    )
    small: float = _dose(
        1.0, "Small Movements", 3.0, "How often eyes move a little: 0 is a stare, 1 is as people do"
    )
    lids: float = _dose(
        0.0,
        "Lids Follow",
        1.0,
        "How far lids go up and down with the eyes, for faces whose eyeLookDown does not lower the lids itself",
    )
    blinks: float = _dose(
        1.0, "Blinks with Shifts", 1.0, "How many large shifts of gaze bring a blink: 1 is as people do"
    )

    def __post_init__(self) -> None:
        for name, dose in DOSES.items():
            value = getattr(self, name)
            if not (isfinite(value) and 0.0 <= value <= dose.largest):
                spoken = name.replace("_", " ")
                problem = f"The dose {value:g} of “{spoken}” is out of range"
                raise SettingsError(problem, f"Choose one from 0 to {dose.largest:g}")

    @property
    def moves_eyes(self) -> bool:
        """Whether eyes leave rest at all."""
        return any((self.follow, self.look_away, self.small))


DOSES: Mapping[str, Dose] = {
    row.name: row.metadata["dose"] for row in fields(GazeDoses) if "dose" in row.metadata
}
"""Doses by the name of their field, in the order in which they are shown."""


def gaze_doses(chosen: Mapping[str, float]) -> GazeDoses:
    """Doses by their names; those that are not named are as usual.

    Raises
    ------
    SettingsError : there is no such dose, or it is out of range
    """
    for name in chosen:
        if name not in DOSES:
            raise SettingsError(f"The eyes have no dose “{name}”", f"Choose from: {', '.join(DOSES)}")
    return GazeDoses(**chosen)


USUAL = GazeDoses()
REST = gaze_doses(dict.fromkeys(DOSES, 0.0))

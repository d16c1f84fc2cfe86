"""Doses of the eyes, each on its own, and the table of their sliders. No numpy: the command line's help reads it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..doses import check_doses
from ..errors import SettingsError
from ..slider import Slider, slider, sliders_of


@dataclass(frozen=True)
class GazeDoses:
    """How much of each thing that eyes do; all at 0 is exactly eyes at rest.

    Raises
    ------
    SettingsError : a dose is no number or lies outside its range
    """

    follow: float = slider(
        "Hold the Gaze",
        1.0,
        "How far eyes turn against the head, so that they stay on what they look at: 0 is fixed in the head",
    )
    look_away: float = slider(
        "Look Away",
        3.0,
        "How often eyes leave what they look at: 0 is never, 1 is as people do",
        usual=0.5,
    )
    small: float = slider(
        "Small Shifts", 3.0, "How often eyes move a little: 0 is a stare, 1 is as people do"
    )
    lids: float = slider(
        "Lids Follow",
        1.0,
        "How far lids go up and down with the eyes, for faces whose eyeLookDown does not lower the lids itself",
        usual=0.0,
    )
    blinks: float = slider(
        "Shift Blinks", 1.0, "How many large shifts of gaze bring a blink: 1 is as people do"
    )

    def __post_init__(self) -> None:
        check_doses(self, DOSES)

    @property
    def moves_eyes(self) -> bool:
        """Whether eyes leave rest at all."""
        return any((self.follow, self.look_away, self.small))


DOSES: Mapping[str, Slider] = sliders_of(GazeDoses)
"""Doses by the name of their field, in the order in which they are shown."""


def gaze_doses(chosen: Mapping[str, float]) -> GazeDoses:
    """Doses by their names; those that are not named are as usual.

    Raises
    ------
    SettingsError : there is no such dose, or it is out of range
    """
    check_names(chosen, DOSES)
    return GazeDoses(**chosen)


def check_names(chosen: Collection[str], known: Collection[str]) -> None:
    """Check that the eyes have each dose that is named. Raises SettingsError."""
    for name in chosen:
        if name not in known:
            raise SettingsError(f"The eyes have no dose “{name}”", f"Choose from: {', '.join(known)}")


USUAL = GazeDoses()

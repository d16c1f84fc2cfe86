"""Doses of what a face does beside speaking, each on its own, and the table of their sliders.

No numpy: the command line's help reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..doses import check_doses
from ..errors import SettingsError
from ..slider import Slider, slider, sliders_of


@dataclass(frozen=True)
class ExpressionDoses:
    """How much brows, cheeks with the nose, and lids do beside speech and blinks; a part at 0 is exactly at rest.

    Raises
    ------
    SettingsError : a dose is no number or lies outside its range
    """

    brows: float = slider(
        "Brows", 2.0, "How far brows and forehead move with the voice: 0 is at rest, 1 is as the person does"
    )
    cheeks: float = slider(
        "Cheeks, Nose",
        2.0,
        "How far cheeks and nose move beside the mouth: 0 is at rest, 1 is as the person does",
    )
    squint: float = slider(
        "Squint",
        2.0,
        "How far lids narrow and widen between blinks: 0 is at rest, 1 is as the person does",
    )

    def __post_init__(self) -> None:
        check_doses(self, DOSES)


DOSES: Mapping[str, Slider] = sliders_of(ExpressionDoses)
"""Doses by the name of their field, in the order in which they are shown."""


def expression_doses(chosen: Mapping[str, float]) -> ExpressionDoses:
    """Doses by their names; those that are not named are as usual.

    Raises
    ------
    SettingsError : there is no such dose, or it is out of range
    """
    for name in chosen:
        if name not in DOSES:
            raise SettingsError(f"The face has no dose “{name}”", f"Choose from: {', '.join(DOSES)}")
    return ExpressionDoses(**chosen)


USUAL = ExpressionDoses()

"""A number within a range, as a field of a frozen dataclass that states its slider. No numpy: the command line's help reads it."""

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any, NamedTuple


class Slider(NamedTuple):
    """What a number may be, and what it does.

    label : name in the sidebar
    largest, lowest : the range, both included
    description : tooltip, help of the command line's option
    usual : where nobody sets it
    unit : empty for a factor
    """

    label: str
    largest: float
    description: str
    lowest: float = 0.0
    usual: float = 1.0
    unit: str = ""

    def allows(self, value: float) -> bool:
        """Whether a value lies in the range; NaN does not."""
        return self.lowest <= value <= self.largest


def slider(
    label: str,
    largest: float,
    description: str,
    *,
    lowest: float = 0.0,
    usual: float = 1.0,
    unit: str = "",
) -> Any:
    """A field of a dataclass with a `Slider`, whose usual value is its default."""
    stated = Slider(label, largest, description, lowest, usual, unit)
    return field(default=usual, metadata={"slider": stated})


def sliders_of(settings: type) -> Mapping[str, Slider]:
    """Sliders of a dataclass by the names of their fields, in order; other fields are left out."""
    return {row.name: row.metadata["slider"] for row in fields(settings) if "slider" in row.metadata}

"""A fault of a reference, and a check that finds one."""

from collections.abc import Callable
from dataclasses import dataclass

from .survey import Survey


@dataclass(frozen=True)
class Fault:
    """What is wrong, and what to do: one sentence each, without full stops.

    name : for programs
    bars_high : whether the quality High makes no sense with it
    """

    name: str
    problem: str
    remedy: str
    bars_high: bool = False

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}"


@dataclass(frozen=True)
class Check:
    """`measure` gives the figure for the sentence where the fault is there, else None."""

    name: str
    measure: Callable[[Survey], float | str | None]
    problem: str
    remedy: str
    bars_high: bool = False

    def fault_in(self, survey: Survey) -> Fault | None:
        """The fault with its figure in the sentence, None where the reference does not have it."""
        figure = self.measure(survey)
        if figure is None:
            return None
        return Fault(self.name, self.problem.format(figure), self.remedy, self.bars_high)


def above(figure: float | None, limit: float) -> float | None:
    """The figure where it is above the limit, else None."""
    return figure if figure is not None and figure > limit else None


def below(figure: float, limit: float) -> float | None:
    """The figure where it is below the limit, else None."""
    return figure if figure < limit else None

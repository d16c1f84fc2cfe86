"""Base of operators that do one thing at once: what they did is reported, and so is why they refused."""

from collections.abc import Callable
from typing import Any, Literal

from ..bridge.messages import shown, shown_refusal
from ..core.errors import CancelledError, MannerismError
from .reasons import PollWithReason


class ReportedOperator(PollWithReason):
    """Base of an operator whose `act` does all of it before it returns."""

    level: Literal["INFO", "WARNING"] = "INFO"

    act: Callable[[Any], str]
    """Of the context: do it; returns what to report, at `level`, or "" for nothing. Raises MannerismError."""

    def execute(self, context: Any) -> set[str]:
        """See `act`."""
        try:
            said = self.act(context)
        except MannerismError as error:
            return refuse(self, error)
        if said:
            self.report({self.level}, shown(said))
        return {"FINISHED"}


def refuse(operator: Any, error: MannerismError) -> set[str]:
    """Report why nothing was done; returns what Blender's operators return then."""
    operator.report({"WARNING" if isinstance(error, CancelledError) else "ERROR"}, shown_refusal(error))
    return {"CANCELLED"}

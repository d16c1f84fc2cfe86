"""JSON from outside: what readers would differ over is refused."""

import json
from typing import Any, NoReturn


def loads(text: str | bytes) -> Any:
    """Parse JSON.

    Raises
    ------
    ValueError : no JSON; NaN or infinity, which JSON does not have; a name given twice, of which readers take
        one or the other; nested more deeply than Python reads
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_duplicates)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")

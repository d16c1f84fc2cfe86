"""JSON from outside: what readers would differ over is refused."""

import json
from math import isfinite
from typing import Any, NoReturn


def loads(text: str | bytes, *, finite: bool = False) -> Any:
    """Parse JSON.

    finite : whether 1e999, which becomes infinity, is refused as well; for readers that do not check each number

    Raises
    ------
    ValueError : no JSON; NaN or infinity, which JSON does not have; a name given twice, of which readers take
        one or the other; nested more deeply than Python reads
    """
    try:
        return json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite if finite else None,
            object_pairs_hook=_without_duplicates,
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{text} is too large a number")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")

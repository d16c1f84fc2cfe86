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
        return (_FINITE if finite else _ANY).decode(_text_of(text))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        if "integer string conversion" in str(error):
            raise ValueError("it holds a number of thousands of digits") from None
        raise


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


def _text_of(text: str | bytes) -> str:
    """Text of JSON, which may be bytes in any of its encodings. Raises ValueError."""
    if isinstance(text, bytes):
        return text.decode(json.detect_encoding(text), "surrogatepass")
    if text.startswith("\ufeff"):
        raise ValueError("it begins with a byte order mark")
    return text


# Once each: `json.loads` makes a decoder for every text, which takes longer than a short one.
_ANY = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_without_duplicates)
_FINITE = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_without_duplicates
)

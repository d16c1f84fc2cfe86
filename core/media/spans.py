"""Stretches of time in sentences."""

from collections.abc import Iterable

_JOINED_S = 0.5
_MOST_NAMED = 3


def joined(spans: Iterable[tuple[float, float]], apart_s: float = _JOINED_S) -> list[tuple[float, float]]:
    """Stretches (begin, end) in order, those less than `apart_s` apart as one."""
    found: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        if found and begin - found[-1][1] <= apart_s:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def spans_text(spans: Iterable[tuple[float, float]]) -> str:
    """As “from 2.6 to 2.8 s and from 5.0 to 5.2 s”; the first three are named and the others counted."""
    parts = joined(spans)
    named = [_span_text(max(begin, 0.0), max(end, 0.0)) for begin, end in parts[:_MOST_NAMED]]
    if len(parts) > _MOST_NAMED:
        named.append(f"in {len(parts) - _MOST_NAMED} more places")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _span_text(begin: float, end: float) -> str:
    first, last = f"{begin:.1f}", f"{end:.1f}"
    return f"near {first} s" if first == last else f"from {first} to {last} s"

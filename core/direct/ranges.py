"""Refusals of numbers out of range."""

from ..errors import DirectionError

LONGEST_S = 24 * 3600.0


def check(value: float, low: float, high: float, what: str, unit: str) -> None:
    """Refuse what lies outside, NaN too. Raises DirectionError."""
    if not low <= value <= high:  # nor is NaN
        raise DirectionError(f"{what} {value:g}{unit}", f"Give one from {low:g} to {high:g}")


def check_time(value: float, what: str) -> None:
    """Refuse what is no time of a sound. Raises DirectionError."""
    if not 0.0 <= value <= LONGEST_S:
        raise DirectionError(f"{what} lies at {value:g} s", "Give seconds from the start of the sound")

"""What is remembered of a file's objects, and has to be forgotten when another file is open or undo has changed all."""

from collections.abc import Callable

_forget: list[Callable[[], None]] = []


def forgets(function: Callable[[], None]) -> Callable[[], None]:
    """Decorator of a function that empties what its module remembers."""
    _forget.append(function)
    return function


def forget_all() -> None:
    """Empty everything that is remembered by a module that has been loaded."""
    for function in _forget:
        function()

"""A field of a dataclass that is a path, kept as text until somebody wants one: making a path takes longer than a line."""

from operator import attrgetter
from pathlib import Path
from typing import Any


class LatePath:
    """A field that takes a path or its text, and gives a path.

    A data descriptor as fields of dataclasses may be: https://docs.python.org/3/library/dataclasses.html#descriptor-typed-fields.
    The text is to be that of the path: without doubled or trailing separators, and without single dots.
    """

    def __set_name__(self, _owner: type, name: str) -> None:
        self._kept = f"_{name}"
        self._read = attrgetter(self._kept)

    def __get__(self, instance: Any, _owner: type) -> Path:
        if instance is None:
            return _NOWHERE  # the default of the field
        kept: Path | str = self._read(instance)
        if isinstance(kept, str):
            kept = Path(kept)
            self.__set__(instance, kept)
        return kept

    def __set__(self, instance: Any, value: Path | str) -> None:
        # Not by `__dict__`: an object whose dictionary nobody has asked for is half as large. Instances may be frozen.
        object.__setattr__(instance, self._kept, value)


_NOWHERE = Path()

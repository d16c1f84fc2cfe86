"""Times of pictures where a file's clock starts anew, or jumps, in the middle."""

from collections.abc import Iterable, Iterator
from typing import Any

_BACK_S = 0.5  # less is the order of pictures, not a new clock
_LONGEST_GAP_S = 600.0
_STRAY_S = 1.0  # how far ahead of its neighbours a single time stamp counts as stray


class PictureClock:
    """Gives pictures strictly increasing times on the clock that the file begins with.

    step_s : time between pictures, where there is nothing else to go by
    breaks_s : where the clock started anew or jumped beyond all sense
    """

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s
        self._shift_s = 0.0
        self._last_s: float | None = None
        self.breaks_s: list[float] = []

    def placed(self, pictures: Iterable[Any]) -> Iterator[tuple[float, Any]]:
        """Pictures with their times, seconds; those whose time is not after the one before are left out."""
        held: Any = None
        for picture in pictures:
            if held is not None:
                yield from self._place(held, picture.time)
            held = picture
        if held is not None:
            yield from self._place(held, None)

    def _place(self, picture: Any, following_s: float | None) -> Iterator[tuple[float, Any]]:
        last_s = self._last_s
        time_s = None if picture.time is None else picture.time + self._shift_s
        if last_s is None:
            time_s = 0.0 if time_s is None else time_s
        else:
            next_s = last_s + self._step_s
            time_s = next_s if time_s is None else self._believed_s(time_s, last_s, following_s)
            if time_s <= last_s:
                return
        self._last_s = time_s
        yield time_s, picture

    def _believed_s(self, time_s: float, last_s: float, following_s: float | None) -> float:
        next_s = last_s + self._step_s
        if following_s is not None and last_s < following_s + self._shift_s < time_s - _STRAY_S:
            return (last_s + following_s + self._shift_s) / 2
        if last_s - _BACK_S <= time_s <= last_s + _LONGEST_GAP_S:
            return time_s
        self._shift_s += next_s - time_s
        self.breaks_s.append(last_s)
        return next_s

"""Times of pictures where a file's clock starts anew, or is wrong, in the middle."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

_AHEAD = 8  # pictures that show whether a jump lasts
_BACK_S, _FORWARD_S = 0.5, 1.0  # a jump; less is how pictures come
_LONGEST_GAP_S = 600.0


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
        waiting: deque[tuple[float | None, Any]] = deque()
        for picture in pictures:
            waiting.append((picture.time, picture))
            if len(waiting) > _AHEAD:
                yield from self._next(waiting)
        while waiting:
            yield from self._next(waiting)

    def _next(self, waiting: deque[tuple[float | None, Any]]) -> Iterator[tuple[float, Any]]:
        stamp_s, picture = waiting.popleft()
        stamp_s = _exchanged(stamp_s, waiting)
        time_s = self._time_s(stamp_s, [stamp for stamp, _ in waiting if stamp is not None])
        if time_s is not None and (self._last_s is None or time_s > self._last_s):
            self._last_s = time_s
            yield time_s, picture

    def _time_s(self, stamp_s: float | None, following: list[float]) -> float | None:
        """Time of a picture; None where its stamp is wrong. following : stamps of the next ones."""
        last_s = self._last_s
        if last_s is None:
            return stamp_s or 0.0
        next_s = last_s + self._step_s
        if stamp_s is None:
            return next_s
        time_s = stamp_s + self._shift_s
        if last_s - _BACK_S <= time_s <= last_s + _FORWARD_S:
            return time_s
        soon_s = float(np.median(following)) + self._shift_s if following else next_s
        if time_s < last_s < soon_s or (following and last_s < soon_s < time_s):
            return None  # the next ones go on as before
        if last_s < time_s <= last_s + _LONGEST_GAP_S:
            return time_s
        self._shift_s += next_s - time_s
        self.breaks_s.append(last_s)
        return next_s


def _exchanged(stamp_s: float | None, waiting: deque[tuple[float | None, Any]]) -> float | None:
    """The earliest of a picture's stamp and those near to it, which takes its place.

    Decoders deliver pictures in their true order, but some files are stamped in the order of storage.
    """
    if stamp_s is None:
        return None
    near = [
        (other, place)
        for place, (other, _) in enumerate(waiting)
        if other is not None and stamp_s - _BACK_S <= other < stamp_s
    ]
    if not near:
        return stamp_s
    earliest, place = min(near)
    waiting[place] = (stamp_s, waiting[place][1])
    return earliest

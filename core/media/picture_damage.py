"""What is damaged or missing among the pictures of a video, and the sentences that say so."""

from collections.abc import Iterable
from math import inf
from typing import Any

from .packets import packet_time_s
from .spans import spans_text

_HOLE_S, _HOLE_STEPS = 0.75, 10
_SMALL_HOLE_STEPS = 2.5  # where the clock is steady otherwise: two pictures
_STEADY, _STEADY_SHARE, _FEW_HOLES = 0.3, 0.9, 0.03  # of a step; of all steps
_SLACK_S = 0.5
_LONG_AGO_S = -1e18  # before all clocks
_RECENT = 64  # packets; decoders hold back fewer pictures
_FEW_UNDECODED, _SHARE_UNDECODED = 10, 0.2  # some codecs store pictures that are not shown


class PictureDamage:
    """Gathers damage while a video is read; all times on the container's clock, seconds.

    step_s : time between pictures
    begun_s : the time that is t = 0 for the user, known once the first picture is
    """

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s
        self._lost_s: list[float] = []
        self._marred_s: list[float] = []
        self._follow_s: list[float] = []
        self._key_s = -inf
        self._holes_s: list[tuple[float, float]] = []
        self._small_holes_s: list[tuple[float, float]] = []
        self._steps = self._steady_steps = 0
        self._ends_early = ""
        self._undecoded = ""
        self.begun_s: float | None = None

    def note_packet(self, packet: Any) -> None:
        """Note a packet that cannot be decoded."""
        time_s = None if packet is None else packet_time_s(packet)
        if time_s is not None and time_s not in self._lost_s[-_RECENT:]:
            self._lost_s.append(time_s)

    def is_lost(self, time_s: float) -> bool:
        """Whether the packet of a picture that is delivered all the same was damaged; it no longer counts as lost."""
        near = [lost_s for lost_s in self._lost_s[-_RECENT:] if abs(lost_s - time_s) < self._step_s / 4]
        for lost_s in near:
            self._lost_s.remove(lost_s)
        return bool(near)

    def note_lost(self, time_s: float) -> None:
        """Note a picture that is damaged and not shown."""
        self._lost_s.append(time_s)

    def note_marred(self, time_s: float) -> None:
        """Note a damaged picture that is delivered as far as it can be decoded."""
        self._marred_s.append(time_s)

    def note_picture(self, time_s: float, *, is_key: bool) -> None:
        """Note a picture that is delivered; it may follow from damaged ones unless it is a key picture."""
        if is_key:
            self._key_s = time_s
        elif max(self._key_s, _LONG_AGO_S) <= self._damaged_before_s(time_s):
            self._follow_s.append(time_s)

    def _damaged_before_s(self, time_s: float) -> float:
        recent = (*self._lost_s[-_RECENT:], *self._marred_s[-_RECENT:])
        return max((damaged_s for damaged_s in recent if damaged_s < time_s), default=-inf)

    def note_step(self, last_s: float, time_s: float) -> None:
        """Note the time between two pictures, where it is none of the usual distances."""
        self._steps += 1
        self._steady_steps += abs(time_s - last_s - self._step_s) < _STEADY * self._step_s
        if time_s - last_s > max(_HOLE_S, _HOLE_STEPS * self._step_s):
            self._holes_s.append((last_s, time_s))
        elif time_s - last_s > _SMALL_HOLE_STEPS * self._step_s:
            self._small_holes_s.append((last_s, time_s))

    def note_end(self, last_s: float, begin_s: float, duration_s: float | None) -> None:
        """Note how long the pictures last, and how long they should."""
        lasts_s = max(last_s - begin_s, 0.0)
        if duration_s and lasts_s < duration_s - _SLACK_S:
            self._ends_early = f"the picture ends after {lasts_s:.1f} of {duration_s:.1f} s"

    def note_counts(self, packets: int, pictures: int) -> None:
        """Note how many packets were not damaged, and how many pictures they gave."""
        if packets - pictures > max(_FEW_UNDECODED, _SHARE_UNDECODED * packets):
            self._undecoded = f"Only {pictures} of {packets} pictures can be decoded"

    @property
    def lost_s(self) -> tuple[float, ...]:
        """Times of the pictures that were passed over, t = 0 for the user."""
        return tuple(sorted(time_s - (self.begun_s or 0.0) for time_s in self._lost_s))

    @property
    def sentence(self) -> str:
        """What is damaged and when, without a full stop; empty where nothing is."""
        kinds = ((self._lost_s, "passed over"), (self._marred_s, "decoded in part and not measured"))
        parts = [
            f"{_counted(times_s)} {self._where((time_s, time_s + self._step_s) for time_s in times_s)} "
            f"{'is' if len(times_s) == 1 else 'are'} {what}"
            for times_s, what in kinds
            if times_s
        ]
        text = ", and ".join([*parts, *([self._ends_early] if self._ends_early else [])])
        return text[:1].upper() + text[1:]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same and what is missing, without full stops."""
        holes = [
            (last_s, time_s)
            for last_s, time_s in (*self._holes_s, *self._rare_holes())
            if 2 * self._lost_between(last_s, time_s) < time_s - last_s
        ]
        missing = f"There are no pictures {self._where(holes)}, which is bridged" if holes else ""
        follow = self._followers()
        return tuple(text for text in (self._undecoded, missing, self.sentence, follow) if text)

    def _rare_holes(self) -> list[tuple[float, float]]:
        """Small holes, where they are no habit of the clock, as of calls and recordings of a screen."""
        steady = self._steady_steps >= _STEADY_SHARE * self._steps
        rare = len(self._small_holes_s) <= max(3.0, _FEW_HOLES * self._steps)
        return self._small_holes_s if steady and rare else []

    def _followers(self) -> str:
        times_s = sorted({*self._follow_s} - {*self._marred_s})
        if not times_s:
            return ""
        where = self._where((time_s, time_s + self._step_s) for time_s in times_s)
        return f"The pictures {where} follow from damaged ones, up to the next that stands alone, and may show traces"

    def _lost_between(self, begin_s: float, end_s: float) -> float:
        return self._step_s * sum(begin_s < lost_s < end_s for lost_s in self._lost_s)

    def _where(self, spans: Iterable[tuple[float, float]]) -> str:
        begun_s = self.begun_s or 0.0
        return spans_text((begin_s - begun_s, end_s - begun_s) for begin_s, end_s in spans)


def _counted(times_s: list[float]) -> str:
    return "1 damaged picture" if len(times_s) == 1 else f"{len(times_s)} damaged pictures"

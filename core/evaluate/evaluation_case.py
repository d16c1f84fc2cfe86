"""Evaluation case: one generated motion beside its reference and the natural target."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import ScoreError
from ..motion import GRID_HZ, HeadMotion, HeadPoseTrack
from ..speech.features import SpeechFeatures
from ..style.resampling import GridTrack, to_grid

LEAST_S = 4.0
"""Shortest stretch that motion and target must share: one window of C2ST."""

EDGE_S = 0.6
"""Of a motion's start and end, not judged: it may come from rest and go back to it, as recordings do not."""

KINDS = ("other", "same")
"""Reference and target from two recordings, or from one with a gap between them; scored separately."""


@dataclass(frozen=True, eq=False)
class EvaluationCase:
    """A motion made for one speech in the manner of one person.

    All tracks lie on the one grid, low-passed at the same 5.5 Hz, so that what is compared has equal
    bandwidth. Only rotation is judged.

    person : who it should be; whatever has an interval is resampled by it
    pair : names reference, target and speech, the same for all seeds and systems
    reference : what the manner was taken from, at another time than the target
    target : what the person did in this speech, which is no input of any system
    motion : what is judged, on exactly the samples of the target, valid where that is
    speech : of the target; its first sample is t = 0
    kind : one of KINDS
    """

    person: str
    pair: str
    reference: GridTrack
    target: GridTrack
    motion: GridTrack
    speech: SpeechFeatures
    system: str = ""
    seed: int = 0
    kind: str = "other"

    def with_motion(self, motion: GridTrack, system: str) -> "EvaluationCase":
        """The same pair with another motion, on the samples of this one."""
        return replace(self, motion=motion, system=system, seed=0)


def make_take(
    person: str,
    pair: str,
    *,
    reference: HeadPoseTrack,
    target: HeadPoseTrack,
    motion: HeadPoseTrack | HeadMotion,
    speech: SpeechFeatures,
    system: str = "",
    seed: int = 0,
    kind: str = "other",
) -> EvaluationCase:
    """A take from tracks of any rate, cut to where target, motion without its edges, and speech all are.

    Raises
    ------
    ScoreError : the kind is unknown, or less than LEAST_S remain
    """
    if kind not in KINDS:
        raise ScoreError(f"The kind “{kind}” is unknown", f"Give one of: {', '.join(KINDS)}")
    if isinstance(motion, HeadMotion):
        everywhere = np.ones(len(motion.time_s), np.bool_)
        motion = HeadPoseTrack(motion.time_s, motion.rotation, motion.translation_m, everywhere)
    real, made = _on_grid(target, "target"), _on_grid(motion, "motion")
    edge = round(EDGE_S * GRID_HZ)
    start = max(real.start, made.start + edge, 0)
    stop = min(real.start + len(real.valid), made.start + len(made.valid) - edge, len(speech.time_s))
    if stop - start < LEAST_S * GRID_HZ:
        raise ScoreError(
            f"Target, motion and speech share {max(0, stop - start) / GRID_HZ:.1f} s",
            f"Give at least {LEAST_S + 2 * EDGE_S:.1f} s that start together",
        )
    real, made = cut(real, start, stop), cut(made, start, stop)
    valid = real.valid & made.valid
    return EvaluationCase(
        person=person,
        pair=pair,
        reference=_on_grid(reference, "reference"),
        target=replace(real, valid=valid),
        motion=replace(made, valid=valid),
        speech=speech,
        system=system,
        seed=seed,
        kind=kind,
    )


def cut(track: GridTrack, start: int, stop: int) -> GridTrack:
    """The samples of the grid from `start` to before `stop`, both counted from t = 0."""
    part = slice(start - track.start, stop - track.start)
    return replace(
        track,
        start=start,
        angles_deg=track.angles_deg[part],
        translation_m=track.translation_m[part],
        valid=track.valid[part],
    )


def _on_grid(track: HeadPoseTrack, what: str) -> GridTrack:
    seen_s = track.time_s[track.valid]
    if len(seen_s) < 2 or seen_s[-1] - seen_s[0] < LEAST_S:
        raise ScoreError(f"The {what} holds less than {LEAST_S:.0f} s", "Give a longer one")
    return to_grid(track)


def first_takes(takes: Sequence[EvaluationCase]) -> list[EvaluationCase]:
    """One take a pair, whatever its seed and system: for what is asked of the pair alone."""
    found: dict[str, EvaluationCase] = {}
    for take in takes:
        found.setdefault(take.pair, take)
    return list(found.values())

"""SyncGap: does the head go with the voice as much as the person's does, neither less nor more?"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..speech.features import SpeechFeatures
from ..style.grid import GridTrack
from .interval import Interval
from .take import Take


@dataclass(frozen=True)
class SyncGap:
    """gap : mean Z of the motions minus that of the targets, 0 best, judged by its size
    z : mean Z of the motions; share : of the motions with Z above 1.64, by chance 0.05
    """

    gap: Interval
    z: Interval
    share: Interval


def sync_gap(takes: Sequence[Take]) -> SyncGap:
    """Z of motions against Z of targets."""
    raise NotImplementedError


def sync_z(track: GridTrack, speech: SpeechFeatures) -> float:
    """How far the coupling of speed and loudness stands out from what chance gives, in its deviations."""
    raise NotImplementedError

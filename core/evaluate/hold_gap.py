"""HoldGap: metric of rhythm: rests and bursts of the head compared with the person's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..motion import GRID_HZ
from ..speech.features import SpeechFeatures
from ..style.resampling import GridTrack, rate
from ..style.voice_coupling import log_speed
from ..types import Array
from .evaluation_case import EvaluationCase
from .interval import Interval, mean_over_persons

HOLD = 0.35
"""Slower than this share of the mean speed counts as at rest."""


@dataclass(frozen=True)
class HoldGap:
    """gap : mean relative error of rests, burstiness and peakedness against the reference, as |ln ratio|
    pause : mean ln of the motions' speech/pause speed ratio over the targets': below 0, the head does
        not calm down in pauses as the person's does
    """

    gap: Interval
    pause: Interval


def hold_gap(takes: Sequence[EvaluationCase]) -> HoldGap:
    """Rests and bursts of the motions against the references', pauses against the targets'."""
    persons = [take.person for take in takes]
    gap = np.array([np.abs(_rhythm(take.motion) - _rhythm(take.reference)).mean() for take in takes])
    pause = np.array(
        [pause_ratio(take.motion, take.speech) - pause_ratio(take.target, take.speech) for take in takes]
    )
    return HoldGap(mean_over_persons(persons, gap), mean_over_persons(persons, pause))


def rhythm(track: GridTrack) -> Array:
    """Share of time at rest, standard deviation of log speed, kurtosis of the rate (normal: 3); shape (3,)."""
    rates = rate(track.angles_deg)[track.valid]
    speed = np.linalg.norm(rates, axis=1)
    centred = rates - rates.mean(axis=0)
    variance = np.maximum(np.square(centred).mean(axis=0), 1e-9)
    kurtosis = (centred**4).mean(axis=0) / variance**2
    return np.array([(speed <= HOLD * speed.mean()).mean(), log_speed(rates).std(), kurtosis.mean()])


def pause_ratio(track: GridTrack, speech: SpeechFeatures) -> float:
    """Logarithm of mean speed in speech over mean speed in pauses; NaN with less than a second of either."""
    speed = np.linalg.norm(rate(track.angles_deg), axis=1)
    active = speech.column("activity")[track.start : track.start + len(speed)] > 0.5
    talk, pause = speed[track.valid & active], speed[track.valid & ~active]
    if min(len(talk), len(pause)) < GRID_HZ:
        return float("nan")
    return float(np.log(max(float(talk.mean()), 1e-3) / max(float(pause.mean()), 1e-3)))


def _rhythm(track: GridTrack) -> Array:
    """Logarithms, none of them infinite for a head that is always or never at rest."""
    return np.log(np.maximum(rhythm(track), [0.01, 0.05, 1.0]))

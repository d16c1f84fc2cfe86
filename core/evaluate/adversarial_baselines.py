"""Adversarial baselines: bad motions that score well on popular metrics, which the scorecard must expose.

Each is made of the person's real motion in the very speech, and spoils one thing: a figure that
lets it pass does not measure that thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..speech.windows import smooth
from ..style.resampling import GridTrack, low_pass
from ..types import Array
from .evaluation_case import EvaluationCase, first_takes

Make = Callable[[EvaluationCase, Sequence[EvaluationCase], np.random.Generator], GridTrack]
"""A take, takes of other persons (one or more), randomness: to a motion on the samples of the target."""

HALF = 0.5
OVER_SMOOTHING_S = 0.4
JITTER_DEG = 0.6


def constant(
    take: EvaluationCase, _others: Sequence[EvaluationCase], _random: np.random.Generator
) -> GridTrack:
    """The mean pose: the dullest, and best by L1."""
    mean = take.target.angles_deg.mean(axis=0)
    return _instead(take.target, np.broadcast_to(mean, take.target.angles_deg.shape))


def half_gain(
    take: EvaluationCase, _others: Sequence[EvaluationCase], _random: np.random.Generator
) -> GridTrack:
    """The real motion at half its size: what regression makes of people."""
    angles = take.target.angles_deg
    mean = angles.mean(axis=0)
    return _instead(take.target, mean + HALF * (angles - mean), HALF * take.target.noise_deg)


def over_smoothed(
    take: EvaluationCase, _others: Sequence[EvaluationCase], _random: np.random.Generator
) -> GridTrack:
    """The real motion under a Gaussian of 0.4 s."""
    return _instead(take.target, smooth(take.target.angles_deg, OVER_SMOOTHING_S))


def jitter(take: EvaluationCase, _others: Sequence[EvaluationCase], random: np.random.Generator) -> GridTrack:
    """The real motion and a tremble of 0.6°: more diverse, and nearer to every beat."""
    shaken = take.target.angles_deg + random.normal(0.0, JITTER_DEG, take.target.angles_deg.shape)
    smoothed = low_pass(shaken)
    noise_deg = float(np.sqrt(np.square(shaken - smoothed).mean()))
    return _instead(take.target, smoothed, np.hypot(noise_deg, take.target.noise_deg))


def spectrum_noise(
    take: EvaluationCase, _others: Sequence[EvaluationCase], random: np.random.Generator
) -> GridTrack:
    """Noise with the real motion's spectrum, also between the axes: surrogates by random phases."""
    angles = take.target.angles_deg
    waves = np.fft.rfft(_closed(angles), axis=0)
    phases = np.exp(2j * np.pi * random.random(len(waves)))[:, None]
    phases[0] = 1.0  # the mean
    return _instead(take.target, np.fft.irfft(waves * phases, len(angles), axis=0))


def reversed_time(
    take: EvaluationCase, _others: Sequence[EvaluationCase], _random: np.random.Generator
) -> GridTrack:
    """The real motion backwards: every statistic right, every moment wrong."""
    return _instead(take.target, take.target.angles_deg[::-1], take.target.noise_deg)


def wrong_audio(
    take: EvaluationCase, _others: Sequence[EvaluationCase], _random: np.random.Generator
) -> GridTrack:
    """The person's real motion to other words: half of the take ahead, its end joined to its start."""
    closed = _closed(take.target.angles_deg)
    return _instead(take.target, np.roll(closed, len(closed) // 2, axis=0), take.target.noise_deg)


def axes_apart(
    take: EvaluationCase, _others: Sequence[EvaluationCase], _random: np.random.Generator
) -> GridTrack:
    """The real motion with each axis at another time: every axis right, and none goes with another."""
    closed = _closed(take.target.angles_deg)
    third = len(closed) // 3
    apart = [np.roll(closed[:, axis], axis * third) for axis in range(3)]
    return _instead(take.target, np.stack(apart, axis=1), take.target.noise_deg)


def other_person(
    take: EvaluationCase, others: Sequence[EvaluationCase], random: np.random.Generator
) -> GridTrack:
    """The real motion of somebody else."""
    other = others[int(random.integers(len(others)))].target
    return _instead(take.target, _to_length(other.angles_deg, len(take.target.valid)), other.noise_deg)


def mean_model(
    take: EvaluationCase, others: Sequence[EvaluationCase], _random: np.random.Generator
) -> GridTrack:
    """The mean of everybody else's motion, each about its own mean."""
    centred = [other.target.angles_deg - other.target.angles_deg.mean(axis=0) for other in others]
    return _instead(
        take.target, np.mean([_to_length(angles, len(take.target.valid)) for angles in centred], axis=0)
    )


@dataclass(frozen=True)
class Cheat:
    """make : see Make; exposed_by : the figure that is meant to expose it, or COUPLED"""

    make: Make
    exposed_by: str


COUPLED = "coupling"
"""Exposes a cheat by what traits of coupling carry of the person, which is no part of the score."""

CHEATS: Mapping[str, Cheat] = {
    "constant": Cheat(constant, "kin"),
    "half gain": Cheat(half_gain, "kin"),
    "over-smoothed": Cheat(over_smoothed, "kin"),
    "jitter": Cheat(jitter, "c2st"),
    "spectrum noise": Cheat(spectrum_noise, "hold_gap"),
    "time-reversed": Cheat(reversed_time, "sync_gap"),
    "wrong audio": Cheat(wrong_audio, "sync_gap"),
    "axes apart": Cheat(axes_apart, COUPLED),
    "other person": Cheat(other_person, "style_id"),
    "mean model": Cheat(mean_model, "style_id"),
}


def cheat_takes(name: str, takes: Sequence[EvaluationCase], seed: int = 0) -> list[EvaluationCase]:
    """A cheat's take of each pair, its name as system; the same for the same takes and seed.

    Pairs for which there is nobody else are left out.
    """
    firsts = first_takes(takes)
    made = []
    for number, take in enumerate(firsts):
        others = [other for other in firsts if other.person != take.person]
        if others:
            random = np.random.default_rng([seed, number])
            made.append(take.with_motion(CHEATS[name].make(take, others, random), name))
    return made


def _instead(target: GridTrack, angles_deg: Array, noise_deg: float = 0.0) -> GridTrack:
    return replace(target, angles_deg=np.array(angles_deg), noise_deg=noise_deg)


def _closed(angles: Array) -> Array:
    """Angles (T, 3) without the straight line between their ends: around a circle, no step where they meet."""
    return angles - np.linspace(-0.5, 0.5, len(angles))[:, None] * (angles[-1] - angles[0])


def _to_length(angles: Array, count: int) -> Array:
    """Played to and fro for as long as is needed."""
    there_and_back = np.concatenate([angles, angles[::-1]])
    return there_and_back[np.arange(count) % len(there_and_back)]

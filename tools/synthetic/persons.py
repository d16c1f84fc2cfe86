"""Synthetic persons, each with a given manner: size, spectrum, bursts, coupling to the voice."""

from dataclasses import dataclass

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.evaluate import make_take
from mannerism.core.motion import GRID_HZ, HeadPoseTrack
from mannerism.core.speech import NAMES, SpeechFeatures
from mannerism.core.speech.windows import smooth
from mannerism.core.style.resampling import low_pass
from mannerism.core.types import Array

LEAD_S = 0.2


@dataclass(frozen=True)
class Person:
    """size_deg : (3,) of the axes; slow_hz : where each axis' spectrum begins to fall; burst : of log speed."""

    name: str
    size_deg: Array
    slow_hz: Array
    burst: float


def draw_person(name: str, random: np.random.Generator) -> Person:
    return Person(
        name,
        np.array([2.5, 3.5, 2.0]) * np.exp(0.5 * random.normal(size=3)),
        np.array([0.5, 0.4, 0.3]) * np.exp(0.4 * random.normal(size=3)),
        0.85 + 0.1 * random.normal(),
    )


def speak(seconds: float, random: np.random.Generator) -> SpeechFeatures:
    """Phrases of about two seconds with pauses between; only what drives a head is there."""
    count = round(seconds * GRID_HZ)
    phrases = smooth(random.normal(size=count), 0.5)
    active = smooth((phrases > np.quantile(phrases, 0.25)).astype(np.float64), 0.08)
    syllables = smooth(random.normal(size=count), 0.15)
    values = np.zeros((count, len(NAMES)), np.float32)
    values[:, NAMES.index("energy")] = 0.6 * syllables / syllables.std() - 2.0 * (1.0 - active)
    values[:, NAMES.index("activity")] = active
    return SpeechFeatures(np.arange(count) / GRID_HZ, values, seconds)


def move(
    person: Person, speech: SpeechFeatures, random: np.random.Generator, *, follow: float = 0.7
) -> HeadPoseTrack:
    """A track of the person in a speech: noise of the person's spectrum, played as fast as the voice drives.

    follow : how much of the speed's logarithm the voice decides, 0 to 1
    """
    count = len(speech.time_s)
    ahead = np.roll(smooth(speech.column("energy"), 0.1), -round(LEAD_S * GRID_HZ))
    own = smooth(random.normal(size=count), 0.15)
    drive = follow * (ahead - ahead.mean()) / ahead.std() + np.sqrt(1.0 - follow**2) * own / own.std()
    rate = np.exp(person.burst * drive)
    clock = np.cumsum(rate / rate.mean())
    length = 4 * count
    frequency = np.fft.rfftfreq(length, 1.0 / GRID_HZ)[:, None]
    gain = 1.0 / (1.0 + (frequency / person.slow_hz) ** 2)
    gain[frequency[:, 0] < 0.1] = 0.0
    noise = np.fft.irfft(np.fft.rfft(random.normal(size=(length, 3)), axis=0) * gain, length, axis=0)
    noise *= person.size_deg / noise.std(axis=0)
    played = np.stack([np.interp(clock, np.arange(length), column) for column in noise.T], axis=1)
    return as_track(low_pass(played))


def as_track(angles_deg: Array, hz: float = GRID_HZ) -> HeadPoseTrack:
    """A track from (N, 3) rotation vectors in degrees, t = 0 first."""
    count = len(angles_deg)
    rotation = rot.continuous(rot.from_rotvec(np.radians(angles_deg)))
    return HeadPoseTrack(np.arange(count) / hz, rotation, np.zeros((count, 3)), np.ones(count, np.bool_))


def draw_takes(count, seed, *, seconds=16.0, seeds=1, follow=0.7):
    """One pair of recordings of each of some persons; what is judged is a further one in the same speech.

    follow : how much of the judged motion's speed the voice decides; the real ones' is 0.7
    """
    takes = []
    for number in range(count):
        random = np.random.default_rng([seed, number])
        person = draw_person(f"person {number}", random)
        speech = speak(seconds, random)
        reference = move(person, speak(12.0, random), random)
        target = move(person, speech, random)
        takes += [
            make_take(
                person.name,
                person.name,
                reference=reference,
                target=target,
                motion=move(person, speech, random, follow=follow),
                speech=speech,
                system="another take",
                seed=i,
            )
            for i in range(seeds)
        ]
    return takes

"""Ablations: inputs of an engine for a take, and changes of them, wrong inputs among them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from mannerism.core.errors import ScoreError
from mannerism.core.generate.controls import RAMP_S
from mannerism.core.generate.settings import GenerationSettings
from mannerism.core.motion import GRID_HZ, HeadPoseTrack
from mannerism.core.network.manner import Manner
from mannerism.core.speech import SpeechFeatures
from mannerism.core.style import Style, encode_style
from mannerism.core.style.population import load_population
from mannerism.training.data.dataset import Arrays, load
from mannerism.training.data.pairs import GAP_S, Pair

LONGEST_REFERENCE_S = 15.0

_RAMP = round(RAMP_S * GRID_HZ)


@dataclass(frozen=True)
class Material:
    """Inputs and target of a pair, for engines and judges.

    known : the reference and what follows it, to LONGEST_REFERENCE_S at most and nowhere near the target
    reference : what the judges know of the person's manner
    speech : the target's speech and what lies around it, so that a take's ramps fall outside the target
    target : what the person did, on the times of `speech`
    """

    pair: Pair
    known: Arrays
    reference: HeadPoseTrack
    speech: SpeechFeatures
    target: HeadPoseTrack

    @property
    def name(self) -> str:
        """The pair, as a file name."""
        return self.pair.name

    @property
    def recorded(self) -> Arrays:
        """The reference with its speech."""
        return self.known.part(0, len(self.reference.time_s))

    @cached_property
    def style(self) -> Style:
        """The manner of the reference. Raises StyleError where it holds too little."""
        return encode_style(self.recorded.track(), self.recorded.features())

    def style_of(self, seconds: float) -> Style:
        """The manner in so many seconds of what is known, or all of it: those with most speech. Raises StyleError."""
        speech = np.concatenate([[0.0], np.cumsum(self.known.features().column("activity"))])
        length = min(round(seconds * GRID_HZ), len(speech) - 1)
        first = int(np.argmax(speech[length:] - speech[: len(speech) - length]))
        part = self.known.part(first, first + length)
        return encode_style(part.track(), part.features())


def material(dataset: Path, pair: Pair) -> Material:
    """Load a pair. Raises ScoreError where it holds too little."""
    whole = load(dataset, pair.target.recording)
    first = max(0, pair.target.first - _RAMP)
    speech = whole.part(first, min(len(whole.time_s), pair.target.stop + _RAMP))
    shown = slice(_RAMP, min(pair.target.stop - first, len(speech.time_s) - _RAMP))
    return Material(
        pair=pair,
        known=load(dataset, pair.reference.recording).part(pair.reference.first, _known_until(pair)),
        reference=pair.reference.load(dataset).track(),
        speech=speech.features(),
        target=_within(speech, shown),
    )


def _known_until(pair: Pair) -> int:
    """End of the usable reference: its segment's, or a gap before the target that follows in it."""
    reference, target = pair.reference, pair.target
    stop = next(stop for first, stop in reference.recording.segments if first <= reference.first < stop)
    stop = min(stop, reference.first + round(LONGEST_REFERENCE_S * GRID_HZ))
    if reference.recording.id == target.recording.id and target.first >= reference.stop:
        stop = min(stop, target.first - round(GAP_S * GRID_HZ))
    return max(stop, reference.stop)


def _within(speech: Arrays, shown: slice) -> HeadPoseTrack:
    """The samples that no ramp reaches, on the times of all of it."""
    if len(speech.time_s[shown]) < 2:
        raise ScoreError("The target is shorter than the ramps of a take", "Give a longer one")
    part = speech.part(shown.start, shown.stop).track()
    return replace(part, time_s=speech.time_s[shown])


@dataclass(frozen=True)
class Given:
    """Inputs of an engine."""

    style: Style
    speech: SpeechFeatures
    settings: GenerationSettings


Change = Callable[[Given, Material, Material], Given]
"""What would be given, the pair, and a pair of somebody else: to what is given instead. May raise StyleError."""


def nothing(given: Given, _own: Material, _other: Material) -> Given:
    """As in the product."""
    return given


def without_vector(given: Given, _own: Material, _other: Material) -> Given:
    """The manner by its statistics alone."""
    return replace(given, style=replace(given.style, learned=None, encoder=None))


def without_statistics(given: Given, _own: Material, _other: Material) -> Given:
    """The manner by its style vector alone: the statistics are the population's."""
    return replace(given, style=replace(given.style, statistics=load_population().means()))


def without_adaptation(given: Given, own: Material, _other: Material) -> Given:
    """The vector is the encoder's, at a glance."""
    glanced = encode_style(own.recorded.track(), own.recorded.features(), adapt=False)
    return replace(given, style=glanced)


def without_voice(given: Given, _own: Material, _other: Material) -> Given:
    """The engine does not listen."""
    return replace(given, settings=replace(given.settings, voice=0.0))


def encoded_by(manner: Manner) -> Change:
    """The learned vector is of the encoder of other weights."""

    def change(given: Given, own: Material, _other: Material) -> Given:
        encoded = encode_style(own.recorded.track(), own.recorded.features(), manner=manner)
        return replace(given, style=encoded)

    return change


def reference_of(seconds: float) -> Change:
    """So many seconds of reference, or all that there is of it."""

    def change(given: Given, own: Material, _other: Material) -> Given:
        return replace(given, style=own.style_of(seconds))

    return change


def wrong_style(given: Given, _own: Material, other: Material) -> Given:
    """Somebody else's manner."""
    return replace(given, style=other.style)


def wrong_speech(given: Given, _own: Material, other: Material) -> Given:
    """Somebody else's words, as often as it takes: judged by speech that was not the input."""
    count = len(given.speech.time_s)
    values = np.resize(other.speech.values, (count, other.speech.values.shape[1]))
    return replace(given, speech=replace(given.speech, values=values))

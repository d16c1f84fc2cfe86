"""Engine actor: head motion generated step by step by a network that is trained on many people.

Twelve and a half times a second the network, given the voice around that moment, the person's manner and
what the head did before, predicts the distribution of the next movement: a mixture of normal distributions of the
increment of all six channels. One is sampled, applied, and the network runs again. Nothing is planned ahead,
but everything that was done is remembered, so gestures begin, swing and end, and holds stay holds.

Increments are expressed in the person's mean speeds and poses in their standard deviations, so the network
has the pose as an input on the person's own scale, and returns to rest by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..direct.acting import Acting, State
from ..motion import Progress
from ..network.decoder import LARGEST_INPUT, Decoder, Past
from ..network.manner import Manner, load_manner
from ..network.mixture import DIMENSIONS, draw
from ..network.sizes import PER_STEP, STEP_S
from ..noise import ACTOR_MOVEMENT, Channel, normals, uniforms
from ..speech.features import NAMES, SpeechFeatures
from ..style.personality import towards
from ..style.schema import Style
from ..style.style_vector import scales
from ..types import Array, IntArray
from .settings import GenerationSettings

WARM_UP_S = 3.0
"""Before the sound's start, so that a take does not begin from rest."""

FIRST_STEP = -round(WARM_UP_S / STEP_S)

_CHUNK = 256  # steps: 20 s at once in memory
_TAPS = 10  # steps to either side that a sample between two steps is made of
_BETA = 5.0  # of their window: within 0.5 % up to 5 Hz
_FREE, _FURTHEST = LARGEST_INPUT, 8.0  # standard deviations: from one to the other a pose is bent back


@dataclass(frozen=True)
class Actor:
    """Generate one take, see `Engine`, by an autoregressive mixture density network (Graves 2013).

    Of the learned vector, personality below 1 leaves as large a share. A vector of another encoder than
    that of the weights counts as none.

    What comes later in a sound reaches back by LOOK_AHEAD_S of the features, by the steps that the
    network's speech encoder looks ahead, and by 0.8 s of the filter that makes samples of steps.

    manner : None for the weights that are installed

    Raises
    ------
    MissingPartError : the weights are missing
    """

    manner: Manner | None = None

    def __call__(
        self, style: Style, speech: SpeechFeatures, settings: GenerationSettings, progress: Progress
    ) -> Array:
        """Make the take."""
        acting, units = self.prepared(style, speech, settings)
        steps = np.concatenate(list(acted(acting, settings.seed, len(speech.time_s), progress=progress)))
        return channels_of(steps, units, len(speech.time_s))

    def prepared(
        self, style: Style, speech: SpeechFeatures, settings: GenerationSettings
    ) -> tuple[Acting, Array]:
        """What the network is given, and the units (6,) of its poses: degrees and millimetres."""
        manner = self.manner or load_manner()
        known = towards(style, settings.personality)
        units, _, strides = scales(known.statistics)
        vector = _vector(manner, style, settings.personality)
        condition = manner.condition(known.vector(*manner.sizes.statistics), vector[None])
        voice = settings.voice
        if voice not in {0.0, 1.0}:  # between or beyond the outputs without and with speech
            condition = np.repeat(condition, 2, axis=0)
        last = -(-len(speech.time_s) // PER_STEP) - 1

        def codes(index: IntArray) -> Array:
            return _codes(manner, speech, voice, np.clip(index, 0, last))

        correction = manner.correction(known.statistics, vector)
        acting = Acting(manner, condition, strides, voice, codes, correction)
        return acting, manner.sizes.gain * correction.units * units


actor = Actor()
"""With the weights that are installed."""


def channels_of(steps: Array, units: Array, samples: int) -> Array:
    """Steps (N, 6) from FIRST_STEP on, in standard deviations, as the channels of an engine (samples, 6)."""
    channels = doubled(steps[-FIRST_STEP - _TAPS :])[PER_STEP:][:samples] * units
    return np.column_stack([np.radians(channels[:, :3]), 1e-3 * channels[:, 3:]])


def doubled(steps: Array) -> Array:
    """Steps (N, C) to samples, two a step, from the step _TAPS − 1 on up to, and not with, the step N − _TAPS.

    What lies between two steps is band-limited interpolation: a sinc under a Kaiser window.
    """
    kernel = np.sinc(np.arange(0.5 - _TAPS, _TAPS)) * np.kaiser(4 * _TAPS + 1, _BETA)[1::2]
    kernel /= kernel.sum()
    between = np.stack([np.convolve(column, kernel, mode="valid") for column in steps.T], axis=1)
    samples = np.empty((PER_STEP * len(between), steps.shape[1]))
    samples[::2], samples[1::2] = steps[_TAPS - 1 : len(steps) - _TAPS], between
    return samples


def _vector(manner: Manner, style: Style, personality: float) -> Array:
    size = manner.sizes.vector
    if style.learned is None or style.encoder != manner.version or len(style.learned) != size:
        return np.zeros(size)
    return min(personality, 1.0) * np.array(style.learned)


def stop_step(samples: int) -> int:
    """The step after the last that samples of a speech are made of."""
    return -(-samples // PER_STEP) + _TAPS


def acted(
    acting: Acting,
    seed: int,
    samples: int,
    *,
    progress: Progress,
    states: dict[int, State | None] | None = None,
) -> Iterator[Array]:
    """Poses in standard deviations, chunks of (N, 6), from FIRST_STEP to _TAPS steps after the sound.

    samples : of the speech
    states : by steps, replaced by the states after those steps
    """
    decoder = Decoder(acting.manner, acting.condition)
    pose = np.zeros(DIMENSIONS)
    past = Past(acting.manner.sizes, pose)
    stop = stop_step(samples)
    for first in range(FIRST_STEP, stop, _CHUNK):
        progress(max(first, 0) / stop, "acting")
        index = np.arange(first, min(first + _CHUNK, stop))
        drives, heads = decoder.project_codes(acting.codes(index))
        poses = np.empty((len(index), DIMENSIONS))
        for i, (movement, choice) in enumerate(noise_of(acting.manner, seed, first, len(index))):
            mixture = acting.mixed(decoder.step(past.inputs, drives[i], heads[i]))[0]
            increment = acting.correction.moved(draw(mixture, movement, choice), past.means)
            pose = poses[i] = bent(pose + acting.strides * increment)
            past.add(pose, increment)
            if states is not None and first + i in states:
                states[first + i] = State.of(decoder, past, pose)
        yield poses


def _codes(manner: Manner, speech: SpeechFeatures, voice: float, index: IntArray) -> Array:
    """Speech codes (N, B, C) at steps (N,); of B = 2 first those without speech input, then those with it."""
    if voice == 0.0:
        return _without_speech(manner, len(index))[:, None]
    # Exactly what coding all of the speech at once would give: that is its receptive field.
    reach = manner.sizes.reach
    first, last = max(0, index[0] - reach), index[-1] + reach + 1
    columns = [NAMES.index(name) for name in manner.sizes.speech]
    samples = speech.values[PER_STEP * first : PER_STEP * last, columns]
    if len(samples) % PER_STEP:
        samples = np.concatenate([samples, samples[-1:]])
    codes = manner.code(manner.standardise_speech(samples))[index - first]
    return codes[:, None] if voice == 1.0 else np.stack([_without_speech(manner, len(index)), codes], axis=1)


def _without_speech(manner: Manner, steps: int) -> Array:
    """Codes (N, C) of steps without speech input."""
    return np.broadcast_to(manner.code_without_speech(), (steps, manner.sizes.code))


def noise_of(manner: Manner, seed: int, first: int, count: int) -> list[tuple[list[float], float]]:
    """Noise of `count` steps from `first` on: of the movement, and the choice of a component."""
    normal = np.stack([normals(seed, channel, first, count) for channel in ACTOR_MOVEMENT], axis=1)
    chance = uniforms(seed, Channel.ACTOR_COMPONENT, first, count)
    return list(zip((manner.sizes.temperature * normal).tolist(), chance.tolist(), strict=True))


def bent(pose: Array) -> Array:
    """A pose as it is up to _FREE standard deviations, bent towards _FURTHEST beyond."""
    if np.abs(pose).max() <= _FREE:
        return pose
    room = _FURTHEST - _FREE
    beyond = np.maximum(np.abs(pose) - _FREE, 0.0)
    return np.clip(pose, -_FREE, _FREE) + np.sign(pose) * room * np.tanh(beyond / room)

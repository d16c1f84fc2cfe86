"""Decoder of a running take: one step after another, with the noise of the actor's takes."""

import numpy as np

from ..generate.actor import FIRST_STEP, Actor, bent, noise_of
from ..generate.settings import GenerationSettings
from ..motion import GRID_HZ
from ..network.decoder import Decoder, Past
from ..network.mixture import DIMENSIONS, draw
from ..network.sizes import PER_STEP
from ..speech.features import NAMES, SpeechFeatures
from ..style.schema import Style
from ..types import Array

_BLOCK = 64  # steps whose noise is drawn at once
_NO_SOUND = SpeechFeatures(
    np.zeros(PER_STEP), np.zeros((PER_STEP, len(NAMES)), np.float32), PER_STEP / GRID_HZ
)


class RunningSteps:
    """Poses in degrees and millimetres, from FIRST_STEP on.

    style, settings : as of `generate`
    """

    def __init__(self, actor: Actor, style: Style, settings: GenerationSettings) -> None:
        self._acting, self._units = actor.prepared(style, _NO_SOUND, settings)
        self.manner = self._acting.manner
        self._voice, self._seed, self._step = settings.voice, settings.seed, FIRST_STEP
        self._without = self.manner.code_without_speech()
        self._decoder = Decoder(self.manner, self._acting.condition)
        self._pose = np.zeros(DIMENSIONS)
        self._past = Past(self.manner.sizes, self._pose)
        self._noise: list[tuple[list[float], float]] = []

    def advance(self, code: Array) -> Array:
        """Pose (6,) of the next step, whose speech has a code (C,)."""
        acting = self._acting
        if not self._noise:
            self._noise = noise_of(self.manner, self._seed, self._step, _BLOCK)
        movement, choice = self._noise.pop(0)
        drives, heads = self._decoder.project_codes(self._codes(code))
        mixture = acting.mixed(self._decoder.step(self._past.inputs, drives[0], heads[0]))[0]
        increment = acting.correction.moved(draw(mixture, movement, choice), self._past.means)
        self._pose = bent(self._pose + acting.strides * increment)
        self._past.add(self._pose, increment)
        self._step += 1
        return self._pose * self._units

    def _codes(self, code: Array) -> Array:
        """Codes (1, B, C), as `Acting` has them."""
        if self._voice == 0.0:
            return self._without[None, None]
        return code[None, None] if self._voice == 1.0 else np.stack([self._without, code])[None]

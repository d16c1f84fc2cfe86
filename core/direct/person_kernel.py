"""The kernel of a person as the network plays them: from takes of its own without speech, made once a style."""

from functools import lru_cache

import numpy as np

from ..network.correction import Correction
from ..network.decoder import Decoder, Past
from ..network.manner import Manner
from ..network.mixture import DIMENSIONS
from ..noise import Channel, inverse_normal, uniforms
from ..types import Array
from .acting import Acting, State
from .kernel import Kernel
from .particles import Particles
from .tilt import free_draw

_TAKES = 6
_STEPS = 384  # 31 s each
_WARM_UP = 38
_SEED = 0


def person_kernel(acting: Acting) -> Kernel:
    """The kernel, in standard deviations, of the poses that the network makes under the first condition.

    It is a function of the style alone: a kernel of the take would depend on speech that is appended.
    """
    return _person_kernel(
        acting.manner, acting.condition[:1].tobytes(), acting.strides.tobytes(), acting.correction
    )


@lru_cache(maxsize=64)
def _person_kernel(manner: Manner, condition: bytes, strides: bytes, correction: Correction) -> Kernel:
    return Kernel.of_takes(
        speechless_takes(manner, np.frombuffer(condition).reshape(1, -1), np.frombuffer(strides), correction)
    )


def speechless_takes(
    manner: Manner,
    condition: Array,
    strides: Array,
    correction: Correction,
    *,
    takes: int = _TAKES,
    seed: int = _SEED,
) -> Array:
    """Takes (takes, T, 6) in standard deviations without speech under a condition (1, P), of one seed."""
    code = manner.code_without_speech()
    acting = Acting(
        manner,
        condition,
        strides,
        0.0,
        lambda index: np.broadcast_to(code, (len(index), 1, len(code))),
        correction,
    )
    pose = np.zeros(DIMENSIONS)
    state = State.of(Decoder(manner, acting.condition), Past(manner.sizes, pose), pose)
    particles = Particles(acting, state, takes)
    chance = uniforms(seed, Channel.KERNEL_TAKES, 0, _STEPS * takes * (DIMENSIONS + 1))
    chance = chance.reshape(_STEPS, takes, DIMENSIONS + 1)
    normal = inverse_normal(chance[..., 1:])
    poses = np.empty((_STEPS, takes, DIMENSIONS))
    for step, drive, head in acting.projected(particles.decoder, 0, _STEPS):
        particles.add(free_draw(particles.components(drive, head), normal[step], chance[step, :, 0]))
        poses[step] = particles.pose
    return poses[_WARM_UP:].transpose(1, 0, 2)

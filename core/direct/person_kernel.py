"""The kernel of a person as the network plays them: from takes of its own without speech, made once a style."""

from functools import lru_cache

import numpy as np

from ..network.decoder import Decoder, Past
from ..network.manner import Manner
from ..network.mixture import DIMENSIONS, components
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


def person_kernel(manner: Manner, condition: Array, strides: Array) -> Kernel:
    """The kernel, in standard deviations, of the poses that the network makes under a condition (1, P).

    It is a function of the style alone: a kernel of the take would depend on speech that is appended.
    """
    return _person_kernel(manner, condition.tobytes(), strides.tobytes())


@lru_cache(maxsize=64)
def _person_kernel(manner: Manner, condition: bytes, strides: bytes) -> Kernel:
    code = manner.code_without_speech()
    acting = Acting(
        manner,
        np.frombuffer(condition).reshape(1, -1),
        np.frombuffer(strides),
        0.0,
        lambda index: np.broadcast_to(code, (len(index), 1, len(code))),
    )
    pose = np.zeros(DIMENSIONS)
    state = State.of(Decoder(manner, acting.condition), Past(manner.sizes, pose), pose)
    particles = Particles(acting, state, _TAKES)
    chance = uniforms(_SEED, Channel.KERNEL_TAKES, 0, _STEPS * _TAKES * (DIMENSIONS + 1))
    chance = chance.reshape(_STEPS, _TAKES, DIMENSIONS + 1)
    normal = inverse_normal(chance[..., 1:])
    poses = np.empty((_STEPS, _TAKES, DIMENSIONS))
    for step, drive, head in acting.projected(particles.decoder, 0, _STEPS):
        parts = components(particles.mixtures(drive, head), manner.sizes.temperature)
        particles.add(free_draw(parts, normal[step], chance[step, :, 0]))
        poses[step] = particles.pose
    return Kernel.of_takes(poses[_WARM_UP:].transpose(1, 0, 2))

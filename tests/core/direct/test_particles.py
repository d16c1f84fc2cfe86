"""Many particles at once, against the decoder and the past of one sequence."""

import numpy as np
import pytest

from mannerism.core.direct.acting import State
from mannerism.core.direct.particles import Particles
from mannerism.core.generate import GenerationSettings
from mannerism.core.generate.actor import Actor
from mannerism.core.network.decoder import Decoder, Past
from mannerism.core.network.manner import read_manner
from mannerism.core.network.mixture import DIMENSIONS
from mannerism.core.style import Style
from mannerism.core.style.population import load_population
from mannerism.tests.support.toy_manner import write_toy_manner
from mannerism.tools.synthetic.persons import speak

STEPS = 12
STYLE = Style(load_population().means(), 10.0, 1.0)


@pytest.fixture(scope="module")
def manner(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "manner.safetensors"
    return read_manner(write_toy_manner(path, layers=2))


@pytest.mark.parametrize("voice", [1.0, 1.5], ids=["one condition", "guided"])
def test_each_particle_is_a_sequence_of_its_own(manner, voice):
    """Of three particles, after six steps the last goes on from where the first was."""
    speech = speak(2.0, np.random.default_rng(0))
    acting, _ = Actor(manner).prepared(STYLE, speech, GenerationSettings(voice=voice))
    increments = 3.0 * np.random.default_rng(1).normal(size=(STEPS, 3, DIMENSIONS))
    pose = np.full(DIMENSIONS, 0.3)
    decoder, past = Decoder(manner, acting.condition), Past(manner.sizes, pose)
    particles = Particles(acting, State.of(decoder, past, pose), 3)
    for step, drive, head in acting.projected(decoder, 0, STEPS):
        one = acting.mixed(decoder.step(past.inputs, drive, head))[0]
        many = particles.mixtures(drive, head)
        np.testing.assert_allclose(many[0 if step < 6 else 2], one, atol=1e-12)
        assert step == 0 or np.abs(many[1] - one).max() > 1e-3
        move = increments[step, 0 if step < 6 else 2]
        pose = pose + acting.strides * move
        past.add(pose, move)
        particles.add(increments[step])
        if step == 5:
            particles.resample(np.array([1, 1, 0]))
    np.testing.assert_allclose(particles.pose[2], pose, atol=1e-12)

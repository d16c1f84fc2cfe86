"""What the table of streaming judges is what a stream gives."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the judges of the table are trained with torch")

from mannerism.core.generate.settings import GenerationSettings
from mannerism.core.media.sound import RATE_HZ
from mannerism.core.stream.stream import Stream
from mannerism.core.style.built_in import built_in_path
from mannerism.core.style.schema import read_style
from mannerism.training.evaluation.streaming import streamed


@pytest.mark.slow
@pytest.mark.parametrize("look_ahead_s", [0.24, 1.0])
def test_takes_of_several_seeds_are_those_of_streams(talk, look_ahead_s):
    style, sound = read_style(built_in_path("calm")), talk(2.5)
    for seed, made in zip((1, 2), streamed(style, sound, (1, 2), look_ahead_s), strict=True):
        stream = Stream(style, GenerationSettings(seed), rate_hz=RATE_HZ, look_ahead_s=look_ahead_s)
        given = stream.feed(sound)
        assert np.array_equal(given.rotation, made.rotation)
        assert np.array_equal(given.translation_m, made.translation_m)

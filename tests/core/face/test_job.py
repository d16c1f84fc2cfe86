"""The worker's job that makes a speaking face for shape keys."""

import numpy as np
import pytest

from mannerism.core.jobs.table import face
from mannerism.core.motion import no_progress
from mannerism.core.motion_npz import load_channels
from mannerism.tests.support.paths import ROOT

LINE = ROOT / "examples/line_1.wav"


@pytest.fixture
def make(tmp_path):
    def make(names="arkit", strength=1.0, **part):
        out = tmp_path / "face.npz"
        face(
            no_progress,
            audio=str(LINE),
            names=names,
            seed=3,
            strength=strength,
            channels_out=str(out),
            **part,
        )
        return load_channels(out)

    return make


@pytest.mark.parametrize("names", ["arkit", "visemes"])
def test_sliders_that_move_and_rest_at_both_ends(make, names):
    time_s, channels = make(names)
    values = np.array([*channels.values()])
    assert (time_s[0], time_s[-1]) == (0.0, pytest.approx(82848 / 16000, abs=1 / 60))
    assert 0.0 <= values.min() < 0.3 < values.max() <= 1.0
    assert np.abs(values[:, [0, -1]]).max() < 0.1
    assert ("jawOpen" in channels, "viseme_aa" in channels) == (names == "arkit", names == "visemes")
    assert "viseme_sil" not in channels


@pytest.mark.slow
def test_strength_opens_the_mouth_and_leaves_the_lids(make):
    _, usual = make()
    _, half = make(strength=0.5)
    assert half["jawOpen"].max() < 0.7 * usual["jawOpen"].max()
    np.testing.assert_array_equal(half["eyeBlinkLeft"], usual["eyeBlinkLeft"])


def test_a_part_of_the_sound(make):
    time_s, _ = make(start_s=1.0, length_s=2.0)
    assert time_s[-1] == pytest.approx(2.0, abs=1e-6)

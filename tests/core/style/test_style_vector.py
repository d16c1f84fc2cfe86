"""The learned vector of a reference, with weights that nobody trained."""

import numpy as np
import pytest

from mannerism.core.errors import MissingPartError
from mannerism.core.motion import GRID_HZ
from mannerism.core.network import manner as network
from mannerism.core.network.mixture import log_likelihood
from mannerism.core.style import encode_style, read_style, write_style
from mannerism.core.style import style_vector as room
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import GridTrack, to_grid
from mannerism.core.style.style_vector import LONGEST_REFERENCE_S, learn
from mannerism.tests.support.toy_manner import write_toy_manner
from mannerism.tools.synthetic.persons import draw_person, move, speak

MEANS = load_population().means()


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch):
    """Weights in the place of those that ship."""
    path = tmp_path / "manner.safetensors"
    monkeypatch.setattr(network, "PATH", path)
    return write_toy_manner(path, version="toy 1")


def recorded(seconds=12.0, seed=0):
    """A track and its speech."""
    random = np.random.default_rng(seed)
    speech = speak(seconds, random)
    return move(draw_person("somebody", random), speech, random), speech


def cut(grid, first, stop, start=None):
    part = slice(first, stop)
    return GridTrack(
        grid.start + first if start is None else start,
        grid.angles_deg[part],
        grid.translation_m[part],
        grid.valid[part],
        grid.noise_deg,
    )


@pytest.mark.slow
def test_a_reference_has_a_unit_vector_of_its_own():
    vectors = []
    for seed in (0, 1):
        track, speech = recorded(seed=seed)
        vector, encoder = learn(to_grid(track), speech, MEANS)
        assert encoder == "toy 1"
        assert np.linalg.norm(vector) == pytest.approx(1.0)
        assert learn(to_grid(track), speech, MEANS)[0] == vector
        vectors.append(np.array(vector))
    assert vectors[0] @ vectors[1] < 0.999


def test_adaptation_makes_what_was_done_more_likely(monkeypatch):
    track, speech = recorded()
    grid = to_grid(track)
    asked = []
    evidence = room._evidence

    def listen(*given):
        asked.append(evidence(*given))
        return asked[-1]

    monkeypatch.setattr(room, "_evidence", listen)
    plain, adapted = (np.array(learn(grid, speech, MEANS, adapt=adapt)[0]) for adapt in (False, True))
    before, after = asked[0](np.stack([plain, adapted])).sum(axis=0)
    assert after > before + 1.0
    assert plain @ adapted < 0.9999


def test_the_firmer_the_encoder_the_less_is_adapted(path):
    track, speech = recorded()
    moved = []
    for spread in (1e-3, 0.1, 1.0):
        write_toy_manner(path, vector_sd=spread)
        plain, adapted = (learn(to_grid(track), speech, MEANS, adapt=adapt)[0] for adapt in (False, True))
        moved.append(np.linalg.norm(np.subtract(plain, adapted)))
    assert moved[0] < 0.01 < moved[1] < moved[2]


def test_recordings_without_translation_are_judged_by_rotation(monkeypatch):
    """Translation of zeros would be most unlikely."""
    track, speech = recorded()
    grid = to_grid(track)
    assert not grid.translation_m.any()
    still = GridTrack(grid.start, grid.angles_deg, grid.translation_m + 1e-9, grid.valid, 0.0)
    counted = []
    monkeypatch.setattr(
        room,
        "log_likelihood",
        lambda told, x, count: (counted.append(count), log_likelihood(told, x, count))[1],
    )
    assert learn(grid, speech, MEANS)[0] != learn(still, speech, MEANS)[0]
    assert set(counted) == {3, 6}


def test_only_what_lies_within_the_speech_counts():
    track, speech = recorded()
    grid = to_grid(track)
    early = cut(grid, 0, len(grid.valid))
    outside = GridTrack(
        -50,
        np.concatenate([np.full((50, 3), 7.0), early.angles_deg]),
        np.concatenate([np.zeros((50, 3)), early.translation_m]),
        np.concatenate([np.ones(50, np.bool_), early.valid]),
        0.0,
    )
    # The first rate is the one thing that what lies before changes.
    np.testing.assert_allclose(
        learn(outside, speech, MEANS, adapt=False)[0], learn(early, speech, MEANS, adapt=False)[0], atol=0.05
    )
    late = cut(grid, 100, len(grid.valid))
    assert np.isfinite(learn(late, speech, MEANS)[0]).all()


def test_of_a_long_reference_the_part_that_shows_most_counts():
    track, speech = recorded(2.5 * LONGEST_REFERENCE_S)
    grid = to_grid(track)
    first = 40 * GRID_HZ
    grid.valid[:first] = False
    shown = cut(grid, first, first + LONGEST_REFERENCE_S * GRID_HZ)
    found = learn(grid, speech, MEANS, adapt=False)[0]
    np.testing.assert_allclose(found, learn(shown, speech, MEANS, adapt=False)[0], atol=0.02)


def test_a_style_holds_the_vector_and_a_file_keeps_it(tmp_path):
    track, speech = recorded()
    style = encode_style(track, speech)
    assert style.learned == learn(to_grid(track), speech, style.statistics)[0]
    assert style.encoder == "toy 1"
    plain = encode_style(track, speech, adapt=False)
    assert plain.learned == learn(to_grid(track), speech, style.statistics, adapt=False)[0]
    write_style(tmp_path / "a.style.json", style)
    assert read_style(tmp_path / "a.style.json").learned == style.learned


def test_without_sound_or_weights_there_is_no_vector(path):
    track, speech = recorded()
    assert encode_style(track, None).learned is None
    path.unlink()
    style = encode_style(track, speech)
    assert style.learned is None
    assert style.encoder is None
    with pytest.raises(MissingPartError):
        learn(to_grid(track), speech, MEANS)


def test_damaged_weights_are_no_missing_ones(path):
    path.write_bytes(b"\0" * 100)
    with pytest.raises(MissingPartError, match="damaged"):
        encode_style(*recorded())

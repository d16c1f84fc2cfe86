"""The actor with weights that nobody trained: what must hold whatever was learned."""

import numpy as np
import pytest

from mannerism.core.errors import CancelledError, MissingPartError
from mannerism.core.generate import GenerationSettings
from mannerism.core.generate.actor import Actor, actor, doubled
from mannerism.core.motion import GRID_HZ, no_progress
from mannerism.core.network import manner as network
from mannerism.core.speech import SpeechFeatures, extract_features
from mannerism.core.style import STATISTICS, Style
from mannerism.core.style.population import load_population
from mannerism.tests.support.toy_manner import write_toy_manner
from mannerism.tools.synthetic.persons import speak

MEANS = load_population().means()
VECTOR = (0.5, -0.5, 0.5, 0.5)


@pytest.fixture(autouse=True)
def install(tmp_path, monkeypatch):
    """Put weights in the place of those that ship."""
    path = tmp_path / "manner.safetensors"
    monkeypatch.setattr(network, "PATH", path)

    def write(**given):
        return write_toy_manner(path, **given)

    write()
    return write


def style(learned=VECTOR, encoder="toy", **statistics):
    return Style(MEANS | statistics, 10.0, 1.0, learned=learned, encoder=encoder)


def act(speech, seed=0, given=None, progress=no_progress, **strengths):
    return actor(given or style(), speech, GenerationSettings(seed, **strengths), progress)


@pytest.fixture(scope="module")
def speech_features():
    return speak(30.0, np.random.default_rng(0))


def first(speech, count):
    return SpeechFeatures(speech.time_s[:count], speech.values[:count], count / GRID_HZ)


@pytest.mark.slow
def test_a_seed_is_a_take(speech_features):
    take = act(speech_features)
    assert take.shape == (len(speech_features.time_s), 6)
    assert np.isfinite(take).all()
    assert act(speech_features).tobytes() == take.tobytes()
    assert np.abs(act(speech_features, seed=1) - take).max() > 0.01


@pytest.mark.parametrize("strengths", [{}, {"voice": 1.5}], ids=["plain", "more voice"])
@pytest.mark.parametrize("count", [13, 14, 333, 512, 748])
def test_what_is_appended_reaches_back_by_less_than_two_seconds_beyond_its_features(
    speech_features, count, strengths
):
    """The features of both are the same up to the join here: what they add is in their own tests."""
    short, whole = act(first(speech_features, count), **strengths), act(speech_features, **strengths)
    kept = max(0, count - 2 * GRID_HZ)
    np.testing.assert_allclose(short[:kept], whole[:kept], rtol=0, atol=1e-9)
    assert len(short) == count


@pytest.mark.slow
def test_appending_speech_leaves_the_past_alone(tmp_path, talk, write_wav):
    join_s = 20.0
    sound = talk(join_s)
    shout = np.clip(3.0 * talk(6.0, voice="Male1", first_line=2), -1, 1)
    alone = extract_features(write_wav(tmp_path / "alone.wav", sound))
    longer = extract_features(write_wav(tmp_path / "longer.wav", np.concatenate([sound, shout])))
    take = act(alone)
    away = np.abs(take - act(longer)[: len(take)])
    kept = int((join_s - 12.0) * GRID_HZ) + 1
    assert np.degrees(away[:kept, :3]).max() < 0.01
    assert away[:kept, 3:].max() < 1e-5
    assert np.degrees(away[-GRID_HZ:, :3]).max() > 0.1


def test_a_stretch_is_the_same_however_it_was_cut_into_chunks(speech_features, monkeypatch):
    whole = act(speech_features)
    for chunk in (50, 10_000):
        monkeypatch.setattr("mannerism.core.generate.actor._CHUNK", chunk)
        np.testing.assert_allclose(act(speech_features), whole, rtol=0, atol=1e-9)


def test_sizes_and_speeds_that_are_twice_as_large_make_a_motion_twice_as_large(speech_features, install):
    """Of a network without the statistics as input, so that only the person's units differ."""
    install(statistics=("hold",), statistics_mean=(0.0,), statistics_sd=(1.0,))
    twice = {name: value + np.log(2.0) for name, value in MEANS.items() if name.startswith("log_s")}
    assert {name.rpartition("_")[0] for name in twice} == {"log_sigma", "log_speed"}
    np.testing.assert_allclose(
        act(speech_features, given=style(**twice)), 2.0 * act(speech_features), rtol=1e-9, atol=1e-12
    )


@pytest.mark.slow
def test_no_voice_ignores_speech_and_more_voice_goes_on_beyond_it(speech_features):
    other = speak(30.0, np.random.default_rng(9))
    assert act(speech_features, voice=0.0).tobytes() == act(other, voice=0.0).tobytes()
    assert act(speech_features).tobytes() != act(other).tobytes()
    near = np.abs(act(speech_features, voice=1e-9) - act(speech_features, voice=0.0)).max()
    assert near < 1e-6
    assert np.abs(act(speech_features, voice=1.0 - 1e-9) - act(speech_features)).max() < 1e-6
    assert np.abs(act(speech_features, voice=2.0) - act(speech_features)).max() > 1e-3


def test_without_personality_all_persons_are_one(speech_features):
    somebody = style(**{name: MEANS[name] + 0.3 for name in STATISTICS})
    stranger = style(learned=None, encoder=None)
    takes = [act(speech_features, given=given, personality=0.0).tobytes() for given in (somebody, stranger)]
    assert takes[0] == takes[1]
    assert act(speech_features).tobytes() != act(speech_features, given=stranger).tobytes()


@pytest.mark.parametrize("given", [{"encoder": "older"}, {"learned": (1.0,)}, {"learned": None}])
def test_a_vector_that_is_not_the_encoders_counts_as_none(speech_features, given):
    nobody = style(learned=(0.0,) * 4)
    assert (
        act(speech_features, given=style(**given)).tobytes() == act(speech_features, given=nobody).tobytes()
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("voice", [0.0, 1.0, 2.0])
def test_no_weights_and_no_style_can_make_it_leave(speech_features, install, voice):
    install(gain=8.0, seed=4)
    wild = style(learned=(1e6, -1e6, 1e6, -1e6), **{f"log_speed_{axis}": 9.0 for axis in ("pitch", "yaw")})
    take = act(speech_features, given=wild, voice=voice)
    sigma = np.exp([MEANS[f"log_sigma_{axis}"] for axis in ("pitch", "yaw", "roll", *"xyz")])
    poses = np.column_stack([np.degrees(take[:, :3]), 1e3 * take[:, 3:]]) / sigma
    assert 6.0 < np.abs(poses[::2]).max() < 8.0 + 1e-9
    assert np.abs(poses).max() < 24.0  # what is interpolated between such steps swings over


@pytest.mark.slow
def test_an_hour_is_no_special_case(speech_features):
    hour = 3600 * GRID_HZ
    values = np.resize(speech_features.values, (hour, speech_features.values.shape[1]))
    shares: list[float] = []
    take = act(
        SpeechFeatures(np.arange(hour) / GRID_HZ, values, 3600.0),
        progress=lambda share, _what: shares.append(share),
    )
    assert take.shape == (hour, 6)
    assert np.isfinite(take).all()
    minutes = take.reshape(60, -1, 6).std(axis=1)
    assert (minutes.max(axis=0) < 5.0 * np.median(minutes, axis=0)).all()
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert len(shares) > 100


def test_it_stops_when_it_is_cancelled(speech_features):
    def stop(share, _what):
        if share > 0.2:
            raise CancelledError

    with pytest.raises(CancelledError):
        act(speech_features, progress=stop)


def test_without_weights_it_says_what_to_do(speech_features, install):
    install().unlink()
    with pytest.raises(MissingPartError, match="choose the engine puppet"):
        act(speech_features)


def test_other_weights_than_those_installed(speech_features, tmp_path, install):
    manner = network.read_manner(write_toy_manner(tmp_path / "other.safetensors", version="other", seed=1))
    other = Actor(manner)(style(encoder="other"), speech_features, GenerationSettings(0), no_progress)
    assert np.abs(other - act(speech_features)).max() > 0.01
    install(version="other", seed=1)
    assert act(speech_features, given=style(encoder="other")).tobytes() == other.tobytes()


@pytest.mark.parametrize("hz", [0.0, 0.5, 2.0, 4.0, 5.0])
def test_between_steps_lies_what_is_band_limited(hz):
    time_s = np.arange(200) / 12.5
    wave = np.sin(2.0 * np.pi * hz * time_s + 1.0)[:, None]
    samples = doubled(wave)
    at_s = 9 / 12.5 + np.arange(len(samples)) / GRID_HZ
    assert len(samples) == 2 * (200 - 19)
    np.testing.assert_allclose(samples[:, 0], np.sin(2.0 * np.pi * hz * at_s + 1.0), atol=0.005)

"""What the animator sets."""

import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.evaluate.sync_gap import sync_z
from mannerism.core.generate import ENGINES, GenerationSettings, first_seed, generate
from mannerism.core.generate.calibrate import calibrate
from mannerism.core.generate.coloured_noise import play, playing_rate
from mannerism.core.generate.engine import DEFAULT_ENGINE
from mannerism.core.generate.patch_selection import STEP
from mannerism.core.generate.puppet import drives_of
from mannerism.core.generate.replay import wanted_activity
from mannerism.core.generate.settings import SLIDERS
from mannerism.core.lazy import attribute
from mannerism.core.motion import GRID_HZ, no_progress
from mannerism.core.style import Style
from mannerism.core.style.personality import FURTHEST_SD, towards
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import to_grid
from mannerism.tools.synthetic.persons import as_track, speak

SPREADS = load_population().spreads
FOLLOWING = {"coupling_energy": 0.3, "coupling_accent": 0.3, "log_pause_ratio": 0.7}


def person(deviations, **others):
    """Somebody by so many standard deviations away from the mean in every statistic."""
    away = {name: spread.mean + deviations * spread.between**0.5 for name, spread in SPREADS.items()}
    return Style(away | others, speech_s=20.0, confidence=0.9)


@cache
def recorded():
    """Somebody who follows their voice, with a recording of the puppet's making."""
    style = person(0.0, **FOLLOWING)
    motion = take(style, speech(9), "puppet")[: 28 * GRID_HZ]
    return Style(style.statistics, speech_s=20.0, confidence=0.9, motion=motion)


@cache
def speech(number):
    return speak(30.0, np.random.default_rng(number))


def take(style, speech_features, engine, seed=3, **strengths):
    return ENGINES[engine](style, speech_features, GenerationSettings(seed, engine, **strengths), no_progress)


def in_step(style, voice):
    """Mean SyncZ of some takes of the puppet."""
    found = []
    for number in range(4):
        for seed in range(4):
            settings = GenerationSettings(seed, "puppet", voice=voice)
            motion = generate(style, speech(number), settings)
            track = as_track(np.degrees(rot.to_rotvec(motion.rotation)))
            found.append(sync_z(to_grid(track), speech(number)))
    return np.mean(found)


@pytest.mark.parametrize(("line", "seed"), [("line_1", 254549), ("ü日本 one", 980935)])
def test_a_line_has_the_same_first_seed_for_ever(line, seed):
    assert first_seed(line) == seed


def test_lines_start_from_seeds_of_their_own():
    seeds = {first_seed(f"line_{n}") for n in range(1000)}
    assert len(seeds) > 990
    assert 0 <= min(seeds) <= max(seeds) < 1_000_000


def test_the_registry_lists_engines_without_importing_one():
    code = (
        "import sys; from mannerism.core.generate.settings import SLIDERS, GenerationSettings; "
        "from mannerism.core.generate.engine import ENGINES; "
        "print('numpy' in sys.modules, *ENGINES, GenerationSettings().engine)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", *ENGINES, DEFAULT_ENGINE]
    assert next(iter(ENGINES)) == DEFAULT_ENGINE
    for engine in ENGINES.values():
        assert callable(attribute(engine.home, "mannerism.core.generate"))
        assert engine.ignores <= set(SLIDERS)


# personality


def test_a_manner_moves_on_the_line_from_everybody_to_the_person():
    ada = person(1.0)
    assert towards(ada, 1.0) is ada
    assert towards(ada, 0.0).statistics == load_population().means()
    for personality in (0.25, 2.0):
        assert towards(ada, personality).statistics == pytest.approx(person(personality).statistics)


def test_an_exaggerated_manner_stays_among_people():
    assert towards(person(2.0), 2.0).statistics == pytest.approx(person(FURTHEST_SD).statistics)
    assert towards(person(-2.0), 2.0).statistics == pytest.approx(person(-FURTHEST_SD).statistics)
    beyond = person(5.0)  # further out than the limit: stays where it is
    assert towards(beyond, 2.0).statistics == pytest.approx(beyond.statistics)


def test_a_moved_manner_keeps_what_is_no_statistic():
    vector, motion = (1.0, *[0.0] * 15), np.zeros((50, 6))
    ada = Style(person(1.0).statistics, 20.0, 0.9, ("why",), motion, vector, "1")
    moved = towards(ada, 0.5)
    assert moved.motion is motion
    assert (moved.learned, moved.encoder) == (vector, "1")
    assert (moved.speech_s, moved.confidence, moved.reasons) == (20.0, 0.9, ("why",))


@pytest.mark.slow
def test_without_personality_two_persons_move_alike():
    one, two = (take(person(away), speech(0), "puppet", personality=0.0) for away in (-1.0, 1.0))
    nobody = take(person(0.0), speech(0), "puppet")
    assert one.tobytes() == two.tobytes() == nobody.tobytes()


@pytest.mark.slow
def test_more_personality_takes_a_lively_person_further_from_everybody():
    lively = person(0.0, **{name: person(1.0).statistics[name] for name in SPREADS if "log_s" in name})
    calm_to_wild = [
        take(lively, speech(0), "puppet", personality=strength)[:, :3].std() for strength in (0.0, 1.0, 2.0)
    ]
    assert calm_to_wild[1] > 1.2 * calm_to_wild[0]
    assert calm_to_wild[2] > 1.2 * calm_to_wild[1]


@pytest.mark.slow
def test_replay_plays_the_person_whatever_the_personality():
    speech_features = speak(8.0, np.random.default_rng(0))
    plain, exaggerated = (take(recorded(), speech_features, "replay", personality=p) for p in (1.0, 2.0))
    assert plain.tobytes() == exaggerated.tobytes()


# voice


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["puppet", "replay"])
def test_without_the_voice_any_speech_gives_the_same_take(engine):
    speech_features = [speak(8.0, np.random.default_rng(number)) for number in (0, 1)]
    one, two = (take(recorded(), one_of, engine, voice=0.0) for one_of in speech_features)
    assert one.tobytes() == two.tobytes()
    one, two = (take(recorded(), one_of, engine) for one_of in speech_features)
    assert one.tobytes() != two.tobytes()


@pytest.mark.slow
def test_the_head_follows_the_voice_as_strongly_as_asked():
    deaf, half, whole, twice = (in_step(recorded(), voice) for voice in (0.0, 0.5, 1.0, 2.0))
    assert abs(deaf) < 0.7  # of sixteen takes, each uncertain by 1
    assert deaf + 0.5 < half < whole < twice
    assert twice > 2.5


def test_replay_wants_liveliness_as_strongly_as_asked():
    """What is wanted when, against how loud it is then; which patch can be had is another matter."""
    loud = speech(0).column("energy")[: len(speech(0).time_s) // STEP * STEP].reshape(-1, STEP).mean(axis=1)

    def heeds(voice):
        found = [wanted_activity(recorded(), speech(0), seed, voice)[: len(loud)] for seed in range(4)]
        return np.mean([np.corrcoef(wanted[:-1], loud[1:])[0, 1] for wanted in found])

    deaf, half, whole, twice = (heeds(voice) for voice in (0.0, 0.25, 0.5, 1.0))
    assert abs(deaf) < 0.2
    assert deaf + 0.1 < half < whole < twice


# neither


@pytest.mark.slow
@pytest.mark.parametrize("away", [0.0, -1.5])
def test_strengths_of_1_change_no_bit(away):
    style, speech_features, seed = person(away), speech(0), 3
    parameters = calibrate(style)
    plain = play(parameters, seed, playing_rate(parameters, seed, *drives_of(speech_features, parameters)))
    plain[:, :3] = np.radians(plain[:, :3])
    assert take(style, speech_features, "puppet", seed).tobytes() == plain.tobytes()

"""Replay: the best path, the person's own stretches, no seam, no repeat, in step with the voice."""

import tracemalloc
from dataclasses import replace as changed
from functools import cache

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import StyleError
from mannerism.core.generate import ENGINES, GenerationSettings, generate, patch_selection
from mannerism.core.generate.patch_selection import REPEAT_S, STEP, Costs, Patch, choose
from mannerism.core.generate.replay import BLEND_S, LEAST_S, costs_of, joined
from mannerism.core.motion import GRID_HZ, no_progress
from mannerism.core.speech import NAMES, SpeechFeatures, extract_features
from mannerism.core.speech.windows import smooth
from mannerism.core.style import Style
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import rate
from mannerism.tests.support.in_step import in_step

pytestmark = pytest.mark.slow

CLOCK_M = 1e-9


def speech_of(duration_s, **columns):
    """Features with some columns set and the others 0, without a sound."""
    count = int(duration_s * GRID_HZ + 1e-9) + 1
    values = np.zeros((count, len(NAMES)), np.float32)
    for name, column in columns.items():
        values[:, NAMES.index(name)] = column
    return SpeechFeatures(np.arange(count) / GRID_HZ, values, duration_s)


def babble(duration_s, seed=5):
    """Phrases of about three seconds, pauses of one, accents in them; no sound."""
    rng = np.random.default_rng(seed)
    count = int(duration_s * GRID_HZ) + 1
    phrases = [
        part
        for _ in range(count // 50 + 1)
        for part in (np.ones(rng.integers(40, 110)), np.zeros(rng.integers(15, 40)))
    ]
    active = np.concatenate(phrases)[:count]
    population = load_population()
    noises = smooth(rng.normal(size=(count, 3)), 0.12)
    drives = population.drive_mean + population.drive_sd * noises / noises.std(axis=0)
    energy, onset, accent = np.where(active[:, None] > 0, drives, [-3.0, 0.0, 0.0]).T
    return speech_of(duration_s, energy=energy, onset=onset, accent=accent, activity=active)


def style_of(motion=None, **statistics):
    return Style(load_population().means() | statistics, speech_s=20.0, confidence=0.9, motion=motion)


@cache
def person(seconds=30.0, seed=0):
    """Somebody whose recording is of the puppet's making, with a clock in it.

    The shift to the left encodes the sample, a billionth of a metre each: so a take shows what it plays.
    """
    manner = {"coupling_energy": 0.3, "coupling_accent": 0.3, "log_pause_ratio": 0.7, "lead_s": 0.2}
    motion = ENGINES["puppet"](
        style_of(**manner), babble(seconds, seed), GenerationSettings(seed), no_progress
    )
    motion = motion[: int(seconds * GRID_HZ)]
    motion[:, 3] = CLOCK_M * np.arange(len(motion))
    return style_of(motion, **manner)


def take(style, speech, seed=0):
    return ENGINES["replay"](style, speech, GenerationSettings(seed), no_progress)


def away_from_joints(clock):
    """Which samples lie where the recording runs at no more than 15 % off its own pace."""
    pace = np.diff(clock)
    running = (pace > 0.8) & (pace < 1.25)
    return np.concatenate([[True], running]) & np.concatenate([running, [True]])


def degrees(channels):
    return np.degrees(channels[:, :3])


def jerk(channels):
    """At the middle between four samples each."""
    return np.linalg.norm(np.diff(degrees(channels), 3, axis=0), axis=1)


@pytest.fixture(scope="module")
def spoken(talk, write_wav, tmp_path_factory):
    folder = tmp_path_factory.mktemp("spoken")
    other = talk(30.0, voice="Male1", first_line=3, pause_s=0.9)
    sounds = (write_wav(folder / "one.wav", talk(30.0)), write_wav(folder / "other.wav", other))
    return tuple(extract_features(sound) for sound in sounds)


# the choice of patches


def price(costs, rates, path):
    """What a path of (start, steps) pays, step by step."""
    total, step, end = 0.0, 0, None
    for start, steps in path:
        if end is not None:
            total += costs.jump[end, start]
        places = [start + round(rates[step] * STEP * i) for i in range(steps + 1)]
        if places[-1] >= len(costs.activity):
            return np.inf
        for place, wanted in zip(places[:-1], costs.wanted[step : step + steps], strict=False):
            total += (costs.activity[place] - wanted) ** 2
        step, end = step + steps, places[-1]
    return total


def every_path(steps_left, starts):
    for steps in range(patch_selection.SHORTEST, patch_selection.LONGEST + 1):
        if steps >= steps_left:
            yield from ([(start, steps)] for start in starts)
            return
        for rest in every_path(steps_left - steps, starts):
            yield from ([(start, steps), *rest] for start in starts)


@pytest.mark.parametrize("seed", range(3))
def test_no_path_is_cheaper(seed):
    """All paths of a small case, tried one by one."""
    rng = np.random.default_rng(seed)
    size, steps = 72, 8
    jump = rng.uniform(0.0, 4.0, (size, size))
    costs = Costs(rng.normal(size=size), rng.normal(size=steps), jump, repeated=0.0)
    rates = np.exp(rng.uniform(-0.15, 0.15, steps))
    prices = [price(costs, rates, path) for path in every_path(steps, range(size))]
    found = choose(costs, rates, no_progress)
    assert [patch.step for patch in found] == np.cumsum([0, *(p.steps for p in found[:-1])]).tolist()
    assert price(costs, rates, [(p.start, p.steps) for p in found]) == pytest.approx(min(prices))
    assert min(prices) < np.percentile(prices, 1)


def test_wanting_the_recordings_own_activity_gives_its_own_order():
    motion = person().motion
    costs = costs_of(motion, np.zeros(1))
    first = 20
    own = changed(costs, wanted=costs.activity[first : first + 100 * STEP : STEP], repeated=0.0)
    found = choose(own, np.ones(100), no_progress)
    assert [patch.start for patch in found] == [first + STEP * patch.step for patch in found]


def test_what_was_just_played_is_left_alone():
    """Where the wanted activity goes round and round, the recording would too, but for the penalty."""
    costs = costs_of(person().motion, np.zeros(1))
    loop = np.tile(costs.activity[100 : 100 + 10 * STEP : STEP], 10)

    def shortest_return_s(repeated):
        found = choose(changed(costs, wanted=loop, repeated=repeated), np.ones(100), no_progress)
        last: dict[int, int] = {}
        gaps = [np.inf]
        for patch in found:
            for i, sample in enumerate(range(patch.start, patch.end)):
                now = STEP * patch.step + i
                gaps.append(now - last.get(sample, -np.inf))
                last[sample] = now
        return min(gaps) / GRID_HZ

    assert shortest_return_s(0.0) < 0.6 * REPEAT_S
    assert shortest_return_s(costs.repeated) >= REPEAT_S


# putting patches together


def test_a_patch_is_a_stretch_of_the_recording():
    """Known answer: of a recording of sines, a patch is the same sines at its rate."""

    def recording(sample):
        return np.sin(np.outer(sample, [0.05, 0.07, 0.11, 0.03, 0.02, 0.13]))

    row = [Patch(0, 6, 40, 1.0), Patch(6, 4, 200, 1.12), Patch(10, 8, 90, 0.9)]
    found = joined(recording(np.arange(300)), row, 85)
    half = round(BLEND_S * GRID_HZ / 2)
    for patch, first, stop in (
        (row[0], 0, 30 - half),
        (row[1], 30 + half, 50 - half),
        (row[2], 50 + half, 85),
    ):
        at = np.arange(first, stop)
        expected = recording(patch.start + patch.rate * (at - STEP * patch.step))
        np.testing.assert_allclose(found[at], expected, atol=0.0 if patch.rate == 1.0 else 2e-4)


def test_a_blend_has_no_corner():
    """Between two poses that are held: no jump in velocity, the way is that of the blend alone."""
    motion = np.zeros((200, 6))
    motion[100:, 1] = 1.0
    found = joined(motion, [Patch(0, 5, 20, 1.0), Patch(5, 5, 150, 1.0)], 50)[:, 1]
    assert (found[:20] == 0.0).all()
    assert (found[30:] == 1.0).all()
    assert (np.diff(found) >= 0.0).all()
    assert found[25] == pytest.approx(0.5)
    assert np.abs(np.diff(found, 2)).max() < 6.0 / (BLEND_S * GRID_HZ) ** 2  # of a smooth step: 5.8


# the engine


def test_plays_the_person_and_nothing_else():
    style, speech = person(), babble(60.0, seed=8)
    for seed in range(3):
        made = take(style, speech, seed)
        clock = made[:, 3] / CLOCK_M
        copied = away_from_joints(clock)
        left = np.clip(clock.astype(int), 0, len(style.motion) - 2)
        between = (clock - left)[:, None]
        expected = (1.0 - between) * style.motion[left] + between * style.motion[left + 1]
        wrong_deg = np.abs(degrees(made - expected)).max(axis=1)
        assert copied.mean() > 0.8
        # Straight between samples is not how they are played: that and the edges of blends remain.
        assert np.percentile(wrong_deg[copied], 90) < 0.1
        assert np.abs(np.diff(clock)).max() > 5.0  # it is cut, not played from end to end


def test_seams_do_not_show():
    near, far = [], []
    for seed in range(6):
        made = take(person(), babble(60.0, seed=8), seed)
        copied = away_from_joints(made[:, 3] / CLOCK_M)
        smooth_here = copied[1:-2] & copied[2:-1]
        near.append(jerk(made)[~smooth_here])
        far.append(jerk(made)[smooth_here])
    ratio = np.concatenate(near).mean() / np.concatenate(far).mean()
    assert ratio < 1.1


def test_no_stretch_comes_back_within_8_seconds():
    for seed in range(3):
        clock = take(person(), babble(60.0, seed=8), seed)[:, 3] / CLOCK_M
        copied = away_from_joints(clock)
        # A second and more apart, since at one joint the same sample may end one patch and begin the next.
        again = [
            copied[step:] & copied[:-step] & (np.abs(clock[step:] - clock[:-step]) < 0.5)
            for step in range(GRID_HZ, int(REPEAT_S * GRID_HZ))
        ]
        assert np.mean([some.sum() for some in again]) * len(again) < 0.01 * len(clock)
    assert len(clock) * 0.5 > len(person().motion)  # so it must come back later


def test_seeds_are_takes(spoken):
    made = [take(person(), spoken[0], seed) for seed in range(6)]
    assert made[0].tobytes() == take(person(), spoken[0], 0).tobytes()
    pairs = [(a, b) for i, a in enumerate(made) for b in made[:i]]
    assert np.mean([np.corrcoef(a[:, 1], b[:, 1])[0, 1] for a, b in pairs]) < 0.25
    assert max((np.abs(a - b)[:, 3] < 5 * CLOCK_M).mean() for a, b in pairs) < 0.4


@pytest.mark.parametrize("join_s", [14.0, 15.49, 17.7])
def test_appending_speech_leaves_the_past_alone(tmp_path, talk, write_wav, join_s):
    sound = talk(join_s)
    shout = np.clip(3.0 * talk(6.0, voice="Male1", first_line=2), -1, 1)
    alone = extract_features(write_wav(tmp_path / "alone.wav", sound))
    longer = extract_features(write_wav(tmp_path / "longer.wav", np.concatenate([sound, shout])))
    style = changed(person(), statistics=person().statistics | {"lead_s": 0.6})
    kept, changes = int((join_s - 12.0) * GRID_HZ) + 1, []
    for seed in range(5):
        settings = GenerationSettings(seed=seed, engine="replay")
        a, b = (generate(style, speech, settings) for speech in (alone, longer))
        assert a.rotation[:kept].tobytes() == b.rotation[:kept].tobytes()
        assert a.translation_m[:kept].tobytes() == b.translation_m[:kept].tobytes()
        late = slice(kept, len(a.time_s) - GRID_HZ)
        changes.append(np.degrees(rot.angle_between(a.rotation[late], b.rotation[late])).max())
    assert max(changes) > 1.0  # what was appended has an effect, nearer to the join


def test_the_right_voice_is_in_step_and_a_wrong_one_is_not(spoken):
    def energy(speech):
        return smooth(np.maximum(speech.column("energy"), -2.5), 0.1)

    right, other, chance = [], [], []  # type: list[float], list[float], list[float]
    for seed in range(10):
        for speech, another in (spoken, spoken[::-1]):
            made = take(person(), speech, seed)
            right.append(in_step(degrees(made), energy(speech)))
            other.append(in_step(degrees(made), energy(another)))
            chance.append(in_step(degrees(made), energy(babble(30.0, seed=100 + len(chance)))))
    assert np.mean(right) > 1.5
    for wrong in (other, chance):
        assert np.mean(right) > np.mean(wrong) + 1.0
    assert abs(np.mean(chance)) < 0.7


def test_rests_in_pauses():
    speech = babble(120.0, seed=3)
    speed = np.linalg.norm(rate(degrees(take(person(), speech))), axis=1)
    talking = smooth(speech.column("activity"), 0.2) > 0.5
    assert speed[talking].mean() > 1.25 * speed[~talking].mean()


def test_ten_minutes_do_not_drift():
    style = person()
    made = degrees(take(style, babble(600.0, seed=4)))
    reference = degrees(style.motion)
    beyond = 0.5  # what interpolation between samples adds
    assert (made.min(axis=0) > reference.min(axis=0) - beyond).all()
    assert (made.max(axis=0) < reference.max(axis=0) + beyond).all()
    for part in np.array_split(made, 4):
        assert (np.abs(part.mean(axis=0) - reference.mean(axis=0)) < 0.6 * reference.std(axis=0)).all()
        assert (part.std(axis=0) > 0.6 * reference.std(axis=0)).all()


def test_an_hour_needs_no_more_than_its_share():
    def peak(seconds):
        speech = speech_of(seconds, activity=1.0)
        tracemalloc.start()
        take(person(8.0), speech)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(5)  # tunes
    assert (peak(240) - peak(120)) * 30 < 200e6


@pytest.mark.parametrize("duration_s", [0.5, 0.999, 7.0, 10.013])
def test_any_length_ends_inside_the_sound_and_at_rest(duration_s):
    motion = generate(person(), speech_of(duration_s, activity=1.0), GenerationSettings(engine="replay"))
    assert duration_s - 1 / GRID_HZ < motion.time_s[-1] <= duration_s
    assert (motion.rotation[[0, -1]] == rot.IDENTITY).all()
    still = GenerationSettings(engine="replay", intensity=0.0)
    assert (generate(person(), speech_of(duration_s), still).rotation == rot.IDENTITY).all()


def test_the_shortest_recording_and_one_that_stands_still():
    shortest = style_of(person().motion[: int(LEAST_S * GRID_HZ)])
    clock = take(shortest, babble(30.0))[:, 3] / CLOCK_M
    assert clock.max() - clock.min() > 0.5 * len(shortest.motion)  # there is little, but all of it is used
    held = take(style_of(np.full((300, 6), 0.1)), babble(10.0))
    np.testing.assert_allclose(held, 0.1, atol=1e-12)


@pytest.mark.parametrize(
    ("motion", "problem", "remedy"),
    [
        (None, "no recorded motion", "motion kept"),
        (np.zeros((100, 6)), "4.0 s of recorded motion", "10 to 30 s"),
    ],
)
def test_what_it_cannot_play_from(motion, problem, remedy):
    with pytest.raises(StyleError, match=problem) as caught:
        generate(style_of(motion), speech_of(2.0), GenerationSettings(engine="replay"))
    assert remedy in caught.value.remedy
    assert "puppet" in caught.value.remedy

"""Corrections on samples: exact where frames are read, nothing where they do not reach, and smooth."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.direct.direction import Pin
from mannerism.core.direct.exact import NEAR_S, misses_deg, pinned, rejoined
from mannerism.core.direct.kernel import Kernel, wendland
from mannerism.core.direct.reader import Reader
from mannerism.core.motion import GRID_HZ, cubic, motion_of
from mannerism.core.style import STATISTICS, Style
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import low_pass

STYLE = Style(load_population().means(), 10.0, 1.0)


@pytest.fixture(scope="module")
def kernel():
    return Kernel.of_style(STYLE)


@pytest.fixture(scope="module")
def take():
    noise = np.cumsum(np.random.default_rng(0).normal(size=(1500, 6)), axis=0)
    vectors = low_pass(noise - noise.mean(axis=0))
    return np.arange(1500) / GRID_HZ, 0.1 * vectors / vectors.std(axis=0)


def test_a_kernel_has_the_covariance_of_what_it_was_made_of(kernel):
    """An autoregressive process whose covariance is known: variance over 1 - a squared, times a to the lag."""
    random = np.random.default_rng(1)
    a, steps = 0.9, 20_000
    series = np.zeros((steps, 6))
    for i in range(1, steps):
        series[i] = a * series[i - 1] + random.normal(size=6)
    found = Kernel.of_takes([series])(np.arange(8.0)).mean(axis=0)
    np.testing.assert_allclose(found / found[0], a ** np.arange(8), atol=0.06)
    assert found[0] == pytest.approx(1 / (1 - a**2), rel=0.1)
    sizes = kernel(np.zeros(1))[:, 0]
    np.testing.assert_allclose(
        np.log(sizes) / 2, STYLE.vector(*[n for n in STATISTICS if n.startswith("log_sigma")])
    )


@pytest.mark.parametrize("off_grid", [0.0, 0.013, 1 / 3])
def test_a_kernel_is_positive_at_any_lags(kernel, off_grid):
    at = np.concatenate([np.arange(0, 10, 0.7), np.arange(0, 8, 1.1) + off_grid])
    for matrix in kernel(at[:, None] - at) + 1e-6 * kernel(np.zeros(1))[..., None] * np.eye(len(at)):
        assert np.linalg.eigvalsh(matrix).min() > 0


@pytest.mark.parametrize("count", [2, 3, 5, 40])
def test_the_reader_reads_as_motions_are_read(take, count):
    time_s, values = take[0][:count], take[1][:count]
    at = np.concatenate([np.random.default_rng(2).uniform(-0.1, time_s[-1] + 0.1, 50), time_s])
    np.testing.assert_allclose(Reader.at(time_s, at).values(values), cubic(time_s, values, at), atol=1e-14)


@pytest.mark.parametrize("fps", [24, 30000 / 1001, 25, 60])
def test_pins_are_met_where_frames_are_read(take, kernel, fps):
    time_s, vectors = take
    frames = np.array([100, 101, 340, 700, 1000]) / fps
    angles = np.random.default_rng(3).normal(size=(5, 3)) * 15
    angles[1] = angles[0] + [1.0, -0.5, 0.2]  # on the very next frame
    pins = [Pin(float(at), *angle) for at, angle in zip(frames, angles, strict=True)]
    motion = motion_of(time_s, pinned(time_s, vectors, pins, kernel, NEAR_S))
    found = np.degrees(rot.to_euler(motion.at(frames).rotation))
    np.testing.assert_allclose(found, angles, atol=1e-6)


def test_a_single_axis_is_met_and_the_others_stay(take, kernel):
    time_s, vectors = take
    made = pinned(time_s, vectors, [Pin(20.01, yaw_deg=30.0)], kernel, NEAR_S)
    found = np.degrees(rot.to_euler(motion_of(time_s, made).at([20.01]).rotation))[0]
    assert found[1] == pytest.approx(30.0, abs=1e-6)
    assert (made[:, [0, 2, 3, 4, 5]] == vectors[:, [0, 2, 3, 4, 5]]).all()
    shifted = pinned(time_s, vectors, [Pin(20.0, translation_m=(0.01, 0.0, 0.0))], kernel, NEAR_S)
    assert shifted[500, 3:] == pytest.approx([0.01, 0.0, 0.0], abs=1e-12)
    assert (shifted[:, :3] == vectors[:, :3]).all()


def test_nothing_moves_beyond_the_reach(take, kernel):
    time_s, vectors = take
    made = pinned(time_s, vectors, [Pin(20.0, 5.0, 5.0, 5.0)], kernel, NEAR_S)
    away = np.abs(time_s - 20.0)
    assert (made[away > NEAR_S] == vectors[away > NEAR_S]).all()
    moved = (made != vectors)[:, :3].all(axis=1)
    assert moved[away < 0.7 * NEAR_S].mean() > 0.4


def test_a_tolerance_is_not_gone_into(take, kernel):
    time_s, vectors = take
    before = np.degrees(rot.to_euler(rot.from_rotvec(vectors[500, :3])))
    pitch, yaw, roll = before + 0.5
    near = Pin(20.0, pitch, yaw, roll, tolerance_deg=1.0)
    assert (pinned(time_s, vectors, [near], kernel, NEAR_S) == vectors).all()
    far = Pin(20.0, yaw_deg=float(before[1] + 5.0), tolerance_deg=1.0)
    made = pinned(time_s, vectors, [far], kernel, NEAR_S)
    after = np.degrees(rot.to_euler(rot.from_rotvec(made[500, :3])))
    assert 4.0 - 1e-6 <= after[1] - before[1] < 4.05
    assert misses_deg(time_s, made, [far])[0] < 1e-6
    assert misses_deg(time_s, vectors, [far])[0] == pytest.approx(4.0, abs=0.01)


def test_more_pins_than_samples_are_missed_and_measured(take, kernel):
    time_s, vectors = take
    random = np.random.default_rng(4)
    pins = [Pin(20.0 + i / 60, *(random.normal(size=3) * 10)) for i in range(40)]
    made = pinned(time_s, vectors, pins, kernel, NEAR_S)
    assert np.isfinite(made).all()
    assert misses_deg(time_s, made, pins).max() > 0.01


def test_what_is_rejoined_keeps_what_is_fixed_and_has_no_jump(take, kernel):
    time_s, fixed = take
    made = fixed + 0.2 * np.sin(0.5 * time_s)[:, None]
    run = (time_s >= 10.0) & (time_s < 14.0)
    joined = rejoined(fixed, made, run, kernel, NEAR_S)
    assert joined[~run].tobytes() == fixed[~run].tobytes()
    far = run & (time_s > 10.0 + NEAR_S) & (time_s < 14.0 - NEAR_S)
    assert (joined[far] == made[far]).all()
    steps = np.abs(np.diff(joined, 2, axis=0)).max(axis=1)
    cut = np.abs(np.diff(np.where(run[:, None], made, fixed), 2, axis=0)).max(axis=1)
    assert steps[247:252].max() < 0.2 * cut[247:252].max()


def test_wendland_is_one_within_none_without():
    away = np.linspace(0.0, 2.0, 201)
    values = wendland(away)
    assert values[0] == 1.0
    assert (values[away >= 1.0] == 0.0).all()
    assert (np.diff(values) <= 0).all()


def test_many_pins_are_solved_piece_by_piece(kernel):
    time_s = np.arange(25 * 600) / GRID_HZ
    pins = [Pin(float(at), 1.0) for at in np.arange(5.0, 590.0, 5.0)]
    made = pinned(time_s, np.zeros((len(time_s), 6)), pins, kernel, NEAR_S)
    assert misses_deg(time_s, made, pins).max() < 1e-9

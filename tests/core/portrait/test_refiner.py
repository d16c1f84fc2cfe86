"""Refiner on synthetic persons with known appearance changes."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.errors import CancelledError
from mannerism.core.portrait.refine import refiner as refine
from mannerism.core.portrait.refine.holdout import HoldoutComparison, Quality, quality
from mannerism.core.portrait.refine.refiner import train, trial
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.tests.support import synthetic_portrait as synthetic

pytestmark = pytest.mark.slow

COUNT = 48
SECONDS = 60.0


def lit(poses):
    """Pictures that are brighter the more the head is rolled, by a quarter at most."""
    roll = poses.rotation[:, 1, 0] / np.abs(poses.rotation[:, 1, 0]).max()
    bright = 0.8 * synthetic.shown(poses) * (1 + 0.25 * roll[:, None, None, None])
    return np.clip(np.rint(bright), 0, 255).astype(np.uint8)


def seen_for(seconds, poses, pictures):
    person = synthetic.person(poses, pictures=pictures)
    return replace(person, clip=replace(person.clip, time_s=np.linspace(0, seconds, len(poses))))


@pytest.fixture(scope="module")
def sunlit():
    poses = synthetic.poses(COUNT)
    return seen_for(14.0, poses, lit(poses))


@pytest.fixture(scope="module")
def learned(sunlit):
    return trial(sunlit, SECONDS)


def test_light_that_goes_with_the_pose_is_learned(sunlit, learned):
    refiner, holdout = learned
    assert holdout.kept
    assert holdout.gain_db > 2.0
    asked = synthetic.poses(8, seed=1)
    truth = seen_for(1.0, asked, lit(asked))
    drawers = Renderer(sunlit), refiner
    plans = [drawer.plan(synthetic.drive(asked)) for drawer in drawers]
    plain, refined = (
        quality(truth, np.arange(8), [drawer.frame(plan, i).picture for i in range(8)])
        for drawer, plan in zip(drawers, plans, strict=True)
    )
    assert refined.face_db > plain.face_db + 2.0
    assert refined.sharpness == pytest.approx(plain.sharpness, rel=0.1)


def test_where_nothing_is_lacking_hardly_anything_is_added():
    poses = synthetic.poses(COUNT)
    person = seen_for(14.0, poses, synthetic.shown(poses))
    refiner, _ = trial(person, SECONDS)
    plan = refiner.plan(synthetic.drive(synthetic.poses(3, seed=2)))
    added = refiner.frame(plan, 1).picture - refiner.renderer.frame(plan, 1).picture
    assert np.sqrt((added**2).mean()) < 0.05 * synthetic.pattern().std()


def test_a_moment_unlike_all_others_is_hardly_touched(learned):
    look = learned[0].appearance
    warped = np.full((*look.shares.shape[1:3], 3), 100, np.float32)
    some = np.zeros(len(look.weights) - 1)
    strange = some + 30.0
    trust = 1 / (np.append(1, strange) @ look.strangeness @ np.append(1, strange))
    assert trust < 0.1
    wholly = replace(look, strangeness=np.zeros_like(look.strangeness))
    assert look.residual(some, warped) == pytest.approx(wholly.residual(some, warped))
    assert look.residual(strange, warped) == pytest.approx(trust * wholly.residual(strange, warped), rel=1e-3)


def test_the_same_is_learned_again(sunlit, learned):
    again, holdout = trial(sunlit, SECONDS)
    assert holdout == learned[1]
    assert np.array_equal(again.appearance.weights, learned[0].appearance.weights)
    assert np.array_equal(again.appearance.shares, learned[0].appearance.shares)


def test_a_little_time_is_kept_to_by_looking_at_less(sunlit, monkeypatch):
    monkeypatch.setattr(refine, "_FEWEST", 20)
    seen = []
    refiner, _ = trial(sunlit, 0.0, lambda share, _what: seen.append(share))
    assert refiner is not None
    assert len(seen) == 20


def test_a_reference_that_is_too_short_teaches_nothing():
    poses = synthetic.poses(20)
    assert trial(seen_for(2.0, poses, synthetic.shown(poses)), SECONDS) == (None, None)


def test_no_network_is_needed(sunlit, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert train(sunlit, SECONDS) is not None


def test_it_can_be_stopped(sunlit):
    def stop(share, what):
        if share > 0.3:
            raise CancelledError

    with pytest.raises(CancelledError):
        train(sunlit, SECONDS, stop)


@pytest.mark.parametrize(
    ("warped", "refined", "kept"),
    [
        (Quality(25.0, 0.9), Quality(25.4, 0.88), True),
        (Quality(25.0, 0.9), Quality(24.9, 0.95), False),
        (Quality(25.0, 0.9), Quality(25.6, 0.79), False),
        (Quality(25.0, 1.0), Quality(25.6, 0.85), False),
        (Quality(25.0, 0.76), Quality(25.6, 0.75), True),
        (Quality(25.0, 0.76), Quality(25.6, 0.72), False),
    ],
    ids=[
        "better",
        "worse",
        "blurred",
        "much blurred",
        "hardly blurrier than a blurred one",
        "blurrier than a blurred one",
    ],
)
def test_what_is_kept_is_nearer_the_truth_and_not_for_being_blurred(warped, refined, kept):
    assert HoldoutComparison(warped, refined).kept is kept


def test_a_refiner_that_is_not_kept_is_not_given(sunlit, monkeypatch):
    monkeypatch.setattr(HoldoutComparison, "kept", False)
    assert train(sunlit, SECONDS) is None


def test_quality_knows_the_truth_and_a_blur():
    poses = synthetic.poses(2)
    person = seen_for(1.0, poses, synthetic.shown(poses))
    pictures = person.clip.pictures.astype(np.float32)
    same = quality(person, np.arange(2), list(pictures))
    assert same.face_db > 55
    assert same.sharpness == pytest.approx(1)
    off = quality(person, np.arange(2), list(np.where(pictures < 128, pictures + 10, pictures - 10)))
    assert off.face_db == pytest.approx(20 * np.log10(255 / 10), abs=0.01)

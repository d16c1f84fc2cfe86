"""Training and inference of the neural renderer at toy size on a CPU, at a size that needs no graphics card, where it is known what the network has to put right."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.errors import CancelledError, MissingPartError
from mannerism.core.portrait import quality as quality_module
from mannerism.core.portrait.analysis.flow_registration import leave_out_plan
from mannerism.core.portrait.neural import renderer as high
from mannerism.core.portrait.neural.training import (
    TrainingCrops,
    TrainingSettings,
    frame_pairs,
    network_input,
    train,
)
from mannerism.core.portrait.quality import quality_renderer
from mannerism.core.portrait.refine import refiner as refine
from mannerism.core.portrait.refine.holdout import HoldoutComparison, Quality, quality
from mannerism.core.portrait.render.renderer import Layers, Renderer
from mannerism.tests.support import synthetic_portrait as synthetic

pytestmark = pytest.mark.slow

COUNT = 30
LONG_S = 600.0  # more than any of this takes
TOY = TrainingSettings(channels=4, crop=48, moments=8, steps=6, critic_from=0.5)
PATIENT = replace(TOY, moments=6, steps=40, rate=1.5e-2, critic_from=0.9)


class Dim(Renderer):
    """Draws darker than it should: the more the head is rolled, the darker."""

    def frame(self, plan, index):
        layers = super().frame(plan, index)
        roll = plan.drive.poses.rotation[index, 1, 0]
        return replace(layers, picture=(0.7 - roll) * layers.picture)


@pytest.fixture(scope="module")
def person():
    seen = synthetic.person(synthetic.poses(COUNT))
    return replace(seen, clip=replace(seen.clip, time_s=np.linspace(0, 9.0, COUNT)))


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch", reason="High needs torch")


@pytest.fixture(scope="module")
def taught(torch, person):
    """A network that was taught above the dim renderer, and what was found of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(high, "Renderer", Dim)
        return high.trial(person, None, "cpu", LONG_S, settings=PATIENT)


def test_what_is_drawn_wrong_is_put_right_in_poses_never_seen(taught, person):
    base, holdout = taught
    assert holdout.kept
    assert holdout.gain_db > 4
    asked = synthetic.poses(6, seed=5)
    truth = synthetic.person(asked)
    dim = Dim(person)
    plan = base.plan(synthetic.drive(asked))
    before, after = (
        quality(truth, np.arange(6), (by.frame(plan, i).picture for i in range(6))) for by in (dim, base)
    )
    assert after.face_db > before.face_db + 4
    assert base.frame(plan, 0).picture.dtype == np.float32


def test_the_same_seed_teaches_the_same(torch, person):
    plan = leave_out_plan(person)
    crops = TrainingCrops.of(Renderer(person), plan, frame_pairs(np.arange(COUNT), TOY, synthetic.SIZE))
    state = torch.random.get_rng_state()
    first, again, other = (
        train(crops, replace(TOY, seed=seed), "cpu", LONG_S).state_dict() for seed in (0, 0, 1)
    )
    assert torch.equal(torch.random.get_rng_state(), state)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_the_critic_and_the_motion_have_a_say(torch, person):
    crops = TrainingCrops.of(
        Dim(person), leave_out_plan(person), frame_pairs(np.arange(COUNT), TOY, synthetic.SIZE)
    )
    recipes = TOY, replace(TOY, critic_from=1.0), replace(TOY, motion_weight=0.0)
    last = [train(crops, settings, "cpu", LONG_S).last.weight.detach().numpy() for settings in recipes]
    assert np.isfinite(last).all()
    assert not np.array_equal(last[0], last[1])
    assert not np.array_equal(last[0], last[2])


def test_it_ends_with_its_time_and_can_be_stopped(torch, person):
    crops = TrainingCrops.of(Renderer(person), leave_out_plan(person), np.array([[0, 1]]))
    shares = []
    train(crops, TOY, "cpu", 0.0, lambda share, _what: shares.append(share))
    assert shares == [0.0]

    def stop(share, what):
        if share > 0.3:
            raise CancelledError

    with pytest.raises(CancelledError):
        train(crops, TOY, "cpu", LONG_S, stop)


def test_an_untaught_network_changes_nothing_and_none_the_background(torch):
    from mannerism.core.portrait.neural.network import Network

    network = Network(4)
    seen = torch.rand(2, 9, 32, 32)
    assert torch.equal(network(seen), seen[:, :3])
    torch.nn.init.ones_(network.last.bias)
    seen[:, 5, :16], seen[:, 5, 16:] = 0, 1
    changed = (network(seen) - seen[:, :3]).abs()
    assert changed[:, :, :16].max() == 0
    assert changed[:, :, 16:].min() >= 1 - 1e-6


def test_the_network_has_five_million_numbers(torch):
    from mannerism.core.portrait.neural.network import Network

    count = sum(each.numel() for each in Network(TrainingSettings().channels).parameters())
    assert count == pytest.approx(5e6, rel=0.1)


def test_what_the_network_answers_for(torch):
    from mannerism.core.portrait.neural.network import critic_loss, difference, importance

    true = torch.rand(1, 3, 16, 16)
    even = torch.ones(1, 1, 16, 16)
    assert difference(true, true, even) == 0
    assert difference(true + 0.1, true, even).item() == pytest.approx(0.1, rel=1e-4)
    assert difference(true.flip(3), true, even) > (true.flip(3) - true).abs().mean()
    assert critic_loss(torch.tensor([-1.0]), torch.tensor([1.0])) == 0
    assert critic_loss(torch.tensor([0.0]), torch.tensor([0.0])) == 2
    seen = torch.zeros(1, 9, 1, 3)
    seen[0, 3, 0, 1] = seen[0, 4, 0, 2] = 1
    assert importance(seen).flatten().tolist() == [1, 4, 2]


def test_the_network_sees_colours_masks_and_places():
    flat = np.full((8, 8), 0.25, np.float32)
    head = np.stack([flat, -0.4 * flat, 0 * flat], -1)
    seen = network_input(Layers(np.full((8, 8, 3), 51, np.float32), flat, 2 * flat, head, 4 * flat))
    assert seen[:, 3, 3] == pytest.approx([0.2, 0.2, 0.2, 0.25, 0.5, 1, 1, -0.5, 0])


def test_pairs_follow_one_another_and_are_fewer_where_pictures_are_large():
    learned = np.arange(0, 900, 2)
    pairs = frame_pairs(learned, TrainingSettings(), 256)
    assert len(pairs) == TrainingSettings().moments
    assert (np.diff(pairs) == 2).all()
    assert pairs.min() == 0
    assert pairs.max() == 898
    assert 20 < len(frame_pairs(learned, TrainingSettings(), 1024)) < 60


def test_nothing_is_learned_from_the_end_it_is_judged_by(torch, person, monkeypatch):
    asked = []

    def of(base, plan, frames, progress):
        asked.append((base.person.usable, plan, frames))
        raise CancelledError

    monkeypatch.setattr(TrainingCrops, "of", of)
    with pytest.raises(CancelledError):
        high.trial(person, None, "cpu", LONG_S, settings=TOY)
    (usable, plan, frames), start = asked[0], round(0.85 * COUNT)
    assert not usable[start:].any()
    assert frames.max() < start
    assert plan.chosen.max() < start


def test_a_reference_that_is_too_short_teaches_nothing(torch, person):
    short = replace(person, usable=np.arange(COUNT) < 2)
    assert high.trial(short, None, "cpu", LONG_S) == (None, None)


@pytest.mark.parametrize(
    ("made", "kept"), [(Quality(31.0, 0.9), True), (Quality(29.0, 0.9), False), (Quality(31.0, 0.5), False)]
)
def test_a_network_is_kept_by_the_verdict_on_held_out_pictures(torch, person, monkeypatch, made, kept):
    found = iter([Quality(30.0, 0.9), made])
    monkeypatch.setattr(high, "quality", lambda *_: next(found))
    base, holdout = high.trial(person, None, "cpu", LONG_S, settings=replace(TOY, steps=1))
    assert holdout.refined == made
    assert (base is not None) is kept


def test_above_a_refiner_the_network_is_judged_above_one_that_has_not_seen_the_end(
    torch, person, monkeypatch
):
    schooled = []

    def refiner_trial(pupil, seconds, progress):
        schooled.append(np.flatnonzero(pupil.usable))
        return refine.trial(pupil, seconds, progress)

    monkeypatch.setattr(refine, "_FEWEST", 8)  # pictures, so that it is quick
    monkeypatch.setattr(high, "refiner_trial", refiner_trial)
    monkeypatch.setattr(HoldoutComparison, "kept", True)
    refiner, _ = refine.trial(person, 0.0)
    base, holdout = high.trial(person, refiner, "cpu", LONG_S, settings=replace(TOY, steps=1, rate=0.0))
    assert schooled[0].max() < round(0.85 * COUNT)
    assert base.base is refiner
    assert holdout.refined.face_db == pytest.approx(holdout.warped.face_db, abs=0.01)  # nothing was learned


def test_too_little_memory_is_said(torch, person, monkeypatch):
    def full(*_):
        raise torch.cuda.OutOfMemoryError

    monkeypatch.setattr(high, "train", full)
    with pytest.raises(MissingPartError, match=r"too little memory.*smaller size"):
        high.trial(person, None, "cpu", LONG_S, settings=TOY)


def test_without_torch_high_says_what_to_do(person, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPartError, match=r"needs PyTorch.* choose Refined"):
        quality_renderer(person, "high", LONG_S, lambda _share, _what: None)


@pytest.mark.parametrize(("cuda", "mps", "device"), [(True, False, "cuda"), (False, True, "mps")])
def test_a_graphics_card_is_found(torch, monkeypatch, cuda, mps, device):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert high.graphics_card() == device


def test_without_a_graphics_card_high_says_what_to_do(torch, person, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(MissingPartError, match=r"needs a graphics card.* Choose Refined"):
        quality_renderer(person, "high", LONG_S, lambda _share, _what: None)


BETTER = HoldoutComparison(Quality(30.0, 0.9), Quality(30.5, 0.9))
WORSE = HoldoutComparison(Quality(30.0, 0.9), Quality(29.5, 0.9))
BLURRED = HoldoutComparison(Quality(30.0, 0.9), Quality(30.5, 0.5))


@pytest.mark.parametrize(
    ("refined", "holdout", "drawn_by", "notes"),
    [
        (True, BETTER, "network", ["0.5 dB nearer the truth than refined"]),
        (False, BETTER, "network", ["0.5 dB nearer the truth than warped"]),
        (True, WORSE, "refiner", ["network made held-out pictures no better"]),
        (True, BLURRED, "refiner", ["network made held-out pictures blurrier"]),
        (False, WORSE, "renderer", ["network made", "Refining made held-out pictures no better"]),
        (True, None, "refiner", ["too short for a network"]),
    ],
)
def test_where_the_network_is_in_vain_the_next_best_draws(monkeypatch, refined, holdout, drawn_by, notes):
    drawers = {"network": object(), "refiner": object(), "renderer": object()}
    network = drawers["network"] if holdout is BETTER else None
    monkeypatch.setattr(quality_module, "Renderer", lambda _person, _look=None: drawers["renderer"])
    monkeypatch.setattr(quality_module, "_refiner", lambda *_: drawers["refiner"] if refined else None)
    monkeypatch.setattr(high, "graphics_card", lambda: "cpu")
    monkeypatch.setattr(high, "trial", lambda *_: (network, holdout))
    found = quality_renderer(synthetic.person(synthetic.poses(1)), "high", LONG_S, lambda _share, _what: None)
    assert found.renderer is drawers[drawn_by]
    assert len(found.notes) == len(notes)
    assert all(note in said for note, said in zip(notes, found.notes, strict=True))

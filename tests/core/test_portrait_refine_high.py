"""The path of High, at a size that needs no graphics card."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.errors import MissingPartError
from mannerism.core.portrait.composite import Renderer
from mannerism.core.portrait.refine_verdict import Verdict
from mannerism.core.portrait.register import drawn_from_others
from mannerism.tests.core import paper_person as paper

COUNT = 30


@pytest.fixture(scope="module")
def paper_person():
    person = paper.person(paper.poses(COUNT))
    return replace(person, clip=replace(person.clip, time_s=np.linspace(0, 9.0, COUNT)))


def test_without_torch_high_says_what_to_do(paper_person, monkeypatch):
    from mannerism.core.portrait.high import train

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPartError, match=r"needs PyTorch.* choose Refined"):
        train(paper_person, 1.0)


@pytest.fixture(scope="module")
def high():
    pytest.importorskip("torch", reason="High needs torch")
    from mannerism.core.portrait import high

    return high


@pytest.fixture(scope="module")
def recipe(high):
    return high.Recipe(channels=4, crop=64, pairs=1, moments=6, steps=6, critic_from=0.5)


def test_the_network_draws_what_it_has_learned(high, recipe, paper_person, monkeypatch):
    monkeypatch.setattr(Verdict, "kept", True)
    drawn = []
    for _ in range(2):
        drawer = high.train(paper_person, 600.0, recipe=recipe)
        assert isinstance(drawer, high.High)
        plan = drawer.plan(paper.drive(paper.poses(1, seed=3)))
        drawn.append(drawer.picture(plan, 0).picture)
    assert drawn[0].dtype == np.float32
    assert drawn[0].shape == (paper.SIZE, paper.SIZE, 3)
    assert np.array_equal(*drawn)
    assert np.abs(drawn[0] - drawer.drawer.picture(plan, 0).picture).mean() > 0.01


def test_a_network_that_is_no_better_is_not_kept(high, recipe, paper_person, monkeypatch):
    monkeypatch.setattr(Verdict, "kept", False)
    assert high.train(paper_person, 600.0, recipe=recipe) is None


class Dim(Renderer):
    """Draws everything too dark."""

    def picture(self, plan, index):
        layers = super().picture(plan, index)
        return replace(layers, picture=0.7 * layers.picture)


def test_what_is_drawn_wrong_is_put_right(high, paper_person):
    torch = pytest.importorskip("torch", reason="High needs torch")
    recipe = high.Recipe(channels=4, crop=64, pairs=2, steps=150, rate=1e-2, critic_from=1.0)
    dim, plan = Dim(paper_person), drawn_from_others(paper_person)
    torch.manual_seed(0)
    network = high.learn(high.Pieces.of(dim, plan, np.arange(20).reshape(10, 2)), recipe, 600.0)

    def error(drawer):
        truth = paper_person.clip.pictures
        return np.mean(
            [np.abs(drawer.picture(plan, i).picture - truth[i]).mean() for i in range(21, COUNT, 3)]
        )

    assert error(high.High(dim, network, "cpu")) < 0.5 * error(dim)

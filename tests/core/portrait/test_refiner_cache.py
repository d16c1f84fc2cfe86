"""Refiner cache: no second training."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.portrait.refine import cache as refine_cache
from mannerism.core.portrait.refine.appearance_model import AppearanceModel
from mannerism.core.portrait.refine.cache import reference_refiner
from mannerism.core.portrait.refine.features import FeatureSpace
from mannerism.core.portrait.refine.refiner import Refiner
from mannerism.core.portrait.refine.uv_chart import TEXELS
from mannerism.core.portrait.render.look import FILM
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.tests.support import synthetic_portrait as synthetic


@pytest.fixture
def person():
    return synthetic.person(synthetic.poses(12))


@pytest.fixture
def lessons(monkeypatch, person):
    """How often something was learned, and what: noise."""
    asked = []
    random = np.random.default_rng(0)
    features = FeatureSpace.fit(person)
    weights = random.normal(size=(1 + len(features.middle), TEXELS * TEXELS * 3)).astype(np.float32)
    look = AppearanceModel(
        weights,
        random.random((3, TEXELS, TEXELS, 1)).astype(np.float32),
        np.eye(len(weights), dtype=np.float32),
    )
    kept = Refiner(Renderer(person, FILM), features, look)

    def train(person, seconds, progress):
        asked.append(seconds)
        return kept if seconds else None

    monkeypatch.setattr(refine_cache, "train", train)
    return asked


def test_a_second_film_draws_the_same_without_learning(person, lessons, tmp_path):
    folder = tmp_path / "ü"
    folder.mkdir()
    first, second = (reference_refiner(person, folder, 9.0) for _ in range(2))
    assert lessons == [9.0]
    plan = first.plan(synthetic.drive(synthetic.poses(1, seed=1)))
    assert np.array_equal(first.frame(plan, 0).picture, second.frame(plan, 0).picture)


def test_that_it_was_in_vain_is_kept_as_well(person, lessons, tmp_path):
    assert [reference_refiner(person, tmp_path, 0.0) for _ in range(2)] == [None, None]
    assert lessons == [0.0]


def test_what_is_damaged_is_learned_again(person, lessons, tmp_path):
    reference_refiner(person, tmp_path, 9.0)
    file = next(tmp_path.iterdir())
    file.write_bytes(file.read_bytes()[:1000])
    assert isinstance(reference_refiner(replace(person), tmp_path, 9.0), Refiner)
    assert lessons == [9.0, 9.0]

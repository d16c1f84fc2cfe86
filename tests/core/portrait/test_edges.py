"""Ragged edges are found where neighbouring pixels come from places far apart, and nowhere else."""

import numpy as np
import pytest

from mannerism.core.portrait.render.edges import filled, folds, raggedness, without_slivers


def straight(size=12, scale=1.0):
    x, y = np.meshgrid(np.arange(size, dtype=np.float32), np.arange(size, dtype=np.float32))
    return np.stack([x, y], axis=2) * np.float32(scale)


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.5])
def test_an_even_map_is_not_ragged(scale):
    assert not raggedness(straight(scale=scale)).any()


def test_both_sides_of_a_cut_are():
    field = straight()
    field[:, 6:, 0] += 5.0
    found = raggedness(field)
    assert (found[:, 5:7] == 1.0).all()
    assert not np.delete(found, [5, 6], axis=1).any()


def test_a_cut_across_is_found_as_well():
    field = straight()
    field[4:, :, 1] -= 5.0
    assert (raggedness(field)[3:5] == 1.0).all()


def test_what_is_squeezed_is_ragged_by_how_far_it_is():
    shares = [raggedness(straight(scale=scale)).mean() for scale in (1.7, 2.0, 2.4, 3.0)]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_map_that_runs_back_over_the_faces_outline_is_folded_there_alone():
    field = straight(40)
    face = np.zeros((40, 40), np.bool_)
    face[:, 20:] = True
    assert not folds(field, face).any()
    field[:, 20:, 0] -= 3
    found = folds(field, face)
    # The map steps back by two, so that the three pixels beside the face show what the face shows.
    assert np.flatnonzero(found[7]).tolist() == [17, 18, 19, 20]
    assert found[:, 17:21].min() == 1
    assert np.array_equal(folds(-field[:, ::-1], face[:, ::-1]), found[:, ::-1])
    assert np.array_equal(folds(field.swapaxes(0, 1)[..., ::-1], face.T), found.T)
    assert not folds(field, np.zeros_like(face)).any()


def test_a_fold_is_filled_from_beside():
    picture = np.full((256, 40, 3), 60.0, np.float32)
    picture[:, 21:] = 200.0
    picture[:, 19:21] = 255.0
    folded = np.zeros((256, 40), np.float32)
    folded[:, 19:21] = 1
    mended = filled(picture, folded)
    assert np.array_equal(mended[folded == 0], picture[folded == 0])
    assert mended[:, 19:21].min() >= 55
    assert mended[:, 19:21].max() <= 205


def test_amid_folds_nothing_is_filled_with_nothing():
    picture = np.full((256, 40, 3), 120.0, np.float32)
    folded = np.zeros((256, 40), np.float32)
    folded[8:32, 8:32] = 1
    assert filled(picture, folded) == pytest.approx(120.0, abs=0.1)


@pytest.mark.parametrize("size", [40, 400])
def test_a_line_that_comes_from_elsewhere_is_taken_out_of_a_map(size):
    even = straight(size)
    sliver = even.copy()
    wide = 1 if size < 384 else 2
    sliver[:, 20 : 20 + wide] += 8.0
    np.testing.assert_allclose(without_slivers(sliver)[5:-5, 5:-5], even[5:-5, 5:-5], atol=2.0)


def test_even_maps_and_cuts_stay_as_they_are():
    field = straight(40)
    np.testing.assert_array_equal(without_slivers(field)[1:-1, 1:-1], field[1:-1, 1:-1])
    field[:, 20:] += 9.0
    np.testing.assert_allclose(without_slivers(field)[1:-1, 1:-1], field[1:-1, 1:-1], atol=1.0)

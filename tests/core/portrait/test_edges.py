"""Ragged edges are found where neighbouring pixels come from places far apart, and nowhere else."""

import numpy as np
import pytest

from mannerism.core.portrait.render.edges import raggedness


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

"""Software rasteriser: known answers."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.portrait.model.camera import FacePoses
from mannerism.core.portrait.model.topology import EYE, FACE, MOUTH, RING, RINGS, topology
from mannerism.core.portrait.render.raster import paint
from mannerism.core.portrait.render.warp import vertices
from mannerism.tests.support import synthetic_portrait as synthetic

SQUARE = np.array([[2.0, 2.0], [28.0, 3.0], [27.0, 29.0], [3.0, 28.0]])
HALVES = np.array([[0, 1, 2], [0, 2, 3]])


def test_the_mesh_is_one_sheet_with_one_edge():
    edges = Counter(
        frozenset(edge) for triangle in topology().triangles.tolist() for edge in combinations(triangle, 2)
    )
    rim = {point for edge, triangles in edges.items() if triangles == 1 for point in edge}
    assert set(edges.values()) == {1, 2}
    assert rim == set(range(topology().vertices - 36, topology().vertices))


def test_every_part_of_the_mesh_has_its_label():
    count = dict(zip(*np.unique(topology().label, return_counts=True), strict=True))
    assert count == {FACE: 852, MOUTH: 18, EYE: 32} | {RING + ring: 72 for ring in range(RINGS + 1)}


def test_the_oval_goes_round_once():
    outline = synthetic.mesh()[topology().oval]
    angle = np.unwrap(np.arctan2(outline[:, 1], outline[:, 0]))
    assert (np.diff(angle) < 0).all()  # from the forehead by the subject's left
    assert angle[0] - angle[-1] == pytest.approx(2 * np.pi * 35 / 36, abs=0.15)


def test_what_is_linear_over_the_mesh_is_linear_in_the_picture():
    raster = paint(SQUARE, np.zeros(4), HALVES, 32)
    spread = raster.spread(SQUARE @ [[1.0, 0.5], [0.0, -2.0]] + [3.0, 7.0])
    y, x = np.mgrid[0:32, 0:32]
    inside = raster.triangle < len(HALVES)
    assert inside[4:27, 4:27].all()
    assert spread[inside, 0] == pytest.approx(x[inside] + 3.0, abs=1e-3)
    assert spread[inside, 1] == pytest.approx(0.5 * x[inside] - 2.0 * y[inside] + 7.0, abs=1e-3)


def test_where_no_triangle_is_there_is_nothing():
    raster = paint(SQUARE, np.zeros(4), HALVES, 40)
    outside = raster.triangle == len(HALVES)
    assert outside[32:].all()
    assert (raster.spread(np.full((4, 1), 5.0))[outside] == 0).all()


def test_a_window_is_a_part_of_the_whole():
    raster = paint(SQUARE, np.zeros(4), HALVES, 32)
    window = (slice(5, 20), slice(11, 30))
    assert raster.spread(SQUARE, window) == pytest.approx(raster.spread(SQUARE)[window])


@pytest.mark.parametrize("nearer", [0, 1])
def test_the_nearer_triangle_hides_the_other(nearer):
    points = np.array([[0, 0], [60, 0], [0, 60], [0, 0], [60, 0], [0, 60]], float)
    nearness = np.repeat([0.0, 0.0], 3)
    nearness[3 * nearer : 3 * nearer + 3] = 0.01
    raster = paint(points, nearness, np.arange(6).reshape(2, 3), 16)
    assert (raster.triangle == nearer).all()


def test_a_triangle_seen_edge_on_does_not_run_away():
    edge_on = np.array([[4.0, 10.0], [28.0, 10.01], [16.0, 10.02]])
    raster = paint(edge_on, np.zeros(3), np.array([[0, 1, 2]]), 32)
    seen = raster.spread(np.array([[0.0], [1.0], [5.0]]))[raster.triangle == 0]
    assert len(seen) > 20
    assert -5 < seen.min() < seen.max() < 10


def test_a_triangle_without_any_extent_is_finite():
    raster = paint(np.full((3, 2), 7.0), np.zeros(3), np.array([[0, 1, 2]]), 16)
    assert np.isfinite(raster.spread(np.array([[1.0], [2.0], [3.0]]))).all()


def test_what_is_not_to_be_painted_hides_nothing():
    points = np.array([[0, 0], [60, 0], [0, 60], [0, 0], [60, 0], [0, 60]], float)
    nearness = np.repeat([0.0, 1.0], 3)
    raster = paint(points, nearness, np.arange(6).reshape(2, 3), 16, np.array([True, False]))
    assert (raster.triangle == 0).all()


def test_skin_that_is_turned_away_is_not_painted():
    turned = rot.to_matrix(rot.from_euler(0.0, np.radians([0.0, 90.0, 180.0]), 0.0))
    poses = FacePoses(np.full(3, synthetic.SCALE), turned, np.tile(synthetic.MIDDLE, (3, 1)))
    skin = topology().label == FACE
    seen = vertices(synthetic.person(poses), poses, np.zeros((3, 478, 3))).facing
    assert seen[:, ~skin].all()
    straight, aside, from_behind = seen[:, skin].mean(axis=1)
    assert straight > 0.9
    assert 0.3 < aside < 0.6
    assert from_behind < 0.05
    corners = synthetic.mesh()[topology().triangles[skin]]
    left = corners[..., 0].min(axis=1) > 0.02  # the subject's, which turns away from a camera on the right
    assert seen[1, skin][left].mean() < 0.1

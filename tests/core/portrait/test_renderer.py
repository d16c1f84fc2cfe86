"""Renderer: frames with known expected output."""

import numpy as np
import pytest

from mannerism.core.portrait.model.topology import topology
from mannerism.core.portrait.render.cross_fade import aligned, sources
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.core.portrait.render.sampling import SHARP, sample
from mannerism.core.portrait.render.warp import eye_weight
from mannerism.tests.support import synthetic_portrait as synthetic

MIDDLE = (slice(25, 95), slice(30, 98))
"""Pixels that show face and inner rings in all poses of the paper person."""


def far_off(picture, truth):
    return np.sqrt(((picture.astype(float) - truth)[MIDDLE] ** 2).mean())


def test_a_pose_of_the_reference_gives_back_its_picture():
    poses = synthetic.poses(1)
    renderer = Renderer(synthetic.person(poses))
    layers = renderer.frame(renderer.plan(synthetic.drive(poses)), 0)
    assert layers.picture.dtype == np.float32
    assert far_off(layers.picture, renderer.person.clip.pictures[0]) < 0.5


def test_a_pose_never_seen_shows_the_pattern_where_it_is():
    renderer = Renderer(synthetic.person(synthetic.poses(12)))
    asked = synthetic.poses(4, seed=1)
    plan = renderer.plan(synthetic.drive(asked))
    contrast = synthetic.pattern()[MIDDLE].std()
    for index, truth in enumerate(synthetic.shown(asked)):
        assert far_off(renderer.frame(plan, index).picture, truth) < 0.08 * contrast


@pytest.mark.slow
def test_the_mouth_comes_from_another_picture_than_the_rest():
    poses = synthetic.poses(1)[np.zeros(2, int)]
    open_mouth = np.zeros((2, 478, 3))
    open_mouth[1, topology().lips[::2], 1] = -0.01
    pictures = np.stack(
        [np.full((synthetic.SIZE, synthetic.SIZE, 3), level, np.uint8) for level in (50, 200)]
    )
    person = synthetic.person(poses, expression=open_mouth, pictures=pictures)
    renderer = Renderer(person)
    plan = renderer.plan(synthetic.drive(poses[1:], open_mouth[1:]))
    plan.chosen[:] = [[0, 1, 0]]
    layers = renderer.frame(plan, 0)
    assert layers.picture[layers.mouth == 1] == pytest.approx(200, abs=1)
    assert layers.picture[layers.mouth == 0] == pytest.approx(50, abs=1)


def test_brows_come_from_the_picture_of_the_eyes_alone_and_the_outline_does_not():
    weight = eye_weight(synthetic.person(synthetic.poses(1)))
    assert np.median(weight[topology().brows]) > 0.8
    assert weight[topology().oval].max() < 0.1
    assert weight[topology().lips].max() == 0


def test_layers_say_where_on_the_head_each_pixel_is():
    poses = synthetic.poses(3)
    renderer = Renderer(synthetic.person(poses))
    plan = renderer.plan(synthetic.drive(poses))
    head = renderer.frame(plan, 2).head
    y, x = (part[MIDDLE] for part in np.mgrid[0 : synthetic.SIZE, 0 : synthetic.SIZE])
    back = poses[2:].project(head[MIDDLE].reshape(-1, 3).astype(float))[0]
    assert back == pytest.approx(np.stack([x.ravel(), y.ravel()], axis=1), abs=0.6)


@pytest.mark.slow
def test_the_plate_is_seen_where_the_person_is_not():
    poses = synthetic.poses(3)
    matte = np.zeros((3, synthetic.SIZE, synthetic.SIZE), np.uint8)
    matte[:, :, :64] = 255
    background = np.full((synthetic.SIZE, synthetic.SIZE, 4), 77, np.uint8)
    background[..., 3] = 255
    background[64:, :, 3] = 0  # never seen in the reference
    renderer = Renderer(synthetic.person(poses, background=background, matte=matte))
    bare = Renderer(synthetic.person(poses, matte=matte))
    layers = renderer.frame(renderer.plan(synthetic.drive(poses[:1])), 0)
    without = bare.frame(bare.plan(synthetic.drive(poses[:1])), 0)
    assert layers.matte.min() == 0
    assert layers.matte.max() == pytest.approx(1)
    assert layers.picture[:64][layers.matte[:64] == 0] == pytest.approx(77)
    assert layers.picture[64:] == pytest.approx(without.picture[64:])


def test_shares_of_a_fade_are_a_triangle_that_sums_to_one():
    way = np.array([7, 7, 7, 2, 2, 2, 9])
    frames, shares = sources(way, 3, 2)
    assert frames.tolist() == [2, 7]
    assert shares == pytest.approx([6 / 9, 3 / 9])
    assert sources(way, 6, 0)[0].tolist() == [9]


def test_every_picture_of_a_way_counts_the_same_in_the_middle():
    way = np.arange(20)
    total = np.zeros(20)
    for picture in range(20):
        frames, shares = sources(way, picture, 4)
        assert shares.sum() == pytest.approx(1)
        total[frames] += shares
    assert total[8:12] == pytest.approx(1)


def test_a_fade_along_the_flow_shows_one_pattern_not_two():
    pattern = synthetic.pattern()
    y, x = np.mgrid[0 : synthetic.SIZE, 0 : synthetic.SIZE].astype(np.float32)
    straight = np.stack([x, y], axis=2)
    apart = [straight, straight + np.array([3.0, 0.0], np.float32)]
    half = np.array([0.5, 0.5])
    together = aligned(apart, half, lambda k, field: sample(pattern[..., 0].copy(), field, SHARP))
    assert (together[0] - together[1])[MIDDLE] == pytest.approx(0, abs=0.7)
    between = (together[0] - straight)[MIDDLE][..., 0]
    assert np.median(between) == pytest.approx(1.5, abs=0.3)

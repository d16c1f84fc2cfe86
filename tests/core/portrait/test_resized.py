"""A resized person shows the same at the same places."""

import cv2
import numpy as np
import pytest

from mannerism.core.portrait.model.resized import resized_clip, resized_person, resized_poses
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.core.portrait.render.warp import head_points, vertices
from mannerism.tests.support import synthetic_portrait as synthetic

COUNT = 6
EVERY = np.arange(COUNT)


def place(points, share):
    """Of pixels that count from the middle of the first one."""
    return share * (points + 0.5) - 0.5


@pytest.mark.parametrize("share", [0.5, 0.75, 2.0])
def test_vertices_lie_at_the_same_places(share):
    person = synthetic.person(synthetic.poses(COUNT))
    resized = resized_person(person, round(share * synthetic.SIZE), EVERY)
    other = synthetic.poses(COUNT, seed=3)
    before = vertices(person, other, person.expression)
    after = vertices(resized, resized_poses(other, share), person.expression)
    np.testing.assert_allclose(after.points_px, place(before.points_px, share), atol=1e-9)
    np.testing.assert_allclose(after.nearness, before.nearness)
    np.testing.assert_allclose(head_points(resized), head_points(person), atol=1e-9)


def test_head_motion_is_the_same():
    person = synthetic.person(synthetic.poses(COUNT))
    half = resized_person(person, synthetic.SIZE // 2, EVERY)
    before = person.stage.motion(person.poses, person.clip.time_s)
    after = half.stage.motion(half.poses, half.clip.time_s)
    np.testing.assert_allclose(after.translation_m, before.translation_m, atol=1e-9)
    np.testing.assert_allclose(after.rotation, before.rotation, atol=1e-9)


def test_it_is_drawn_as_the_large_one_made_smaller():
    background = np.full((synthetic.SIZE, synthetic.SIZE, 4), 200, np.uint8)
    person = synthetic.person(synthetic.poses(COUNT), background=background)
    half = resized_person(person, synthetic.SIZE // 2, EVERY)
    drive = synthetic.drive(synthetic.poses(3, seed=1))
    small_drive = synthetic.drive(resized_poses(drive.poses, 0.5))
    large = Renderer(person).frame(Renderer(person).plan(drive), 1).picture
    small = Renderer(half).frame(Renderer(half).plan(small_drive), 1).picture
    wanted = cv2.resize(large, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small - wanted)[4:-4, 4:-4].mean() < 4.0
    assert np.abs(small - wanted[:, ::-1])[4:-4, 4:-4].mean() > 20.0


def test_frames_that_are_not_asked_for_stay_black():
    person = synthetic.person(synthetic.poses(COUNT))
    half = resized_person(person, synthetic.SIZE // 2, np.array([1, 4]))
    assert [bool(picture.any()) for picture in half.clip.pictures] == [False, True, False, False, True, False]
    assert [bool(matte.any()) for matte in half.matte] == [False, True, False, False, True, False]


def test_landmarks_of_a_clip():
    clip = synthetic.person(synthetic.poses(COUNT)).clip
    half = resized_clip(clip, synthetic.SIZE // 2, EVERY)
    np.testing.assert_allclose(half.landmarks[..., :2], place(clip.landmarks[..., :2], 0.5))
    np.testing.assert_allclose(half.centre_px, place(clip.centre_px, 0.5))
    assert half.focal_px == 0.5 * clip.focal_px

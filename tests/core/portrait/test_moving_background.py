"""The background of a film goes on moving as in the reference, except where the reference's person is in the way."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.portrait.render.look import FILM
from mannerism.core.portrait.render.moving_background import MovingBackground
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.tests.support import synthetic_portrait as synthetic
from mannerism.tests.support.synthetic_person import SIZE, motion, person

COUNT, FPS = 120, 25
WALL = 100
SCREEN = (slice(4, 16), slice(4, 16))
WITHIN = (slice(6, 14), slice(6, 14))
TOP_RIGHT = (slice(2, 10), slice(-10, -2))


def somebody(*, noise=0, exposure=0, hand=slice(0, 0), count=COUNT):
    """Sits before a wall with a screen that gets brighter with each frame."""
    still = person(motion(np.zeros(count)))
    rng = np.random.default_rng(0)
    pictures = np.full((count, SIZE, SIZE, 3), WALL, np.int16)
    pictures[(slice(None), *SCREEN)] += np.arange(count)[:, None, None, None] - count // 2
    pictures += rng.integers(-noise, noise + 1, pictures.shape)
    pictures[count // 2 :] += exposure
    matte = np.zeros((count, SIZE, SIZE), np.uint8)
    matte[:, SIZE // 3 :, SIZE // 3 : -SIZE // 3] = 255
    pictures[hand, SIZE // 2 : SIZE // 2 + 12, -SIZE // 3 : -6] = 220
    background = np.full((SIZE, SIZE, 4), 255, np.uint8)
    background[..., :3] = WALL
    clip = replace(still.clip, pictures=pictures.astype(np.uint8), time_s=np.arange(count) / FPS)
    return replace(still, clip=clip, matte=matte, background=background)


def shown(one, frame, dose=1.0):
    moving = MovingBackground.of(one)
    assert moving is not None
    return moving.at(frame / FPS, dose)[..., :3].astype(int)


@pytest.mark.parametrize("frame", [3, 40, 100])
def test_a_screen_goes_on(frame):
    assert shown(somebody(), frame)[WITHIN].mean() == pytest.approx(WALL + frame - COUNT // 2, abs=0.5)


def test_noise_is_that_of_a_recording():
    one = somebody(noise=6)
    recorded = one.clip.pictures[50][TOP_RIGHT].astype(int)
    assert np.abs(shown(one, 50)[TOP_RIGHT] - recorded).max() <= 1


def test_no_dose_is_the_clean_background():
    one = somebody(noise=6)
    np.testing.assert_array_equal(shown(one, 50, 0.0), one.background[..., :3])


def test_nothing_of_the_person_is_shown():
    one = somebody()
    one.clip.pictures[one.matte > 0] = 0
    middle = (slice(SIZE // 3, None), slice(SIZE // 3, -SIZE // 3))
    np.testing.assert_array_equal(shown(one, 30)[middle], WALL)


def test_exposure_which_the_person_would_not_follow_is_left_out():
    assert shown(somebody(exposure=20), COUNT - 5)[TOP_RIGHT].mean() == pytest.approx(WALL, abs=0.5)


def test_a_hand_that_the_matte_misses_is_left_out():
    one = somebody(hand=slice(60, 64))
    assert one.clip.pictures[61][SIZE // 2 + 4, -12, 0] == 220
    assert np.abs(shown(one, 61)[SIZE // 2 :, -SIZE // 3 :] - WALL).max() <= 2


def test_the_end_goes_over_into_the_beginning():
    one = somebody()
    brightness = [shown(one, frame)[WITHIN].mean() for frame in range(3 * COUNT)]
    assert np.abs(np.diff(brightness)).max() < COUNT / 8
    assert brightness[40] == pytest.approx(brightness[40 + (COUNT - 1) - round(0.5 * FPS)], abs=1.0)


def test_a_short_clip_and_a_moving_camera_have_none():
    assert MovingBackground.of(somebody(count=40)) is None
    assert MovingBackground.of(replace(somebody(), background=None)) is None


def test_frames_have_it_by_their_own_time_and_their_look():
    poses = synthetic.poses(1)[np.zeros(COUNT, int)]
    pictures = np.full((COUNT, synthetic.SIZE, synthetic.SIZE, 3), WALL, np.uint8)
    pictures[(slice(None), *SCREEN)] = (WALL + np.arange(COUNT) - COUNT // 2)[:, None, None, None]
    one = synthetic.person(poses, pictures=pictures)
    background = np.full((synthetic.SIZE, synthetic.SIZE, 4), 255, np.uint8)
    background[..., :3] = WALL
    matte = np.zeros(pictures.shape[:3], np.uint8)
    matte[:, 40:, 40:-40] = 255
    one = replace(one, matte=matte, background=background)
    drive = synthetic.drive(poses)
    for look, bright in ((FILM, WALL + 50 - COUNT // 2), (replace(FILM, background=0.0), WALL)):
        renderer = Renderer(one, look)
        assert renderer.frame(renderer.plan(drive), 50).picture[WITHIN].mean() == pytest.approx(
            bright, abs=1.0
        )

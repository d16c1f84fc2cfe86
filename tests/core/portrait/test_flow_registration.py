"""Flow registration: correction of landmarks that were displaced on purpose."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.errors import CancelledError
from mannerism.core.portrait.analysis.flow_registration import register, registered_drive
from mannerism.core.portrait.model.person import Clip, Drive
from mannerism.core.portrait.model.resized import resized_clip, resized_person, resized_poses
from mannerism.tests.support import synthetic_portrait as synthetic

COUNT = 16
MM = 1e-3


def slips(count, seed=0):
    """The tracker has each whole face elsewhere: by up to a pixel, another way in each picture."""
    across = np.random.default_rng(seed).uniform(-3 * MM, 3 * MM, (count, 1, 2))
    return np.pad(np.broadcast_to(across, (count, 478, 2)), ((0, 0), (0, 0), (0, 1))).copy()


def seen_now_and_then(poses, expression, **other):
    """A paper person whose pictures lie a second apart."""
    person = synthetic.person(poses, expression=expression, **other)
    return replace(person, clip=replace(person.clip, time_s=np.arange(len(poses), dtype=float)))


def disagreement(expression):
    """How far faces are apart from their mean in the head frame, metres."""
    inner = expression[:, :, :2]
    return np.sqrt(np.mean((inner - inner.mean(axis=0)) ** 2))


@pytest.mark.slow
def test_what_the_tracker_slipped_by_is_found_again():
    poses = synthetic.poses(COUNT)
    before = slips(COUNT)
    after = register(seen_now_and_then(poses, before))
    assert disagreement(after.expression) < 0.5 * disagreement(before)


@pytest.mark.slow
def test_large_frames_are_registered_as_well_as_small_ones():
    before = slips(COUNT)
    small = seen_now_and_then(synthetic.poses(COUNT), before)
    large = resized_person(small, 4 * synthetic.SIZE, np.arange(COUNT))
    after = register(large)
    assert after.clip is large.clip
    assert after.poses is large.poses
    assert disagreement(after.expression) < 0.5 * disagreement(before)


@pytest.mark.slow
def test_where_nothing_slipped_nothing_moves():
    poses = synthetic.poses(COUNT)
    after = register(seen_now_and_then(poses, np.zeros((COUNT, 478, 3))))
    assert np.abs(after.expression).max() < 1 * MM
    assert np.abs(after.expression).mean() < 0.15 * MM


@pytest.mark.slow
def test_poses_and_what_is_usable_stay():
    poses = synthetic.poses(COUNT)
    usable = np.arange(COUNT) != 5
    person = seen_now_and_then(poses, slips(COUNT), usable=usable)
    after = register(person)
    assert after.poses is person.poses
    assert after.usable.tolist() == usable.tolist()


@pytest.mark.slow
def test_a_picture_that_is_not_usable_tells_the_others_nothing():
    poses = synthetic.poses(COUNT)
    usable = np.arange(COUNT) != 5
    pictures = synthetic.shown(poses)
    spoiled = pictures.copy()
    spoiled[5] = 255 - spoiled[5]
    one, other = (
        register(seen_now_and_then(poses, slips(COUNT), usable=usable, pictures=each))
        for each in (pictures, spoiled)
    )
    assert np.array_equal(one.expression[usable], other.expression[usable])


@pytest.mark.slow
def test_of_a_short_moment_all_other_pictures_tell():
    before = slips(6)
    after = register(synthetic.person(synthetic.poses(6), expression=before))
    assert disagreement(after.expression) < disagreement(before)


def test_another_film_of_the_person_is_followed_more_closely():
    person = seen_now_and_then(synthetic.poses(COUNT), np.zeros((COUNT, 478, 3)))
    poses = synthetic.poses(4, seed=1)
    film = Clip(synthetic.shown(poses), np.arange(4) / 25, np.zeros((4, 478, 3)), 256.0, synthetic.MIDDLE)
    tracked = Drive(film.time_s, poses, slips(4, seed=2))
    near = registered_drive(person, film, tracked)
    assert near.poses is poses
    assert np.abs(near.expression).mean() < 0.25 * np.abs(tracked.expression).mean()


def test_a_large_film_is_followed_as_closely():
    person = seen_now_and_then(synthetic.poses(COUNT), np.zeros((COUNT, 478, 3)))
    large = resized_person(person, 4 * synthetic.SIZE, np.arange(COUNT))
    poses = synthetic.poses(4, seed=1)
    film = Clip(synthetic.shown(poses), np.arange(4) / 25, np.zeros((4, 478, 3)), 256.0, synthetic.MIDDLE)
    large_film = resized_clip(film, 4 * synthetic.SIZE, np.arange(4))
    tracked = Drive(film.time_s, resized_poses(poses, 4.0), slips(4, seed=2))
    near = registered_drive(large, large_film, tracked)
    assert near.poses is tracked.poses
    assert np.abs(near.expression).mean() < 0.25 * np.abs(tracked.expression).mean()


def test_it_can_be_stopped():
    def stop(share, what):
        if share > 0.1:
            raise CancelledError

    with pytest.raises(CancelledError):
        register(seen_now_and_then(synthetic.poses(COUNT), slips(COUNT)), stop)

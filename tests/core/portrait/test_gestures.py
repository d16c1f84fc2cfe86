"""Gesture detection below the face, and avoidance of frames with gestures."""

from dataclasses import replace

import numpy as np

from mannerism.core.portrait.model.person import Drive
from mannerism.core.portrait.render.frame_selection import POSE, Chooser
from mannerism.core.portrait.render.gestures import gestures
from mannerism.tests.support.synthetic_person import SIZE, motion, person

COUNT = 40
WITH_HANDS = slice(18, 24)


def somebody():
    """Turns slowly from side to side and back; hands are seen on the way there alone."""
    there = np.linspace(-10, 10, COUNT // 2)
    still = person(motion(np.r_[there, there[::-1]]))
    pictures = np.random.default_rng(0).integers(90, 110, (COUNT, SIZE, SIZE, 3), np.uint8)
    pictures[WITH_HANDS, -12:, 10:40] = 220
    return replace(still, clip=replace(still.clip, pictures=pictures))


def test_pictures_with_hands_are_told_from_the_others():
    found = gestures(somebody())
    others = np.delete(found, WITH_HANDS)
    assert found[WITH_HANDS].min() > 10 * others.max()
    assert (others == 0).mean() > 0.7


def test_shoulders_that_go_with_the_head_are_no_gesture():
    still = person(motion(np.linspace(-10, 10, COUNT)))
    pictures = np.full((COUNT, SIZE, SIZE, 3), 100, np.uint8)
    for number, picture in enumerate(pictures):
        picture[-12:, : 20 + number // 2] = 140
    assert not gestures(replace(still, clip=replace(still.clip, pictures=pictures))).any()


def test_who_gestures_most_of_the_time_is_calm_in_the_rest():
    still = person(motion(np.linspace(-10, 10, COUNT)))
    pictures = np.random.default_rng(0).integers(90, 110, (COUNT, SIZE, SIZE, 3), np.uint8)
    with_hands = np.arange(COUNT) % 8 < 5
    for number in np.flatnonzero(with_hands):
        left = 20 * (number % 3)
        pictures[number, -12:, left : left + 20] = 220
    found = gestures(replace(still, clip=replace(still.clip, pictures=pictures)))
    assert found[with_hands].min() > 0
    assert not found[~with_hands].any()


def test_others_are_chosen_where_they_show_nearly_the_same_pose():
    one = somebody()
    wanted = Drive(one.clip.time_s, one.poses, one.expression)
    chosen = Chooser(one).choose(wanted)[:, POSE]
    assert not np.isin(chosen, np.arange(COUNT)[WITH_HANDS]).any()


def test_what_cannot_be_used_is_not_usual():
    one = somebody()
    one.usable[:18] = False
    one.usable[24:] = False
    assert (gestures(one)[WITH_HANDS] == 0).all()
    assert (gestures(one)[:18] > 0).all()


def test_a_picture_without_a_body_has_no_gestures():
    one = somebody()
    low = replace(one.poses, shift=one.poses.shift + np.array([0.0, 40.0]))
    assert not gestures(replace(one, poses=low)).any()

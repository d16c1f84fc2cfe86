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
    found = gestures(somebody()) > 0
    assert found[WITH_HANDS].all()
    assert not np.delete(found, WITH_HANDS).any()


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

"""Looks: detail and teeth of a single picture, lips as far open as asked, and without a dose the plain fade."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mannerism.core.portrait.model.topology import MOUTH as BETWEEN
from mannerism.core.portrait.model.topology import topology
from mannerism.core.portrait.render.detail import single_detail, single_mouth
from mannerism.core.portrait.render.frame_selection import MOUTH, Chooser, lip_gap_m
from mannerism.core.portrait.render.look import FADED, FILM, Look
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.tests.support import synthetic_portrait as synthetic

SIZE = synthetic.SIZE


def noisy(count=8):
    """One pose, whose pictures differ by grain as a camera's do."""
    poses = synthetic.poses(1)[np.zeros(count, int)]
    grain = np.random.default_rng(5).normal(0, 12, (count, SIZE, SIZE, 1))
    pictures = np.clip(synthetic.shown(poses).astype(float) + grain, 0, 255).astype(np.uint8)
    return synthetic.person(poses, pictures=pictures)


def drawn(person, look):
    renderer = Renderer(person, look)
    plan = renderer.plan(synthetic.drive(person.poses))
    plan.chosen[:] = np.arange(len(plan))[:, None]
    return renderer.frame(plan, 4).picture


def detail(picture):
    grey = cv2.cvtColor(picture.astype(np.float32), cv2.COLOR_RGB2GRAY)
    return cv2.Laplacian(grey, cv2.CV_32F)[30:90, 35:93].std()


def test_without_a_dose_nothing_changes_by_a_bit():
    person = noisy()
    for look in (Look(), replace(FILM, detail=0.0, mouth=0.0, lips=0.0)):
        np.testing.assert_array_equal(drawn(person, look), drawn(person, FADED))
    drive = synthetic.drive(person.poses)
    np.testing.assert_array_equal(Chooser(person).distances(drive), Chooser(person, Look()).distances(drive))


def test_a_fade_loses_the_grain_and_a_single_picture_keeps_it():
    person = noisy()
    real = detail(person.clip.pictures[4])
    assert detail(drawn(person, FADED)) < 0.6 * real
    assert detail(drawn(person, FILM)) == pytest.approx(real, rel=0.1)


def test_broad_bands_stay_those_of_the_fade():
    faded = np.full((64, 64, 3), 100.0, np.float32)
    brighter = np.full((64, 64, 3), 140, np.uint8)
    assert single_detail(faded, brighter, 1.0, 256) == pytest.approx(faded, abs=1e-3)


def test_what_is_between_the_lips_is_all_of_one_picture():
    labels = topology().label
    triangle = np.full((64, 64), len(labels), np.intp)
    triangle[20:44, 16:48] = np.flatnonzero(labels == BETWEEN)[0]
    faded = np.full((64, 64, 3), 100.0, np.float32)
    teeth = np.full((64, 64, 3), 220, np.uint8)
    shown = single_mouth(faded, teeth, triangle, 1.0, 256)
    assert shown[28:36, 24:40] == pytest.approx(220, abs=1)
    assert shown[:8] == pytest.approx(100, abs=1)
    assert single_mouth(faded, teeth, triangle, 0.5, 256)[32, 32] == pytest.approx(160, abs=1)


def test_an_open_mouth_of_the_fade_does_not_shade_pressed_lips():
    labels = topology().label
    triangle = np.full((64, 64), len(labels), np.intp)
    triangle[31:33, 16:48] = np.flatnonzero(labels == BETWEEN)[0]
    pressed = np.full((64, 64, 3), 150, np.uint8)
    faded = pressed.astype(np.float32)
    faded[31:33, 16:48] = 0.0
    assert single_mouth(faded, pressed, triangle, 1.0, 256) == pytest.approx(150, abs=0.5)


def opened(gap_m):
    """Expressions whose lips are so far apart, (N, 478, 3)."""
    expression = np.zeros((len(gap_m), 478, 3))
    mesh = synthetic.mesh()
    expression[:, 13, 1] = mesh[14, 1] - mesh[13, 1] + gap_m
    expression[:, 13, [0, 2]] = (mesh[14] - mesh[13])[[0, 2]]
    return expression


def test_lips_that_close_for_a_moment_are_those_of_a_picture_with_pressed_lips():
    """Points of lips that touch are 3 mm apart here; an open mouth that is squeezed would show slivers of teeth."""
    reference = opened(np.repeat([0.006, 0.02, 0.003], [20, 20, 4]))
    poses = synthetic.poses(1)
    person = synthetic.person(poses[np.zeros(44, int)], expression=reference)
    gap_m = np.full(40, 0.006)
    gap_m[20:22] = 0.003
    chosen = Chooser(person, FILM).choose(synthetic.drive(poses[np.zeros(40, int)], opened(gap_m)))[:, MOUTH]
    assert (chosen[20:22] >= 40).all()
    assert (np.delete(chosen, [20, 21]) < 20).all()


def test_pressed_lips_come_from_a_picture_of_pressed_lips():
    poses = synthetic.poses(1)[np.zeros(3, int)]
    gap_m = np.array([0.0, 0.003, 0.02])
    expression = opened(gap_m)
    person = synthetic.person(poses, expression=expression)
    assert lip_gap_m(person.mesh + expression) == pytest.approx(gap_m)
    asked = synthetic.drive(poses[:1], expression[:1])
    plain = Chooser(person).distances(asked)[MOUTH, 0]
    strict = Chooser(person, FILM).distances(asked)[MOUTH, 0]
    assert strict[0] == pytest.approx(plain[0], abs=1e-3)
    assert strict[1] - plain[1] > 0.3
    assert strict[2] > strict[1]


def test_a_hand_in_one_picture_alone_is_cut_and_never_seen_through():
    poses = synthetic.poses(1)[np.zeros(8, int)]
    pictures = synthetic.shown(poses)
    hand = (slice(-24, None), slice(8, 40))
    pictures[(slice(4, None), *hand)] = 230
    pictures[(slice(0, 4), *hand)] = 40
    person = synthetic.person(poses, pictures=pictures)
    inside = (slice(-16, None), slice(16, 32))

    def levels(look):
        renderer = Renderer(person, look)
        plan = renderer.plan(synthetic.drive(person.poses))
        plan.chosen[:] = np.arange(len(plan))[:, None]
        return [renderer.frame(plan, number).picture[inside].mean() for number in range(8)]

    faded, cut = levels(replace(FILM, cuts=0.0)), levels(FILM)
    assert any(60 < level < 210 for level in faded)
    assert all(level < 60 or level > 210 for level in cut)

"""Surround motion and background on synthetic frames with known answers."""

import cv2
import numpy as np
import pytest

from mannerism.core.portrait.analysis.background import clean_background
from mannerism.core.portrait.analysis.surround_fit import fit_surround
from mannerism.core.portrait.model.camera import FacePoses
from mannerism.core.portrait.model.person import Clip
from mannerism.core.portrait.model.topology import RINGS, topology
from mannerism.core.track.head_pose import canonical_face
from mannerism.core.track.landmarks import POINTS

SIZE = 128
COUNT = 24
SHIFT = 6 * np.stack([np.sin(np.linspace(0, 9, COUNT)), np.cos(np.linspace(0, 5, COUNT))], axis=1)


def texture(seed=0, size=SIZE):
    noise = np.random.default_rng(seed).uniform(0, 255, (size, size, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.clip(128 + 6 * (soft - soft.mean()), 0, 255).astype(np.uint8)


def shifted(picture, shift):
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
    return cv2.warpAffine(picture, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT)


def clip_of(pictures):
    count = len(pictures)
    return Clip(
        np.stack(pictures), np.arange(count) / 25, np.zeros((count, POINTS, 3)), 200.0, np.array([64.0, 64.0])
    )


def poses(shift=SHIFT):
    return FacePoses(np.full(len(shift), 300.0), np.tile(np.eye(3), (len(shift), 1, 1)), 64 + shift)


def mesh():
    return np.concatenate([canonical_face(), np.zeros((POINTS - len(canonical_face()), 3))])


def moved_of(pictures):
    """How the rings' points move from the first picture to each, as learned of these pictures, inside of them."""
    every = np.ones(len(pictures), bool)
    surround = fit_surround(clip_of(pictures), mesh(), poses(), every)
    seen = surround.project(poses().cameras())[:, : RINGS * len(topology().oval)]
    inside = ((surround.home > 12) & (surround.home < SIZE - 12)).all(axis=1)
    assert inside.sum() > 80
    return (seen - seen[:1])[:, inside]


@pytest.mark.slow
def test_what_goes_with_the_head_is_seen_to_go_with_it():
    moved = moved_of([shifted(texture(), shift) for shift in SHIFT])
    assert np.abs(moved - (SHIFT - SHIFT[0])[:, None]).mean() < 0.8


@pytest.mark.slow
def test_what_stands_still_is_seen_to_stand_still():
    """Although the prior holds it for skull and hair."""
    moved = moved_of([texture()] * COUNT)
    assert np.abs(moved).mean() < 0.25 * np.abs(SHIFT - SHIFT[0]).mean()


@pytest.mark.slow
def test_the_border_lies_outside_the_picture_and_stays():
    surround = fit_surround(clip_of([texture()] * COUNT), mesh(), poses(), np.ones(COUNT, bool))
    assert surround.border.shape == (len(topology().oval), 2)
    assert ((surround.border < 0) | (surround.border > SIZE)).any(axis=1).all()
    seen = surround.project(poses().cameras())
    assert np.ptp(seen[:, -len(surround.border) :], axis=0) == pytest.approx(0)


@pytest.mark.slow
def test_the_first_picture_of_the_rings_is_where_the_face_ends():
    surround = fit_surround(clip_of([texture()] * COUNT), mesh(), poses(), np.ones(COUNT, bool))
    anchor = FacePoses(np.array([300.0]), np.eye(3)[None], surround.anchor[None, :, 3])
    oval = anchor.project(mesh()[topology().oval])[0]
    middle = oval.mean(axis=0)
    ring = surround.home.reshape(RINGS, -1, 2)[0]
    assert (np.linalg.norm(ring - middle, axis=1) > np.linalg.norm(oval - middle, axis=1)).all()


def person_before(background, column):
    """A grey person as wide as a quarter of the picture, and its matte."""
    picture, matte = background.copy(), np.zeros((SIZE, SIZE), np.uint8)
    picture[32:, column : column + 32] = 90
    matte[32:, column : column + 32] = 255
    return picture, matte


def background_of(backgrounds, columns):
    made = [
        person_before(background, column) for background, column in zip(backgrounds, columns, strict=True)
    ]
    return clean_background(clip_of([picture for picture, _ in made]), np.stack([matte for _, matte in made]))


def test_the_plate_is_the_background_where_it_was_seen():
    columns = np.linspace(40, 50, COUNT).astype(int)
    background = background_of([texture()] * COUNT, columns)
    seen = background[..., 3] == 255
    assert seen.mean() > 0.8
    assert np.array_equal(background[seen][:, :3], texture()[seen])
    assert background[40:, 58:64, 3].max() == 0  # always behind the person


def test_a_background_right_beside_a_person_who_never_moves_is_in_the_plate():
    background = background_of([texture()] * COUNT, [48] * COUNT)
    beside = np.s_[40:, [46, 47, 80, 81]]
    assert background[beside][..., 3].min() == 255
    assert np.array_equal(background[beside][..., :3], texture()[beside])


def test_hair_that_the_matte_misses_is_not_in_the_plate():
    """Beside a person who moves, what is seen from afar at times counts alone."""
    columns = np.where(np.arange(COUNT) < COUNT - 6, 40, 60)
    made = [person_before(texture(), column) for column in columns]
    for (picture, _), column in zip(made, columns, strict=True):
        picture[32:, column - 1] = 0
    background = clean_background(
        clip_of([picture for picture, _ in made]), np.stack([matte for _, matte in made])
    )
    assert background is not None
    assert np.array_equal(background[40:, 38:40, :3], texture()[40:, 38:40])


def test_a_background_seen_at_times_is_in_the_plate():
    """The person steps aside: behind it the wall is seen."""
    columns = np.where(np.arange(COUNT) < COUNT // 2, 10, 80)
    background = background_of([texture()] * COUNT, columns)
    assert background[..., 3].min() == 255
    assert np.array_equal(background[..., :3], texture())


def test_light_that_changes_leaves_no_contour_about_the_person():
    """What is uncovered only while it is brighter continues what was seen before without a step."""
    bright = np.arange(COUNT) >= COUNT - 6
    backgrounds = [texture() // 2 + np.uint8(12 * on) for on in bright]
    background = background_of(backgrounds, np.where(bright, 60, 40))
    assert background is not None
    uncovered = np.s_[40:, 44:54]
    assert background[uncovered][..., 3].min() == 255
    away = background[uncovered][..., :3].astype(int) - texture()[uncovered] // 2
    assert np.abs(away).max() <= 1


def test_somebody_who_passes_whenever_the_person_stands_aside_is_not_in_the_plate():
    wall = np.broadcast_to(np.linspace(120, 180, SIZE)[:, None], (SIZE, SIZE, 3)).astype(np.uint8)
    aside = np.arange(COUNT) >= COUNT - 6
    backgrounds = [wall.copy() for _ in range(COUNT)]
    for number in np.flatnonzero(aside):
        backgrounds[number][:, 30 - number % 3 : 70] = (40, 40, 120)
    background = background_of(backgrounds, np.where(aside, 66, 40))
    assert background is not None
    uncovered = np.s_[40:, 42:60]
    assert background[uncovered][..., 3].min() == 255
    assert (
        np.abs(background[uncovered][..., :3].astype(int) - wall[uncovered]).max() < 40
    )  # passer-by: 80 and more


def test_a_camera_in_the_hand_has_no_plate():
    assert background_of([shifted(texture(), shift) for shift in SHIFT], [48] * COUNT) is None


def test_noise_is_no_motion_of_the_camera():
    rng = np.random.default_rng(1)
    noisy = [
        np.clip(texture() + rng.normal(0, 3, (SIZE, SIZE, 3)), 0, 255).astype(np.uint8) for _ in range(COUNT)
    ]
    assert background_of(noisy, [48] * COUNT) is not None


def test_where_the_person_fills_the_picture_there_is_no_plate():
    assert clean_background(clip_of([texture()] * COUNT), np.full((COUNT, SIZE, SIZE), 255, np.uint8)) is None

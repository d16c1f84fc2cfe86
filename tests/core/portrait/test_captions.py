"""Burnt-in captions: found when they change, not when a person moves or the film is cut."""

import cv2
import numpy as np
import pytest

from mannerism.core.portrait.preflight.captions import has_captions

H, W, COUNT = 180, 320, 60


def scene(head_px=0.0):
    """Grey frames of a person that sways before a wall of blurred noise."""
    rng = np.random.default_rng(3)
    wall = cv2.GaussianBlur(rng.uniform(0, 255, (H, W)).astype(np.float32), (0, 0), 6)
    wall = np.clip(110 + 3 * (wall - 127), 0, 255)
    frames = []
    for number in range(COUNT):
        frame = wall.copy()
        middle = (160 + round(head_px * np.sin(number / 3)), 80)
        cv2.ellipse(frame, middle, (40, 55), 0, 0, 360, (190.0,), -1)
        cv2.ellipse(frame, (middle[0], 180), (80, 45), 0, 0, 360, (60.0,), -1)
        frames.append(frame + rng.normal(0, 1.5, (H, W)))
    return np.clip(frames, 0, 255).astype(np.uint8)


def written(frames, fade=1):
    """The same with another line of writing every second."""
    out = frames.copy()
    for number, frame in enumerate(out):
        line, since = divmod(number, 15)
        page = frame.copy()
        word = ("Are you listening", "", "to what I say now", "")[line % 4]
        cv2.putText(page, word, (40, 150), cv2.FONT_HERSHEY_DUPLEX, 0.9, (255,), 1, cv2.LINE_AA)
        share = min(1.0, (since + 1) / fade)
        out[number] = np.rint(share * page + (1 - share) * frame)
    return out


@pytest.mark.parametrize("fade", [1, 3])
def test_writing_that_changes_is_found(fade):
    assert has_captions(written(scene(), fade))


def test_writing_over_a_person_who_moves_is_found():
    assert has_captions(written(scene(12.0)))


@pytest.mark.parametrize("sway_px", [0.0, 4.0, 25.0])
def test_a_person_who_moves_is_no_writing(sway_px):
    assert not has_captions(scene(sway_px))


def test_a_film_that_is_cut_is_no_writing():
    frames = scene()
    frames[::2] = frames[::2, :, ::-1]
    assert not has_captions(frames)
    frames[20:40] = 255 - frames[20:40]
    assert not has_captions(frames)


def test_too_short_a_film_has_none():
    assert not has_captions(written(scene())[:4])

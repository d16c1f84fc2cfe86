"""Black bars: found where a film has them, not about a person before black."""

import numpy as np
import pytest

from mannerism.core.portrait.analysis.clip_reader import _square_about
from mannerism.core.portrait.analysis.picture_area import Area, picture_area

H, W = 180, 320


def films(box=(0, 0, W, H), count=6, level=120):
    """Grey films of noise inside a box, black with a codec's noise beyond."""
    rng = np.random.default_rng(0)
    left, top, right, bottom = box
    for _ in range(count):
        frame = rng.integers(0, 6, (H, W), np.uint8)
        frame[top:bottom, left:right] = rng.integers(level - 60, level + 60, (bottom - top, right - left))
        yield frame


@pytest.mark.parametrize("box", [(0, 20, W, 160), (40, 0, 280, H), (40, 40, 280, 140), (0, 30, W, H)])
def test_bars_are_left_out(box):
    left, top, right, bottom = picture_area(films(box)).box(1920, 1080)
    given = np.array(box) * 6
    assert np.abs(np.array([left, top, right, bottom]) - given).max() <= 12
    assert (left, top) >= (given[0], given[1])
    assert right <= given[2]
    assert bottom <= given[3]


def test_a_whole_picture_is_whole():
    assert picture_area(films()).is_whole
    assert picture_area([]).is_whole
    assert picture_area([np.zeros((H, W), np.uint8)]).is_whole
    assert Area().box(1280, 720) == (0, 0, 1280, 720)


def test_a_person_before_black_has_no_bars():
    rows, columns = np.indices((H, W))
    head = np.hypot(rows - 70, columns - 160) < 40
    body = (rows > 100) & (np.abs(columns - 160) < 60)
    assert picture_area([np.where(head | body, 150, 3).astype(np.uint8)]).is_whole


def test_a_night_scene_that_is_lit_once_has_no_bars():
    dark = [np.full((H, W), 5, np.uint8)] * 5
    assert picture_area([*dark, *films(count=1)]).is_whole


def test_the_square_is_inside_the_picture_however_large_the_face():
    face = np.zeros((3, 478, 3))
    face[..., 0] = np.linspace(500, 1300, 478)
    face[..., 1] = np.linspace(100, 1000, 478)[::-1]
    square = _square_about(face, (0, 140, 1920, 940))
    assert square.side == 800
    assert square.top == 140
    assert 0 <= square.left <= 1120

"""A chart of a take shows the motion where its axes say."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.direct.direction import Pin
from mannerism.core.motion import HeadMotion
from mannerism.core.picture.lettering import letters
from mannerism.core.picture.take import COLOURS, HEIGHT, WIDTH, Chart, Wave, draw, step


def motion(pitch=0.0, yaw=0.0, roll=0.0, length_s=4.0):
    time_s = np.arange(int(length_s * 25) + 1) / 25
    angles = [
        np.radians(np.broadcast_to(np.asarray(each, float), time_s.shape)) for each in (pitch, yaw, roll)
    ]
    return HeadMotion(time_s, rot.from_euler(*angles), np.zeros((len(time_s), 3)))


def places(canvas, name):
    """Rows and columns of the pixels of a colour."""
    return np.nonzero((canvas[..., :3] == COLOURS[name]).all(axis=2))


def heights(canvas, name):
    """Mean row of a curve by column, without the numbers and the names at the left."""
    rows, columns = places(canvas, name)
    return {column: rows[columns == column].mean() for column in np.unique(columns) if column > 110}


def test_the_axes_are_where_they_should_be():
    """What two runs differ by in degrees is what they differ by in pixels, up is above zero."""
    canvas = draw(Chart(motion(pitch=6.0, yaw=-3.0)))
    middle = {name: np.mean(list(heights(canvas, name).values())) for name in ("pitch", "yaw", "roll")}
    row = (HEIGHT - 24 - 44 - 36) / 3
    half = row / 2 / (6.0 * 1.08)
    assert middle["roll"] == pytest.approx(24 + 2.5 * row + 36, abs=1.5)
    assert middle["pitch"] == pytest.approx(24 + 0.5 * row - 6.0 * half, abs=1.5)
    assert middle["yaw"] == pytest.approx(24 + 1.5 * row + 18 + 3.0 * half, abs=1.5)


def test_time_runs_from_left_to_right():
    time_s = np.arange(101) / 25
    canvas = draw(Chart(motion(yaw=np.where(time_s < 1.0, 0.0, 10.0))))
    line = heights(canvas, "yaw")
    before = [row for column, row in line.items() if column < 110 + (WIDTH - 134) * 0.23]
    after = [row for column, row in line.items() if column > 110 + (WIDTH - 134) * 0.27]
    assert np.ptp(before) < 1
    assert np.ptp(after) < 1
    assert np.mean(before) > np.mean(after) + 50


def test_the_wave_lies_where_the_sound_is_loud():
    peaks = np.zeros(400)
    peaks[200:300] = 0.5
    _, columns = places(draw(Chart(motion(), Wave(peaks, 0.01))), "wave")
    left, width = 110, WIDTH - 134
    assert columns.min() == pytest.approx(left + width / 2, abs=2)
    assert columns.max() == pytest.approx(left + width * 3 / 4, abs=2)


@pytest.mark.parametrize("peaks", [np.zeros(0), np.zeros(400), np.ones(3), np.ones(9999)])
def test_any_sound_is_drawn(peaks):
    assert draw(Chart(motion(), Wave(peaks, 0.01))).shape == (HEIGHT, WIDTH, 4)


def test_ranges_and_pins_are_seen_and_only_where_there_are_any():
    bare = draw(Chart(motion(yaw=1.0)))
    assert not len(places(bare, "pins")[0])
    ranged = draw(Chart(motion(yaw=1.0), range_deg=(4.0, 4.0, 1.0)))
    changed = np.flatnonzero((ranged != bare).any(axis=2)[:, 800])
    assert len(changed)
    pinned = draw(Chart(motion(yaw=1.0), pins=[Pin(2.0, yaw_deg=8.0), Pin(99.0, yaw_deg=1.0)]))
    rows, columns = places(pinned, "pins")
    assert columns.min() > 110 + (WIDTH - 134) / 2 - 12
    assert columns.max() < 110 + (WIDTH - 134) / 2 + 12
    middle = pinned[:, 110 + (WIDTH - 134) // 2 - 3 :][:, :6, :3].min(axis=2).max(axis=1)
    assert (middle > 120).sum() > 0.9 * (HEIGHT - 24 - 44 - 36)  # a line through each row of the chart
    assert (rows > HEIGHT / 3).all()  # and a rhombus for yaw alone
    assert (rows < HEIGHT * 2 / 3).all()


def test_an_hour_and_a_single_sample():
    long = draw(Chart(motion(pitch=5 * np.sin(np.arange(90001)), length_s=3600.0)))
    line = heights(long, "pitch")
    assert len(line) > 1400  # a column each, and each spans both ends of the sine
    rows, _ = places(long, "pitch")
    assert np.ptp(rows) > 200
    one = HeadMotion(np.zeros(1), rot.from_euler([0.1], [0.0], [0.0]), np.zeros((1, 3)))
    assert len(heights(draw(Chart(one)), "pitch")) > 1400


@pytest.mark.parametrize(
    ("span", "most", "expected"), [(12, 10, 2), (9, 10, 1), (3600, 10, 600), (4, 5, 1), (1e5, 10, 10800)]
)
def test_marks_lie_on_round_numbers(span, most, expected):
    assert step(span, most) == pytest.approx(expected)


def test_characters_differ():
    known = "0123456789-.° acehilopqrstwy".replace("e", "").replace("q", "")
    assert len({letters(each).tobytes() for each in known}) == len(known)
    assert letters("12").shape == (14, 24)

"""A person's face by a reference: known lids, mouths and brows."""

import numpy as np
import pytest

from mannerism.core.face import mouth
from mannerism.core.face.manner import FaceManner, face_manner, lids
from mannerism.core.track.head_pose import canonical_face

FPS = 30.0
UPPER_LIDS, LOWER_LIDS = (159, 386), (145, 374)


def reference(seconds=20.0, gain_m=0.004, blinks_a_minute=24, blink_s=0.2, brow_m=0.001):
    """Head points of somebody whose mouth, lids and brows are known, and their times."""
    time_s = np.arange(0.0, seconds, 1.0 / FPS)
    points = np.tile(canonical_face(), (len(time_s), 1, 1))
    shape = np.zeros((len(time_s), len(mouth.basis())))
    shape[:, 0] = gain_m * (1.0 - np.cos(2 * np.pi * 3.0 * time_s)) * np.sqrt(2.0)
    points[:, mouth.MOUTH_POINTS] += mouth.mouth_points(shape)
    shut = (time_s + 1.0) % (60.0 / blinks_a_minute) < blink_s - 0.5 / FPS
    for upper, lower in zip(UPPER_LIDS, LOWER_LIDS, strict=True):
        middle = points[:, [upper, lower]].mean(axis=1)
        points[shut, upper] = points[shut, lower] = middle[shut]
    points[:, [105, 66, 107, 334, 296, 336], 1] += brow_m * np.sqrt(2.0) * np.sin(2 * np.pi * time_s)[:, None]
    return points, time_s


def test_known_manner_is_found():
    found = face_manner(*reference())
    assert found.gain_m == pytest.approx(0.004, rel=0.02)
    assert found.blinks_per_minute == pytest.approx(24, abs=3)
    assert found.blink_s == pytest.approx(0.2, abs=1.0 / FPS)
    assert found.brow_m == pytest.approx(0.001, rel=0.1)


@pytest.mark.parametrize("gain_m", [0.002, 0.006])
def test_who_opens_wider_gets_a_larger_gain(gain_m):
    assert face_manner(*reference(gain_m=gain_m)).gain_m == pytest.approx(gain_m, rel=0.02)


def test_frames_without_a_face_do_not_count():
    points, time_s = reference()
    found = np.arange(len(time_s)) % 7 != 0
    points[~found] = np.nan
    assert face_manner(points, time_s, found).gain_m == pytest.approx(0.004, rel=0.03)


def test_a_few_seconds_tell_no_blinks():
    average = FaceManner.average()
    found = face_manner(*reference(seconds=4.0, blinks_a_minute=60))
    assert (found.blinks_per_minute, found.blink_s) == (average.blinks_per_minute, average.blink_s)


def test_a_still_face_stays_within_what_people_do():
    points = np.tile(canonical_face(), (600, 1, 1))
    found = face_manner(points, np.arange(600) / FPS)
    assert 0.0005 < found.gain_m < 0.0015
    assert found.blinks_per_minute > 0.0
    assert np.isfinite([found.gain_m, found.blink_s, found.brow_m]).all()


def test_lids_do_not_depend_on_size():
    points, _ = reference(seconds=2.0)
    np.testing.assert_allclose(lids(points), lids(3.0 * points))

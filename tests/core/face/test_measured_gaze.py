"""Gaze measured in landmarks that are projected from a face whose eyes are known."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.face.measured_gaze import measured_gaze
from mannerism.core.track.head_pose import canonical_face

IRIS_M = 5.85e-3
CENTRE_BEHIND_M = 4.4e-3  # the eye's centre of rotation, behind the corners
EYE_M = 10.5e-3
LIDS = ((159, 145), (386, 374))


def seen(eye_deg, yaw_deg, pitch_deg=0.0, roll_deg=0.0, shut=()):
    """Landmarks in pixels, times and pose of a face at a distance, with eyes (N, 2) turned in its head."""
    count = len(eye_deg)
    points = np.zeros((count, 478, 3))
    points[:, :468] = canonical_face()
    for first, (outer, inner), (upper, lower) in zip((468, 473), ((33, 133), (263, 362)), LIDS, strict=True):
        corners = canonical_face()[[outer, inner]].mean(axis=0)
        left, up = np.radians(eye_deg).T
        forward = np.column_stack([np.sin(left) * np.cos(up), np.sin(up), np.cos(left) * np.cos(up)])
        centre = corners + EYE_M * forward - [0.0, 0.0, CENTRE_BEHIND_M]
        points[:, first] = centre
        beside = np.array([IRIS_M, 0.0, 0.0])
        points[:, first + 1], points[:, first + 3] = centre + beside, centre - beside
        for frame in shut:
            points[frame, upper] = points[frame, lower]
    rotation = rot.from_euler(*np.radians(np.broadcast_arrays(pitch_deg, yaw_deg, roll_deg)))
    placed = rot.rotate(rotation[:, None], points) * 1000.0
    pixels = placed * [1.0, -1.0, 1.0] + [320.0, 240.0, 0.0]
    return pixels, np.arange(count) / 25, rotation, np.tile([0.0, 0.0, -1.0], (count, 1))


def looks(count=200):
    """Contact for two thirds of the time, then 15° to the left."""
    gaze = np.zeros((count, 2))
    gaze[count * 2 // 3 :, 0] = 15.0
    return gaze


def test_eyes_of_a_still_head():
    found = measured_gaze(*seen(looks(), np.zeros(200)))
    np.testing.assert_allclose(np.degrees(found.gaze[:, 0]), looks()[:, 0], atol=0.6)
    assert found.away.mean() == pytest.approx(1 / 3, abs=0.02)
    assert found.known.all()


def test_eyes_that_hold_the_camera_while_the_head_turns_stand_still_in_the_room():
    yaw = 12.0 * np.sin(np.arange(200) / 15.0)
    found = measured_gaze(*seen(np.column_stack([-yaw, np.zeros(200)]), yaw))
    assert np.degrees(np.ptp(found.gaze[:, 0])) < 1.5
    np.testing.assert_allclose(np.degrees(found.head[:, 0]), yaw, atol=0.2)
    assert not found.away.any()
    fixed = measured_gaze(*seen(np.zeros((200, 2)), yaw))
    assert np.degrees(np.ptp(fixed.gaze[:, 0])) > 20.0


def test_a_rolled_picture_is_the_same():
    upright = measured_gaze(*seen(looks(), np.zeros(200)))
    rolled = measured_gaze(*seen(looks(), np.zeros(200), roll_deg=20.0))
    np.testing.assert_allclose(rolled.gaze, upright.gaze, atol=0.02)


def test_a_blink_is_no_look():
    eyes = np.zeros((200, 2))
    eyes[100:104, 1] = -15.0
    found = measured_gaze(*seen(eyes, np.zeros(200), shut=range(100, 104)))
    assert not found.known[100:104].any()
    assert found.known.sum() == 190
    assert not found.away.any()


def test_lids_that_are_never_open_give_what_there_is():
    found = measured_gaze(*seen(np.zeros((50, 2)), np.zeros(50), shut=range(50)))
    assert np.isfinite(found.gaze).all()

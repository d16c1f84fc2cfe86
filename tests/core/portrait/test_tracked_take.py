"""Tracked takes: the constant offset goes, the motion stays; a generated motion is not touched."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadPoseTrack
from mannerism.core.motion_csv import read_motion, write_motion, write_track
from mannerism.core.portrait.driving.tracked_take import about_own_neutral, read_take
from mannerism.tests.support.synthetic_person import motion

OFFSET = rot.from_euler(np.radians(4.0), np.radians(-12.0), np.radians(3.0))
SHIFT_M = np.array([0.03, -0.01, 0.0])


def moving(count=81):
    """Turns that swing about rest, so that their median is rest."""
    swing = np.radians(8.0) * np.sin(np.linspace(0, 4 * np.pi, count))
    return rot.from_euler(0.3 * swing, swing, -0.2 * swing), np.outer(swing, [0.1, 0.0, 0.05])


def taken(meta):
    turn, shift_m = moving()
    time_s = np.arange(len(turn)) / 25.0
    aside = rot.continuous(rot.multiply(OFFSET, turn))
    return HeadPoseTrack(
        time_s, aside, shift_m @ rot.to_matrix(OFFSET).T + SHIFT_M, np.ones(len(turn), np.bool_), meta
    )


def test_a_tracked_take_moves_about_its_own_rest():
    turn, shift_m = moving()
    found = about_own_neutral(taken({}))
    assert np.degrees(rot.angle_between(found.rotation, turn)).max() < 0.2
    assert found.translation_m == pytest.approx(shift_m, abs=1e-4)
    assert "13° and 3 cm" in found.notes[0]


def test_a_take_that_rests_at_neutral_needs_no_words():
    turn, shift_m = moving()
    level = HeadPoseTrack(np.arange(len(turn)) / 25.0, turn, shift_m, np.ones(len(turn), np.bool_), {})
    assert not about_own_neutral(level).notes


def test_rows_in_which_no_face_was_found_set_no_rest():
    take = taken({})
    take.rotation[:30] = rot.from_euler(0.0, np.radians(60.0), 0.0)
    take.valid[:30] = False
    found = about_own_neutral(take)
    assert np.degrees(rot.angle_between(found.rotation[40:], moving()[0][40:])).max() < 3.0


def test_only_what_was_tracked_in_a_video_loses_its_offset(tmp_path):
    write_track(tmp_path / "take.csv", taken({"source_sha256": "0" * 64}))
    assert read_take(tmp_path / "take.csv").notes
    still = motion(np.full(30, 12.0))
    write_motion(tmp_path / "made.csv", still)
    kept = read_take(tmp_path / "made.csv")
    assert not kept.notes
    np.testing.assert_array_equal(kept.rotation, read_motion(tmp_path / "made.csv").rotation)

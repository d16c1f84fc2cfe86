"""Eyes in the curves of a face: they answer the head that is given, and leave everything else as it was."""

import numpy as np
import pytest

import mannerism
from mannerism.core import cli
from mannerism.core import rotation as rot
from mannerism.core.errors import SettingsError
from mannerism.core.face.blinks import with_shifts
from mannerism.core.gaze.settings import DOSES
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import COLUMNS as MOTION_COLUMNS
from mannerism.core.motion_csv import write_motion
from mannerism.tests.support.paths import EXAMPLES

LINE = EXAMPLES / "line_1.wav"
NONE = dict.fromkeys(DOSES, 0.0)
HOLD = {**NONE, "follow": 1.0}


@pytest.fixture
def head():
    t = np.arange(140) / 25
    turn = rot.from_euler(0.0, np.radians(12.0 * np.sin(t)), 0.0)
    return HeadMotion(t, rot.continuous(turn), np.zeros((len(t), 3)))


def test_eyes_leave_mouth_and_brows_as_they_are_and_none_at_all_is_the_face_without():
    """Blinks with shifts are the one other channel that eyes change."""
    without, usual = mannerism.face(LINE, seed=3, gaze=NONE), mannerism.face(LINE, seed=3)
    eyes = {name for name in usual.channels if name.startswith("eyeLook")}
    assert len(eyes) == 8
    assert {*without.channels} == {*usual.channels} - eyes
    assert without.eye is None
    assert not without.notes
    for name in without.channels:
        if name.startswith(("mouth", "jaw", "brow")):
            np.testing.assert_array_equal(usual.channels[name], without.channels[name])
    held = mannerism.face(LINE, seed=3, gaze=HOLD)
    np.testing.assert_array_equal(held.channels["eyeBlinkLeft"], without.channels["eyeBlinkLeft"])


def test_eyes_answer_the_head_that_is_given(head):
    curves = mannerism.face(LINE, seed=3, head=head, gaze=HOLD)
    yaw = 12.0 * np.sin(curves.time_s)
    np.testing.assert_allclose(np.degrees(np.asarray(curves.eye)[:, 0]), -yaw, atol=0.02)
    np.testing.assert_allclose(curves.channels["eyeLookInLeft"], np.clip(yaw / 35.0, 0, 1), atol=1e-3)
    np.testing.assert_allclose(curves.channels["eyeLookOutLeft"], np.clip(-yaw / 35.0, 0, 1), atol=1e-3)
    assert curves.notes == ()


def test_the_command_takes_the_head_from_a_file(tmp_path, head, capsys):
    write_motion(tmp_path / "head.csv", head)
    wanted = mannerism.face(
        LINE, seed=3, head=head, look_at=[(1.0, (0.2, 0.0, 1.0)), (2.5, None)], gaze={"lids": 1.0}
    )
    command = ["face", str(LINE), "--seed", "3", "--head", str(tmp_path / "head.csv"), "--lids", "1"]
    command += ["--look-at", "1:0.2,0,1", "--look-at", "2.5:ahead", "-o", str(tmp_path / "face.csv")]
    assert cli.main(command) == cli.DONE
    table = np.genfromtxt(tmp_path / "face.csv", delimiter=",", names=True)
    assert set(table.dtype.names or ()) == {"time_s", *wanted.channels, *MOTION_COLUMNS[1:7]}
    for name, values in wanted.channels.items():
        np.testing.assert_allclose(table[name], values, atol=2e-3)
    assert "still head" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("last", "said"), [(140, ()), (50, ("ends at 2.0 s of 5.2 s",))], ids=["whole", "short"]
)
def test_a_head_that_ends_early_is_named(head, last, said):
    part = HeadMotion(head.time_s[:last], head.rotation[:last], head.translation_m[:last])
    notes = mannerism.face(LINE, seed=3, head=part).notes
    assert len(notes) == len(said)
    assert all(words in note for words, note in zip(said, notes, strict=True))
    late = HeadMotion(head.time_s + 2.0, head.rotation, head.translation_m)
    assert "begins at 2.0 s" in " ".join(mannerism.face(LINE, seed=3, head=late).notes)


def test_names_without_eyes_are_said_where_eyes_were_asked_for(head):
    assert "none for eyes" in mannerism.face(LINE, seed=3, names="visemes", head=head).notes[0]
    assert mannerism.face(LINE, seed=3, names="visemes").notes == ()


@pytest.mark.parametrize(
    "options",
    [
        ["--follow", "2"],
        ["--look-away", "nan"],
        ["--look-at", "1:2,3"],
        ["--look-at", "nan:0,0,1"],
        ["--look-at", "x:0,0,1"],
        ["--look-at", "0:0,0.026,0.022"],
        ["--head", "no such file.csv"],
        ["--head", str(LINE)],
    ],
)
def test_eyes_that_cannot_be_are_refused(tmp_path, options):
    command = ["face", str(LINE), *options, "-o", str(tmp_path / "a.csv")]
    if options[1] == "x:0,0,1":
        with pytest.raises(SystemExit, match=str(cli.REFUSED)):
            cli.main(command)
    else:
        assert cli.main(command) == cli.REFUSED
    assert list(tmp_path.iterdir()) == []


def test_a_blink_with_a_shift_takes_the_place_of_the_next_one():
    times, shifts = np.array([1.0, 4.0, 8.0, 12.0]), np.array([2.0, 8.1])
    np.testing.assert_array_equal(with_shifts(times, shifts, 0.1), [1.0, 2.0, 8.0, 12.0])
    np.testing.assert_array_equal(with_shifts(times, np.zeros(0), 0.1), times)
    np.testing.assert_array_equal(with_shifts(np.zeros(0), shifts, 0.1), shifts)


def test_a_dose_that_there_is_not_is_refused():
    with pytest.raises(SettingsError, match=r"no dose “vor”\. Choose from: follow, look_away"):
        mannerism.face(LINE, gaze={"vor": 1.0})

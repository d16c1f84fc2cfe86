"""CSV files: a round trip, hostile tables, and files that appear whole or not at all."""

import numpy as np
import pytest

from mannerism.core import motion_csv
from mannerism.core import rotation as rot
from mannerism.core.errors import OutputError, TableError
from mannerism.core.files import replacing
from mannerism.core.motion import HeadMotion, HeadPoseTrack


@pytest.fixture
def track():
    rng = np.random.default_rng(3)
    time_s = np.cumsum(rng.uniform(0.02, 0.08, 50))
    return HeadPoseTrack(
        time_s,
        rot.from_rotvec(rng.normal(0, 0.2, (50, 3))),
        rng.normal(0, 0.02, (50, 3)),
        rng.random(50) > 0.2,
    )


def test_round_trip(tmp_path, track):
    path = tmp_path / "Größe 日本 one.csv"
    motion_csv.write_track(path, track)
    back = motion_csv.read_track(path)
    assert path.read_text().splitlines()[0] == ",".join(motion_csv.COLUMNS)
    np.testing.assert_allclose(back.time_s, track.time_s, atol=1e-6)
    assert np.degrees(rot.angle_between(back.rotation, track.rotation)).max() < 1e-4
    np.testing.assert_allclose(back.translation_m, track.translation_m, atol=1e-6)
    assert (back.valid == track.valid).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("time_s,pitch_deg\n0,1\n", "lacks"),
        ("time_s,pitch_deg,yaw_deg,roll_deg,x_m,y_m,z_m\n0,0,0,0,0,0,0\n1,nan,0,0,0,0,0\n", "finite"),
        ("time_s,pitch_deg,yaw_deg,roll_deg,x_m,y_m,z_m\n0,0,0,0,0,0,0\n1,1e300,0,0,0,0,0\n", "finite"),
        ("time_s,pitch_deg,yaw_deg,roll_deg,x_m,y_m,z_m\n1,0,0,0,0,0,0\n1,0,0,0,0,0,0\n", "increasing"),
        ("time_s,pitch_deg,yaw_deg,roll_deg,x_m,y_m,z_m\n0,zero,0,0,0,0,0\n", "finite"),
        ("time_s,pitch_deg,yaw_deg,roll_deg,x_m,y_m,z_m\n0,0\n1,0\n", "finite"),
    ],
)
def test_bad_tables_are_refused(tmp_path, text, says):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(TableError, match=says):
        motion_csv.read_track(path)


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as temporary:
        temporary.write_text(f"half {1 / 0}")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_refused_with_a_remedy(tmp_path):
    with pytest.raises(OutputError, match="Choose a folder"), replacing(tmp_path / "no" / "a.csv"):
        pass


def test_interpolation_is_exact_at_samples_and_held_beyond():
    time_s = np.arange(10) / 25
    motion = HeadMotion(
        time_s,
        rot.from_rotvec(np.sin(time_s)[:, None] * [0.3, 0.1, 0.0]),
        np.cos(time_s)[:, None] * [0.01, 0, 0],
    )
    again = motion.at(time_s)
    np.testing.assert_allclose(again.rotation, motion.rotation, atol=1e-12)
    beyond = motion.at([-1.0, 5.0])
    np.testing.assert_allclose(beyond.rotation, motion.rotation[[0, -1]], atol=1e-12)

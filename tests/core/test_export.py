"""CSV and BVH, read back by our own table reader and by bvhio."""

from fractions import Fraction
from pathlib import Path

import bvhio
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mannerism.core import rotation as rot
from mannerism.core.errors import MissingPartError, OutputError
from mannerism.core.export import export_motion, fbx
from mannerism.core.export.fbx import FbxWriter, write_fbx
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import read_motion
from mannerism.core.timing import FrameRate
from mannerism.core.types import Array

NTSC = FrameRate(Fraction(30000, 1001))


def nodding(seconds: float = 1.0) -> HeadMotion:
    time_s = np.arange(0, seconds + 1e-9, 0.04)
    wave = np.sin(2 * np.pi * time_s)
    rotation = rot.from_euler(0.3 * wave, 0.5 * np.sin(5 * time_s), 0.1 * wave)
    return HeadMotion(time_s, rot.continuous(rotation), 0.02 * np.outer(wave, [1.0, -0.5, 0.25]))


def read_bvh(path: Path) -> tuple[Array, Array, float, int]:
    """Head rotation against its rest in the world, root position in cm, frame time, frames."""
    file = bvhio.readAsBvh(str(path))
    root = bvhio.readAsHierarchy(str(path))
    head = root.filter("Head")[0]
    root.loadRestPose()
    rest = _wxyz(head.RotationWorld)
    rotations, positions = [], []
    for frame in range(file.FrameCount):
        root.loadPose(frame)
        rotations.append(rot.multiply(_wxyz(head.RotationWorld), rot.inverse(rest)))
        positions.append(tuple(root.PositionWorld))
    return np.array(rotations), np.array(positions), file.FrameTime, file.FrameCount


def _wxyz(q) -> Array:
    return np.array([q.w, q.x, q.y, q.z])


def test_csv_rows_are_uniform_and_end_inside_the_motion(tmp_path):
    motion = nodding()
    export_motion(tmp_path / "a.csv", motion, FrameRate(Fraction(24)))
    back = read_motion(tmp_path / "a.csv")
    assert np.allclose(back.time_s, np.arange(25) / 24, atol=1e-6)
    assert np.degrees(rot.angle_between(back.rotation, motion.at(back.time_s).rotation)).max() < 1e-4
    export_motion(tmp_path / "b.CSV", motion, NTSC)
    assert read_motion(tmp_path / "b.CSV").time_s[-1] == pytest.approx(29 * 1001 / 30000, abs=1e-6)


def test_bvh_head_turns_in_the_world_as_the_csv_row_says(tmp_path):
    motion = nodding()
    for name in ("a.bvh", "a.csv"):
        export_motion(tmp_path / name, motion, NTSC)
    rotation, position_cm, frame_time, frames = read_bvh(tmp_path / "a.bvh")
    row = read_motion(tmp_path / "a.csv")
    assert frames == len(row.time_s) == 30
    assert frame_time == pytest.approx(1001 / 30000, abs=5e-10)
    assert np.degrees(rot.angle_between(rotation, row.rotation)).max() < 0.001
    assert np.abs(position_cm / 100 - row.translation_m).max() < 1e-6


def test_bvh_known_angles_land_in_their_channels(tmp_path):
    time_s = np.array([0.0, 1.0])
    turn = rot.from_euler(0.0, np.radians([0.0, 20.0]), 0.0)
    export_motion(tmp_path / "a.bvh", HeadMotion(time_s, turn, np.zeros((2, 3))), FrameRate(Fraction(1)))
    text = (tmp_path / "a.bvh").read_text()
    assert "ROOT Root" in text
    assert "CHANNELS 6 Xposition Yposition Zposition Yrotation Xrotation Zrotation" in text
    last = [float(word) for word in text.splitlines()[-1].split()]
    assert last == pytest.approx([0.0] * 6 + [6.0, 0.0, 0.0] + [14.0, 0.0, 0.0], abs=1e-5)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.tuples(*[st.floats(-1.5, 1.5)] * 3, *[st.floats(-0.2, 0.2)] * 3), min_size=2, max_size=8
    )
)
def test_bvh_of_any_motion_reads_back(tmp_path, values):
    values = np.array(values)
    motion = HeadMotion(
        np.arange(len(values)) / 30.0, rot.continuous(rot.from_rotvec(values[:, :3])), values[:, 3:]
    )
    export_motion(tmp_path / "any.bvh", motion, FrameRate(Fraction(30)))
    rotation, position_cm, _, frames = read_bvh(tmp_path / "any.bvh")
    assert frames == len(values)
    assert np.degrees(rot.angle_between(rotation, motion.rotation)).max() < 0.01
    assert np.abs(position_cm / 100 - motion.translation_m).max() < 1e-4


def test_a_motion_of_one_sample_makes_one_row(tmp_path):
    still = HeadMotion(np.zeros(1), rot.IDENTITY[None], np.zeros((1, 3)))
    export_motion(tmp_path / "a.bvh", still, FrameRate(Fraction(30)))
    assert "Frames: 1\n" in (tmp_path / "a.bvh").read_text()


def test_unknown_suffix_names_those_that_work(tmp_path):
    with pytest.raises(OutputError, match=r"\.bvh, \.fbx, \.csv"):
        export_motion(tmp_path / "a.mov", nodding(), NTSC)
    assert not list(tmp_path.iterdir())


def test_fbx_without_blender_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(fbx, "find_spec", lambda _: None)
    with pytest.raises(MissingPartError, match="pip install bpy"):
        write_fbx(tmp_path / "a.fbx", nodding(), NTSC)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".csv", ".bvh", ".fbx"])
def test_a_folder_that_takes_no_file_is_refused(tmp_path, suffix):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="folder that exists"):
        export_motion(tmp_path / "file" / f"a{suffix}", nodding(), NTSC)


def test_fbx_child_that_fails_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(fbx, "__package__", "nowhere.core.export")
    with pytest.raises(OutputError, match=r"failed: .*nowhere"), FbxWriter() as writer:
        writer.write(tmp_path / "a.fbx", nodding(), NTSC)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_fbx_child_that_hangs_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(fbx, "TIMEOUT_S", 0.01)
    with pytest.raises(OutputError, match="did not end"), FbxWriter() as writer:
        writer.write(tmp_path / "a.fbx", nodding(), NTSC)
    assert not list(tmp_path.iterdir())

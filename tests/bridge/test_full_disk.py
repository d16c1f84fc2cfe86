"""A disk that fills up while a file is written: a refusal with a remedy, and nothing half-written."""

import sys
import tempfile

import bpy
import numpy as np
import pytest

from mannerism.bridge.fbx import export_fbx
from mannerism.core import rotation as rot
from mannerism.core.errors import OutputError
from mannerism.core.export import FORMATS, export_motion
from mannerism.core.export.fbx import FbxWriter
from mannerism.core.motion import HeadMotion, HeadPoseTrack
from mannerism.core.motion_csv import write_track
from mannerism.core.motion_npz import save_motion
from mannerism.core.style import STATISTICS, Style, write_style
from mannerism.core.timing import FrameRate
from mannerism.core.worker.client import Worker
from mannerism.tests.support.small_disk import small_disk_in

SIZE = 64 << 10

RNG = np.random.default_rng(0)
TIME_S = np.arange(3000) / 25
ROTATION = rot.from_euler(*RNG.normal(0, 0.2, (3, 3000)))
MOTION = HeadMotion(TIME_S, ROTATION, RNG.normal(0, 0.01, (3000, 3)))
RATE = FrameRate.of(30, 1.0, 0.0)


@pytest.fixture
def disk(tmp_path):
    """A disk of 64 KiB."""
    with small_disk_in(tmp_path, SIZE) as disk:
        yield disk


def style(path):
    motion = RNG.normal(0, 0.1, (750, 6))
    write_style(path, Style(dict.fromkeys(STATISTICS, 0.5), 9.0, 0.5, motion=motion))


def track(path):
    write_track(path, HeadPoseTrack(TIME_S, ROTATION, MOTION.translation_m, np.ones(3000, bool)))


def track_with_much_to_say(path):
    """The table fits, what describes it does not."""
    few = slice(0, 100)
    meta = {"warnings": ["w" * SIZE]}
    write_track(
        path,
        HeadPoseTrack(TIME_S[few], ROTATION[few], MOTION.translation_m[few], np.ones(100, bool), meta),
    )


def export(path):
    export_motion(path, MOTION, RATE)


WRITERS = {
    "a.style.json": style,
    "track.csv": track,
    "talkative.csv": track_with_much_to_say,
    "a.npz": lambda path: save_motion(path, MOTION),
    **{f"motion{suffix}": export for suffix in FORMATS},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("there", [False, True])
def test_nothing_is_half_written(disk, name, there):
    path = disk / name
    if there:
        path.write_text("what was there before")
    with pytest.raises(OutputError, match="No space left on device") as caught:
        WRITERS[name](path)
    assert "\n" not in str(caught.value)
    assert "Free some space" in caught.value.remedy
    assert [found.name for found in disk.iterdir()] == [name] * there
    assert not there or path.read_text() == "what was there before"


@pytest.mark.slow
def test_blenders_own_exporter(disk):
    scenes = len(bpy.data.scenes)
    with pytest.raises(OutputError, match="No space left on device") as caught:
        export_fbx(disk / "a.fbx", MOTION, RATE)
    assert "\n" not in str(caught.value)
    assert "free space" in caught.value.remedy
    assert list(disk.iterdir()) == []
    assert len(bpy.data.scenes) == scenes


def test_no_room_for_what_a_worker_writes(disk, monkeypatch, tmp_path):
    """FBX goes through a temporary folder; the file's own has room enough."""
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    (disk / "other").write_bytes(bytes(SIZE // 2))
    with FbxWriter() as writer, pytest.raises(OutputError, match="No space left on device") as caught:
        writer.write(tmp_path / "a.fbx", MOTION, RATE)
    assert "\n" not in str(caught.value)
    assert [path.name for path in disk.iterdir()] == ["other"]
    assert not (tmp_path / "a.fbx").exists()


def test_no_room_for_a_temporary_folder(disk, monkeypatch):
    """Python tries a folder by writing to it."""
    fill(disk / "other")
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(disk)])
    with pytest.raises(OutputError, match="no room for temporary files") as caught:
        Worker([sys.executable])
    assert "Free some space" in caught.value.remedy


def fill(path):
    with path.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(bytes(1024))

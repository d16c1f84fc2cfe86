"""Exports and videos never take the place of a file that the scene reads."""

import os
from typing import Any

import numpy as np
import pytest

from mannerism.bridge.input_files import refuse_input_file
from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.core.errors import OutputError
from mannerism.core.motion import HeadMotion
from mannerism.tools.synthetic.characters import bust

bpy = pytest.importorskip("bpy")


@pytest.fixture
def ada(extension) -> Any:
    """A character with one take."""
    obj = bust()
    time_s = np.arange(31) / 30
    turn = 0.2 * np.sin(time_s)
    motion = HeadMotion(time_s, rot.from_euler(turn, 0 * turn, 0 * turn), np.zeros((31, 3)))
    add_take(obj, motion, line="line", seed=1, start_frame=1)
    bpy.context.view_layer.objects.active = obj
    return obj


def test_a_recording_is_not_overwritten_by_an_export(ada, tmp_path):
    recording = tmp_path / "take ü.bvh"
    recording.write_text("the recording")
    ada.mannerism.reference = str(recording)
    with pytest.raises(RuntimeError, match="would be overwritten"):
        bpy.ops.mannerism.export_bvh(filepath=str(recording))
    assert recording.read_text() == "the recording"
    assert bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "other.bvh")) == {"FINISHED"}


@pytest.mark.parametrize("how", ["linked", "hard", "letter case", "relative"])
def test_through_links_and_twins(ada, tmp_path, how):
    recording = tmp_path / "take.csv"
    recording.write_text("the recording")
    ada.mannerism.audio = str(recording)
    other = {
        "linked": tmp_path / "link.csv",
        "hard": tmp_path / "hard.csv",
        "letter case": tmp_path / "TAKE.csv",
        "relative": tmp_path / "x" / ".." / "take.csv",
    }[how]
    if how == "linked":
        other.symlink_to(recording)
    elif how == "hard":
        os.link(recording, other)
    with pytest.raises(RuntimeError, match="would be overwritten"):
        bpy.ops.mannerism.export_csv(filepath=str(other))
    assert recording.read_text() == "the recording"


@pytest.mark.parametrize("what", ["line", "sound", "image", "file", "motion"])
def test_everything_that_is_read_counts(ada, tmp_path, what):
    path = tmp_path / ("scene.blend" if what == "file" else f"{what}.wav")
    path.write_bytes(b"RIFF")
    scene: Any = bpy.context.scene
    if what == "line":
        scene.mannerism.lines.add().audio = str(path)
    elif what == "sound":
        bpy.data.sounds.load(str(path))
    elif what == "image":
        bpy.data.images.new("picture", 4, 4).filepath = str(path)
        bpy.data.images["picture"].source = "FILE"
    elif what == "motion":
        ada.mannerism.portrait.motion_file = str(path)
    else:
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
    with pytest.raises(OutputError, match="would be overwritten"):
        refuse_input_file(path)
    refuse_input_file(tmp_path / "new.wav")

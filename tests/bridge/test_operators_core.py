"""What the operators make, through a real worker, is what the library makes."""

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mannerism.bridge import settings, takes, worker
from mannerism.core.export.bvh import write_bvh
from mannerism.core.export.csv_table import write_csv
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import read_track, write_motion
from mannerism.core.rotation import continuous, from_euler
from mannerism.core.speech import extract_features
from mannerism.core.style import encode_style, read_style
from mannerism.core.timing import FrameRate
from mannerism.tests.support.paths import EXAMPLES

bpy = pytest.importorskip("bpy")

LINE = EXAMPLES / "line_1.wav"
RATE = FrameRate(Fraction(30000, 1001))


@pytest.fixture
def character(extension, monkeypatch, tmp_path):
    """A plain object at 29.97 frames a second, and a track to take a style from."""
    monkeypatch.setattr(worker, "command", lambda: [sys.executable, "-s", str(worker.BOOT)])
    monkeypatch.setattr("mannerism.operators.encode_style.style_folder", lambda: tmp_path)
    time_s = np.arange(250) / 25
    noise = np.cumsum(np.random.default_rng(0).normal(0, 0.01, (250, 3)), axis=0)
    pitch, yaw, roll = (noise - noise.mean(axis=0)).T
    rotation = continuous(from_euler(pitch, yaw, roll))
    write_motion(tmp_path / "track.csv", HeadMotion(time_s, rotation, np.zeros((250, 3))))
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 30, 1.001
    obj = bpy.data.objects.new("Ada", None)
    scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    settings.character(obj).reference = str(tmp_path / "track.csv")
    settings.character(obj).audio = str(LINE)
    return obj


def test_style_take_and_files(character, tmp_path):
    assert bpy.ops.mannerism.encode_style() == {"FINISHED"}
    style = read_style(Path(character.mannerism.style))
    own = encode_style(read_track(tmp_path / "track.csv"), None)
    assert style.statistics == own.statistics
    assert style.confidence == own.confidence

    assert bpy.ops.mannerism.generate() == {"FINISHED"}
    made = takes.stored_motion(takes.active_layer(character))
    speech = extract_features(LINE)
    motion = generate(style, speech, GenerationSettings(character.mannerism.seed))
    np.testing.assert_array_equal(made.rotation, motion.rotation)
    np.testing.assert_array_equal(made.translation_m, motion.translation_m)

    bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "by operator.bvh"))
    write_bvh(tmp_path / "by core.bvh", motion, RATE)
    assert (tmp_path / "by operator.bvh").read_bytes() == (tmp_path / "by core.bvh").read_bytes()

    bpy.ops.mannerism.add_lines(filepath=str(LINE))
    lines = bpy.context.scene.mannerism
    lines.target, lines.folder = "CSV", str(tmp_path)
    assert bpy.ops.mannerism.generate_many() == {"FINISHED"}
    write_csv(tmp_path / "by core.csv", motion, RATE)
    assert (tmp_path / "line_1.csv").read_bytes() == (tmp_path / "by core.csv").read_bytes()

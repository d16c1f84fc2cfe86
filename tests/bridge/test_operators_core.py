"""What the operators make, through a real worker, is what `import mannerism` makes."""

import sys
from fractions import Fraction

import numpy as np
import pytest

import mannerism
from mannerism.bridge import settings, style_files, takes, worker
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import write_motion
from mannerism.core.rotation import continuous, from_euler
from mannerism.core.timing import FrameRate
from mannerism.tests.support.paths import EXAMPLES

bpy = pytest.importorskip("bpy")

LINE = EXAMPLES / "line_1.wav"
RATE = FrameRate(Fraction(30000, 1001))


@pytest.fixture
def character(extension, monkeypatch, tmp_path):
    """A plain object at 29.97 frames a second, and a track to take a style from."""
    monkeypatch.setattr(worker, "command", lambda: [sys.executable, "-s", str(worker.BOOT)])
    monkeypatch.setattr(style_files, "style_folder", lambda: tmp_path)
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


def mannerism_rows(path):
    """Centimetres and degrees (T, 12) of a file of ours."""
    lines = path.read_text().splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("Frame Time")) + 1
    return np.array([line.split() for line in lines[first:]], float)


@pytest.mark.slow
def test_style_take_and_files(character, tmp_path):
    assert bpy.ops.mannerism.encode_style() == {"FINISHED"}
    style = mannerism.read_style(character.mannerism.style)
    own = mannerism.encode_style(tmp_path / "track.csv")
    assert style.statistics == own.statistics
    assert style.confidence == own.confidence

    assert bpy.ops.mannerism.generate() == {"FINISHED"}
    made = takes.stored_motion(takes.active_layer(character))
    motion = mannerism.generate(style, LINE, seed=character.mannerism.seed)
    np.testing.assert_array_equal(made.rotation, motion.rotation)
    np.testing.assert_array_equal(made.translation_m, motion.translation_m)

    bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "as it is.bvh"))
    bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "by operator.bvh"), as_generated=True)
    mannerism.export(tmp_path / "by door.bvh", motion, RATE)
    assert (tmp_path / "by operator.bvh").read_bytes() == (tmp_path / "by door.bvh").read_bytes()
    bpy.ops.mannerism.export_usda(filepath=str(tmp_path / "op.usda"), as_generated=True, preset="unreal")
    mannerism.export(tmp_path / "door.usda", motion, RATE, preset="unreal")
    assert (tmp_path / "op.usda").read_bytes() == (tmp_path / "door.usda").read_bytes()
    shown, generated = (mannerism_rows(tmp_path / f"{name}.bvh") for name in ("as it is", "by door"))
    assert len(shown) - len(generated) in {0, 1}, "the layer ends at a whole frame"
    away = np.abs(shown[: len(generated)] - generated)
    assert away[:, 3:].max() < 0.01
    assert away[:, :3].max() < 0.01

    bpy.ops.mannerism.add_lines(filepath=str(LINE))
    lines = bpy.context.scene.mannerism
    lines.target, lines.folder = "CSV", str(tmp_path)
    assert bpy.ops.mannerism.generate_many() == {"FINISHED"}
    mannerism.export(tmp_path / "by door.csv", motion, RATE)
    assert (tmp_path / "line_1.csv").read_bytes() == (tmp_path / "by door.csv").read_bytes()


def test_a_blend(character):
    character.mannerism.style, character.mannerism.second_style = "calm", "lively"
    character.mannerism.mix = 0.25
    assert bpy.ops.mannerism.blend_styles() == {"FINISHED"}
    blended = mannerism.read_style(character.mannerism.style)
    assert blended.statistics == mannerism.blend("calm", "lively", 0.25).statistics


@pytest.mark.slow
def test_a_face(character):
    scene = bpy.context.scene
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    head = bpy.data.objects.new("Face", mesh)
    scene.collection.objects.link(head)
    head.parent = character
    for name in ("Basis", "jawOpen", "browInnerUp"):
        head.shape_key_add(name=name).value = 0.0
    assert bpy.ops.mannerism.generate_face() == {"FINISHED"}
    curves = mannerism.face(LINE, seed=character.mannerism.seed)
    start = mesh.shape_keys.animation_data.nla_tracks[-1].strips[0].frame_start
    for frame in range(int(start) + 10, int(start) + 140, 7):
        scene.frame_set(frame)
        for name in ("jawOpen", "browInnerUp"):
            expected = np.interp((frame - start) / float(RATE.fps), curves.time_s, curves.channels[name])
            assert mesh.shape_keys.key_blocks[name].value == pytest.approx(expected, abs=0.01)

"""Built-in styles and blends in the sidebar: chosen by name, saved as files, one step of undo."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mannerism.bridge import settings, worker
from mannerism.core.errors import StyleError
from mannerism.core.style import blend, built_in_styles, read_style, write_style
from mannerism.core.style.built_in import FOLDER
from mannerism.operators.blend_styles import MANNERISM_OT_blend_styles
from mannerism.tests.support.paths import EXAMPLES

bpy = pytest.importorskip("bpy")


@pytest.fixture
def obj(extension, monkeypatch, tmp_path) -> Any:
    monkeypatch.setattr("mannerism.bridge.style_files.style_folder", lambda: tmp_path)
    made = bpy.data.objects.new("Ada", None)
    bpy.context.scene.collection.objects.link(made)
    bpy.context.view_layer.objects.active = made
    return made


def ada(folder):
    """A file of somebody's own."""
    path = folder / "Ada ü日本.style.json"
    write_style(path, built_in_styles()["tilting"])
    return path


def test_a_new_character_has_a_style(obj):
    assert obj.mannerism.style in built_in_styles()
    assert Path(settings.manner(obj)["style"]).is_file()


def test_each_built_in_style_can_be_chosen(obj):
    for name in built_in_styles():
        assert bpy.ops.mannerism.choose_built_in(name=name) == {"FINISHED"}
        assert obj.mannerism.style == name
        assert Path(settings.manner(obj)["style"]) == FOLDER / f"{name}.style.json"
    assert bpy.ops.mannerism.choose_built_in(name="still", field="second_style") == {"FINISHED"}
    assert (obj.mannerism.style, obj.mannerism.second_style) == (name, "still")


def test_a_name_that_nothing_has_is_refused_with_those_there_are(obj):
    obj.mannerism.style = "clam"
    with pytest.raises(StyleError, match="calm"):
        settings.manner(obj)


def test_a_blend_is_a_file_of_its_own_and_the_character_s_style(obj, tmp_path):
    path = ada(tmp_path)
    before = path.read_bytes()
    for number in ("", " 2"):
        obj.mannerism.style, obj.mannerism.second_style, obj.mannerism.mix = str(path), "calm", 0.4
        assert bpy.ops.mannerism.blend_styles() == {"FINISHED"}
        assert Path(obj.mannerism.style) == tmp_path / f"Ada ü日本 + calm 40{number}.style.json"
        made = read_style(Path(obj.mannerism.style))
        expected = blend(read_style(path), built_in_styles()["calm"], obj.mannerism.mix)
        assert made.statistics == expected.statistics
    assert path.read_bytes() == before


def test_blends_of_blends_have_names(obj, tmp_path):
    obj.mannerism.style, obj.mannerism.second_style = str(ada(tmp_path)), "thoughtful pauses"
    for count in range(2, 6):
        assert bpy.ops.mannerism.blend_styles() == {"FINISHED"}
        assert len(list(tmp_path.iterdir())) == count
        assert len(Path(obj.mannerism.style).name.encode()) < 255


def test_a_blend_is_one_step_of_undo(obj, tmp_path):
    obj.mannerism.style, obj.mannerism.second_style = "still", "lively"
    bpy.ops.ed.undo_push(message="The animator's work")
    # With undo, as a button calls it; from a script alone operators push no step.
    assert bpy.ops.mannerism.blend_styles("EXEC_DEFAULT", True) == {"FINISHED"}
    made = bpy.data.objects["Ada"].mannerism.style
    assert made == str(tmp_path / "still + lively 50.style.json")
    for step, style in ((bpy.ops.ed.undo, "still"), (bpy.ops.ed.redo, made)):
        step()
        assert bpy.data.objects["Ada"].mannerism.style == style


def test_a_greyed_out_blend_says_what_is_missing(obj):
    reason = MANNERISM_OT_blend_styles.disabled_reason
    obj.mannerism.style = ""
    assert reason(bpy.context) == "Encode or choose a style first"
    obj.mannerism.style = "calm"
    assert reason(bpy.context) == "Choose a second style first"
    assert not bpy.ops.mannerism.blend_styles.poll()
    obj.mannerism.second_style = "still"
    assert bpy.ops.mannerism.blend_styles.poll()


@pytest.mark.parametrize("second", ["clam", "/absent/ada.style.json"])
def test_what_cannot_be_blended_leaves_no_file(obj, tmp_path, second):
    obj.mannerism.style, obj.mannerism.second_style = "calm", second
    with pytest.raises(RuntimeError, match=Path(second).stem.split(".")[0]):
        bpy.ops.mannerism.blend_styles()
    assert obj.mannerism.style == "calm"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_built_in_style_moves_a_character(obj, monkeypatch):
    pytest.importorskip("parselmouth")
    monkeypatch.setattr(worker, "command", lambda: [sys.executable, "-s", str(worker.BOOT)])
    obj.mannerism.audio = str(EXAMPLES / "line_1.wav")
    obj.mannerism.engine = "puppet"
    bpy.ops.mannerism.choose_built_in(name="lively")
    assert bpy.ops.mannerism.generate() == {"FINISHED"}
    bpy.context.scene.frame_set(bpy.context.scene.frame_start + 30)
    turned = obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).matrix_world.to_euler()
    assert np.abs(turned).max() > 1e-3
    obj.mannerism.engine = "replay"
    with pytest.raises(RuntimeError, match="recorded motion"):
        bpy.ops.mannerism.generate()

"""The list of styles: built-in ones and files, renamed, exported, imported and deleted, with undo."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mannerism.bridge import file_moves, style_files, style_list
from mannerism.core.style import built_in_styles, read_style, write_style
from mannerism.core.style.built_in import built_in_path
from mannerism.core.style.picture import picture, summary

bpy = pytest.importorskip("bpy")


@pytest.fixture
def obj(extension, monkeypatch, tmp_path) -> Any:
    monkeypatch.setattr(style_files, "style_folder", lambda **_: tmp_path)
    made = bpy.data.objects.new("Ada", None)
    bpy.context.scene.collection.objects.link(made)
    bpy.context.view_layer.objects.active = made
    yield made
    style_list.styles.close()


def own(folder, name="Grace ü日本"):
    path = folder / f"{name}{style_files.SUFFIX}"
    write_style(path, built_in_styles()["tilting"])
    return path


def keys(obj):
    return [key for key, *_ in style_list.style_items(obj.mannerism, bpy.context)]


def test_built_in_ones_come_before_files(obj, tmp_path):
    path = own(tmp_path)
    (tmp_path / "notes.json").write_text("{}")
    assert keys(obj) == [*built_in_styles(), str(path)]
    numbers = [number for *_, number in style_list.style_items(obj.mannerism, bpy.context)]
    assert numbers == list(range(len(numbers)))


def test_choosing_sets_the_field_and_the_field_is_what_is_chosen(obj, tmp_path):
    path = own(tmp_path)
    for key in ("lively", str(path)):
        obj.mannerism.chosen_style = key
        assert obj.mannerism.style == key
    obj.mannerism.style = "swaying"
    assert obj.mannerism.chosen_style == "swaying"
    obj.mannerism.style = str(path.parent / "." / path.name)
    assert obj.mannerism.chosen_style == str(path)


def test_a_style_of_another_folder_is_in_the_list(obj, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = own(elsewhere, "Zoe")
    obj.mannerism.style = str(path)
    assert obj.mannerism.chosen_style == str(path)
    obj.mannerism.style = "calm"
    assert obj.mannerism.chosen_style == "calm"


def test_the_list_is_made_once_while_nothing_changes(obj, tmp_path):
    own(tmp_path)
    first = style_list.style_items(obj.mannerism, bpy.context)
    assert style_list.style_items(obj.mannerism, bpy.context) is first
    own(tmp_path, "Another")
    assert len(style_list.style_items(obj.mannerism, bpy.context)) == len(first) + 1


def test_rename_takes_all_characters_along(obj, tmp_path):
    path = own(tmp_path)
    other = bpy.data.objects.new("Bob", None)
    obj.mannerism.style = other.mannerism.style = str(path)
    assert bpy.ops.mannerism.rename_style(name="Hopper") == {"FINISHED"}
    renamed = str(tmp_path / "Hopper.style.json")
    assert (obj.mannerism.style, other.mannerism.style) == (renamed, renamed)
    assert keys(obj)[-1] == renamed


@pytest.mark.parametrize("name", ["", "  ", "a/b", "../up", "c:d", "Taken"])
def test_a_name_that_cannot_be_changes_nothing(obj, tmp_path, name):
    path, taken = own(tmp_path), own(tmp_path, "Taken")
    content = taken.read_bytes()
    obj.mannerism.style = str(path)
    with pytest.raises(RuntimeError, match=r"no name for a file|another file of that name"):
        bpy.ops.mannerism.rename_style(name=name)
    assert path.is_file()
    assert obj.mannerism.style == str(path)
    assert taken.read_bytes() == content


def test_a_built_in_one_is_neither_renamed_nor_deleted(obj):
    for operator in ("rename_style", "delete_style"):
        with pytest.raises(RuntimeError, match="This style is built in"):
            getattr(bpy.ops.mannerism, operator)()


def test_export_and_import(obj, tmp_path):
    obj.mannerism.style = "lively"
    target = tmp_path / "there"
    target.mkdir()
    assert bpy.ops.mannerism.export_style(filepath=str(target / "Joy.json")) == {"FINISHED"}
    (exported,) = target.iterdir()
    assert exported.name == "Joy.style.json"
    assert exported.read_bytes() == built_in_path("lively").read_bytes()
    for name in ("Joy", "Joy 2"):  # a file is never replaced
        assert bpy.ops.mannerism.import_style(filepath=str(exported)) == {"FINISHED"}
        assert obj.mannerism.style == str(tmp_path / f"{name}.style.json")
        assert Path(obj.mannerism.style).read_bytes() == exported.read_bytes()
    shutil.copy(__file__, target / "no.style.json")
    with pytest.raises(RuntimeError, match="is damaged or no style file"):
        bpy.ops.mannerism.import_style(filepath=str(target / "no.style.json"))
    with pytest.raises(RuntimeError, match="is the style itself"):
        bpy.ops.mannerism.export_style(filepath=obj.mannerism.style)


def test_undo_brings_files_back_and_redo_takes_them_away(obj, tmp_path):
    path = own(tmp_path)
    content = path.read_bytes()
    obj.mannerism.style = str(path)
    bpy.ops.ed.undo_push(message="The animator's work")
    assert bpy.ops.mannerism.rename_style("EXEC_DEFAULT", True, name="Hopper") == {"FINISHED"}
    assert bpy.ops.mannerism.delete_style("EXEC_DEFAULT", True) == {"FINISHED"}
    renamed, deleted = tmp_path / "Hopper.style.json", tmp_path / "deleted styles" / "Hopper.style.json"
    states = [(path, str(path)), (renamed, str(renamed)), (deleted, "calm")]
    for at, step in ((1, "undo"), (0, "undo"), (1, "redo"), (2, "redo")):
        getattr(bpy.ops.ed, step)()
        there, style = states[at]
        assert [each for each, _ in states if each.is_file()] == [there]
        assert there.read_bytes() == content
        assert bpy.data.objects["Ada"].mannerism.style == style


def test_undo_replaces_nothing(obj, tmp_path):
    path = own(tmp_path)
    obj.mannerism.style = str(path)
    bpy.ops.ed.undo_push(message="The animator's work")
    bpy.ops.mannerism.delete_style("EXEC_DEFAULT", True)
    path.write_text("somebody else's")
    bpy.ops.ed.undo()
    assert path.read_text() == "somebody else's"
    assert (tmp_path / "deleted styles" / path.name).is_file()
    file_moves.stop()
    file_moves.start()


def test_pictures_differ_and_are_the_same_each_time():
    pictures = {name: picture(style) for name, style in built_in_styles().items()}
    assert all(each.shape == (64, 64, 4) and each.dtype == np.uint8 for each in pictures.values())
    assert len({each.tobytes() for each in pictures.values()}) == len(pictures)
    assert np.array_equal(pictures["lively"], picture(built_in_styles()["lively"]))
    gold = [np.sum(np.all(each[..., :3] == (240, 190, 80), axis=-1)) for each in pictures.values()]
    assert min(gold) > 20
    assert "nods a minute" in summary(built_in_styles()["small nods"])


def test_larger_motion_is_a_larger_picture():
    def wide(name):
        drawn = np.all(picture(built_in_styles()[name])[..., :3] == (240, 190, 80), axis=-1)
        return int(np.ptp(np.flatnonzero(drawn.any(axis=0)))), int(np.ptp(np.flatnonzero(drawn.any(axis=1))))

    assert wide("looking around")[0] > 2 * wide("small nods")[0]
    assert wide("emphatic nods")[1] > 1.5 * wide("calm")[1]


@pytest.mark.slow
def test_a_style_of_an_animated_head(obj, tmp_path):
    """A nod of 6 degrees at 1 Hz, keyed by hand, is what the style holds."""
    scene = bpy.context.scene
    scene.render.fps, scene.frame_start, scene.frame_end = 24, 11, 11 + 24 * 12
    obj.rotation_mode = "XYZ"
    for frame in range(11, 12 + 24 * 12):
        obj.rotation_euler = (np.radians(6) * np.sin(2 * np.pi * (frame - 11) / 24), 0, 0)
        obj.keyframe_insert("rotation_euler", frame=frame)
    assert bpy.ops.mannerism.encode_scene() == {"FINISHED"}
    path = Path(obj.mannerism.style)
    assert path == tmp_path / "Ada animated.style.json"
    motion = read_style(path).motion
    assert motion is not None
    assert np.degrees(np.ptp(motion[:, 0])) == pytest.approx(12.0, abs=0.5)
    assert np.degrees(np.ptp(motion[:, 1])) < 0.5
    scene.frame_end = 24 * 600
    with pytest.raises(RuntimeError, match="Set a preview range"):
        bpy.ops.mannerism.encode_scene()


def test_the_picture_of_the_characters_own_style_is_drawn_first(obj, tmp_path):
    """Where many are listed, the one on view is not the last to appear."""
    styles = style_list.styles
    styles._waiting = ["calm", "lively", str(own(tmp_path)), "still"]
    styles._draw_first(str(tmp_path / "." / f"Grace ü日本{style_files.SUFFIX}"))
    assert styles._waiting == [str(tmp_path / f"Grace ü日本{style_files.SUFFIX}"), "calm", "lively", "still"]
    styles._draw_first("elsewhere")
    assert styles._waiting[1:] == ["calm", "lively", "still"]

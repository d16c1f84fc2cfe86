"""Files that are dropped on the viewport: which handlers take them, and what they do."""

from types import SimpleNamespace
from typing import Any

import pytest

from mannerism.bridge import operator_ids
from mannerism.operators import drop, open_or_drop
from mannerism.tests.support.paths import EXAMPLES

bpy = pytest.importorskip("bpy")
HANDLERS: Any = [cls for cls in drop.CLASSES if issubclass(cls, bpy.types.FileHandler)]


@pytest.fixture
def obj(extension) -> Any:
    made = bpy.data.objects.new("Ada", None)
    bpy.context.scene.collection.objects.link(made)
    bpy.context.view_layer.objects.active = made
    return made


def drop_on(operator, *paths):
    """As Blender calls the operator of a handler."""
    names = [{"name": path.name} for path in paths]
    files = {"directory": f"{paths[0].parent}/", "files": names} if operator == "add_lines" else {}
    return getattr(bpy.ops.mannerism, operator)("INVOKE_DEFAULT", filepath=str(paths[0]), **files)


@pytest.mark.parametrize(
    ("suffix", "labels"),
    [
        (".wav", {"Use as Speech", "Add to Batch"}),
        (".mp4", {"Use as Speech", "Use as Reference", "Add to Batch"}),
        (".json", {"Use as Style"}),
        (".csv", {"Use as Reference", "Add as Layer", "Add to Batch"}),
        (".bvh", {"Use as Reference"}),
        (".jsonl", {"Add to Batch"}),
        (".blend", set()),
    ],
)
def test_what_blender_offers(suffix, labels):
    offered = {each.bl_label for each in HANDLERS if suffix in each.bl_file_extensions.split(";")}
    assert offered == labels


def test_each_handler_names_an_operator_there_is(extension):
    assert len(HANDLERS) == 5
    for handler in HANDLERS:
        assert hasattr(bpy.types, handler.bl_idname)
        room, _, name = handler.bl_import_operator.partition(".")
        assert getattr(getattr(bpy.ops, room), name).idname_py() == handler.bl_import_operator


@pytest.mark.parametrize(
    ("field", "name"), [("audio", "line_1.wav"), ("audio", "reference.mp4"), ("reference", "reference.mp4")]
)
def test_a_dropped_file_is_the_field(obj, field, name):
    obj.mannerism.source = "SPEAKER"
    assert drop_on(f"drop_{field}", EXAMPLES / name) == {"FINISHED"}
    assert getattr(obj.mannerism, field) == str(EXAMPLES / name)
    assert (obj.mannerism.source == "FILE") is (field == "audio")


def test_sounds_become_lines(obj):
    assert drop_on("add_lines", EXAMPLES / "line_1.wav", EXAMPLES / "line_2.wav") == {"FINISHED"}
    lines = bpy.context.scene.mannerism.lines
    assert [line.audio for line in lines] == [str(EXAMPLES / f"line_{at}.wav") for at in (1, 2)]


@pytest.mark.parametrize("field", ["audio", "reference", "style"])
def test_another_kind_of_file_changes_nothing(obj, tmp_path, field):
    path = tmp_path / "notes.txt"
    path.write_text("no")
    before = getattr(obj.mannerism, field)
    with pytest.raises(RuntimeError, match="is none of"):
        drop_on(f"drop_{field}", path)
    with pytest.raises(RuntimeError, match="Drop such a file"):
        drop_on(f"drop_{field}", tmp_path / "absent.wav")
    assert getattr(obj.mannerism, field) == before


@pytest.mark.parametrize(("area", "takes"), [("VIEW_3D", True), ("SEQUENCE_EDITOR", False), (None, False)])
def test_only_on_the_viewport_of_a_character(obj, area, takes):
    where = SimpleNamespace(type=area) if area else None
    context = SimpleNamespace(area=where, object=obj)
    assert all(handler.poll_drop(context) is takes for handler in HANDLERS)
    assert not any(handler.poll_drop(SimpleNamespace(area=where, object=None)) for handler in HANDLERS)


def test_the_button_opens_the_window_each_time(obj):
    """A path that Blender kept from the last time would be taken for a dropped one."""
    assert "SKIP_SAVE" in open_or_drop.OpenOrDrop.__annotations__["filepath"].keywords["options"]
    for operator in (operator_ids.ADD_LINES, operator_ids.IMPORT_MOTION):
        room, _, name = operator.partition(".")
        properties = getattr(getattr(bpy.ops, room), name).get_rna_type().properties
        assert properties["filepath"].is_skip_save

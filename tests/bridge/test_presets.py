"""Presets: settings of the motion among Blender's own, bones of a rig as a file."""

import json
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import pytest

from mannerism import panels
from mannerism.bridge.presets import MOTION
from mannerism.core.errors import SettingsError
from mannerism.core.rig.map_file import FORMAT, PickedBones, load_map, save_map
from mannerism.tests.support.recorded_layout import Layout
from mannerism.tools.synthetic.characters import bust

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.usefixtures("extension")


@pytest.fixture
def ada() -> Any:
    return bust()


def other() -> Any:
    obj: Any = bpy.data.objects.new("Grace", None)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    return obj


def test_a_preset_gives_another_character_the_same_motion_and_nothing_else(ada, preset_folder):
    chosen = ada.mannerism
    chosen.engine, chosen.intensity, chosen.personality, chosen.neck_share = "puppet", 0.6, 1.5, 0.45
    chosen.seed, chosen.audio = 77, "//line.wav"
    assert bpy.ops.mannerism.add_motion_preset(name="Tense ü日本") == {"FINISHED"}
    kept = list(preset_folder.glob("*.py"))
    assert len(kept) == 1
    obj = other()
    obj.mannerism.seed = 5
    assert bpy.ops.script.execute_preset(
        filepath=str(kept[0]), menu_idname="MANNERISM_PT_motion_presets"
    ) == {"FINISHED"}
    for name in MOTION:
        given, kept_as = (attrgetter(name)(character) for character in (obj.mannerism, chosen))
        assert given == kept_as, name
    assert (obj.mannerism.seed, obj.mannerism.audio) == (5, "")


def test_a_preset_is_never_overwritten_and_can_be_removed(ada, preset_folder):
    ada.mannerism.intensity = 0.6
    bpy.ops.mannerism.add_motion_preset(name="Calm down")
    path = next(preset_folder.glob("*.py"))
    before = path.read_text(encoding="utf-8")
    ada.mannerism.intensity = 1.4
    bpy.ops.mannerism.add_motion_preset(name="Calm down")
    if path.read_text(encoding="utf-8") != before:
        assert bpy.app.version < (5, 0), "Blender 4.5 asks the user for another name in the menu alone"
    assert bpy.ops.mannerism.add_motion_preset(name="Calm down", remove_name=True) == {"FINISHED"}
    assert not path.exists()


def test_the_header_of_the_panel_offers_them(ada):
    motion: Any = next(cls for cls in panels.CLASSES if cls.__name__ == "MANNERISM_PT_motion")
    layout = Layout()
    motion.draw_header_preset(SimpleNamespace(layout=layout), bpy.context)
    assert "MANNERISM_PT_motion_presets" in layout.text()


def test_without_an_object_the_buttons_are_grey():
    for name in ("add_motion_preset", "save_rig_map", "load_rig_map"):
        assert not getattr(bpy.ops.mannerism, name).poll()
    other()
    assert bpy.ops.mannerism.add_motion_preset.poll()
    assert not bpy.ops.mannerism.save_rig_map.poll()  # it has no bones


def test_picked_bones_come_back(ada, tmp_path):
    chosen = ada.mannerism
    chosen.head_bone, chosen.neck_bone, chosen.neck_share, chosen.translation = "head", "neck", 0.2, 0.5
    path = tmp_path / "bust ü.rig.json"
    assert bpy.ops.mannerism.save_rig_map(filepath=str(path)) == {"FINISHED"}
    for name in ("head_bone", "neck_bone", "neck_share", "translation"):
        chosen.property_unset(name)
    assert bpy.ops.mannerism.load_rig_map(filepath=str(path)) == {"FINISHED"}
    assert (chosen.head_bone, chosen.neck_bone) == ("head", "neck")
    assert chosen.neck_share == pytest.approx(0.2)
    assert chosen.translation == pytest.approx(0.5)


def test_a_head_that_was_found_is_named(ada, tmp_path):
    path = tmp_path / "found.rig.json"
    assert bpy.ops.mannerism.save_rig_map(filepath=str(path)) == {"FINISHED"}
    assert load_map(path).head == "head"
    assert load_map(path).neck == ""


def test_bones_that_this_rig_lacks_change_nothing(ada, tmp_path):
    path = tmp_path / "another.rig.json"
    save_map(path, PickedBones("Bip01 Head", "", "", 0.5, 1.0))
    ada.mannerism.head_bone = "head"
    with pytest.raises(RuntimeError, match="has no bone “Bip01 Head”"):
        bpy.ops.mannerism.load_rig_map(filepath=str(path))
    assert ada.mannerism.head_bone == "head"
    assert ada.mannerism.neck_share == pytest.approx(0.3)


GOOD = {
    "format": FORMAT,
    "version": 1,
    "head": "h",
    "neck": "",
    "upper_neck": "",
    "neck_share": 0.3,
    "translation": 1,
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 5000,
        json.dumps(GOOD | {"format": "mannerism face names"}),
        json.dumps(GOOD | {"version": 2}),
        json.dumps(GOOD | {"head": ""}),
        json.dumps(GOOD | {"head": 3}),
        json.dumps(GOOD | {"neck": None}),
        json.dumps(GOOD | {"upper_neck": "n" * 64}),
        json.dumps(GOOD | {"neck_share": 1.5}),
        json.dumps(GOOD | {"neck_share": True}),
        json.dumps(GOOD | {"translation": "1"}),
        json.dumps(GOOD).replace("0.3", "NaN"),
        json.dumps(GOOD)[:-1] + ', "head": "other"}',
        " " * 100_001,
    ],
)
def test_what_is_no_rig_map_is_refused(ada, tmp_path, text):
    path = tmp_path / "broken.rig.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="Save Rig Map"):
        load_map(path)
    with pytest.raises(RuntimeError, match=r"broken\.rig\.json"):
        bpy.ops.mannerism.load_rig_map(filepath=str(path))
    assert ada.mannerism.head_bone == ""


def test_a_good_one_is_read_and_no_file_or_binary_is_refused(tmp_path):
    path = tmp_path / "good.rig.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8-sig")
    assert load_map(path) == PickedBones("h", "", "", 0.3, 1.0)
    path.write_bytes(b"\xff\xfe\x00")
    for wrong in (path, tmp_path, tmp_path / "none.rig.json"):
        with pytest.raises(SettingsError):
            load_map(wrong)

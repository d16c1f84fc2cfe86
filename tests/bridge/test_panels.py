"""What the tab shows in each state, drawn on a layout that writes down what it is asked for."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from mannerism import panels
from mannerism.bridge import layer_watch, nla, shown, takes, worker
from mannerism.bridge.lines import add_lines
from mannerism.bridge.settings import sliders
from mannerism.core import rotation as rot
from mannerism.core.export import FORMATS
from mannerism.core.generate.settings import SLIDERS
from mannerism.core.motion import HeadMotion
from mannerism.operators import generate
from mannerism.tests.support.recorded_layout import Layout
from mannerism.tools.synthetic.characters import bust

bpy = pytest.importorskip("bpy")
CLASSES: Any = panels.CLASSES


def draw():
    """The text of all panels that Blender would show now."""
    context = bpy.context
    layout = Layout()
    for cls in CLASSES:
        popover = cls.__name__.endswith("_presets")  # draws a list that only Blender itself can
        if (
            issubclass(cls, bpy.types.Panel)
            and not popover
            and (not hasattr(cls, "poll") or cls.poll(context))
        ):
            cls.draw(SimpleNamespace(layout=layout), context)
    return layout.text()


def character() -> Any:
    obj = bpy.data.objects.new("Ada", None)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    return obj


def test_nothing_selected_says_what_to_do(extension):
    assert "Select an armature or an object" in draw()


def test_empty_fields_say_what_to_do(extension):
    character().mannerism.style = ""
    text = draw()
    for hint in ("Encode or choose a style", "Generate a take first"):
        assert hint in text
    bpy.context.object.mannerism.style = "calm"
    assert "Drop a sound on the viewport" in draw()
    bpy.context.object.mannerism.audio = "//line.wav"
    assert "Generate a take" in draw()


def test_buttons_name_what_they_act_on(extension):
    obj = character()
    obj.mannerism.reference = "//clips/Grace Hopper.mp4"
    obj.mannerism.seed = 41
    text = draw()
    for label in ("Generate for Ada", "Encode Style of Grace Hopper", "Next Take, #42"):
        assert label in text


def test_only_engines_that_know_a_personality_offer_it(extension):
    obj, layout = character(), Layout()
    panel = next(cls for cls in CLASSES if cls.__name__ == "MANNERISM_PT_motion")
    for engine, offered in (("puppet", True), ("replay", False)):
        obj.mannerism.engine = engine
        assert dict(sliders(obj)) == {"personality": offered, "voice": True, "intensity": True}
    panel.draw(SimpleNamespace(layout=layout), bpy.context)
    for name in SLIDERS:
        assert ("prop", obj.mannerism, name) in layout.drawn


def test_a_job_shows_its_progress(extension, monkeypatch):
    job = SimpleNamespace(label="Generate for Ada", share=0.25, what="hearing the voice")
    monkeypatch.setattr(worker, "running", lambda: job)
    text = draw()
    assert "progress | 0.25 | Generate for Ada: hearing the voice" in text
    assert "mannerism.cancel" in text


def test_nothing_jumps_when_a_job_begins(extension, monkeypatch):
    """The panel at the top has as many rows beside a job as without one."""
    character()

    def rows():
        layout = Layout()
        CLASSES[0].draw(SimpleNamespace(layout=layout), bpy.context)
        return sum(kind != "operator" for kind, *_ in layout.drawn)

    idle = rows()
    job = SimpleNamespace(label="Generate for Ada", share=0.25, what="hearing the voice")
    monkeypatch.setattr(worker, "running", lambda: job)
    assert rows() == idle


def test_layers_are_listed_and_the_animators_tracks_are_not(extension):
    obj = character()
    obj.animation_data_create().nla_tracks.new().name = "walk"
    time_s = np.arange(26) / 25
    motion = HeadMotion(time_s, rot.from_euler(0.1 * np.sin(time_s), 0.0, 0.0), np.zeros((26, 3)))
    layer = nla.add_layer(obj, motion, name="Mannerism: hello #3", start_frame=1)
    takes.keep_motion(obj, layer, motion)
    assert "template_list | MANNERISM_UL_layers" in draw()
    assert "label | Mannerism: hello #3" in draw()

    lister: Any = panels.layers.MANNERISM_UL_layers
    shown, _ = lister.filter_items(
        SimpleNamespace(bitflag_filter_item=1), bpy.context, obj.animation_data, ""
    )
    ours = [track.name for track, flag in zip(obj.animation_data.nla_tracks, shown, strict=True) if flag]
    assert ours == ["Mannerism: hello #3"]
    row = Layout()
    lister.draw_item(None, bpy.context, row, None, obj.animation_data.nla_tracks[-1], 0, None, "")
    assert "label | hello #3" in row.text()


@pytest.mark.parametrize(
    ("source", "field"), [("FILE", "audio_name"), ("SPEAKER", "speaker"), ("STRIP", "strip")]
)
def test_the_speech_is_asked_for_where_it_is(extension, source, field):
    obj = character()
    obj.mannerism.source = source
    text = draw()
    assert f"| {field} |" in text
    assert ("start" in text.split(f"| {field} |")[1].split("label")[0]) == (source != "STRIP")


def test_the_bones_that_were_found_are_told(extension):
    rig = bust()
    assert "Head: head · Neck: neck" in draw()
    rig.mannerism.head_bone = "nose"
    assert "has no bone “nose”" in draw()


def test_a_batch_shows_its_lines_and_what_failed(extension, tmp_path):
    character()
    assert "Add speech files with +" in draw()
    lines = bpy.context.scene.mannerism
    add_lines(lines, [tmp_path / "one.wav", tmp_path / "two.wav"])
    lines.lines[0].status, lines.lines[0].message = "FAILED", "It is silent"
    text = draw()
    for words in ("Generate 2 for Ada", "Retry 1", "label | It is silent | ERROR"):
        assert words in text
    row, lister = Layout(), cast("Any", panels.batch.MANNERISM_UL_lines)
    lister.draw_item(None, None, row, None, lines.lines[0], 0, None, "", 0)
    assert "label | one | ERROR" in row.text()


def test_the_file_menu_offers_each_format(extension):
    layout = Layout()
    panels.export.draw_file_menu(SimpleNamespace(layout=layout), bpy.context)
    offered = [entry[1] for entry in layout.drawn]
    assert offered[:3] == ["mannerism.export_bvh", "mannerism.export_fbx", "mannerism.export_csv"]
    assert offered[-3:] == [f"mannerism.export_character_{name}" for name in ("unreal", "unity", "gltf")]
    assert len(offered) == len(FORMATS) + 3


def test_without_a_python_for_the_worker_the_tab_says_so_before_anybody_generates(extension, monkeypatch):
    obj = character()
    obj.mannerism.audio = "//line.wav"
    assert "Choose Worker Python" not in draw()
    assert bpy.ops.mannerism.generate.poll()
    monkeypatch.setattr(worker, "lacks_python", lambda: True)
    assert "preferences.addon_show | Choose Worker Python" in draw()
    assert not bpy.ops.mannerism.generate.poll()
    assert "Worker Python" in generate.MANNERISM_OT_generate.disabled_reason(bpy.context)
    assert bpy.ops.mannerism.add_lines.poll(), "what needs no worker can be done"


def test_no_row_of_a_take_moves_when_something_is_wrong(extension, monkeypatch):
    obj, layout = character(), Layout()
    time_s = np.arange(26) / 25
    motion = HeadMotion(time_s, rot.from_euler(0.1 * np.sin(time_s), 0.0, 0.0), np.zeros((26, 3)))
    takes.add_take(obj, motion, line="hello", seed=3, start_frame=1)
    draw_layers: Any = panels.layers.MANNERISM_PT_layers.draw
    draw_layers(SimpleNamespace(layout=layout), bpy.context)
    assert "label | hello #3 | INFO" in layout.text()
    worse = Layout()
    monkeypatch.setattr(shown, "adding_up_on_show", lambda _obj: ["one", "two"])
    monkeypatch.setattr(layer_watch, "stale", lambda _obj: {"one": "Animation below changed"})
    draw_layers(SimpleNamespace(layout=worse), bpy.context)
    assert "label | 2 takes add up here (and 1 more) | ERROR" in worse.text()
    assert [kind for kind, *_ in worse.drawn] == [kind for kind, *_ in layout.drawn]

"""Presets with the shape of a take: given to another take at once, or to the next one."""

import json
import logging

import pytest

from mannerism.bridge import live, live_preset, takes
from mannerism.bridge.live_take import curves_of_all
from mannerism.core.generate.shape import SHAPE_DEFAULTS
from mannerism.tests.support.shaped_take import course, state, take

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.usefixtures("extension")

SHAPE = {"intensity": 0.5, "roll": 0.0, "smoothness": 0.25, "post_roll_s": 0.4, "neck_share": 0.75}


def kept(preset_folder, name="Tense"):
    assert bpy.ops.mannerism.add_motion_preset(name=name) == {"FINISHED"}
    return preset_folder / f"{name}.py"


def use(path):
    bpy.ops.script.execute_preset(filepath=str(path), menu_idname="MANNERISM_PT_motion_presets")


def test_another_take_gets_the_same_shape_and_back(preset_folder):
    obj, first = take()
    made = state(first)
    as_made = kept(preset_folder, "Plain")
    live.shape_take(obj, SHAPE)
    tense, shaped = kept(preset_folder), state(first)
    takes.add_take(obj, course(), line="hello", seed=2, start_frame=5.0)
    second = takes.active_action(obj)
    use(tense)
    assert live.values_of(second) == {**SHAPE_DEFAULTS, **SHAPE}
    assert state(second) == shaped
    use(as_made)
    assert live.values_of(second) == pytest.approx(SHAPE_DEFAULTS)
    assert state(second) == made
    assert state(first) == shaped


def test_where_there_is_no_take_the_next_one_gets_it(preset_folder):
    obj, _ = take()
    live.shape_take(obj, SHAPE)
    path = kept(preset_folder)
    bare = bpy.data.objects.new("Grace", None)
    bpy.context.scene.collection.objects.link(bare)
    bpy.context.view_layer.objects.active = bare
    use(path)
    waits = json.loads(bare.mannerism.shape.as_text)
    wanted = {**SHAPE_DEFAULTS, **SHAPE}
    del wanted["neck_share"]  # which the next take has from its own setting
    assert waits == pytest.approx(wanted)
    takes.add_take(bare, course(), line="hello", seed=1, start_frame=1.0)
    said = live_preset.shape_as_waiting(bare)
    assert said[0] == "Shaped as the preset says"
    assert bare.mannerism.shape.intensity == 0.5
    assert bare.mannerism.shape.waiting == ""
    assert live_preset.shape_as_waiting(bare) == ()


def test_what_a_take_cannot_have_is_left_out_and_said(caplog):
    obj, _ = take("object", "XYZ")
    caplog.set_level(logging.WARNING)
    obj.mannerism.shape.as_text = json.dumps({"neck_share": 0.9, "pauses": 0.0, "intensity": 0.5})
    assert obj.mannerism.shape.intensity == 0.5
    assert "Neck Share of the preset is left out: There is no neck that could take a share" in caplog.text
    assert "Life in Pauses of the preset is left out" in caplog.text


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "null", "[" * 100_000, '{"intensity": "much"}', '{"intensity": NaN}', '{"yaw": 9}'],
)
def test_damaged_text_changes_nothing(text, caplog):
    obj, action = take()
    before = state(action)
    obj.mannerism.shape.as_text = text
    assert state(action) == before
    obj.mannerism.shape.as_text = '{"intensity": 0.5, "of a later version": 3}'
    assert obj.mannerism.shape.intensity == 0.5


def test_locked_curves_say_why(caplog):
    obj, action = take()
    next(iter(curves_of_all(action).values())).lock = True
    obj.mannerism.shape.as_text = '{"intensity": 0.5}'
    assert "locked" in caplog.text
    assert obj.mannerism.shape.intensity == 1.0

"""Takes that cannot be shaped say so and stay as they are; damaged values and whose keys they are."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mannerism.bridge import layer_fit, live, nla, takes
from mannerism.bridge.curves import keys_of
from mannerism.bridge.layer_motion import layer_motion
from mannerism.bridge.live_take import curves_of_all
from mannerism.core import rotation as rot
from mannerism.core.errors import RigError
from mannerism.core.generate.shape import SHAPE_RANGES
from mannerism.panels.shape import MANNERISM_PT_shape
from mannerism.tests.support.recorded_layout import Layout
from mannerism.tests.support.shaped_take import course, state, take

bpy = pytest.importorskip("bpy")


@pytest.mark.parametrize("why", ["curve", "group", "motion", "older", "mode", "bone", "none", "broken"])
def test_what_cannot_be_shaped_says_so_and_stays(extension, why):
    obj, action = take()
    curves = list(curves_of_all(action).values())
    if why == "curve":
        curves[3].lock = True
    elif why == "group":
        curves[0].group.lock = True
    elif why == "motion":
        del action[takes.MOTION]
    elif why == "older":
        layer_fit.forget_written(action)
    elif why == "mode":
        obj.pose.bones["head"].rotation_mode = "YZX"
    elif why == "bone":
        obj.pose.bones["head"].name = "skull"
    elif why == "broken":
        action["mannerism_fit"] = "{}"
    else:
        nla.remove_layer(obj)
    assert live.why_fixed(obj)
    before = None if why == "none" else state(action)
    obj.mannerism.shape.yaw = 0.5
    assert obj.mannerism.shape.yaw == 1.0
    assert before is None or state(action) == before
    with pytest.raises(RigError):
        live.shape_take(obj, {"yaw": 0.5})


@pytest.mark.parametrize("kept", ["{", "[1]", '{"yaw": "much"}', 5])
def test_damaged_values_count_as_none(extension, kept):
    obj, action = take()
    action["mannerism_shape"] = kept
    assert obj.mannerism.shape.yaw == 1.0
    obj.mannerism.shape.yaw = 0.5
    assert obj.mannerism.shape.yaw == 0.5


@pytest.mark.parametrize("name", ["mannerism_written", "mannerism_fit_below", "mannerism_motion"])
def test_damaged_arrays_leave_the_keys_as_they_are(extension, name):
    obj, action = take()
    before = state(action)
    del action[name]
    action[name] = b"not what it was!" * 11
    obj.mannerism.shape.yaw = 0.5
    assert state(action) == before
    assert obj.mannerism.shape.yaw == 1.0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e30])
def test_no_number_and_none_in_range_writes_only_numbers(extension, value):
    obj, action = take()
    for name in SHAPE_RANGES:
        setattr(obj.mannerism.shape, name, value)
        limits = SHAPE_RANGES[name]
        assert limits.lowest <= getattr(obj.mannerism.shape, name) <= limits.largest
    assert all(np.isfinite(keys_of(curve)).all() for curve in curves_of_all(action).values())


@pytest.mark.parametrize("locked", [False, True])
def test_the_panel_offers_every_row_and_says_why_it_is_off(extension, locked):
    _, action = take()
    if locked:
        next(iter(curves_of_all(action).values())).lock = True
    layout = Layout()
    panel: Any = SimpleNamespace(layout=layout)
    MANNERISM_PT_shape.draw(panel, bpy.context)
    for name in SHAPE_RANGES:
        assert any(entry[:1] + entry[2:3] == ("prop", name) for entry in layout.drawn)
    words = " ".join(str(entry[1]) for entry in layout.drawn if entry[0] == "label")
    assert ("are locked: unlock them first" in words) is locked
    assert ("Off, for the reason below" in words) is locked, "a long reason stands where it moves no slider"
    assert ("generate to apply" in words) is not locked


def test_a_duplicate_gets_keys_of_its_own(extension):
    obj, action = take()
    twin = obj.copy()
    bpy.context.scene.collection.objects.link(twin)
    before = state(action)
    twin.mannerism.shape.intensity = 0.0
    assert state(action) == before
    assert obj.mannerism.shape.intensity == 1.0
    assert twin.mannerism.shape.intensity == 0.0
    assert np.abs(rot.to_rotvec(layer_motion(twin, takes.active_layer(twin).name).rotation)).max() < 1e-6


def test_a_library_override_is_shaped_and_a_linked_character_is_not(extension, tmp_path):
    obj, action = take()
    name, before, file = obj.name, state(action), str(tmp_path / "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=file)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    library: Any = bpy.data.libraries
    with library.load(file, link=True) as (_, wanted):
        wanted.objects = [name]
    linked = wanted.objects[0]
    bpy.context.scene.collection.objects.link(linked)
    assert "linked" in live.why_fixed(linked)
    linked.mannerism.shape.yaw = 0.5
    assert state(takes.active_action(linked)) == before
    over = linked.override_create(remap_local_usages=True)
    assert "linked" in live.why_fixed(over)  # its action is still that of the library
    takes.add_take(over, course(), line="mine", seed=3, start_frame=5.0)
    over.mannerism.shape.yaw = 0.5
    assert over.mannerism.shape.yaw == 0.5

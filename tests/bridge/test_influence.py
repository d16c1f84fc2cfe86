"""Influence of a layer, stars, and the next take by one key."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mannerism.bridge import keymap, nla, shown, takes
from mannerism.bridge.influence import influence_of, is_keyed, set_influence, show_next
from mannerism.bridge.layer_motion import layer_motion
from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion

bpy = pytest.importorskip("bpy")


@pytest.fixture
def obj(extension) -> Any:
    made = bpy.data.objects.new("Ada", None)
    made.rotation_mode = "QUATERNION"
    bpy.context.scene.collection.objects.link(made)
    bpy.context.view_layer.objects.active = made
    return made


def motion(degrees):
    time_s = np.arange(50) / 25
    pitch = np.radians(degrees) * np.sin(np.pi * time_s)
    return HeadMotion(time_s, rot.from_euler(pitch, 0 * pitch, 0 * pitch), np.zeros((50, 3)))


def take(obj, degrees=20.0, start=1.0, seed=0):
    return takes.add_take(obj, motion(degrees), line="hello", seed=seed, start_frame=start)


def largest(obj, layer):
    return np.degrees(rot.to_rotvec(layer_motion(obj, layer.name).rotation)[:, 0]).max()


def test_influence_turns_the_head_so_far(obj):
    layer = take(obj)
    assert influence_of(obj) == 1.0
    whole = largest(obj, layer)
    for value in (0.5, 0.0, 0.25, 1.0):
        obj.mannerism.influence = value
        assert obj.mannerism.influence == pytest.approx(value)
        assert largest(obj, layer) == pytest.approx(whole * value, abs=0.01)


def test_an_influence_that_is_keyed_stays(obj):
    layer = take(obj)
    strip: Any = nla.track_of(obj, layer).strips[0]
    strip.use_animated_influence = True
    curve = strip.fcurves.find("influence")
    for frame, value in ((1, 0.2), (20, 0.9)):
        curve.keyframe_points.insert(frame, value)
    before = [tuple(key.co) for key in curve.keyframe_points]
    assert is_keyed(obj)
    set_influence(obj, 0.0)
    assert [tuple(key.co) for key in curve.keyframe_points] == before


def test_without_a_layer_nothing_happens(obj):
    obj.mannerism.influence = 0.3
    assert obj.mannerism.influence == 1.0
    with pytest.raises(RuntimeError, match="no layer of head motion yet"):
        bpy.ops.mannerism.show_next()


def visible(obj):
    return [action.name for _, action in shown.shown(obj)]


def test_one_key_goes_through_the_takes_of_a_stretch(obj):
    one, two, three = (take(obj, seed=seed).name for seed in range(3))
    other = take(obj, start=200.0, seed=9).name
    obj.mannerism.layer_index = list(obj.animation_data.nla_tracks).index(nla.track_of(obj, nla.Layer(three)))
    for expected in (one, two, three, one):
        assert bpy.ops.mannerism.show_next() == {"FINISHED"}
        assert visible(obj) == [expected, other]
        assert takes.active_layer(obj).name == expected
    for name in (one, three):
        bpy.data.actions[name].mannerism_star = True
    assert [show_next(obj) for _ in range(3)] == [three, one, three]


def test_the_key_is_free_in_blenders_own_keymap():
    folder = Path(bpy.utils.resource_path("LOCAL")) / "scripts" / "presets" / "keyconfig" / "keymap_data"
    namespace = runpy.run_path(str(folder / "blender_default.py"))
    keymaps = namespace["generate_keymaps"](namespace["Params"]())
    for name, (_, key) in keymap.KEYS.items():
        (items,) = [content["items"] for each, _, content in keymaps if each == name]
        assert not [item for item in items if item[1]["type"] == key]

"""Layers come and go in any order, and survive what happens to a file; nothing of them stays behind."""

from itertools import permutations
from typing import Any

import bpy
import numpy as np
import pytest

from mannerism.bridge import nla
from mannerism.core.errors import RigError
from mannerism.core.rig import RigMap
from mannerism.tools.synthetic.characters import (
    FRAMES,
    MODES,
    MOTION,
    armature,
    bust,
    curves_of,
    degrees,
    dump,
    key_pose,
    nodding,
    plain_object,
    pose_at,
    posed,
    set_pose,
)

STACKS = ("rest", "pose", "active", "tracks under active", "tracks combined")


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_layers_are_removed_in_any_order(stack, order):
    obj, _ = posed("armature", "XYZ", stack)
    bpy.context.scene.frame_set(7)
    found = dump(obj)
    maps = (None, RigMap("head"), RigMap("neck"))
    layers = [
        nla.add_layer(obj, nodding(seed=i), name="take", start_frame=i, rig_map=rig_map)
        for i, rig_map in enumerate(maps)
    ]
    assert nla.list_layers(obj) == tuple(layers)
    assert [layer.name for layer in layers] == ["take", "take.001", "take.002"]
    for i in order:
        bpy.context.scene.frame_set(7)
        nla.remove_layer(obj, layers[i])
    bpy.context.scene.frame_set(7)
    assert dump(obj) == found
    assert nla.list_layers(obj) == ()


def test_a_second_layer_is_fitted_to_the_animators_pose_alone():
    """Two takes to choose from: each, with the other muted, is what it would be alone."""
    obj, head = posed("armature", "YXZ", "pose")
    alone = nla.add_layer(obj, MOTION, name="alone", start_frame=1)
    expected = {frame: pose_at(obj, head, frame) for frame in FRAMES}
    nla.remove_layer(obj, alone)
    other = nla.add_layer(obj, nodding(seed=3), name="other", start_frame=1)
    bpy.context.scene.frame_set(9)
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    nla.track_of(obj, other).mute = True
    for frame in FRAMES:
        assert degrees(pose_at(obj, head, frame)[0], expected[frame][0]) < 1e-3


@pytest.mark.parametrize("stack", STACKS)
def test_saved_and_opened_again_a_layer_can_still_be_removed(tmp_path, stack):
    obj, _ = posed("armature", "ZYX", stack)
    bpy.context.scene.frame_set(7)
    found = dump(obj)
    nla.add_layer(obj, MOTION, name="Kopf ü日本", start_frame=1)
    path = str(tmp_path / "ü日本 layers.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    obj = bpy.data.objects["Rig"]
    assert [layer.name for layer in nla.list_layers(obj)] == ["Kopf ü日本"]
    nla.remove_layer(obj)
    bpy.context.scene.frame_set(7)
    assert str(dump(obj)["values"]) == str(found["values"])
    assert dump(obj)["actions"] == found["actions"]


def test_one_undo_takes_the_layer_back():
    obj, _ = posed("armature", "QUATERNION", "pose")
    bpy.context.scene.frame_set(7)
    bpy.ops.ed.undo_push(message="before")
    found = dump(obj)
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    bpy.ops.ed.undo_push(message="Generate")
    bpy.ops.ed.undo()
    obj = bpy.data.objects["Rig"]
    assert nla.list_layers(obj) == ()
    assert dump(obj) == found


def test_the_animators_keys_are_never_touched():
    obj, _ = posed("armature", "XYZ", "tracks under active")
    keys = {action.name: curves_of(action) for action in bpy.data.actions}
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    assert {name: curves_of(bpy.data.actions[name]) for name in keys} == keys
    assert obj.animation_data.action is not None  # still where its owner edits it


@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ"])
def test_keys_set_over_a_layer_stay_and_still_count_from_the_pose(mode):
    """The head was posed without keys; with the layer on, the animator then keys it."""
    obj, head = posed("armature", mode, "pose")
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    nla.track_of(obj, nla.list_layers(obj)[0]).mute = True
    bpy.context.scene.frame_set(7)
    pose = pose_at(obj, head, 7)
    key_pose(obj.pose.bones["head"], 7, (0.9, 0.1, 0.3, 0.2))
    keyed = pose_at(obj, head, 7)
    assert degrees(keyed[0], pose[0]) > 5
    nla.remove_layer(obj)
    assert nla.list_layers(obj) == ()
    assert degrees(pose_at(obj, head, 7)[0], keyed[0]) < 1e-3
    again = nla.add_layer(obj, MOTION, name="take", start_frame=50)
    assert degrees(pose_at(obj, head, 7)[0], keyed[0]) < 1e-3
    nla.remove_layer(obj, again)
    assert degrees(pose_at(obj, head, 7)[0], keyed[0]) < 1e-3


def test_an_action_used_elsewhere_outlives_its_layer():
    obj = bust()
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
    twin = obj.copy()
    bpy.context.scene.collection.objects.link(twin)
    nla.remove_layer(obj, layer)
    assert nla.list_layers(twin) == (layer,)
    nla.remove_layer(twin)
    assert not bpy.data.actions


def test_keys_are_marked_grouped_and_lie_on_whole_frames():
    obj = bust()
    nla.add_layer(obj, nodding(2.0), name="take", start_frame=-3)
    track = nla.track_of(obj, nla.list_layers(obj)[0])
    (strip,) = track.strips
    assert (track.name, strip.blend_type, strip.extrapolation) == ("take", "COMBINE", "NOTHING")
    assert (strip.frame_start, strip.frame_end) == (-3, 45)
    bag = strip.action.layers[0].strips[0].channelbags[0]
    assert {group.name for group in bag.groups} == {"neck", "head"}
    assert {key.type for curve in bag.fcurves for key in curve.keyframe_points} == {"GENERATED"}
    frames = [key.co.x for key in bag.fcurves[0].keyframe_points]
    assert frames == list(range(-3, 46))


def test_the_rate_of_the_scene_is_met_and_kept():
    obj = plain_object()
    render = bpy.context.scene.render
    render.fps, render.fps_base = 30, 1.001
    nla.add_layer(obj, nodding(10.0), name="take", start_frame=1)
    (strip,) = nla.track_of(obj, nla.list_layers(obj)[0]).strips
    assert strip.frame_end - strip.frame_start == np.ceil(10 * 30 / 1.001)
    assert render.fps == 30
    assert render.fps_base == np.float32(1.001)


def test_a_layer_tells_when_the_animation_below_has_changed():
    obj, _ = posed("armature", "XYZ", "active")
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
    bpy.context.scene.frame_set(20)
    assert not nla.is_stale(obj, layer)
    key_pose(obj.pose.bones["head"], 20, (0.9, 0.1, 0.3, 0.2))
    assert nla.is_stale(obj, layer)


def test_mute_and_solo_of_other_tracks_stay_and_are_told():
    obj, _ = posed("armature", "XYZ", "tracks")
    track = obj.animation_data.nla_tracks[0]
    track.is_solo = True
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
    assert "soloed" in layer.notes[0]
    nla.remove_layer(obj)
    assert track.is_solo


def test_a_layer_whose_bones_were_renamed_can_still_be_removed():
    obj = bust()
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
    assert not nla.is_stale(obj, layer)
    obj.data.bones["head"].name = "skull"
    assert nla.is_stale(obj, layer)
    nla.remove_layer(obj, layer)
    assert obj.animation_data is None
    assert not bpy.data.actions


def linked(tmp_path, build=bust):
    """An object linked from another file."""
    name = build().name
    path = str(tmp_path / "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    library: Any = bpy.data.libraries
    with library.load(path, link=True) as (_, wanted):
        wanted.objects = [name]
    bpy.context.scene.collection.objects.link(wanted.objects[0])
    return wanted.objects[0]


def tweaked(tmp_path):
    obj, _ = posed("armature", "XYZ", "tracks")
    obj.animation_data.nla_tracks[0].strips[0].select = True
    obj.animation_data.use_tweak_mode = True
    return obj


def influenced(tmp_path):
    obj, _ = posed("armature", "XYZ", "tracks under active")
    obj.animation_data.action_influence = 0.5
    return obj


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda _: None, "Nothing is selected"),
        (linked, "linked from another file"),
        (lambda _: armature([("Bone", None, (0, 0, 0), (0, 0, 1), 0.0)]), "No head bone"),
        (tweaked, "being tweaked"),
        (influenced, "blended in a way"),
    ],
)
def test_refusals_change_nothing(tmp_path, build, problem):
    obj = build(tmp_path)
    found = obj and dump(obj)
    with pytest.raises(RigError, match=problem) as refusal:
        nla.add_layer(obj, MOTION, name="take", start_frame=1)
    assert refusal.value.remedy
    assert (obj and dump(obj)) == found


def test_a_map_of_bones_that_are_not_there_is_refused():
    with pytest.raises(RigError, match="no bone “kopf”"):
        nla.add_layer(bust(), MOTION, name="take", start_frame=1, rig_map=RigMap("kopf"))


def test_removing_where_there_is_no_layer_is_refused():
    with pytest.raises(RigError, match="no such layer"):
        nla.remove_layer(bust())


@pytest.mark.parametrize("mode", MODES)
def test_driven_and_locked_channels_are_skipped_with_a_note(mode):
    obj = bust()
    neck, head = obj.pose.bones["neck"], obj.pose.bones["head"]
    neck.rotation_mode = head.rotation_mode = mode
    neck.lock_rotation = (True, True, True)
    set_pose(head, (1, 0, 0, 0))
    head.driver_add(
        {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}.get(mode, "rotation_euler")
    )
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
    assert [note for note in layer.notes if "locked" in note] == list(layer.notes)
    assert len(layer.notes) == 2
    assert {path for path, _, _ in curves_of(bpy.data.actions["take"])} == {'pose.bones["neck"].location'}


def keyed_in_a_track():
    return posed("armature", "XYZ", "tracks")[0]


@pytest.mark.parametrize("build", [bust, keyed_in_a_track])
def test_a_library_override_takes_a_layer_and_keeps_it(tmp_path, build):
    obj = linked(tmp_path, build).override_create(remap_local_usages=True)
    rest = pose_at(obj, "head", 16)[0]
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    moved = pose_at(obj, "head", 16)[0]
    assert degrees(moved, rest) > 5
    path = str(tmp_path / "shot.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    obj = next(obj for obj in bpy.data.objects if obj.override_library)
    assert degrees(pose_at(obj, "head", 16)[0], moved) < 1e-3
    nla.remove_layer(obj)
    assert degrees(pose_at(obj, "head", 16)[0], rest) < 1e-3

"""What animators do to layers in Blender's own editors, one thing at a time."""

from typing import Any

import bpy
import numpy as np
import pytest

from mannerism.bridge import nla
from mannerism.bridge.curves import Curve, channels_of, new_action, write_curves
from mannerism.bridge.layer_tracks import FLOOR, LAYER, marked
from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.tools.synthetic.characters import (
    FRAMES,
    MODES,
    MOTION,
    bust,
    degrees,
    key_pose,
    nodding,
    pose_at,
    posed,
    set_mode,
    set_pose,
)


def heads(obj, bone="head"):
    return {frame: pose_at(obj, bone, frame)[0] for frame in FRAMES}


def far(one, other):
    return max(degrees(one[frame], other[frame]) for frame in one)


def leaning(mode="XYZ"):
    """A bust whose head has a pose without keys."""
    obj = bust()
    set_mode(obj.pose.bones["head"], mode)
    set_pose(obj.pose.bones["head"], rot.from_rotvec(np.array([0.3, 0.2, -0.1])))
    return obj


def muted(obj, _):
    marked(obj, LAYER)[0][0].mute = True


def strip_muted(obj, _):
    marked(obj, LAYER)[0][0].strips[0].mute = True


def all_muted(obj, _):
    for track in obj.animation_data.nla_tracks:
        track.mute = True


def soloed_away(obj, _):
    obj.animation_data.nla_tracks.new().is_solo = True


def without_nla(obj, _):
    obj.animation_data.use_nla = False


def deleted(obj, _):
    obj.animation_data.nla_tracks.remove(marked(obj, LAYER)[0][0])


def all_deleted(obj, _):
    for track in list(obj.animation_data.nla_tracks):
        obj.animation_data.nla_tracks.remove(track)


def floor_deleted(obj, _):
    obj.animation_data.nla_tracks.remove(marked(obj, FLOOR)[0][0])
    bpy.context.view_layer.update()
    marked(obj, LAYER)[0][0].mute = True


def reopened(obj, tmp_path):
    muted(obj, tmp_path)
    path = str(tmp_path / "shot.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)


WAYS = [
    muted,
    strip_muted,
    all_muted,
    soloed_away,
    without_nla,
    deleted,
    all_deleted,
    floor_deleted,
    reopened,
]


@pytest.mark.parametrize("mode", MODES[:3])
@pytest.mark.parametrize("hide", WAYS)
def test_a_take_that_is_not_shown_leaves_the_animators_pose(extension, tmp_path, hide, mode):
    obj = leaning(mode)
    bpy.context.scene.frame_set(9)
    before = heads(obj)
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=1)
    assert far(heads(obj), before) > 5
    bpy.context.scene.frame_set(16)
    hide(obj, tmp_path)
    bpy.context.view_layer.update()
    assert far(heads(bpy.data.objects["Rig"]), before) < 0.01


@pytest.mark.parametrize("mode", ["XYZ", "QUATERNION", "AXIS_ANGLE"])
def test_an_action_that_keys_one_channel(extension, mode):
    obj = leaning(mode)
    head = obj.pose.bones["head"]
    attribute = {"XYZ": "rotation_euler", "QUATERNION": "rotation_quaternion"}.get(
        mode, "rotation_axis_angle"
    )
    for frame, value in ((1, 0.1), (20, 0.4), (30, -0.3)):
        getattr(head, attribute)[1] = value
        head.keyframe_insert(attribute, index=1, frame=frame)
    bpy.context.scene.frame_set(9)
    before = heads(obj)
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=1)
    marked(obj, LAYER)[0][0].mute = True
    assert far(heads(obj), before) < 0.05
    nla.remove_layer(obj)
    bpy.context.scene.frame_set(9)
    assert far(heads(obj), before) < 0.01


def test_without_the_extension_a_muted_take_leaves_the_pose(tmp_path):
    """Another machine opens the file: what is needed is in the file."""
    obj = leaning()
    before = heads(obj)
    layer = nla.add_layer(obj, nodding(1.25), name="take", start_frame=1)
    heads(obj)
    nla.track_of(obj, layer).mute = True
    assert far(heads(obj), before) < 0.01


@pytest.mark.parametrize("mode", ["XYZ", "QUATERNION"])
def test_keys_set_over_a_layer_count_as_they_look(extension, mode):
    """The head has a pose; with the take on, the animator keys the head, and then removes the take."""
    obj = leaning(mode)
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=1)
    muted(obj, None)
    bpy.context.scene.frame_set(16)
    key_pose(obj.pose.bones["head"], 16, (0.9, 0.1, 0.3, 0.2))
    bpy.context.view_layer.update()
    keyed = pose_at(obj, "head", 16)[0]
    assert degrees(rot.from_matrix(np.array(obj.pose.bones["head"].matrix_basis)[:3, :3]), rot.normalize(np.array((0.9, 0.1, 0.3, 0.2)))) < 0.05  # fmt: skip
    add_take(obj, nodding(1.25, 3), line="hello", seed=2, start_frame=1)
    for track, _ in marked(obj, LAYER):
        track.mute = True
    assert degrees(pose_at(obj, "head", 16)[0], keyed) < 0.01
    for _ in range(2):
        nla.remove_layer(obj)
        assert degrees(pose_at(obj, "head", 16)[0], keyed) < 0.01


def test_pushed_down_and_keyed_again(extension):
    obj, _ = posed("armature", "XYZ", "active")
    before = heads(obj)
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=1)
    muted(obj, None)
    data = obj.animation_data
    strip = data.nla_tracks.new().strips.new("pushed", 1, data.action)
    strip.action_slot, strip.blend_type = data.action_slot, data.action_blend_type
    data.action = None
    bpy.context.view_layer.update()
    assert far(heads(obj), before) < 0.01


def takes(obj, count):
    single = []
    for seed in range(count):
        add_take(obj, nodding(1.25, seed), line="hello", seed=seed, start_frame=1)
        single.append(heads(obj))
    return single


def shown_names(obj):
    return [action.name for track, action in marked(obj, LAYER) if not track.mute]


def test_showing_a_take_by_hand_hides_its_rivals(extension):
    obj = leaning()
    single = takes(obj, 3)
    marked(obj, LAYER)[0][0].mute = False
    bpy.context.view_layer.update()
    assert shown_names(obj) == ["Mannerism: hello #0"]
    assert far(heads(obj), single[0]) < 0.01
    for track, _ in marked(obj, LAYER):
        track.mute = False
    bpy.context.view_layer.update()
    assert len(shown_names(obj)) == 1
    assert min(far(heads(obj), each) for each in single) < 0.01


def test_takes_of_other_stretches_and_mixed_takes_stay(extension):
    obj = leaning()
    takes(obj, 1)
    add_take(obj, nodding(1.25, 5), line="later", seed=5, start_frame=50)
    assert len(shown_names(obj)) == 2
    obj.mannerism.mix_takes = True
    single = takes(obj, 1)
    assert len(shown_names(obj)) == 3
    bpy.context.view_layer.update()
    assert len(shown_names(obj)) == 3
    assert far(heads(obj), single[0]) < 0.01  # nobody hid any
    obj.mannerism.mix_takes = False
    bpy.context.view_layer.update()
    assert len(shown_names(obj)) == 2


def test_a_file_with_two_shown_takes_opens_as_it_was(extension, tmp_path):
    obj = leaning()
    obj.mannerism.mix_takes = True
    takes(obj, 2)
    mixed = heads(obj)
    obj.mannerism["mix_takes"] = False  # as saved by a version that had no such choice
    path = str(tmp_path / "old.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    obj = bpy.data.objects["Rig"]
    assert len(shown_names(obj)) == 2
    assert far(heads(obj), mixed) < 0.01


def test_a_duplicate_keeps_a_floor_of_its_own(extension):
    """What happens to the copy leaves the original alone."""
    obj = leaning()
    before = heads(obj)
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=1)
    twin = obj.copy()
    bpy.context.scene.collection.objects.link(twin)
    bpy.context.view_layer.update()
    nla.remove_layer(twin)
    bpy.context.view_layer.update()
    assert far(heads(twin), before) < 0.01
    muted(obj, None)
    bpy.context.view_layer.update()
    assert far(heads(obj), before) < 0.01


def test_a_linked_character_is_left_alone(extension, tmp_path):
    """Its layers came with it; nothing of the other file is changed."""
    obj = leaning()
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=1)
    path = str(tmp_path / "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    library: Any = bpy.data.libraries
    with library.load(path, link=True) as (_, wanted):
        wanted.objects = ["Rig"]
    linked = wanted.objects[0]
    bpy.context.scene.collection.objects.link(linked)
    for frame in FRAMES:
        bpy.context.scene.frame_set(frame)
    assert [track.name for track in linked.animation_data.nla_tracks] == [
        "Pose under Rig",
        "Mannerism: hello #1",
    ]


@pytest.mark.parametrize("mode", ["XYZ", "QUATERNION"])
def test_a_soloed_take_leaves_no_solo_behind(extension, mode):
    """Blender stays in solo where a soloed track is removed, so that nothing of the animator's moves any more."""
    obj, bone = posed("armature", mode, "tracks")
    before = {frame: pose_at(obj, bone, frame)[0] for frame in FRAMES}
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
    nla.track_of(obj, layer).is_solo = True
    nla.remove_layer(obj, layer)
    for frame in FRAMES:
        assert degrees(pose_at(obj, bone, frame)[0], before[frame]) < 0.05


def turning(obj, name, turns_deg):
    """An action that turns the head about its second axis, in a channel group."""
    action = new_action(name, obj)
    values = np.radians([[0.0, turn, 0.0] for turn in turns_deg])
    path = 'pose.bones["head"].rotation_euler'
    curves = [Curve(path, axis, row, "head") for axis, row in enumerate(values)]
    write_curves(action, curves, np.array([1.0, 20.0, 40.0]))
    return action


def test_a_take_that_is_added_while_another_is_soloed_fits_what_shows_without_solo(extension):
    shown = {}
    for soloed in (False, True):
        obj = bust()
        for bone in obj.pose.bones:
            set_mode(bone, "XYZ")
        action = turning(obj, "own", (20.0, -30.0, 25.0))
        strip = obj.animation_data_create().nla_tracks.new().strips.new("own", 1, action)
        strip.action_slot = action.slots[0]
        first = add_take(obj, nodding(1.5, 1), line="a", seed=1, start_frame=1)
        nla.track_of(obj, first).is_solo = soloed
        add_take(obj, nodding(1.5, 5), line="a", seed=2, start_frame=1)
        nla.track_of(obj, first).is_solo = False
        nla.track_of(obj, first).mute = True
        shown[soloed] = heads(obj)
    assert far(shown[False], shown[True]) < 0.01


def test_a_muted_channel_group_is_said_where_the_first_track_silences_it(extension):
    obj = leaning()
    obj.animation_data_create().action = turning(obj, "own", (0.0, 30.0, 0.0))
    obj.animation_data.action_slot = obj.animation_data.action.slots[0]
    channels_of(obj.animation_data.action, obj.animation_data.action_slot).groups["head"].mute = True
    said = add_take(obj, nodding(1.0), line="a", seed=1, start_frame=1).notes
    assert any("The channel group “head” of the active action is muted" in note for note in said)
    again = add_take(obj, nodding(1.0), line="a", seed=2, start_frame=1).notes
    assert not any("channel group" in note for note in again)


@pytest.mark.parametrize("mode", ["XYZ", "QUATERNION"])
def test_a_channel_that_was_muted_when_the_take_was_added_counts_from_rest(extension, mode):
    obj, twin = leaning(mode), leaning(mode)
    for each in (obj, twin):
        key_pose(each.pose.bones["head"], 1, rot.from_rotvec(np.array([0.2, 0.5, 0.1])))
        key_pose(each.pose.bones["head"], 40, rot.from_rotvec(np.array([-0.3, 0.1, 0.4])))
        set_pose(each.pose.bones["head"], rot.from_rotvec(np.array([0.3, 0.2, -0.1])))
    curves = [channels_of(x.animation_data.action, x.animation_data.action_slot).fcurves for x in (obj, twin)]
    for curve in curves[0]:
        curve.mute = True
    layer = add_take(obj, nodding(1.0), line="a", seed=1, start_frame=1)
    nla.track_of(obj, layer).mute = True
    for curve in curves[0]:
        curve.mute = False
    assert far(heads(obj), heads(twin)) < 0.01

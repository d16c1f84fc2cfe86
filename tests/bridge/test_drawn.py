"""What panels show is kept between redraws, and looked at again once anything has changed."""

import numpy as np
import pytest

from mannerism.bridge import bones, carrier, gaze_point, live, nla, shown, takes
from mannerism.bridge.drawn import forget_drawn, kept_until_change
from mannerism.bridge.takes import add_take
from mannerism.tools.synthetic.characters import MOTION, bust

bpy = pytest.importorskip("bpy")


@pytest.fixture
def rig(extension):
    return bust()


def evaluate():
    """As Blender does before it draws."""
    bpy.context.view_layer.update()


def counted():
    calls = []

    @kept_until_change
    def look(obj):
        calls.append(obj.name)
        return len(calls)

    return look, calls


def test_a_redraw_without_a_change_looks_at_nothing(rig):
    evaluate()
    look, calls = counted()
    assert [look(rig) for _ in range(5)] == [1] * 5
    assert calls == [rig.name]


def rename_head(rig):
    rig.data.bones["head"].name = "lump"


def constrain(rig):
    constraint = rig.pose.bones["head"].constraints.new("COPY_ROTATION")
    constraint.target, constraint.subtarget = rig, "torso"


def mute_a_constraint(rig):
    constrain(rig)
    evaluate()
    rig.pose.bones["head"].constraints[0].mute = True


def remove_a_bone(rig):
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    rig.data.edit_bones.remove(rig.data.edit_bones["neck"])
    bpy.ops.object.mode_set(mode="OBJECT")


def skin_another_bone(rig):
    mesh = bpy.data.meshes.new("skin")
    mesh.from_pydata([(0, 0, 1.6), (0.1, 0, 1.6), (0, 0.1, 1.7)], [], [(0, 1, 2)])
    skin = bpy.data.objects.new("skin", mesh)
    bpy.context.scene.collection.objects.link(skin)
    skin.vertex_groups.new(name="neck").add([0, 1, 2], 1.0, "REPLACE")
    skin.modifiers.new("rig", "ARMATURE").object = rig


@pytest.mark.parametrize(
    "change", [rename_head, constrain, mute_a_constraint, remove_a_bone, skin_another_bone]
)
def test_what_changed_is_what_is_shown(rig, change):
    evaluate()
    look, calls = counted()
    look(rig)
    bones.description(rig)
    change(rig)
    evaluate()
    look(rig)
    assert len(calls) == 2
    kept = bones.description(rig)
    forget_drawn()
    assert kept == bones.description(rig)


def test_bones_that_nothing_finds_are_said_until_one_is_called_a_head(rig):
    rename_head(rig)
    evaluate()
    said = [bones.description(rig) for _ in range(2)]
    assert said[0] == said[1] != "Head: head · Neck: neck"
    rig.data.bones["lump"].name = "head"
    evaluate()
    assert bones.description(rig) == "Head: head · Neck: neck"


def test_a_head_picked_by_hand_is_shown_at_once(rig):
    bones.description(rig)
    rig.mannerism.head_bone = "neck"
    assert bones.description(rig) == "Head: neck · Neck: none"


def test_takes_that_a_script_adds_and_removes_count_without_an_evaluation(rig):
    rig.mannerism.mix_takes = True
    rows = []
    for seed in range(3):
        add_take(rig, MOTION, line="hello", seed=seed, start_frame=1)
        rows.append(len(shown.adding_up_on_show(rig)))
    nla.remove_layer(rig)
    assert [*rows, len(shown.adding_up_on_show(rig))] == [0, 2, 3, 2]


def test_a_muted_take_counts_no_longer(rig):
    rig.mannerism.mix_takes = True
    for seed in range(2):
        add_take(rig, MOTION, line="hello", seed=seed, start_frame=1)
    evaluate()
    assert len(shown.adding_up_on_show(rig)) == 2
    rig.animation_data.nla_tracks[-1].mute = True
    evaluate()
    assert shown.adding_up_on_show(rig) == shown.adding_up(rig) == []


def test_another_file_is_looked_at_anew(rig, tmp_path):
    look, calls = counted()
    look(rig)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "shot.blend"))
    assert look(bpy.data.objects[0]) == len(calls)
    assert len(calls) >= 2


def test_a_gaze_point_that_is_deleted_by_hand_is_gone(rig):
    helper = bpy.data.objects.new("gaze", None)
    helper["mannerism_gaze_of"] = rig
    assert gaze_point.gaze_on_show(rig)
    bpy.data.objects.remove(helper)
    assert not gaze_point.gaze_on_show(rig)


def test_lists_of_many_takes_cost_no_more_than_the_takes(rig):
    """Calls of Python functions within a redraw of one list, which no other load disturbs."""
    counts = [calls_of_a_list(rig, takes) for takes in (10, 20, 40)]
    assert counts[2] - counts[1] <= 2.2 * (counts[1] - counts[0]) + 20


def calls_of_a_list(rig, takes):
    import sys

    there = len(nla.list_layers(rig))
    for seed in range(there, takes):
        nla.add_layer(rig, MOTION, name=f"take {seed}", start_frame=1)
    calls = np.zeros(1, int)

    def count(_frame, event, _argument):
        calls[0] += event == "call"

    sys.setprofile(count)
    try:
        shown.adding_up(rig)
        nla.has_layers(rig)
    finally:
        sys.setprofile(None)
    return int(calls[0])


def test_what_is_kept_with_a_take_is_read_once_between_changes(rig, monkeypatch):
    add_take(rig, MOTION, line="hello", seed=1, start_frame=1)
    evaluate()
    reads = []
    monkeypatch.setattr(live, "written_of", lambda action: reads.append(action.name))
    assert [live.why_fixed_on_show(rig) for _ in range(5)] == [""] * 5
    assert [*live.without_effect_on_show(rig)] == ["pauses"]
    assert len(reads) == 1
    rig.pose.bones["head"].rotation_mode = "ZYX"
    assert "another rotation mode" in live.why_fixed_on_show(rig)
    rig.pose.bones["head"].rotation_mode = "QUATERNION"
    del takes.active_action(rig)[takes.MOTION]
    forget_drawn()
    assert "no longer holds the motion" in live.why_fixed_on_show(rig) == live.why_fixed(rig)


def test_an_empty_that_shows_a_collection_is_searched_once(rig, monkeypatch):
    place = bpy.data.collections.new("hero")
    place.objects.link(rig)
    empty = bpy.data.objects.new("empty", None)
    bpy.context.collection.objects.link(empty)
    empty.instance_type, empty.instance_collection = "COLLECTION", place
    evaluate()
    searched, has_head = [], carrier._has_head
    monkeypatch.setattr(carrier, "_has_head", lambda each: searched.append(each) or has_head(each))
    assert [carrier.instanced_on_show(empty) for _ in range(5)] == [rig] * 5
    assert len(searched) == 1
    empty.instance_type = "NONE"
    forget_drawn()
    assert carrier.instanced_on_show(empty) is None

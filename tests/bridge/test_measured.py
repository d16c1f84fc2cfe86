"""The skull is measured: which bone it follows, how far it turns, and what to choose where it does not."""

from typing import Any

import numpy as np
import pytest

from mannerism.bridge.bones import rig_map_of
from mannerism.bridge.rig_check import check_rig
from mannerism.bridge.takes import add_take
from mannerism.core.errors import RigError
from mannerism.core.rig import RigMap
from mannerism.tools.synthetic.characters import MODES, MOTION, armature, dump, plain_object
from mannerism.tools.synthetic.humans import control_rig, human, skin_on

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.usefixtures("extension")


def take(obj: Any) -> tuple[str, ...]:
    return add_take(obj, MOTION, line="hello", seed=1, start_frame=1).notes


def about_the_skull(notes):
    return [note for note in notes if "skull" in note or "skin" in note]


def test_a_rig_that_moves_as_asked():
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    assert about_the_skull(take(obj)) == []
    assert not any("look along" in note for note in take(obj))


def test_where_a_rig_looks_is_said_where_nothing_tells_it():
    obj = armature(
        [("chest", None, (0, 0, 1), (0, 0, 1.4), 0.0), ("head", "chest", (0, 0, 1.5), (0, 0, 1.7), 0.0)]
    )
    (note,) = [each for each in take(obj) if "look along" in each]
    assert "along −Y of the armature" in note
    assert note in check_rig(obj).notes


def test_uneven_scale_is_said():
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    obj.scale = (2.0, 2.0, 2.0)
    bpy.context.view_layer.update()
    assert take(obj) == ()
    obj.scale = (1.0, 1.0, 1.3)
    bpy.context.view_layer.update()
    assert any("scaled unevenly" in note for note in take(obj))


def test_a_control_rig_moves_by_its_control():
    obj = control_rig()
    skin_on(obj, **{"DEF-Head": 1.66, "FK-Chest": 1.3})
    assert rig_map_of(obj) == RigMap("FK-Head", ("FK-Neck",))
    assert about_the_skull(take(obj)) == []


def test_a_head_picked_by_hand_that_no_skin_follows():
    obj = human(extra=[("skull_def", "chest", (0, 0, 1.56), (0, 0, 1.76), 0.0)])
    skin_on(obj, skull_def=1.66, chest=1.3)
    obj.mannerism.head_bone = "head"
    (note,) = about_the_skull(take(obj))
    assert note.startswith("No skin follows “head”: the skull follows “skull_def”")
    assert "choose “skull_def” as Head" in note


def test_a_head_that_no_skin_follows_gives_way_to_the_skull_and_says_so():
    obj = human(extra=[("skull_def", "chest", (0, 0, 1.56), (0, 0, 1.76), 0.0)])
    skin_on(obj, skull_def=1.66, chest=1.3)
    assert rig_map_of(obj) == RigMap("skull_def")
    (note,) = about_the_skull(take(obj))
    assert "No skin follows “head”" in note
    assert "“skull_def”" in note


def test_a_skull_whose_name_says_nothing():
    obj = human(extra=[("Bone.023", "chest", (0, 0, 1.56), (0, 0, 1.76), 0.0)])
    skin_on(obj, **{"Bone.023": 1.66}, chest=1.3)
    (note,) = about_the_skull(take(obj))
    assert "No skin follows “head”" in note
    assert "choose “Bone.023” as Head" in note


@pytest.mark.parametrize("bound", [{"chest": 1.3}, {"chest": 1.3, "neck": 1.5}])
def test_skin_that_ends_below_the_head(bound):
    obj = human()
    skin_on(obj, **bound)
    (note,) = about_the_skull(take(obj))
    assert note.startswith("No skin follows “head”")
    assert not check_rig(obj).is_right


def test_a_skull_that_follows_in_part():
    obj = human(extra=[("skull_def", "chest", (0, 0, 1.56), (0, 0, 1.76), 0.0)])
    skin_on(obj, skull_def=1.66, chest=1.3)
    tie = obj.pose.bones["skull_def"].constraints.new("COPY_ROTATION")
    tie.target, tie.subtarget, tie.influence = obj, "head", 0.5
    (note,) = about_the_skull(take(obj))
    assert "“skull_def”) turns 50% of what was asked of “head”" in note


def test_a_control_whose_name_says_nothing():
    extra = [
        ("ctl.04", "chest", (0, 0, 1.47), (0, 0, 1.54), 0.0),
        ("ctl.05", "ctl.04", (0, 0, 1.55), (0, 0, 1.75), 0.0),
    ]
    obj = human(extra=extra)
    skin_on(obj, head=1.66, chest=1.3)
    for bone, control in (("neck", "ctl.04"), ("head", "ctl.05")):
        tie = obj.pose.bones[bone].constraints.new("COPY_TRANSFORMS")
        tie.target, tie.subtarget = obj, control
    assert rig_map_of(obj) == RigMap("ctl.05")
    (note,) = [note for note in take(obj) if "turns as" in note]
    assert "“head” turns as “ctl.05” does" in note
    assert check_rig(obj).is_right


def test_a_head_that_another_object_turns():
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    tie = obj.pose.bones["head"].constraints.new("COPY_ROTATION")
    tie.target = plain_object()
    bpy.context.view_layer.objects.active = obj
    notes = take(obj)
    assert any("is turned by “Copy Rotation”" in note for note in notes)
    assert any("0% of what was asked" in note and "constraints" in note for note in notes)


def test_a_neck_picked_as_head():
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    obj.mannerism.head_bone = "neck"
    assert about_the_skull(take(obj)) == []  # the head follows its neck in full
    obj = control_rig()
    skin_on(obj, **{"DEF-Head": 1.66, "FK-Chest": 1.3})
    obj.mannerism.head_bone = "DEF-Neck"
    (note,) = about_the_skull(take(obj))
    assert "choose “FK-Head” as Head" in note


def test_the_measurement_changes_nothing_but_the_layer():
    obj, other = human(), plain_object()
    skin_on(obj, head=1.66, chest=1.3)
    other.rotation_euler.x = 0.1
    other.keyframe_insert("rotation_euler", frame=1)
    other.rotation_euler.x = 0.7  # no key yet: a change of frame would lose it
    obj.pose.bones["hips"].location.x = 0.3
    take(obj)
    assert other.rotation_euler.x == pytest.approx(0.7)
    assert obj.pose.bones["hips"].location.x == pytest.approx(0.3)
    assert len(bpy.data.scenes) == 1
    assert not obj.animation_data.nla_tracks[-1].strips[0].mute


@pytest.mark.parametrize("mode", MODES)
def test_poses_below_the_layer_are_no_error(mode):
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    for name, angle in (("chest", 0.4), ("neck", 0.5), ("head", -0.6)):
        bone = obj.pose.bones[name]
        bone.rotation_mode = mode
        if mode == "QUATERNION":
            bone.rotation_quaternion = (np.cos(angle), np.sin(angle), 0.2, 0.0)
        elif mode == "AXIS_ANGLE":
            bone.rotation_axis_angle = (angle, 0.6, 0.8, 0.0)
        else:
            bone.rotation_euler = (angle, 0.3, 0.1)
    assert about_the_skull(take(obj)) == []


@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0])
def test_check_rig(scale):
    obj = human(scale=scale)
    obj.rotation_euler.z = 0.7
    skin_on(obj, head=1.66, chest=1.3)
    assert rig_map_of(obj) == RigMap("head", ("neck",))
    found = dump(obj)
    check = check_rig(obj)
    assert check.is_right
    assert dict(check.turned_deg) == pytest.approx({"nod": 20.0, "shake": 25.0, "tilt": 15.0}, abs=0.05)
    assert check.shift_mm == pytest.approx((30.0, 20.0, 40.0), abs=0.1)
    assert dump(obj) == found


def test_check_rig_as_an_operator(capfd):
    obj = human(extra=[("skull_def", "chest", (0, 0, 1.56), (0, 0, 1.76), 0.0)])
    skin_on(obj, skull_def=1.66, chest=1.3)
    assert bpy.ops.mannerism.check_rig() == {"FINISHED"}
    obj.mannerism.head_bone = "head"
    assert bpy.ops.mannerism.check_rig() == {"FINISHED"}
    said = capfd.readouterr().out
    assert "nod 20.0 of 20°, shake 25.0 of 25°, tilt 15.0 of 15°" in said
    assert "nod 0.0 of 20°" in said
    assert "choose “skull_def” as Head" in said


def test_check_rig_beside_other_takes():
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    take(obj)
    take(obj)
    found = dump(obj)
    assert check_rig(obj).is_right
    assert dump(obj) == found


def test_a_layer_that_does_not_show_is_not_measured():
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    take(obj)
    obj.animation_data.use_nla = False
    assert about_the_skull(take(obj)) == []
    with pytest.raises(RigError, match="NLA"):
        check_rig(obj)
    obj.animation_data.use_nla = True
    obj.animation_data.nla_tracks[0].is_solo = True
    assert about_the_skull(take(obj)) == []
    with pytest.raises(RigError, match="soloed"):
        check_rig(obj)


def test_locks_are_named():
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    obj.pose.bones["head"].lock_rotation = (True, True, True)
    notes = take(obj)
    assert any("locked" in note for note in notes)
    assert any("30%" in note and "locks" in note for note in about_the_skull(notes))


def test_check_rig_wants_an_armature():
    with pytest.raises(RigError, match="no armature"):
        check_rig(plain_object())
    assert not bpy.ops.mannerism.check_rig.poll()


def test_no_head_names_the_bone_at_the_top():
    obj = armature([("a", None, (0, 0, 0), (0, 0, 1), 0.0), ("b", "a", (0, 0, 1), (0, 0, 2), 0.0)])
    with pytest.raises(RigError, match="head bone"):
        rig_map_of(obj)

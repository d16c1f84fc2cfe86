"""Which bones a take moves: found, or picked by hand and remembered; and how they share it."""

import pytest

from mannerism.bridge import bones
from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.core.errors import RigError
from mannerism.core.rig import RigMap
from mannerism.tools.synthetic.characters import MOTION, bust, degrees, dump, key_pose, pose_at

bpy = pytest.importorskip("bpy")


@pytest.fixture
def rig(extension):
    return bust()


def take(obj):
    return add_take(obj, MOTION, line="hello", seed=1, start_frame=1)


def moved(obj):
    """Bones that the newest layer has keys for."""
    strip = obj.animation_data.nla_tracks[-1].strips[0]
    bag = strip.action.layers[0].strips[0].channelbag(strip.action_slot)
    return {curve.data_path.split('"')[1] for curve in bag.fcurves}


def test_by_themselves(rig):
    assert bones.rig_map_of(rig) == RigMap("head", ("neck",))
    take(rig)
    assert moved(rig) == {"neck", "head"}


def test_a_head_picked_by_hand_is_the_one_that_moves(rig):
    rig.mannerism.head_bone = "neck"
    take(rig)
    assert moved(rig) == {"neck"}
    assert bones.description(rig) == "Head: neck · Neck: none"


def test_a_neck_picked_by_hand(rig):
    rig.mannerism.neck_bone, rig.mannerism.upper_neck_bone = "neck", "torso"  # in whatever order
    assert bones.rig_map_of(rig) == RigMap("head", ("torso", "neck"))
    take(rig)
    assert moved(rig) == {"torso", "neck", "head"}


def test_a_head_where_none_is_found(rig):
    for bone, name in zip(rig.data.bones, "abc", strict=True):
        bone.name = name
    with pytest.raises(RigError, match="No head bone was found"):
        bones.rig_map_of(rig)
    rig.mannerism.head_bone, rig.mannerism.neck_bone = "c", "b"
    assert bones.rig_map_of(rig) == RigMap("c", ("b",))


def test_the_pick_is_remembered(rig, tmp_path):
    rig.mannerism.head_bone = "neck"
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
    assert bones.rig_map_of(bpy.data.objects["Rig"]) == RigMap("neck")


@pytest.mark.parametrize(
    ("picks", "words"),
    [
        ({"head_bone": "nose"}, "has no bone “nose”"),
        ({"neck_bone": "nose"}, "has no bone “nose”"),
        ({"head_bone": "neck", "neck_bone": "head"}, "“neck” does not follow “head”"),
    ],
)
def test_a_pick_that_cannot_be(rig, picks, words):
    for name, bone in picks.items():
        setattr(rig.mannerism, name, bone)
    with pytest.raises(RigError, match=words):
        take(rig)
    assert rig.animation_data is None


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_share_of_the_neck(rig, share):
    rest, _ = pose_at(rig, "neck", 1)
    rig.mannerism.neck_share = share
    take(rig)
    turned, _ = pose_at(rig, "neck", 16)
    whole = rot.angle_between(MOTION.at([15 / 24]).rotation[0], rot.IDENTITY)
    assert rot.angle_between(turned, rest) == pytest.approx(share * whole, abs=1e-4)


def test_no_translation(rig):
    rig.mannerism.translation, rig.mannerism.neck_share = 0.0, 0.0
    _, rest = pose_at(rig, "head", 1)
    take(rig)
    assert pose_at(rig, "head", 16)[1] == pytest.approx(rest, abs=1e-6)


def test_the_head_deleted_before_its_layer_is_removed(rig):
    key_pose(rig.pose.bones["torso"], 1, rot.from_rotvec([0.2, 0.0, 0.1]))
    rig.pose.bones["neck"].rotation_quaternion = rot.from_rotvec([0.1, 0.3, 0.0])
    rig.pose.bones["head"].rotation_quaternion = rot.from_rotvec([0.3, 0.0, 0.2])

    def delete_head():
        bpy.ops.object.mode_set(mode="EDIT")
        rig.data.edit_bones.remove(rig.data.edit_bones["head"])
        bpy.ops.object.mode_set(mode="OBJECT")

    neck, _ = pose_at(rig, "neck", 16)
    take(rig)
    assert degrees(pose_at(rig, "neck", 16)[0], neck) > 1.0
    delete_head()
    assert bpy.ops.mannerism.remove_layer() == {"FINISHED"}
    assert degrees(pose_at(rig, "neck", 16)[0], neck) < 1e-3
    assert dump(rig)["tracks"] == []
    assert not [action for action in bpy.data.actions if action.name.startswith(("Mannerism", "Pose"))]

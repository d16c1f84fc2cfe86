"""Heads and necks found by name and by structure, and things that are no heads."""

import pytest

from mannerism.core.errors import RigError
from mannerism.core.rig import RigMap, find_rig_map
from mannerism.core.rig.sides import pairs, side, sides


def chain(*bones):
    return dict(zip(bones, (None, *bones[:-1]), strict=True))


@pytest.mark.parametrize(
    ("bones", "head", "neck"),
    [
        (("hips", "mixamorig:Spine", "mixamorig:Neck", "mixamorig:Head", "mixamorig:HeadTop_End"), 3, (2,)),
        (("mixamorig12:Neck", "mixamorig12:Head"), 1, (0,)),
        (("mixamorigNeck", "mixamorigHead"), 1, (0,)),
        (("torso", "neck", "head", "forehead", "ORG-head"), 2, (1,)),
        (("spine.003", "spine.004", "spine.005", "spine.006"), 3, (1, 2)),
        (("DEF-spine.004", "DEF-spine.005", "DEF-spine.006"), 2, (0, 1)),
        (("c_neck.x", "c_head.x", "neck.x", "head.x"), 1, (0,)),
        (("J_Bip_C_Chest", "J_Bip_C_Neck", "J_Bip_C_Head"), 2, (1,)),
        (("CC_Base_NeckTwist01", "CC_Base_NeckTwist02", "CC_Base_Head"), 2, (0, 1)),
        (("spine_05", "neck_01", "neck_02", "head"), 3, (1, 2)),
        (("chestUpper", "neckLower", "neckUpper", "head"), 3, (1, 2)),
        (("Bip001 Spine", "Bip001 Neck", "Bip001 Head", "Bip001 HeadNub"), 2, (1,)),
        (("Root", "Head"), 1, ()),
    ],
)
def test_known_names(bones, head, neck):
    assert find_rig_map(chain(*bones)) == RigMap(bones[head], tuple(bones[i] for i in neck))


def test_controls_win_over_deforming_bones():
    bones = chain("root", "DEF-spine.004", "DEF-spine.005", "DEF-spine.006") | chain("chest", "neck", "head")
    assert find_rig_map(bones) == RigMap("head", ("neck",))


def body(head_children=("auge.L", "auge.R", "mund")):
    """A body whose names no table knows."""
    limbs: dict[str, str] = {}
    for where, parent in (("arm", "brust"), ("bein", "becken")):
        for letter in "LR":
            limbs |= {f"{where}.{letter}": parent} | {
                f"{where}{i}.{letter}": f"{where}{i - 1 or ''}.{letter}" for i in (1, 2, 3)
            }
    return (
        chain("wurzel", "becken", "bauch", "brust", "hals", "hals2", "kopf")
        | limbs
        | dict.fromkeys(head_children, "kopf")
    )


@pytest.mark.parametrize("face", [("auge.L", "auge.R", "mund"), ("HeadTop_End",), ("kopf_end",), ()])
def test_unknown_names_by_structure(face):
    assert find_rig_map(body(face)) == RigMap("kopf", ("hals", "hals2"))


@pytest.mark.parametrize(
    "bones",
    [
        {},
        chain("Bone"),
        chain("Bone", "Bone.001", "Bone.002"),
        chain("wheel.L", "wheel.R"),
        chain("HeadTop_End", "forehead"),
    ],
)
def test_no_head_is_refused_with_a_remedy(bones):
    with pytest.raises(RigError, match="head bone") as refusal:
        find_rig_map(bones)
    assert refusal.value.remedy


@pytest.mark.parametrize(
    ("bone", "which"),
    [
        ("mixamorig:LeftArm", "l"),
        ("upper_arm.R", "r"),
        ("CC_Base_L_Eye", "l"),
        ("rShldr", "r"),
        ("leg", None),
        ("rear", None),
        ("Rig", None),
        ("imageURL", None),
        ("hand_l", "l"),
        ("root", None),
        ("lower_lip", None),
        ("J_Bip_C_Head", None),
    ],
)
def test_sides(bone, which):
    assert side(bone) == which


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("lhumerus", "rhumerus"),
        ("lhand", "rhand"),
        ("LHipJoint", "RHipJoint"),
        ("LtArm", "RtArm"),
        ("lftFoot", "rgtFoot"),
        ("arm_lft", "arm_rgt"),
        ("ThighL", "ThighR"),
        ("HandL", "HandR"),
    ],
)
def test_sides_of_a_pair(left, right):
    assert sides([left, right, "leg", "rear", "Rig", "imageURL", "lower_lip"]) == {left: "l", right: "r"}


def test_pairs_differ_in_the_side_alone():
    assert pairs(["LeftEye", "arm.L", "head", "RightEye", "arm.R", "leg.L"]) == [
        ("LeftEye", "RightEye"),
        ("arm.L", "arm.R"),
    ]

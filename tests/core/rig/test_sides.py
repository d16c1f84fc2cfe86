"""Left and right in the names of many languages, programs and games."""

import pytest

from mannerism.core.rig.detect import find_rig_map
from mannerism.core.rig.sides import pairs, side, sides
from mannerism.core.rig.words import is_eye

TWINS = [
    # programs and games
    ("ShoulderL", "ShoulderR"),
    ("LArm", "RArm"),
    ("EyeL", "EyeR"),
    ("CATRigLArm1", "CATRigRArm1"),
    ("LArm_Collarbone", "RArm_Collarbone"),
    ("arm_L0_0_jnt", "arm_R0_0_jnt"),
    ("NPC L Clavicle [LClv]", "NPC R Clavicle [RClv]"),
    ("b__L_Clavicle__", "b__R_Clavicle__"),
    ("arm.L.001", "arm.R.001"),
    ("arm_l1", "arm_r1"),
    ("arm (L)", "arm (R)"),
    ("L:clav", "R:clav"),
    ("clav_lft", "clav_rgt"),
    ("lf_clav", "rt_clav"),
    ("clav_lt", "clav_rt"),
    ("ns:lShldr", "ns:rShldr"),
    ("CLAVICLE_LEFT", "CLAVICLE_RIGHT"),
    # languages
    ("왼팔", "오른팔"),
    ("왼쪽어깨", "오른쪽어깨"),
    ("左上臂", "右上臂"),
    ("плечо_Л", "плечо_П"),
    ("левое_плечо", "правое_плечо"),
    ("плече_лів", "плече_прав"),
    ("ramię_lewe", "ramię_prawe"),
    ("ruka_levá", "ruka_pravá"),
    ("arm_vänster", "arm_höger"),
    ("kol_sol", "kol_sağ"),
    ("braccio_sx", "braccio_dx"),
    ("χέρι_αριστερά", "χέρι_δεξιά"),
    ("يد_يسار", "يد_يمين"),
    ("יד_שמאל", "יד_ימין"),
    ("kar_bal", "kar_jobb"),
    ("tay_trái", "tay_phải"),
    ("tangan_kiri", "tangan_kanan"),
    ("hidari_te", "migi_te"),
    ("hand_vasen", "hand_oikea"),
]


@pytest.mark.parametrize("twins", TWINS)
def test_twins_in_many_languages_and_programs(twins):
    assert pairs(["head", *twins]) == [twins]
    assert pairs([*reversed(twins)]) == [twins]


@pytest.mark.parametrize("letters", ["GD", "ED", "ID", "SD", "VH", "LP"])
def test_letters_of_other_languages_where_a_rig_has_no_other_pairs(letters):
    one, other = letters
    named = [(f"bras_{one}", f"bras_{other}"), (f"main.{one}", f"main.{other}")]
    assert pairs([bone for pair in named for bone in pair]) == named
    assert pairs(["arm.L", "arm.R", *named[0], *named[1]]) == [("arm.L", "arm.R")]


def test_bones_numbered_one_after_the_other():
    bones = ["SKL_004_HEAD", "SKL_010_LSHLD", "SKL_011_LARM", "SKL_020_RSHLD", "SKL_021_RARM"]
    assert pairs(bones) == [("SKL_010_LSHLD", "SKL_020_RSHLD"), ("SKL_011_LARM", "SKL_021_RARM")]


@pytest.mark.parametrize("bone", ["bright", "upright_bar", "cleft", "L5", "wright", "lower_lip", "Rig"])
def test_what_alone_is_no_side(bone):
    assert side(bone) is None
    assert pairs([bone, "head"]) == []


def test_one_letter_that_follows_another_makes_no_pair():
    assert pairs([f"tail_{letter}" for letter in "ABCDEFGHI"]) == []


def test_the_sides_of_a_rig():
    assert sides(["ShoulderL", "ShoulderR", "TailL", "arm.L"]) == {
        "ShoulderL": "l",
        "ShoulderR": "r",
        "arm.L": "l",
    }


@pytest.mark.parametrize(
    "bone",
    ["eye.L", "左目", "왼눈", "глаз_Л", "ojo_I", "eye_L0_eye_jnt", "FB_L_Eye_000", "EyeL", "J_Adj_L_FaceEye"],
)
def test_eyes(bone):
    assert is_eye(bone)


@pytest.mark.parametrize("bone", ["eyelid.L", "eye_target.L", "EyeBrow_L", "左目先", "hair_L"])
def test_what_is_by_the_eyes_is_none(bone):
    assert not is_eye(bone)


def test_what_a_hand_holds_is_no_head():
    parents = {"root": None, "chest": "root", "n1": "chest", "n2": "n1"}
    for each in "LR":
        parents |= {f"arm.{each}": "chest", f"fore.{each}": f"arm.{each}", f"hand.{each}": f"fore.{each}"}
    assert find_rig_map(parents | {"hammer_head": "hand.L"}).head == "n2"


@pytest.mark.parametrize(
    ("head", "neck"),
    [("głowa", "szyja"), ("đầu", "cổ"), ("голова", "шия"), ("सिर", "गर्दन"), ("ヘッド", "ネック")],
)
def test_heads_in_letters_that_no_accent_makes(head, neck):
    found = find_rig_map({"chest": None, neck: "chest", head: neck})
    assert (found.head, found.neck) == (head, (neck,))

"""Shape keys of the usual characters are found by their set of names, in whatever spelling."""

import pytest

from mannerism.core.face.channels import table
from mannerism.core.face.key_search import best_set, find_keys
from mannerism.core.face.shape_keys import ARKIT_CHANNELS, SETS
from mannerism.core.face.visemes import VISEMES

CHARACTERS = {
    "ARKIT": ["jawOpen", "mouthClose", "eyeBlinkLeft", "eyeBlinkRight", "tongueOut", "mouthLeft"],
    "VISEMES": ["viseme_sil", "viseme_PP", "viseme_aa", "viseme_E", "viseme_I", "viseme_O", "viseme_U"],
    "VRM": ["aa", "ih", "ou", "ee", "oh", "blink", "happy"],
    "VROID": [
        "Fcl_MTH_A",
        "Fcl_MTH_I",
        "Fcl_MTH_U",
        "Fcl_MTH_E",
        "Fcl_MTH_O",
        "Fcl_EYE_Close",
        "Fcl_ALL_Joy",
    ],
    "MMD": ["あ", "い", "う", "え", "お", "まばたき", "笑い", "ウィンク"],
    "VRCHAT": ["vrc.v_aa", "vrc.v_pp", "vrc.v_oh", "vrc.v_ou", "vrc.v_e", "vrc.v_ih", "vrc.v_ss"],
    "CC": ["V_Open", "V_Explosive", "V_Dental_Lip", "V_Tight_O", "V_Tight", "V_Wide", "V_Affricate"],
    "DAZ": ["eCTRLvAA", "eCTRLvEE", "eCTRLvOW", "eCTRLvUW", "eCTRLvM", "eCTRLMouthOpen"],
    "METAHUMAN": [
        "CTRL_expressions_jawOpen",
        "CTRL_expressions_mouthFunnelUL",
        "CTRL_expressions_mouthFunnelDR",
    ],
    "RHUBARB": ["A", "B", "C", "D", "E", "F", "G", "H", "X"],
    "PRESTON_BLAIR": ["AI", "E", "O", "U", "MBP", "FV", "L", "WQ", "etc", "rest"],
}
OPEN = {
    "ARKIT": ("jawOpen", "jawOpen"),
    "VRM": ("aa", "viseme_aa"),
    "VROID": ("Fcl_MTH_A", "viseme_aa"),
    "MMD": ("あ", "viseme_aa"),
    "VRCHAT": ("vrc.v_aa", "viseme_aa"),
    "CC": ("V_Open", "viseme_aa"),
    "DAZ": ("eCTRLvAA", "viseme_aa"),
    "METAHUMAN": ("CTRL_expressions_jawOpen", "jawOpen"),
    "RHUBARB": ("D", "viseme_aa"),
    "PRESTON_BLAIR": ("AI", "viseme_aa"),
    "VISEMES": ("viseme_aa", "viseme_aa"),
}


@pytest.mark.parametrize("name", SETS)
def test_each_set_knows_its_own(name):
    assert best_set([CHARACTERS[name]]) == name
    key, channel = OPEN[name]
    assert find_keys(CHARACTERS[name], SETS[name])[key] == {channel: 1.0}


def test_every_channel_of_a_row_exists():
    channels = {name.replace("*", side) for name in ARKIT_CHANNELS for side in ("Left", "Right")}
    assert set(table()) <= channels
    for chosen in SETS.values():
        for row in chosen.rows:
            for channel in row.weights:
                known = channel.replace("*", "Left")
                assert known in channels or known in VISEMES or known == "viseme_sil"


@pytest.mark.parametrize(
    "spelling",
    [
        "jawOpen",
        "JawOpen",
        "jaw_open",
        "Jaw-Open",
        "JAWOPEN",
        "jawopen",
        "face:jawOpen",
        "Face|jawOpen",
        "ARKit_jawOpen",
        "ARKit.jawOpen",
        "head__jawOpen",
        "blendShape1.jawOpen",
        "Wolf3D_Head_jawOpen",
        "facs_jnt_JawOpen",
        "CTRL_expressions_jawOpen",
        "jawOpen_L",
        "jawOpen.R",
        "BS_jawOpen",
        "jawOpen.001",
        *("jawOpen_bs", "jawOpen_BShape", "jawOpenShape", "jawOpenBS", "jawOpen_blendShape", "jawOpen_geo"),
        *("jawOpen_GEO", "jawOpenMesh", "jawOpen_tgt", "jawOpen_LOD0", "jawOpen_M", "C_jawOpen", "jawOpen1"),
        *("jawOpen_001", "jawOpen.001.002", "jawOpen(1)", "jawOpen_v02", "jawOpen_100", "jawOpen_geo_bs.001"),
        *("jawOpen_Teeth", "jawOpen_ARKit", "blendShape2.jawOpen", "pasted__jawOpen_", "Jaw_Open_L_geo"),
    ],
)
def test_spellings_of_one_key(spelling):
    assert find_keys([spelling], SETS["ARKIT"]) == {spelling: {"jawOpen": 1.0}}


@pytest.mark.parametrize(
    ("spelling", "side"),
    [
        *[
            (name, "Left")
            for name in (
                *(
                    "eyeBlinkLeft",
                    "eyeBlink_L",
                    "EyeBlinkL",
                    "Eye Blink.L",
                    "eye_blink_left",
                    "eyeBlink_L_bs",
                ),
                *("eyeBlinkLeftShape", "eyeBlinkL_geo", "eyeBlink_Lf", "lft_eyeBlink", "leftEyeBlink"),
                *("bs_L_eyeBlink", "face:L_eyeBlink", "CTRL_left_eyeBlink", "eye_L_blink", "Eye_Left_Blink"),
                *("eyeBlink (L)", "eyeBlink_geo_L", "eyeBlink_L1"),
            )
        ],
        *[
            (name, "Right")
            for name in ("eyeBlinkRight", "CTRL_expressions_eyeBlinkR", "R_eyeBlink", "Eye_Blink_R")
        ],
    ],
)
def test_sides(spelling, side):
    assert find_keys([spelling], SETS["ARKIT"]) == {spelling: {f"eyeBlink{side}": 1.0}}


def test_a_key_for_both_sides_takes_their_mean_unless_each_has_one():
    mean = {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5}
    assert find_keys(["Blink"], SETS["VRM"]) == {"Blink": mean}
    assert set(find_keys(["Blink", "Blink_L", "Blink_R"], SETS["VRM"])) == {"Blink_L", "Blink_R"}
    assert find_keys(["eyeBlink"], SETS["ARKIT"]) == {"eyeBlink": mean}


@pytest.mark.parametrize(
    ("names", "used"),
    [
        (["Lip_Open", "Open", "Explosive"], ["Open", "Explosive"]),
        (["a2f_jawOpen", "JawOpen", "mouthClose"], ["JawOpen", "mouthClose"]),
        (["browInnerUp", "browInnerUp_L", "browInnerUp_R"], ["browInnerUp_L", "browInnerUp_R"]),
        (["eyeBlinkLeft", "ARKit_eyeBlinkLeft", "eyeBlinkRight"], ["eyeBlinkLeft", "eyeBlinkRight"]),
    ],
)
def test_of_keys_that_mean_the_same_one_is_moved(names, used):
    chosen = best_set([names])
    assert chosen is not None
    assert sorted(find_keys(names, SETS[chosen])) == sorted(used)


@pytest.mark.parametrize(
    ("names", "chosen", "key", "channel"),
    [
        (["PP", "FF", "aa", "E", "ih", "oh", "ou"], "VISEMES", "PP", "viseme_PP"),
        (["JawOpen", "MouthClosed", "LipFunnel", "EyeClosedLeft"], "ARKIT", "EyeClosedLeft", "eyeBlinkLeft"),
        (
            ["Jaw_Open", "Mouth_Pout", "Eye_Left_Blink", "Eye_Right_Blink"],
            "ARKIT",
            "Eye_Right_Blink",
            "eyeBlinkRight",
        ),
        (
            ["Facial_Blends.MouthOpen", "Facial_Blends.Blink_Left"],
            "CC",
            "Facial_Blends.Blink_Left",
            "eyeBlinkLeft",
        ),
    ],
)
def test_names_of_other_programs(names, chosen, key, channel):
    assert best_set([names]) == chosen
    assert find_keys(names, SETS[chosen])[key] == {channel: 1.0}


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["Face.M_F00_000_00_Fcl_MTH_A"], "VROID"),
        (["A", "I", "U", "E", "O", "Blink"], "VRM"),
        (["a", "i", "u", "e", "o"], "VRM"),
        (["mouth_A", "mouth_B", "mouth_C", "mouth_D", "mouth_X"], "RHUBARB"),
        (["Genesis8Female__eCTRLvAA"], "DAZ"),
        (["facs_ctrl_vAA", "facs_ctrl_vEE"], "DAZ"),
        (["visAA", "visEE"], "DAZ"),
        (["Ah", "EE", "Oh", "W_OO", "B_M_P"], "CC"),
        (["Ah", "Ee", "Oh", "W-Oo"], "CC"),
        (["phoneme_AI", "phoneme_MBP"], "PRESTON_BLAIR"),
    ],
)
def test_further_spellings(names, chosen):
    assert best_set([names]) == chosen
    assert set(find_keys(names, SETS[chosen])) == set(names)


@pytest.mark.parametrize(
    "name", ["Basis", "smile", "Brow_A", "EyeOpen", "hat", "jawForward", "Fcl_ALL_Angry", "sil"]
)
def test_what_is_no_mouth(name):
    assert not any(find_keys([name], chosen) for chosen in SETS.values())


@pytest.mark.parametrize(
    "name",
    [
        *("jawOpen_50", "jawOpen025", "jawOpen_fix", "jawOpen_corrective", "jawOpen_inv", "noJawOpen"),
        *("jawOpen_mouthSmileLeft", "mouthSmileLeft_jawOpen", "mouthSmile_L_eyeBlink_R"),
    ],
)
def test_steps_in_between_and_correctives_are_not_the_key_itself(name):
    assert not find_keys([name], SETS["ARKIT"])


@pytest.mark.parametrize(
    ("names", "used"),
    [
        (["jawOpen", "jawOpen_L"], ["jawOpen"]),
        (["eyeBlink", "eyeBlink_L"], ["eyeBlink"]),
        (["jawOpen_bs", "jawOpen_teeth", "jawOpen_bs.001"], ["jawOpen_bs"]),
        (["eyeLookOutLeft", "Eye_L_Look_L"], ["eyeLookOutLeft"]),
        (["mouthFunnel", "Mouth_Funnel_Up_L", "Mouth_Funnel_Up_R"], ["mouthFunnel"]),
    ],
)
def test_a_key_beside_a_part_of_it_is_moved_alone(names, used):
    assert list(find_keys(names, SETS["ARKIT"])) == used


def test_a_funnel_of_four_keys():
    names = [f"Mouth_Funnel_{half}_{side}" for half in ("Up", "Down") for side in "LR"]
    assert find_keys(names, SETS["ARKIT"]) == {key: {"mouthFunnel": 1.0} for key in names}
    names = [f"mouth_funnel_{each}" for each in ("UL", "UR", "DL", "DR")]
    assert find_keys(names, SETS["METAHUMAN"]) == {key: {"mouthFunnel": 1.0} for key in names}


def test_keys_that_look_aside():
    looks = find_keys(["lookLeft", "Look_Right"], SETS["VRM"])
    assert looks["lookLeft"] == {"eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5}
    assert looks["Look_Right"] == {"eyeLookInLeft": 0.5, "eyeLookOutRight": 0.5}
    assert find_keys(["Eye_L_Look_R"], SETS["ARKIT"]) == {"Eye_L_Look_R": {"eyeLookInLeft": 1.0}}


def test_of_two_keys_for_one_thing_the_first():
    assert set(find_keys(["V_Open", "Mouth_Open"], SETS["CC"])) == {"V_Open"}
    assert set(find_keys(["eCTRLvAA", "eCTRLMouthOpen"], SETS["DAZ"])) == {"eCTRLvAA"}


def test_the_two_keys_of_a_plain_ready_player_me_avatar():
    names = ["mouthOpen", "mouthSmile"]
    assert best_set([names]) == "ARKIT"
    assert find_keys(names, SETS["ARKIT"])["mouthOpen"] == {"jawOpen": 1.0}
    assert "mouthOpen" not in find_keys([*names, "jawOpen"], SETS["ARKIT"])

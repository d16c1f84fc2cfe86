"""Sets of shape-key names that characters have, and how the face's channels move each: tables.

A set is a row of SETS; a spelling more is a word in it. Channels are those of `channels.py`, ARKit's and visemes.
"""

from collections.abc import Mapping
from typing import NamedTuple

Weights = Mapping[str, float]


class Row(NamedTuple):
    """One shape key.

    role : what it stands for; of rows with one role the first that a mesh has is used, and none whose role is a channel that another has moved
    weights : how much each channel moves it
    names : how it is spelled; `*` stands for both sides, in names and in channels; `+` parts several that move together
    """

    role: str
    weights: Weights
    names: tuple[str, ...]

    def on_side(self, side: str) -> Weights:
        """The channels that move a key of one side, "Left" or "Right"; of "", the mean of both."""
        if side:
            return {channel.replace("*", side): weight for channel, weight in self.weights.items()}
        return {
            channel.replace("*", each): weight / (2 if "*" in channel else 1)
            for channel, weight in self.weights.items()
            for each in (("Left", "Right") if "*" in channel else ("",))
        }


class KeySet(NamedTuple):
    """A set of names.

    label, description : for people
    """

    label: str
    description: str
    rows: tuple[Row, ...]


def _rows(table: Mapping[str, str], role: str = "") -> tuple[Row, ...]:
    """Rows of `channel` or `weight channel + weight channel` with names that spaces part."""
    rows = []
    for what, names in table.items():
        parts = [part.split() for part in what.split("+")]
        weights = {part[-1]: float(part[0]) if len(part) > 1 else 1.0 for part in parts}
        rows.append(Row(role or what, weights, tuple(names.split())))
    return tuple(rows)


ARKIT_CHANNELS = (
    *("jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthShrugLower", "mouthShrugUpper"),
    *("mouthDimple*", "mouthLowerDown*", "mouthPress*", "mouthSmile*", "mouthStretch*", "mouthUpperUp*"),
    *("eyeBlink*", "browInnerUp", "browOuterUp*"),
    *("eyeLookIn*", "eyeLookOut*", "eyeLookUp*", "eyeLookDown*", "eyeWide*"),
    *("browDown*", "cheekSquint*", "noseSneer*", "eyeSquint*"),
)
"""New ones come last: .blend files keep the place of a channel in this list."""
# The same keys as trackers of VRChat and Character Creator 4 name them, and Ready Player Me an avatar's only two.
_ALSO_ARKIT = {
    "jawOpen": ("mouthOpen",),
    "mouthClose": ("MouthClosed", "Mouth_Ape_Shape"),
    "mouthFunnel": (
        "LipFunnel",
        "LipFunnelUpper*+LipFunnelLower*",
        "Mouth_Funnel_Up*+Mouth_Funnel_Down*",
    ),
    "mouthPucker": (
        "LipPucker",
        "Mouth_Pout",
        "LipPuckerUpper*+LipPuckerLower*",
        "Mouth_Pucker_Up*+Mouth_Pucker_Down*",
    ),
    "mouthUpperUp*": ("Mouth_Up_Upper*",),
    "mouthLowerDown*": ("Mouth_Down_Lower*",),
    "browInnerUp": ("Brow_Raise_Inner*",),
    "browOuterUp*": ("Brow_Raise_Outer*",),
    "browDown*": ("Brow_Drop*",),
    "cheekSquint*": ("Cheek_Raise*",),
    "eyeBlink*": ("EyeClosed*",),
}
_VOWELS = ("viseme_aa", "0.4 viseme_E", "viseme_U", "0.6 viseme_E", "viseme_O")  # a i u e o


def _vowels(*names: str) -> tuple[Row, ...]:
    """Rows of the vowels a, i, u, e and o, in this order."""
    return tuple(
        row
        for what, spelled, letter in zip(_VOWELS, names, "aiueo", strict=True)
        for row in _rows({what: spelled}, letter)
    )


def _blinks(names: str) -> tuple[Row, ...]:
    """The row of the lids, one key for each eye or one for both."""
    return (Row("blink", {"eyeBlink*": 1.0}, tuple(names.split())),)


_LOOKS = _rows(
    {
        "0.5 eyeLookOutLeft + 0.5 eyeLookInRight": "lookLeft",
        "0.5 eyeLookInLeft + 0.5 eyeLookOutRight": "lookRight",
        "0.5 eyeLookUpLeft + 0.5 eyeLookUpRight": "lookUp",
        "0.5 eyeLookDownLeft + 0.5 eyeLookDownRight": "lookDown",
    }
)

SETS: Mapping[str, KeySet] = {
    "ARKIT": KeySet(
        "ARKit",
        "jawOpen, mouthFunnel, eyeBlinkLeft and so on, in any spelling and behind any prefix",
        (
            *(Row(name, {name: 1.0}, (name, *_ALSO_ARKIT.get(name, ()))) for name in ARKIT_CHANNELS),
            *_rows(
                {
                    "eyeLookOutLeft": "Eye_L_Look_L",
                    "eyeLookInLeft": "Eye_L_Look_R",
                    "eyeLookInRight": "Eye_R_Look_L",
                    "eyeLookOutRight": "Eye_R_Look_R",
                }
            ),
        ),
    ),
    "VISEMES": KeySet(
        "Visemes",
        "viseme_aa, viseme_PP and so on, as Ready Player Me and Oculus have them, in any spelling",
        (
            *_rows(
                {
                    "viseme_aa": "viseme_aa aa",
                    "viseme_E": "viseme_E viseme_ee E",
                    "viseme_O": "viseme_O viseme_oh oh",
                    "viseme_U": "viseme_U viseme_ou ou",
                    "viseme_PP": "viseme_PP PP",
                    "viseme_sil": "viseme_sil",
                }
            ),
            *_blinks("eyeBlink* eyesClosed*"),
        ),
    ),
    "VRM": KeySet(
        "VRM",
        "aa, ih, ou, ee, oh of VRM 1, and A, I, U, E, O of VRM 0, with blink and lookLeft",
        (*_vowels("aa A", "ih I", "ou U", "ee E", "oh O"), *_blinks("blink*"), *_LOOKS),
    ),
    "VROID": KeySet(
        "VRoid",
        "Fcl_MTH_A, Fcl_EYE_Close and so on",
        (
            *_vowels(
                "Fcl_MTH_A MTH_A", "Fcl_MTH_I MTH_I", "Fcl_MTH_U MTH_U", "Fcl_MTH_E MTH_E", "Fcl_MTH_O MTH_O"
            ),
            *_rows({"viseme_PP": "Fcl_MTH_Close MTH_Close"}),
            *_blinks("Fcl_EYE_Close* EYE_Close*"),
        ),
    ),
    "MMD": KeySet(
        "MikuMikuDance",
        "あ, い, う, え, お and まばたき",
        (
            *_vowels("あ ア", "い イ", "う ウ", "え エ", "お オ"),
            *_rows({"viseme_PP": "ん ン"}),
            *_blinks("まばたき* 瞬き*"),
        ),
    ),
    "VRCHAT": KeySet(
        "VRChat",
        "vrc.v_aa, vrc.v_pp and so on",
        (
            *_rows(
                {
                    "viseme_aa": "vrc_v_aa v_aa",
                    "0.6 viseme_E": "vrc_v_e v_e",
                    "viseme_O": "vrc_v_oh v_oh",
                    "viseme_U": "vrc_v_ou v_ou",
                    "viseme_PP": "vrc_v_pp v_pp",
                    "viseme_sil": "vrc_v_sil v_sil",
                }
            ),
            *_rows({"0.4 viseme_E": "vrc_v_ih v_ih"}, "ih"),
            *_blinks("vrc_blink* blink*"),
        ),
    ),
    "CC": KeySet(
        "Character Creator",
        "V_Open, V_Explosive and so on, of Reallusion's characters",
        (
            *_rows(
                {
                    "viseme_aa": "V_Open Open Ah",
                    "viseme_PP": "V_Explosive Explosive B_M_P",
                    "viseme_O": "V_Tight_O Tight_O Oh",
                    "viseme_U": "V_Tight Tight W_OO",
                    "viseme_E": "V_Wide Wide EE",
                }
            ),
            *_rows({"jawOpen": "Mouth_Open"}, "viseme_aa"),
            *_rows(
                {
                    "browInnerUp": "Brow_Raise_Inner*",
                    "browOuterUp*": "Brow_Raise_Outer*",
                    "browDown*": "Brow_Drop*",
                    "cheekSquint*": "Cheek_Raise*",
                    "noseSneer*": "Nose_Sneer*",
                    "eyeSquint*": "Eye_Squint*",
                    "eyeWide*": "Eye_Wide*",
                }
            ),
            *_blinks("Eye_Blink* Blink*"),
        ),
    ),
    "DAZ": KeySet(
        "Daz Genesis",
        "eCTRLvAA, visAA, facs_ctrl_vAA and so on",
        (
            *_rows(
                {
                    "viseme_aa": "eCTRLvAA vAA visAA",
                    "0.6 viseme_E": "eCTRLvEE vEE visEE",
                    "viseme_O": "eCTRLvOW vOW visOW",
                    "viseme_U": "eCTRLvUW vUW visUW",
                    "viseme_PP": "eCTRLvM vM visM",
                }
            ),
            *_rows({"0.4 viseme_E": "eCTRLvIH vIH visIH"}, "ih"),
            *_rows({"jawOpen": "eCTRLMouthOpen CTRLMouthOpen MouthOpen"}, "viseme_aa"),
            *_rows({"jawOpen": "JawOpen"}, "viseme_aa"),
            *_blinks("eCTRLEyesClosed* EyesClosed* EyesBlink* EyeBlink*"),
        ),
    ),
    "METAHUMAN": KeySet(
        "MetaHuman",
        "CTRL_expressions_jawOpen and so on",
        tuple(
            Row(name, {channel: 1.0}, (name,))
            for channel, names in {
                "jawOpen": "jawOpen",
                "mouthFunnel": "mouthFunnelU* mouthFunnelD*",
                "mouthPucker": "mouthLipsPurseU* mouthLipsPurseD*",
                "mouthClose": "mouthLipsTogetherU* mouthLipsTogetherD*",
                "mouthSmile*": "mouthCornerPull*",
                "mouthStretch*": "mouthStretch*",
                "mouthUpperUp*": "mouthUpperLipRaise*",
                "mouthLowerDown*": "mouthLowerLipDepress*",
                "mouthDimple*": "mouthDimple*",
                "mouthPress*": "mouthPressU* mouthPressD*",
                "eyeBlink*": "eyeBlink*",
                "browInnerUp": "browRaiseIn*",
                "browOuterUp*": "browRaiseOuter*",
                "browDown*": "browDown*",
                "cheekSquint*": "eyeCheekRaise*",
                "noseSneer*": "noseWrinkle*",
                "eyeSquint*": "eyeSquintInner*",
                "eyeWide*": "eyeWiden*",
            }.items()
            for name in names.split()
        ),
    ),
    "RHUBARB": KeySet(
        "Rhubarb",
        "The mouths A to H and X of Rhubarb Lip Sync",
        _rows(
            {
                "viseme_PP": "A",
                "0.3 viseme_E": "B",
                "0.7 viseme_E": "C",
                "viseme_aa": "D",
                "viseme_O": "E",
                "viseme_U": "F",
                "viseme_sil": "X",
            }
        ),
    ),
    "PRESTON_BLAIR": KeySet(
        "Preston Blair",
        "The mouths AI, E, O, U, MBP, etc and rest, as Papagayo has them",
        _rows(
            {
                "viseme_aa": "AI",
                "0.7 viseme_E": "E",
                "viseme_O": "O",
                "viseme_U": "U WQ",
                "viseme_PP": "MBP",
                "0.3 viseme_E": "etc",
                "viseme_sil": "rest",
            }
        ),
    ),
}

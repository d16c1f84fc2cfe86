"""Eyes found among the bones that a head carries."""

import pytest

from mannerism.core.errors import RigError
from mannerism.core.rig.eye_bones import find_eyes


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("eye.L", "eye.R"),
        ("mixamorig:LeftEye", "mixamorig:RightEye"),
        ("CC_Base_L_Eye", "CC_Base_R_Eye"),
        ("lEye", "rEye"),
        ("Eye_L", "Eye_R"),
        ("eyeball.L", "eyeball.R"),
    ],
)
def test_in_the_usual_spellings(left, right):
    parents = {
        "neck": None,
        "head": "neck",
        left: "head",
        right: "head",
        "eyelid.L": "head",
        "eyelid.R": "head",
    }
    assert find_eyes(parents, "head") == (left, right)


def test_machinery_is_not_what_an_animator_turns():
    parents = {"head": None, "deep": "head"} | {
        f"{kind}eye.{side}": "deep" for kind in ("MCH-", "ORG-", "") for side in "LR"
    }
    assert find_eyes(parents, "head") == ("eye.L", "eye.R")


@pytest.mark.parametrize("names", [(), ("eye.L",), ("brow.L", "brow.R"), ("eyelid.L", "eyelid.R")])
def test_a_head_without_a_pair_of_eyes_is_refused(names):
    parents = {"head": None, "eye_target.L": None, "eye_target.R": None} | dict.fromkeys(names, "head")
    with pytest.raises(RigError, match="left and right eye"):
        find_eyes(parents, "head")


def test_eyes_that_the_rig_itself_controls_are_named():
    parents = {"head": None, "eyes": None, "eye.L": "eyes", "eye.R": "eyes"}
    with pytest.raises(RigError, match=r"“eye\.L” is not carried by “head”"):
        find_eyes(parents, "head")

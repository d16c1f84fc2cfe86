"""The head of each family of rigs, among the bones about it that have the same word in their names."""

import pytest

from mannerism.core.rig import RigMap, find_rig_map
from mannerism.tests.support.rig_trees import RIGS, read


@pytest.mark.parametrize("rig", [rig for rig in RIGS if "wolf" not in rig])
def test_head_and_neck(rig):
    parents, head, neck = read(RIGS[rig])
    assert find_rig_map(parents) == RigMap(head, neck)


def test_a_body_of_numbered_bones():
    parents, _, _ = read(RIGS["Rigify meta-rig of a wolf"])
    assert find_rig_map(parents).head == "spine.011"


@pytest.mark.parametrize("rig", RIGS)
def test_whatever_the_order_of_the_bones(rig):
    parents, _, _ = read(RIGS[rig])
    backward = dict(reversed(parents.items()))
    assert find_rig_map(backward) == find_rig_map(parents)


def test_the_bone_that_the_skull_follows_wins():
    parents, _, _ = read("""
        root
         chest
          neck
           head
          skull_def
    """)
    assert find_rig_map(parents) == RigMap("head", ("neck",))
    assert find_rig_map(parents, skull="skull_def", followed={"skull_def", "chest"}) == RigMap("skull_def")


def test_a_bone_that_something_else_turns_is_the_last_choice():
    parents, _, _ = read("""
        chest
         neck
          head
         neck_ctrl
          head_ctrl
    """)
    assert find_rig_map(parents, held={"head"}) == RigMap("head_ctrl", ("neck_ctrl",))


def test_constraints_in_a_circle_end():
    assert find_rig_map({"head": "neck", "neck": "chest", "chest": "head"}).head == "head"

"""Eyes of a face answer the head as the scene shows it: layers, keys and constraints."""

import math
from typing import Any

import numpy as np
import pytest

import mannerism
from mannerism.bridge.eyes import chosen_doses, shown_head
from mannerism.bridge.sound import Speech
from mannerism.core.gaze.settings import DOSES, USUAL
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tools.synthetic.characters import bust

bpy: Any = pytest.importorskip("bpy")
pytestmark = pytest.mark.usefixtures("extension")
LINE = EXAMPLES / "line_1.wav"


def character(*keys: str) -> Any:
    """A rig, and a mesh on it with shape keys."""
    rig = bust()
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    obj = bpy.data.objects.new("Face", mesh)
    bpy.context.scene.collection.objects.link(obj)
    obj.parent = rig
    for name in ("Basis", "jawOpen", *keys):
        obj.shape_key_add(name=name).value = 0.0
    bpy.context.view_layer.objects.active = rig
    rig.mannerism.audio = str(LINE)
    return rig, mesh.shape_keys


def turn_head(rig: Any, bone: str, degrees: float) -> None:
    pose = rig.pose.bones[bone]
    pose.rotation_mode = "YXZ"
    for frame, angle in ((1, 0.0), (40, degrees), (200, degrees)):
        pose.rotation_euler = (0.0, math.radians(angle), 0.0)
        pose.keyframe_insert("rotation_euler", frame=frame)


def test_doses_are_those_of_the_sidebar_where_a_mesh_has_eyes():
    rig, _ = character("eyeLookOutLeft", "eye_look_in_R")
    assert chosen_doses(rig) == pytest.approx({name: getattr(USUAL, name) for name in DOSES})
    rig.mannerism.face.look_away = 1.0
    assert chosen_doses(rig)["look_away"] == 1.0


def test_without_eyes_nothing_is_asked_and_nothing_is_played():
    rig, _ = character("browInnerUp")
    doses = chosen_doses(rig)
    assert set(doses.values()) == {0.0}
    assert shown_head(rig, Speech("line", LINE, 1.0), doses) == (None, ())


def test_the_head_is_read_as_it_is_shown():
    rig, _ = character("eyeLookOutLeft")
    head_bone = next(bone.name for bone in rig.pose.bones if "head" in bone.name.lower())
    turn_head(rig, head_bone, 10.0)
    bpy.context.scene.frame_set(17)
    head, notes = shown_head(rig, Speech("line", LINE, 1.0), chosen_doses(rig))
    assert head is not None
    assert notes == ()
    assert head.duration_s > 5.16
    turned = np.degrees(np.linalg.norm(2.0 * head.rotation[:, 1:], axis=1))
    assert turned[0] == pytest.approx(0.0, abs=0.01)
    assert turned[-1] == pytest.approx(10.0, abs=0.1)
    assert bpy.context.scene.frame_current == 17


@pytest.mark.slow
def test_eyes_turn_against_a_head_that_was_turned_by_hand():
    rig, keys = character("eyeLookOutLeft", "eyeLookInLeft", "eyeLookUpLeft", "eyeLookDownLeft")
    head_bone = next(bone.name for bone in rig.pose.bones if "head" in bone.name.lower())
    turn_head(rig, head_bone, 12.0)
    for name in ("look_away", "small", "blinks"):
        setattr(rig.mannerism.face, name, 0.0)
    assert bpy.ops.mannerism.generate_face() == {"FINISHED"}
    bpy.context.scene.frame_set(90)
    values = {block.name: block.value for block in keys.key_blocks}
    moved = {name: value for name, value in values.items() if name.startswith("eye") and value > 0.01}
    # The bone's y axis points up, about which a positive turn is to the left.
    assert moved == {"eyeLookInLeft": pytest.approx(12.0 / 35.0, abs=0.01)}
    assert bpy.ops.mannerism.remove_face() == {"FINISHED"}
    assert keys.animation_data is None
    assert not mannerism.face(LINE, gaze=dict.fromkeys(DOSES, 0.0)).notes

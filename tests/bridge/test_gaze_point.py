"""Eye bones that follow a gaze point: right whatever their axes, whatever moves the head later, and gone without trace."""

import math
from typing import Any

import numpy as np
import pytest
from mathutils import Matrix, Vector

from mannerism.bridge.gaze_point import add_gaze, has_gaze, remove_gaze
from mannerism.core.errors import RigError
from mannerism.core.gaze.settings import DOSES
from mannerism.tools.synthetic.characters import armature, bust

bpy: Any = pytest.importorskip("bpy")
pytestmark = pytest.mark.usefixtures("extension")
BONES = [
    ("torso", None, (0, 0, 1.0), (0, 0, 1.4), 0.0),
    ("neck", "torso", (0, 0, 1.4), (0, -0.02, 1.5), 0.4),
    ("head", "neck", (0, -0.02, 1.5), (0, -0.02, 1.74), -0.3),
    ("eye.L", "head", (0.03, -0.1, 1.62), (0.03, -0.12, 1.64), 0.7),
    ("eye.R", "head", (-0.03, -0.1, 1.62), (-0.05, -0.1, 1.60), -1.1),
]
TURNED = Matrix.Translation((3, 1, 2)) @ Matrix.Rotation(0.8, 4, "Z") @ Matrix.Scale(2.0, 4)


@pytest.fixture(params=[Matrix(), TURNED], ids=["at the origin", "turned and scaled"])
def rig(request):
    obj = armature(BONES, matrix=request.param)
    for name in DOSES:
        setattr(obj.mannerism.face, name, 0.0)
    obj.mannerism.face.follow = 1.0
    bpy.context.scene.frame_end = 60
    return obj


def turn(obj, frame, yaw=0.0, pitch=0.0):
    """Key the head; its bone's y axis points up, and its x axis is turned by its roll."""
    bone = obj.pose.bones["head"]
    rest = bone.bone.matrix_local.to_3x3()
    wanted = Matrix.Rotation(math.radians(yaw), 3, "Z") @ Matrix.Rotation(math.radians(pitch), 3, "X")
    bone.rotation_mode = "QUATERNION"
    bone.rotation_quaternion = (rest.inverted() @ wanted @ rest).to_quaternion()
    bone.keyframe_insert("rotation_quaternion", frame=frame)


def lines_of_sight(obj, frame):
    """Where each eye looks, in the axes of the armature: what at rest was straight ahead, −Y."""
    bpy.context.scene.frame_set(frame)
    evaluated = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    found = []
    for name in ("eye.L", "eye.R"):
        bone = evaluated.pose.bones[name]
        rest = bone.bone.matrix_local.to_3x3()
        found.append((bone.matrix.to_3x3() @ rest.inverted()) @ Vector((0, -1, 0)))
    return [each.normalized() for each in found]


def angle(a, b):
    return math.degrees(a.angle(b))


def dump(obj):
    return (
        sorted(each.name for each in bpy.data.objects),
        sorted(each.name for each in bpy.data.actions),
        {bone.name: [each.name for each in bone.constraints] for bone in obj.pose.bones},
        [tuple(bone.matrix_basis.copy().row[0]) for bone in obj.pose.bones],
    )


def test_eyes_rest_and_then_hold_their_gaze_under_a_head_that_is_keyed_later(rig):
    assert add_gaze(rig) == ()
    ahead = Vector((0, -1, 0))
    for sight in lines_of_sight(rig, 1):
        assert angle(sight, ahead) < 0.01
    turn(rig, 1)
    turn(rig, 20, yaw=15.0)
    turn(rig, 40, pitch=10.0)
    for frame in (20, 40):
        for sight in lines_of_sight(rig, frame):
            # The eyes' place moves with the head by some centimetres, and the gaze point is a metre off.
            assert angle(sight, ahead) < 2.5
    left, right = lines_of_sight(rig, 30)
    assert angle(left, right) < 1e-3


def test_the_reach_of_eyes_ends_and_the_head_carries_them_along(rig):
    add_gaze(rig)
    turn(rig, 1)
    turn(rig, 30, yaw=60.0)
    for sight in lines_of_sight(rig, 30):
        assert angle(sight, Vector((0, -1, 0))) == pytest.approx(60.0 - 27.0, abs=0.1)


def test_what_they_look_at_may_be_any_object_and_move(rig):
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    bpy.context.scene.collection.objects.link(camera)
    rig.mannerism.face.look_at = camera
    for frame, x in ((1, 0.1), (30, -0.3)):
        camera.location = rig.matrix_world @ Vector((x, -2.0, 1.62))
        camera.keyframe_insert("location", frame=frame)
    add_gaze(rig)
    for frame, x in ((1, 0.1), (30, -0.3)):
        wanted = Vector((x, -1.9, 0.0))
        for sight in lines_of_sight(rig, frame):
            assert angle(sight, wanted) < 0.05
    rig.mannerism.face.look_at = None
    add_gaze(rig)
    assert angle(lines_of_sight(rig, 30)[0], Vector((0, -1, 0))) < 0.01


def test_small_movements_and_looks_away_are_keys_of_the_gaze(rig):
    bpy.context.scene.frame_end = 400
    rig.mannerism.face.small = rig.mannerism.face.look_away = 1.0
    rig.mannerism.seed = 1  # some seeds hardly look away within 16 s
    turn(rig, 1)
    turn(rig, 200, yaw=10.0)
    add_gaze(rig)
    gaze = bpy.data.objects[f"{rig.name} gaze"]
    keys = (
        gaze.animation_data.action.layers[0].strips[0].channelbag(gaze.animation_data.action_slot).fcurves[0]
    )
    assert 10 < len(keys.keyframe_points) < 250
    sights = [lines_of_sight(rig, frame)[0] for frame in range(1, 400, 5)]
    off = np.array([angle(sight, Vector((0, -1, 0))) for sight in sights])
    assert 0.5 < np.median(off) < 5.0
    assert off.max() > 6.0
    before = [tuple(point.co) for point in keys.keyframe_points]
    add_gaze(rig)
    keys = (
        gaze.animation_data.action.layers[0].strips[0].channelbag(gaze.animation_data.action_slot).fcurves[0]
    )
    assert [tuple(point.co) for point in keys.keyframe_points] == before
    assert len([each for each in bpy.data.actions if "gaze" in each.name]) == 1


def test_edited_keys_and_keys_on_the_target_stay(rig):
    bpy.context.scene.frame_end = 200
    rig.mannerism.face.small = 1.0
    add_gaze(rig)
    gaze, target = (bpy.data.objects[f"{rig.name} {role}"] for role in ("gaze", "target"))
    target.location = (0.1, 0.0, 0.0)
    target.keyframe_insert("location", frame=1)
    gaze.location = (0.2, 0.0, 0.0)
    gaze.keyframe_insert("location", frame=50)
    rig.mannerism.face.small = 3.0
    assert any("keys of yours" in note for note in add_gaze(rig))
    bpy.context.scene.frame_set(50)
    assert gaze.location.x == pytest.approx(0.2)
    assert target.animation_data.action is not None


def test_following_not_at_all_is_rest(rig):
    rig.mannerism.face.follow = 0.0
    turn(rig, 1)
    turn(rig, 20, yaw=15.0)
    add_gaze(rig)
    wanted = Matrix.Rotation(math.radians(15.0), 3, "Z") @ Vector((0, -1, 0))
    assert angle(lines_of_sight(rig, 20)[0], wanted) < 0.01


def test_removal_restores(rig):
    turn(rig, 1)
    bone = rig.pose.bones["eye.L"]
    bone.keyframe_insert("rotation_quaternion", frame=1)
    bone.constraints.new("LIMIT_ROTATION").name = "mine"
    before = dump(rig)
    rig.mannerism.face.small = 1.0
    assert any("animation of its own" in note for note in add_gaze(rig))
    assert has_gaze(rig)
    assert dump(rig) != before
    remove_gaze(rig)
    assert not has_gaze(rig)
    assert dump(rig) == before
    with pytest.raises(RigError, match="no gaze point"):
        remove_gaze(rig)


def test_operators_and_what_cannot_follow():
    rig = bust()
    with pytest.raises(RuntimeError, match="no bones called left and right eye"):
        bpy.ops.mannerism.add_gaze()
    assert len(bpy.data.objects) == 1
    eyed = armature(BONES, "Eyed")
    eyed.pose.bones["eye.R"].constraints.new("DAMPED_TRACK").target = rig
    with pytest.raises(RuntimeError, match="own constraint"):
        bpy.ops.mannerism.add_gaze()
    eyed.pose.bones["eye.R"].constraints.remove(eyed.pose.bones["eye.R"].constraints[0])
    assert bpy.ops.mannerism.add_gaze() == {"FINISHED"}
    assert bpy.ops.mannerism.remove_gaze() == {"FINISHED"}
    assert not bpy.ops.mannerism.remove_gaze.poll()


def test_deleted_empties_are_made_again_and_the_eyes_cannot_look_at_their_own(rig):
    add_gaze(rig)
    for name in ("target", "gaze", "face", "aim"):
        bpy.data.objects.remove(bpy.data.objects[f"{rig.name} {name}"])
    with pytest.raises(RigError, match="Remove it, and add it again"):
        add_gaze(rig)
    for left in [each for each in bpy.data.objects if each.type == "EMPTY"]:
        bpy.data.objects.remove(left)
    add_gaze(rig)
    assert [len(rig.pose.bones[name].constraints) for name in ("eye.L", "eye.R")] == [1, 1]
    for chosen in (rig, bpy.data.objects[f"{rig.name} gaze"]):
        rig.mannerism.face.look_at = chosen
        with pytest.raises(RigError, match="follows the eyes itself"):
            add_gaze(rig)


def test_undo_takes_it_back(rig):
    bpy.ops.ed.undo_push(message="before")
    names = sorted(each.name for each in bpy.data.objects)
    assert bpy.ops.mannerism.add_gaze() == {"FINISHED"}
    bpy.ops.ed.undo_push(message="after")
    assert sorted(each.name for each in bpy.data.objects) != names
    bpy.ops.ed.undo()
    assert sorted(each.name for each in bpy.data.objects) == names
    armatures = [each for each in bpy.data.objects if each.type == "ARMATURE"]
    assert not any(bone.constraints for bone in armatures[0].pose.bones)

"""A motion put on a character is read back from what Blender shows, to the tenth of a degree and pixel."""

import numpy as np
import pytest
from mathutils import Matrix

from mannerism import registration
from mannerism.bridge.bones import rig_map_of
from mannerism.bridge.portrait_motion import evaluated_motion
from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.core.errors import RigError
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import read_motion
from mannerism.core.portrait.model.camera import Stage
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tools.synthetic.characters import RIGS, bust, key_pose, nodding, plain_object, set_pose

bpy = pytest.importorskip("bpy")

STAGE = Stage(
    560.0, rot.to_matrix(rot.from_euler(0.05, -0.1, 0.03)), np.array([127.0, 140.0]), 420.0, np.full(2, 127.5)
)
FACE = np.array(
    [[0.0, 0.0, 0.0], [0.06, 0.04, -0.02], [-0.06, 0.04, -0.02], [0.0, -0.07, 0.0], [0.0, 0.1, -0.05]]
)
MOTION = nodding(2.0, seed=4)
EXAMPLE = EXAMPLES / "reference.truth.csv"


@pytest.fixture(autouse=True)
def extension(empty_blender):
    registration.register()
    yield
    registration.unregister()


def sampled(obj, time_s=MOTION.time_s, start_frame=1.0, **options):
    return evaluated_motion(obj, time_s, start_frame=start_frame, rig_map=rig_map_of(obj), **options)


def check(found, wanted, degrees=0.1, pixels=0.2):
    assert np.degrees(rot.angle_between(found.rotation, wanted.rotation)).max() < degrees
    seen, asked = (STAGE.poses(motion).project(FACE) for motion in (found, wanted))
    assert np.abs(seen - asked).max() < pixels


def add(obj, motion=MOTION, start_frame=1.0):
    return add_take(obj, motion, line="line", seed=0, start_frame=start_frame)


def test_the_pixels_tell_motions_apart():
    for turn, shift in ((0.0, 0.001), (0.002, 0.0)):
        other = HeadMotion(
            MOTION.time_s,
            rot.multiply(rot.from_euler(0.0, turn, 0.0), MOTION.rotation),
            MOTION.translation_m + np.array([shift, 0.0, 0.0]),
        )
        with pytest.raises(AssertionError):
            check(other, MOTION)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
@pytest.mark.parametrize("name", RIGS)
def test_a_layer_is_read_back(name, share):
    obj = RIGS[name][0]()
    obj.mannerism.neck_share = share
    add(obj)
    check(sampled(obj), MOTION)


@pytest.mark.slow
def test_a_layer_on_a_rigify_rig_is_read_back(rigify):
    obj, _ = rigify
    add(obj)
    check(sampled(obj), MOTION)


@pytest.mark.parametrize("mode", ["XYZ", "AXIS_ANGLE"])
def test_whatever_mode_the_bones_turn_in(mode):
    obj = bust()
    for bone in obj.pose.bones:
        bone.rotation_mode = mode
    add(obj)
    check(sampled(obj), MOTION)


def test_between_frames_and_from_a_fraction_of_one():
    obj = bust()
    bpy.context.scene.render.fps = 48
    add(obj, start_frame=11.25)
    time_s = np.arange(0.1, 1.9, 1001 / 30000)
    check(sampled(obj, time_s, start_frame=11.25), MOTION.at(time_s), degrees=0.3, pixels=0.4)


@pytest.mark.parametrize("fps", [25, 30])
def test_a_tracked_reference_that_is_imported_drives_the_poses_it_was_tracked_with(fps):
    obj, scene = bust(), bpy.context.scene
    scene.render.fps = fps
    bpy.ops.mannerism.import_motion(filepath=str(EXAMPLE))
    track = read_motion(EXAMPLE)
    found = sampled(obj, track.time_s, start_frame=scene.frame_start)
    check(found, track)


def test_the_playhead_stays_where_it_is():
    obj = bust()
    bpy.context.scene.frame_set(17, subframe=0.25)
    sampled(obj)
    assert bpy.context.scene.frame_current_final == 17.25


def test_a_body_that_walks_and_turns_does_not_carry_the_head_away():
    obj = bust()
    for frame, place, turn in ((1, (0, 0, 0), 0.0), (40, (3, 1, 0), 1.5)):
        obj.location, obj.rotation_euler = place, (0.1 * turn, 0, turn)
        obj.keyframe_insert("location", frame=frame)
        obj.keyframe_insert("rotation_euler", frame=frame)
        key_pose(obj.pose.bones["torso"], frame, rot.from_rotvec(np.array([turn, 0.1, 0.2])), (turn, 0, 0.2))
    add(obj)
    check(sampled(obj), MOTION)


def test_a_parent_that_walks_does_not_carry_a_plain_object_away():
    obj, parent = plain_object(), plain_object("none")
    obj.parent, obj.matrix_parent_inverse = parent, Matrix.Rotation(0.4, 4, "X")
    obj.location, obj.rotation_euler, obj.delta_rotation_euler = (1, 2, 3), (0.1, 0.2, 0.3), (0.3, 0, 0.5)
    for frame, place in ((1, (0, 0, 0)), (40, (3, 1, 0))):
        parent.location, parent.rotation_euler = place, place
        parent.keyframe_insert("location", frame=frame)
        parent.keyframe_insert("rotation_euler", frame=frame)
    add(obj)
    found = sampled(obj)
    assert np.degrees(rot.angle_between(found.rotation, MOTION.rotation)).max() < 0.1


def test_an_object_on_a_bone(empty_blender):
    rig = bust()
    obj = plain_object("none")
    obj.parent, obj.parent_type, obj.parent_bone = rig, "BONE", "head"
    obj.location = (0.1, 0.2, 0.3)
    for frame in (1, 40):
        key_pose(rig.pose.bones["head"], frame, rot.from_rotvec(np.array([0.02, 0.01, 0.0]) * frame))
    add(obj)
    check(sampled(obj), MOTION)


def test_before_the_camera_the_walk_counts_and_so_does_the_camera():
    obj, camera = bust(), bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    with pytest.raises(RigError, match="camera"):
        sampled(obj, before_camera=True)
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    camera.location, camera.rotation_euler = (1, -3, 1.5), (1.5, 0, 0.3)
    obj.location.x = 2.0
    obj.keyframe_insert("location", frame=1)
    obj.location.x = 2.3
    obj.keyframe_insert("location", frame=25)
    moved = sampled(obj, np.array([0.0, 1.0]), before_camera=True)
    np.testing.assert_allclose(moved.translation_m, np.array([[0.0, 0.0, 0.0], [0.3, 0.0, 0.0]]), atol=1e-5)
    assert np.abs(moved.rotation[:, 1:]).max() < 1e-5
    camera.parent = obj
    together = sampled(obj, np.array([0.0, 1.0]), before_camera=True)
    assert np.abs(together.translation_m).max() < 1e-5


def test_what_is_not_in_the_view_layer_is_refused():
    obj = bust()
    for collection in obj.users_collection:
        collection.objects.unlink(obj)
    with pytest.raises(RigError, match="view layer"):
        sampled(obj)


def turned(bone, delta):
    """Pose a bone so that it turns by `delta` (4,), in the armature's axes, on its parent."""
    rest = rot.from_matrix(np.array(bone.bone.matrix_local)[:3, :3])
    set_pose(bone, rot.multiply(rot.inverse(rest), rot.multiply(delta, rest)))


AXES = rot.from_matrix(np.stack([[1, 0, 0], [0, 0, 1], [0, -1, 0]], axis=1))  # left, up, face of the bust


def test_what_the_animator_poses_counts():
    obj = bust()
    wanted = rot.from_euler(0.2, -0.4, 0.1)
    turned(obj.pose.bones["head"], rot.multiply(AXES, rot.multiply(wanted, rot.inverse(AXES))))
    found = sampled(obj, np.array([0.0]))
    assert np.degrees(rot.angle_between(found.rotation, wanted[None])).max() < 0.01
    np.testing.assert_allclose(found.translation_m, 0.0, atol=1e-6)


def test_leaning_with_the_neck_shifts_the_head():
    obj = bust()
    lean = rot.from_rotvec(np.array([0.3, 0.0, 0.0]))
    turned(obj.pose.bones["neck"], lean)
    turned(obj.pose.bones["head"], rot.inverse(lean))
    neck, head = (np.array(obj.data.bones[name].head_local) for name in ("neck", "head"))
    found = sampled(obj, np.array([0.0]))
    assert np.degrees(rot.angle_between(found.rotation, rot.IDENTITY)).max() < 0.01
    moved = rot.rotate(rot.inverse(AXES), rot.rotate(lean, head - neck) - (head - neck))
    np.testing.assert_allclose(found.translation_m[0], moved, atol=1e-6)  # its head is 0.24 m high

"""What tests of direction do by hand, and what they read of takes."""

from typing import Any

import bpy
import numpy as np

import mannerism
from mannerism.bridge import takes
from mannerism.bridge.direct_stored import stored_direction
from mannerism.bridge.layer_tracks import LAYER, curves_of, marked
from mannerism.core import rotation as rot
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tools.synthetic.characters import bust, key_pose

LINE = EXAMPLES / "line_1.wav"


def ada():
    """A bust with keys of its own on the head, at 24 frames a second, and its first take."""
    obj = bust()
    bpy.context.view_layer.objects.active = obj
    key_pose(obj.pose.bones["head"], 1, rot.from_rotvec(np.array([0.1, 0.0, 0.2])))
    key_pose(obj.pose.bones["head"], 90, rot.from_rotvec(np.array([-0.2, 0.1, 0.0])))
    obj.mannerism.style, obj.mannerism.audio, obj.mannerism.seed = "calm", str(LINE), 3
    operators: Any = bpy.ops
    assert operators.mannerism.generate() == {"FINISHED"}
    return obj


def keys(action):
    """All keys of an action."""
    return {
        key: [(*point.co, point.type) for point in curve.keyframe_points]
        for key, curve in curves_of(action, action.slots[0]).items()
    }


def newest(obj):
    return marked(obj, LAYER)[-1][1]


def pose_by_hand(obj, frame, turn):
    """Turn the head on top of what is shown, without a key, as with R in the viewport."""
    bpy.context.scene.frame_set(frame)
    head = obj.pose.bones["head"]
    own = rot.multiply(np.array(head.rotation_quaternion), turn)
    head.rotation_quaternion = own


def door(obj, layer=None):
    """What the Python door makes of the direction that is stored with the take."""
    layer = layer or takes.active_layer(obj)
    take = takes.take_of(bpy.data.actions[layer.name])
    return mannerism.generate("calm", LINE, seed=take.seed, direction=stored_direction(layer))


def same(obj):
    made, wanted = takes.stored_motion(takes.active_layer(obj)), door(obj)
    np.testing.assert_array_equal(made.rotation, wanted.rotation)
    np.testing.assert_array_equal(made.translation_m, wanted.translation_m)


def edit(action, frames, by, path="head"):
    """Move keys of a bone's turn by hand."""
    for (name, index), curve in curves_of(action, action.slots[0]).items():
        if path in name and "rotation_quaternion" in name and index == 1:
            for point in curve.keyframe_points:
                if point.co[0] in frames:
                    point.co[1] += by
            curve.update()

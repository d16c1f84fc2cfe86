"""A take to be shaped, and what is read of its keys."""

import bpy
import numpy as np

from mannerism.bridge import layer_fit, takes
from mannerism.bridge.live_take import curves_of_all
from mannerism.bridge.rig import channel_path
from mannerism.core import rotation as rot
from mannerism.core.motion import GRID_HZ, motion_of
from mannerism.core.rig import modes
from mannerism.tools.synthetic.characters import posed

KINDS = [("armature", mode) for mode in ("QUATERNION", "XYZ", "AXIS_ANGLE")] + [("object", "XYZ")]
SLIDES = {
    "intensity": 0.5,
    "pitch": 2.0,
    "yaw": 0.0,
    "roll": 1.5,
    "translation": 0.3,
    "smoothness": 0.2,
    "anticipation_s": 0.12,
    "fade_in_s": 0.5,
    "fade_out_s": 0.5,
}


def course(count=76):
    """Three seconds from rest to rest, on the grid."""
    t = np.arange(count) / GRID_HZ
    waves = np.cos(2 * np.pi * np.array([0.5, 0.3, 0.7, 0.4, 0.2, 0.6]) * t[:, None])
    window = np.sin(np.pi * t / t[-1])[:, None] ** 2
    return motion_of(t, waves * window * [0.3, 0.4, 0.2, 0.01, 0.02, 0.005])


def take(kind="armature", mode="QUATERNION", stack="pose"):
    obj, _ = posed(kind, mode, stack)
    bpy.context.view_layer.objects.active = obj
    layer = takes.add_take(obj, course(), line="hello", seed=1, start_frame=5.0)
    return obj, bpy.data.actions[layer.name]


def state(action):
    """All keys of a layer, handles included."""
    return {
        (c.data_path, c.array_index): [
            (*k.co, *k.handle_left, *k.handle_right, k.type, k.handle_left_type) for k in c.keyframe_points
        ]
        for c in curves_of_all(action).values()
    }


def turning(obj):
    """Curves of the head's rotation, by index."""
    joint = layer_fit.fit_of(bpy.data.actions[takes.active_layer(obj).name]).rig.head
    path = channel_path(joint.name, modes.attribute(joint.mode))
    curves = curves_of_all(bpy.data.actions[takes.active_layer(obj).name])
    return {index: curve for (of, index), curve in curves.items() if of == path}


def far(one, other):
    """Largest angle in degrees; not by the cosine, which is blind below 0.05 degrees in 32 bits."""
    between = rot.multiply(rot.inverse(one.rotation), other.rotation)
    return np.degrees(2 * np.arcsin(np.linalg.norm(between[:, 1:], axis=1))).max()

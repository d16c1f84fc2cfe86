"""Ten minutes later a motion is still at its frame, at every rate that films and television use."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.tools.synthetic.characters import plain_object, pose_at

bpy = pytest.importorskip("bpy")
LENGTH_S = 600
RATES = {
    "23.976": (24, 1.001, Fraction(24000, 1001)),
    "24": (24, 1.0, Fraction(24)),
    "25": (25, 1.0, Fraction(25)),
    "29.97": (30, 1.001, Fraction(30000, 1001)),
    "59.94": (60, 1.001, Fraction(60000, 1001)),
}


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES)
def test_the_last_key_and_what_is_seen_there(extension, rate):
    render = bpy.context.scene.render
    render.fps, render.fps_base, fps = RATES[rate]
    time_s = np.arange(LENGTH_S * 25 + 1) / 25
    yaw = 0.5 * np.sin(2 * np.pi * time_s)  # 3 radians a second: a millisecond late is 0.2 degrees off
    motion = HeadMotion(time_s, rot.from_euler(0.0, yaw, 0.0), np.zeros((len(time_s), 3)))
    obj = plain_object()
    add_take(obj, motion, line="ten minutes", seed=0, start_frame=101)

    last = 101 + ceil(LENGTH_S * fps)
    strip = obj.animation_data.nla_tracks[-1].strips[0]
    bag = strip.action.layers[0].strips[0].channelbag(strip.action_slot)
    for curve in bag.fcurves:
        assert [key.co.x for key in curve.keyframe_points] == list(range(101, last + 1))
    for frame in (101, 5000, last - 7, last - 1):
        w, _, y, _ = motion.at([float((frame - 101) / fps)]).rotation[0]
        (seen_w, _, _, seen_z), _ = pose_at(obj, "", frame)
        assert 2 * np.arctan2(seen_z, seen_w) == pytest.approx(2 * np.arctan2(y, w), abs=1e-4)

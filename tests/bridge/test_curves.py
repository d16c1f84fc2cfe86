"""Curves written in bulk hold what they were given."""

import numpy as np

from mannerism.bridge.curves import Curve, channels_of, new_action, write_curves
from mannerism.tools.synthetic.characters import bust

PATHS = {'pose.bones["head"].rotation_quaternion': 4, 'pose.bones["head"].location': 3}


def test_ten_thousand_frames_of_seven_curves():
    action = new_action("take", bust())
    frames = np.arange(-500, 9500)
    wanted = {
        (path, index): np.sin(frames / (7 + index)) + index
        for path, count in PATHS.items()
        for index in range(count)
    }
    write_curves(action, [Curve(path, index, v, "head") for (path, index), v in wanted.items()], frames)
    curves = list(channels_of(action, action.slots[0]).fcurves)
    assert {(curve.data_path, curve.array_index) for curve in curves} == set(wanted)
    for curve in curves:
        points = np.empty(2 * len(frames), np.float32)
        curve.keyframe_points.foreach_get("co", points)
        value = wanted[curve.data_path, curve.array_index]
        np.testing.assert_array_equal(
            points.reshape(-1, 2), np.column_stack([frames, value]).astype(np.float32)
        )
        between = curve.evaluate(1000.5)
        assert min(value[1500:1502]) - 1e-3 <= between <= max(value[1500:1502]) + 1e-3
        assert curve.group.name == "head"

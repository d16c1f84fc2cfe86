"""The bust of the demo is a rig like any other, and its skin follows."""

import bpy
import numpy as np
import pytest

from mannerism.bridge import nla
from mannerism.bridge.rig import read_rig
from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.tools.demo.rig import build_rig


def skin():
    """Evaluated points of the body, and which of them move with the head alone."""
    body = bpy.data.objects["Body"].evaluated_get(bpy.context.evaluated_depsgraph_get())
    head = body.vertex_groups["head"].index
    mesh = body.to_mesh()
    weights = [{group.group: group.weight for group in vertex.groups} for vertex in mesh.vertices]
    points = np.array([body.matrix_world @ vertex.co for vertex in mesh.vertices])
    assert all(abs(sum(weight.values()) - 1) < 1e-5 for weight in weights)
    return points, np.array([weight.get(head, 0) > 0.999 for weight in weights])


@pytest.mark.slow
def test_a_look_down_and_to_the_left_moves_the_nose_down_and_to_the_left():
    rig = build_rig()
    found = read_rig(rig)
    assert (found.head.name, [joint.name for joint in found.neck]) == ("head", ["neck"])
    assert 0.9 < found.units_per_m < 1.2
    before, head = skin()
    nose = np.argmin(np.where(head, before[:, 1], 0))  # farthest out along -Y, where it looks
    turned = np.tile(rot.from_euler(0.2, 0.3, 0.0), (25, 1))
    nla.add_layer(rig, HeadMotion(np.arange(25) / 24, turned, np.zeros((25, 3))), name="take", start_frame=1)
    bpy.context.scene.frame_set(12)
    after, _ = skin()
    left, _, up = after[nose] - before[nose]
    assert left > 0.01
    assert up < -0.01
    chest = before[:, 2] < 1.4
    np.testing.assert_allclose(after[chest], before[chest], atol=1e-6)

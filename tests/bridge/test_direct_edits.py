"""Keys that the animator edited, in takes that are made anew: through a real worker."""

import wave

import numpy as np
import pytest

from mannerism.bridge import takes
from mannerism.bridge.layer_motion import layer_motion
from mannerism.bridge.layer_tracks import LAYER, curves_of, marked
from mannerism.core import rotation as rot
from mannerism.tests.support.directed import LINE, edit, keys, newest, same
from mannerism.tools.synthetic.characters import degrees, key_pose, pose_at

bpy = pytest.importorskip("bpy")


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["KEEP", "OFFSET", "DROP"])
def test_hand_edits(ada, choice):
    first = newest(ada)
    edit(first, range(50, 61), 0.08)
    edit(first, [90], 0.05)
    before = keys(first)
    shown = {frame: pose_at(ada, "head", frame)[0] for frame in (50, 55, 60, 90)}
    ada.mannerism.direct.edits = choice
    assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
    assert keys(first) == before
    assert marked(ada, LAYER)[0][0].mute
    same(ada)
    away = [degrees(pose_at(ada, "head", frame)[0], pose) for frame, pose in shown.items()]
    if choice == "KEEP":
        assert max(away) < 0.001
        made = keys(newest(ada))
        for channel, points in before.items():
            assert [p for p in points if 50 <= p[0] <= 60] == [p for p in made[channel] if 50 <= p[0] <= 60]
        assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
        away = [degrees(pose_at(ada, "head", frame)[0], pose) for frame, pose in shown.items()]
        assert max(away) < 0.001
    else:
        assert max(away) > 0.5
    if choice == "OFFSET":
        generated = takes.stored_motion(takes.active_layer(ada))
        now = layer_motion(ada, newest(ada).name)
        off = [degrees(a, b) for a, b in zip(now.rotation, generated.at(now.time_s).rotation, strict=True)]
        assert off[54] == pytest.approx(np.degrees(2 * 0.08), abs=1.5)
        assert max(off[:40] + off[100:]) < 0.1  # keys lie on frames, samples of the take between them


@pytest.mark.slow
def test_edits_outlive_following_changes_below(ada):
    edit(newest(ada), range(50, 61), 0.08)
    first = newest(ada)
    first_pose = ada.pose.bones["head"]
    key_pose(first_pose, 20, rot.from_rotvec(np.array([0.0, 0.2, 0.1])))
    assert bpy.ops.mannerism.follow() == {"FINISHED"}
    assert newest(ada) != first
    shown = pose_at(ada, "head", 55)[0]
    assert bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}
    assert degrees(pose_at(ada, "head", 55)[0], shown) < 0.001


@pytest.mark.slow
def test_a_shorter_sound_leaves_out_what_lies_beyond_its_end(ada, tmp_path):
    with wave.open(str(LINE)) as file:
        settings, data = file.getparams(), file.readframes(int(3.5 * file.getframerate()))
    folder = tmp_path / "short"
    folder.mkdir()
    with wave.open(str(folder / LINE.name), "wb") as file:
        file.setparams(settings)
        file.writeframes(data)
    first = newest(ada)
    edit(first, range(40, 46), 0.06)
    edit(first, range(100, 106), 0.06)
    before, shown = keys(first), pose_at(ada, "head", 43)[0]
    ada.mannerism.audio, ada.mannerism.seed = str(folder / LINE.name), 3
    assert bpy.ops.mannerism.generate() == {"FINISHED"}
    assert degrees(pose_at(ada, "head", 43)[0], shown) < 0.001
    assert keys(first) == before
    assert max(point[0] for points in keys(newest(ada)).values() for point in points) <= 86


@pytest.mark.slow
def test_keys_between_frames_and_their_handles_are_kept(ada):
    first = newest(ada)
    curve = curves_of(first, first.slots[0])['pose.bones["head"].rotation_quaternion', 2]
    for between in (30.5, 52.5):
        curve.keyframe_points.insert(between, 0.2).type = "EXTREME"
    at, last = (point for point in curve.keyframe_points if point.co[0] in {54, 90})
    last.co[1] += 0.1
    at.interpolation, at.handle_left_type, at.handle_right_type = "BEZIER", "FREE", "FREE"
    at.handle_right = (54.6, 0.3)
    curve.update()
    frames = [start + step / 4 for start in (28, 50, 87) for step in range(24)]
    wanted = [curve.evaluate(frame) for frame in frames]
    bpy.ops.mannerism.generate(next_take=True)
    made = curves_of(newest(ada), newest(ada).slots[0])[curve.data_path, 2]
    # Automatic handles lean on keys outside of what is kept too, by some hundredths of a degree next to them.
    assert [made.evaluate(frame) for frame in frames] == pytest.approx(wanted, abs=2e-4)
    whole = range(87, 93)
    assert [made.evaluate(at) for at in whole] == pytest.approx(
        [curve.evaluate(at) for at in whole], abs=1e-6
    )
    assert [point.type for point in made.keyframe_points if point.co[0] % 1] == ["EXTREME"] * 2

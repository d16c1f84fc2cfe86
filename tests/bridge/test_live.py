"""The active take shaped in place: keys follow the sliders at once, and the animator's changes are never lost."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mannerism.bridge import layer_fit, layer_watch, live, made_with, nla, takes
from mannerism.bridge.curves import channels_of, hash_of, keys_of
from mannerism.bridge.follow import follow, why_stale
from mannerism.bridge.layer_motion import layer_motion, start_of, strip_of
from mannerism.bridge.live_take import curves_of_all
from mannerism.bridge.rig import channel_path
from mannerism.core import rotation as rot
from mannerism.core.errors import RigError
from mannerism.core.generate.shaped import SHAPE_DEFAULTS, SHAPE_RANGES, Shape, shaped
from mannerism.core.motion import GRID_HZ, motion_of
from mannerism.core.rig import modes
from mannerism.panels.shape import MANNERISM_PT_shape
from mannerism.tests.support.recorded_layout import Layout
from mannerism.tools.synthetic.characters import key_pose, nodding, posed

bpy = pytest.importorskip("bpy")

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


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_each_slider_shows_as_the_shaped_motion_and_goes_back_to_the_same_bytes(extension, kind, mode):
    obj, action = take(kind, mode)
    before, written = state(action), action[nla.KEYS]
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
        assert getattr(obj.mannerism.shape, name) == pytest.approx(value)
        wanted = shaped(course(), Shape.of({name: value}))
        now = layer_motion(obj, action.name)
        assert far(now, wanted.at(now.time_s)) < 0.1
        assert np.abs(now.translation_m - wanted.at(now.time_s).translation_m).max() < 2e-4
        assert action[nla.KEYS] == hash_of(action)
        assert why_stale(obj, action.name, bpy.context) == ""
        setattr(obj.mannerism.shape, name, SHAPE_DEFAULTS[name])
    assert state(action) == before
    assert action[nla.KEYS] == written
    assert len(nla.list_layers(obj)) == 1


def test_zero_is_exactly_rest(extension):
    obj, action = take()
    obj.mannerism.shape.intensity = 0.0
    for (path, index), curve in curves_of_all(action).items():
        rest = 1.0 if path.endswith("quaternion") and index == 0 else 0.0
        assert np.abs(keys_of(curve)[:, 1] - rest).max() < 1e-15


def test_the_neck_takes_its_share(extension):
    obj, action = take()
    whole = layer_motion(obj, action.name)
    obj.mannerism.shape.neck_share = 0.0
    neck = [c for (p, i), c in curves_of_all(action).items() if '"neck"' in p and "rotation" in p and i]
    assert neck
    assert all(np.abs(keys_of(curve)[:, 1]).max() < 1e-6 for curve in neck)
    assert far(layer_motion(obj, action.name), whole) < 0.1


@pytest.mark.parametrize("stack", ["pose", "active"])
def test_rolls_lengthen_the_strip_and_give_it_back(extension, stack):
    obj, action = take("armature", "XYZ", stack)
    before, strip = state(action), strip_of(obj, action.name)[0]
    place = (strip.frame_start, strip.frame_end)
    begin = start_of(obj, action.name)
    obj.mannerism.shape.pre_roll_s = obj.mannerism.shape.post_roll_s = 0.5
    assert (strip.frame_start, strip.frame_end) == (place[0] - 13, place[1] + 13)
    assert strip.scale == 1.0
    assert start_of(obj, action.name) == begin
    assert why_stale(obj, action.name, bpy.context) == ""
    assert action[nla.KEYS] == hash_of(action)
    obj.mannerism.shape.pre_roll_s = obj.mannerism.shape.post_roll_s = 0.0
    assert (strip.frame_start, strip.frame_end) == place
    assert state(action) == before


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_an_edited_key_keeps_its_difference(extension, kind, mode):
    obj, action = take(kind, mode)
    curves = turning(obj)
    width = 3 if mode == "XYZ" else 4
    at, base = (
        30,
        layer_fit.fit_of(action).below(np.array([35.0]))[layer_fit.fit_of(action).rig.head.name].channels,
    )

    def reached():
        values = np.array([[curves[i].keyframe_points[at].co.y for i in range(width)]])
        return modes.to_quaternion(mode, values if mode == "QUATERNION" else base + values)

    def generated():
        written = layer_fit.written_of(action)
        path = next(iter(curves.values())).data_path
        values = np.array([[written[path, i][at] for i in range(width)]], np.float64)
        return modes.to_quaternion(mode, values if mode == "QUATERNION" else base + values)

    curves[1].keyframe_points[at].co.y += 0.1
    curves[1].update()
    more = rot.multiply(rot.inverse(generated()), reached())
    assert np.degrees(rot.angle_between(more, rot.IDENTITY)).max() > 1.0
    other = layer_motion(obj, action.name)
    for name, value in {"yaw": 0.2, "intensity": 0.0, "smoothness": 0.3}.items():
        setattr(obj.mannerism.shape, name, value)
        assert rot.angle_between(rot.multiply(rot.inverse(generated()), reached()), more).max() < 1e-5
        assert action[nla.KEYS] != hash_of(action)
    for name in ("yaw", "intensity", "smoothness"):
        setattr(obj.mannerism.shape, name, SHAPE_DEFAULTS[name])
    assert far(layer_motion(obj, action.name), other) < 0.1


def test_handles_go_along_with_their_key(extension):
    obj, _ = take()
    curve = turning(obj)[1]
    key = curve.keyframe_points[20]
    key.handle_left_type = key.handle_right_type = "FREE"
    key.handle_left, key.handle_right = (key.co.x - 0.3, key.co.y - 0.2), (key.co.x + 0.4, key.co.y + 0.1)
    curve.update()
    key = curve.keyframe_points[20]
    left, right = key.handle_left.y - key.co.y, key.handle_right.y - key.co.y
    old = key.co.y
    obj.mannerism.shape.intensity = 0.2
    key = turning(obj)[1].keyframe_points[20]
    assert key.co.y != old
    assert key.handle_left_type == "FREE"
    assert key.handle_left.y - key.co.y == pytest.approx(left, abs=1e-6)
    assert key.handle_right.y - key.co.y == pytest.approx(right, abs=1e-6)


def test_deleted_added_and_moved_keys_stay_so(extension):
    obj, action = take()
    curves = turning(obj)
    for curve in curves.values():
        for at in (12, 11, 10):
            curve.keyframe_points.remove(curve.keyframe_points[at])
    middle = 40.5
    for index, curve in curves.items():
        value = curve.evaluate(middle) + (0.05 if index == 2 else 0.0)
        curve.keyframe_points.insert(middle, value)
        curve.update()
    single = curves[3].keyframe_points[50]
    single.co.x += 0.3
    curves[3].update()
    frames = {index: keys_of(curve)[:, 0].tolist() for index, curve in curves.items()}
    before = state(action)
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
    obj.mannerism.shape.pre_roll_s = 0.4
    for index, curve in turning(obj).items():
        now = keys_of(curve)[:, 0].tolist()
        assert [frame for frame in now if frame >= 5.0] == frames[index]
    live.shape_take(obj, live.values_of(action) | dict(SHAPE_DEFAULTS))
    after = state(action)
    for key, rows in before.items():
        assert np.allclose([r[:2] for r in after[key]], [r[:2] for r in rows], atol=2e-6)


def test_a_take_whose_keys_were_scaled_in_time_keeps_its_time(extension):
    obj, action = take()
    for curve in curves_of_all(action).values():
        for key in curve.keyframe_points:
            key.co.x = 5.0 + (key.co.x - 5.0) * 1.5
        curve.update()
    frames = {key: [row[0] for row in rows] for key, rows in state(action).items()}
    obj.mannerism.shape.intensity = 0.0
    assert {key: [row[0] for row in rows] for key, rows in state(action).items()} == frames
    assert all(
        np.abs(keys_of(c)[:, 1] - (1.0 if p.endswith("quaternion") and i == 0 else 0.0)).max() < 1e-15
        for (p, i), c in curves_of_all(action).items()
    )


def test_a_strip_stays_where_and_as_it_is(extension):
    obj, action = take()
    strip = strip_of(obj, action.name)[0]
    strip.frame_start, strip.scale = 40.0, 1.5
    obj.mannerism.influence = 0.4
    nla.track_of(obj, takes.active_layer(obj)).mute = True
    names = ("frame_start", "frame_end", "scale", "influence", "action_frame_start", "action_frame_end")
    place = [getattr(strip, name) for name in names]
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
    assert [getattr(strip, name) for name in names] == place
    assert nla.track_of(obj, takes.active_layer(obj)).mute
    begin = start_of(obj, action.name)
    obj.mannerism.shape.pre_roll_s = 0.4
    assert strip.frame_start == pytest.approx(place[0] - 1.5 * 10)
    assert (strip.scale, strip.frame_end) == pytest.approx((1.5, place[1]))
    assert start_of(obj, action.name) == pytest.approx(begin)


def test_values_belong_to_the_take_and_are_in_the_file(extension, tmp_path):
    obj, first = take()
    obj.mannerism.shape.yaw = 0.25
    second = takes.add_take(obj, course(), line="hello", seed=2, start_frame=5.0)
    assert obj.mannerism.shape.yaw == 1.0
    obj.mannerism.shape.pitch = 2.0
    tracks = list(obj.animation_data.nla_tracks)
    obj.mannerism.layer_index = tracks.index(nla.track_of(obj, nla.Layer(first.name)))
    assert (obj.mannerism.shape.yaw, obj.mannerism.shape.pitch) == (0.25, 1.0)
    keys = state(first)
    name, file = obj.name, str(tmp_path / "scene.blend")
    bpy.ops.wm.save_as_mainfile(filepath=file)
    bpy.ops.wm.open_mainfile(filepath=file)
    obj = bpy.data.objects[name]
    assert obj.mannerism.shape.yaw == 0.25
    assert state(bpy.data.actions["Mannerism: hello #1"]) == keys
    obj.mannerism.shape.yaw = 1.0
    assert bpy.data.actions["Mannerism: hello #1"][nla.KEYS] == hash_of(
        bpy.data.actions["Mannerism: hello #1"]
    )
    assert live.values_of(bpy.data.actions[second.name])["pitch"] == 2.0


@pytest.mark.parametrize("why", ["curve", "group", "motion", "older", "mode", "bone", "none", "broken"])
def test_what_cannot_be_shaped_says_so_and_stays(extension, why):
    obj, action = take()
    curves = list(curves_of_all(action).values())
    if why == "curve":
        curves[3].lock = True
    elif why == "group":
        curves[0].group.lock = True
    elif why == "motion":
        del action[takes.MOTION]
    elif why == "older":
        layer_fit.forget_fit(action)
    elif why == "mode":
        obj.pose.bones["head"].rotation_mode = "YZX"
    elif why == "bone":
        obj.pose.bones["head"].name = "skull"
    elif why == "broken":
        action["mannerism_fit"] = "{}"
    else:
        nla.remove_layer(obj)
    assert live.why_fixed(obj)
    before = None if why == "none" else state(action)
    obj.mannerism.shape.yaw = 0.5
    assert obj.mannerism.shape.yaw == 1.0
    assert before is None or state(action) == before
    with pytest.raises(RigError):
        live.shape_take(obj, {"yaw": 0.5})


def test_life_in_pauses_needs_the_speech(extension, caplog):
    obj, action = take()
    obj.mannerism.shape.pauses = 0.0
    assert obj.mannerism.shape.pauses == 1.0
    assert "generate to apply" in caplog.text
    live.note_activity(action, (np.arange(76) < 38).astype(float))
    before = layer_motion(obj, action.name)
    obj.mannerism.shape.pauses = 0.0
    assert obj.mannerism.shape.pauses == 0.0
    moved = np.degrees(rot.angle_between(layer_motion(obj, action.name).rotation, before.rotation))
    late = before.time_s > 2.0
    assert moved[late].max() > 3 * moved[before.time_s < 0.8].max()


def test_a_duplicate_gets_keys_of_its_own(extension):
    obj, action = take()
    twin = obj.copy()
    bpy.context.scene.collection.objects.link(twin)
    before = state(action)
    twin.mannerism.shape.intensity = 0.0
    assert state(action) == before
    assert obj.mannerism.shape.intensity == 1.0
    assert twin.mannerism.shape.intensity == 0.0
    assert np.abs(rot.to_rotvec(layer_motion(twin, takes.active_layer(twin).name).rotation)).max() < 1e-6


def test_the_pose_below_stays(extension):
    obj, _ = take("armature", "XYZ", "active")
    below = obj.animation_data.action
    keys = [[tuple(k.co) for k in c.keyframe_points] for c in curves_of_all(below).values()]
    floor = [a.name for a in bpy.data.actions if a.name.startswith("Pose under")]
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
    layer_watch.visit(obj)
    assert [[tuple(k.co) for k in c.keyframe_points] for c in curves_of_all(below).values()] == keys
    assert [a.name for a in bpy.data.actions if a.name.startswith("Pose under")] == floor
    obj.mannerism.shape.intensity = 0.0
    nla.remove_layer(obj)
    assert nla.list_layers(obj) == ()


def test_a_take_that_followed_is_still_shaped_and_keeps_its_edits(extension):
    obj, action = take("armature", "XYZ", "active")
    obj.mannerism.shape.yaw = 0.5
    name = action.name
    bpy.context.scene.frame_set(20)
    key_pose(obj.pose.bones["head"], 20, rot.from_rotvec(np.array([0.4, 0.3, -0.2])))
    bpy.context.view_layer.update()
    assert why_stale(obj, name, bpy.context)
    follow(obj, name, bpy.context)
    assert obj.mannerism.shape.yaw == 0.5
    obj.mannerism.shape.yaw = 1.0
    now = layer_motion(obj, takes.active_layer(obj).name)
    assert far(now, course().at(now.time_s)) < 0.3
    assert why_stale(obj, name, bpy.context) == ""


def test_undo_of_a_slide_restores_every_key(extension):
    obj, action = take()
    turning(obj)[1].keyframe_points[20].co.y += 0.1
    turning(obj)[1].update()
    name, layer = obj.name, action.name
    bpy.ops.ed.undo_push(message="Before")
    before = state(action)
    obj.mannerism.shape.intensity = 0.3
    obj.mannerism.shape.smoothness = 0.3
    bpy.ops.ed.undo_push(message="Slide")
    after = state(action)
    bpy.ops.ed.undo()
    assert state(bpy.data.actions[layer]) == before
    assert bpy.data.objects[name].mannerism.shape.intensity == 1.0
    bpy.ops.ed.redo()
    assert state(bpy.data.actions[layer]) == after
    assert bpy.data.objects[name].mannerism.shape.intensity == pytest.approx(0.3)


def test_settings_that_need_a_new_take_are_named(extension):
    obj, _ = take()
    assert made_with.differing(obj) == ()  # nobody knows what an imported take was made with
    made_with.note_settings(takes.active_layer(obj), made_with.settings_now(obj))
    assert made_with.differing(obj) == ()
    obj.mannerism.personality, obj.mannerism.seed = 0.5, 17
    assert made_with.differing(obj) == ("Seed", "Personality")


def test_every_row_has_its_slider(extension):
    obj: Any = take()[0]
    assert set(SHAPE_RANGES) <= set(obj.mannerism.shape.bl_rna.properties.keys())


@pytest.mark.slow
def test_a_long_drag_ends_where_a_jump_does(extension):
    obj, action = take("armature", "XYZ")
    curve = turning(obj)[0]
    curve.keyframe_points[30].co.y += 0.3
    curve.update()
    before = state(action)
    for step in range(200):
        obj.mannerism.shape.intensity = 1.0 + np.sin(step)
    obj.mannerism.shape.intensity = 1.0
    for key, rows in state(action).items():
        assert np.allclose([row[:2] for row in rows], [row[:2] for row in before[key]], atol=2e-5)


@pytest.mark.parametrize("what", ["removed", "emptied", "own", "muted", "modifier"])
def test_curves_that_the_animator_works_on_stay_so(extension, what):
    obj, action = take()
    bag = channels_of(action, action.slots[0])
    curve = turning(obj)[2]
    if what == "removed":
        bag.fcurves.remove(curve)
    elif what == "emptied":
        curve.keyframe_points.clear()
    elif what == "own":
        own = bag.fcurves.new('pose.bones["torso"].location', index=0)
        own.keyframe_points.insert(10.0, 0.5)
    elif what == "muted":
        curve.mute = True
    else:
        curve.modifiers.new("NOISE")
    before = {key: len(rows) for key, rows in state(action).items()}
    kept = state(action).get(('pose.bones["torso"].location', 0))
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
    assert {key: len(rows) for key, rows in state(action).items()} == before
    assert state(action).get(('pose.bones["torso"].location', 0)) == kept
    if what == "muted":
        assert turning(obj)[2].mute
    if what == "modifier":
        assert len(turning(obj)[2].modifiers) == 1
    obj.mannerism.shape.pre_roll_s = 0.3


def test_a_table_of_motion_is_shaped_on_its_own_samples(extension):
    obj, _ = posed("armature", "QUATERNION", "pose")
    motion = nodding(1.25, 3)
    layer = takes.add_take(obj, motion, line="table", seed=0, start_frame=3.0)
    action = bpy.data.actions[layer.name]
    before = state(action)
    for name, value in SLIDES.items():
        setattr(obj.mannerism.shape, name, value)
        assert {key: len(rows) for key, rows in state(action).items()} == {
            k: len(r) for k, r in before.items()
        }
        setattr(obj.mannerism.shape, name, SHAPE_DEFAULTS[name])
    assert state(action) == before


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e30])
def test_no_number_and_none_in_range_writes_only_numbers(extension, value):
    obj, action = take()
    for name in SHAPE_RANGES:
        setattr(obj.mannerism.shape, name, value)
        limits = SHAPE_RANGES[name]
        assert limits.low <= getattr(obj.mannerism.shape, name) <= limits.high
    assert all(np.isfinite(keys_of(curve)).all() for curve in curves_of_all(action).values())


@pytest.mark.parametrize("kept", ["{", "[1]", '{"yaw": "much"}', 5])
def test_damaged_values_count_as_none(extension, kept):
    obj, action = take()
    action["mannerism_shape"] = kept
    assert obj.mannerism.shape.yaw == 1.0
    obj.mannerism.shape.yaw = 0.5
    assert obj.mannerism.shape.yaw == 0.5


@pytest.mark.parametrize("name", ["mannerism_written", "mannerism_fit_below", "mannerism_motion"])
def test_damaged_arrays_leave_the_keys_as_they_are(extension, name):
    obj, action = take()
    before = state(action)
    del action[name]
    action[name] = b"not what it was!" * 11
    obj.mannerism.shape.yaw = 0.5
    assert state(action) == before
    assert obj.mannerism.shape.yaw == 1.0


def test_another_frame_rate_now_leaves_the_time_of_the_take(extension):
    obj, action = take()
    frames = {key: [row[0] for row in rows] for key, rows in state(action).items()}
    bpy.context.scene.render.fps = 60
    obj.mannerism.shape.intensity = 0.5
    assert {key: [row[0] for row in rows] for key, rows in state(action).items()} == frames


@pytest.mark.parametrize("locked", [False, True])
def test_the_panel_offers_every_row_and_says_why_it_is_off(extension, locked):
    _, action = take()
    if locked:
        next(iter(curves_of_all(action).values())).lock = True
    layout = Layout()
    panel: Any = SimpleNamespace(layout=layout)
    MANNERISM_PT_shape.draw(panel, bpy.context)
    for name in SHAPE_RANGES:
        assert any(entry[:1] + entry[2:3] == ("prop", name) for entry in layout.drawn)
    assert ("are locked: unlock them first" in layout.text()) is locked
    assert ("generate to apply" in layout.text()) is not locked


def test_a_library_override_is_shaped_and_a_linked_character_is_not(extension, tmp_path):
    obj, action = take()
    name, before, file = obj.name, state(action), str(tmp_path / "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=file)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    library: Any = bpy.data.libraries
    with library.load(file, link=True) as (_, wanted):
        wanted.objects = [name]
    linked = wanted.objects[0]
    bpy.context.scene.collection.objects.link(linked)
    assert "linked" in live.why_fixed(linked)
    linked.mannerism.shape.yaw = 0.5
    assert state(takes.active_action(linked)) == before
    over = linked.override_create(remap_local_usages=True)
    assert "linked" in live.why_fixed(over)  # its action is still that of the library
    takes.add_take(over, course(), line="mine", seed=3, start_frame=5.0)
    over.mannerism.shape.yaw = 0.5
    assert over.mannerism.shape.yaw == 0.5

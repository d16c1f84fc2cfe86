"""Shape keys that speak: found in any spelling, left alone where animated, restored without trace."""

from typing import Any

import numpy as np
import pytest

from mannerism.bridge.face_names import chosen_names, of_set
from mannerism.bridge.face_settings import BY_HAND
from mannerism.bridge.faces import TRACK, Face, add_face, has_face, remove_face
from mannerism.core.errors import RigError
from mannerism.tools.synthetic.characters import bust

bpy: Any = pytest.importorskip("bpy")
TIME_S = np.arange(0.0, 1.001, 1 / 25)
OPEN = np.sin(np.pi * TIME_S) ** 2
CHANNELS = {"jawOpen": 0.8 * OPEN, "mouthFunnel": 0.3 * OPEN, "eyeBlinkLeft": OPEN, "eyeBlinkRight": OPEN}
NAMES = ("Basis", "jawOpen", "mouth_funnel", "eyeBlink_L", "Eye Blink.R", "smile")


@pytest.fixture
def head() -> Any:
    """A rig and a mesh on it with shape keys."""
    rig = bust()
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    obj = bpy.data.objects.new("Face", mesh)
    bpy.context.scene.collection.objects.link(obj)
    obj.parent = rig
    for name in NAMES:
        obj.shape_key_add(name=name).value = 0.0
    return rig, mesh.shape_keys


def add(rig, start_frame=1.0, name="Face: hello"):
    return add_face(rig, TIME_S, CHANNELS, name=name, start_frame=start_frame)


def shown(keys, frame):
    bpy.context.scene.frame_set(frame)
    return {block.name: block.value for block in keys.key_blocks}


def dump(keys):
    data = keys.animation_data
    return (
        {block.name: block.value for block in keys.key_blocks},
        data and (data.action, data.action_blend_type, [track.name for track in data.nla_tracks]),
        data and [driver.data_path for driver in data.drivers],
        sorted(action.name for action in bpy.data.actions),
    )


def test_keys_follow_in_whatever_spelling(head):
    rig, keys = head
    assert add(rig) == Face(4)
    middle = shown(keys, 13)
    assert middle["jawOpen"] == pytest.approx(0.8, abs=0.01)
    assert middle["mouth_funnel"] == pytest.approx(0.3, abs=0.01)
    assert middle["eyeBlink_L"] == middle["Eye Blink.R"] == pytest.approx(1.0, abs=0.01)
    assert middle["smile"] == 0.0


@pytest.mark.parametrize("frame", [-20, 1, 25, 90])
def test_the_face_rests_outside_the_line(head, frame):
    rig, keys = head
    keys.key_blocks["jawOpen"].value = 0.1
    add(rig)
    shown(keys, 13)
    assert shown(keys, frame)["jawOpen"] == pytest.approx(0.1)


def test_what_is_animated_stays(head):
    rig, keys = head
    blocks = keys.key_blocks
    blocks["jawOpen"].keyframe_insert("value", frame=1)
    blocks["mouth_funnel"].driver_add("value").driver.expression = "0.25"
    face = add(rig)
    assert face.count == 2
    assert [name in note for name, note in zip(("jawOpen", "mouth_funnel"), face.notes, strict=True)] == [
        True
    ] * 2
    middle = shown(keys, 13)
    assert (middle["jawOpen"], middle["mouth_funnel"]) == (0.0, pytest.approx(0.25))
    assert middle["eyeBlink_L"] > 0.9


def test_keys_in_the_animators_tracks_stay(head):
    rig, keys = head
    keys.key_blocks["jawOpen"].keyframe_insert("value", frame=1)
    data = keys.animation_data
    strip = data.nla_tracks.new().strips.new("mine", 1, data.action)
    strip.action_slot = data.action_slot
    data.action = None
    assert add(rig).count == 3


@pytest.mark.parametrize("animated", [False, True])
def test_removal_leaves_no_trace(head, animated):
    rig, keys = head
    keys.key_blocks["eyeBlink_L"].value = 0.125
    if animated:
        keys.key_blocks["smile"].keyframe_insert("value", frame=3)
    bpy.context.scene.frame_set(13)
    found = dump(keys)
    add(rig)
    add(rig, start_frame=100.0, name="Face: again")
    bpy.context.scene.frame_set(110)
    assert has_face(rig)
    remove_face(rig)
    bpy.context.scene.frame_set(13)
    assert dump(keys) == found
    assert not has_face(rig)
    with pytest.raises(RigError, match="no face"):
        remove_face(rig)


def test_lines_lie_side_by_side_and_a_new_take_replaces_the_old(head):
    rig, keys = head
    for start, name in ((1.0, "one"), (60.0, "two"), (5.0, "one again")):
        add(rig, start_frame=start, name=name)
    (track,) = keys.animation_data.nla_tracks
    assert track.name == TRACK
    assert sorted(strip.name for strip in track.strips) == ["one again", "two"]
    assert shown(keys, 17)["jawOpen"] == pytest.approx(0.8, abs=0.01)
    assert shown(keys, 72)["jawOpen"] == pytest.approx(0.8, abs=0.01)
    assert shown(keys, 45)["jawOpen"] == 0.0
    assert len(bpy.data.actions) == 2


def test_the_sliders_are_kept_and_what_they_cut_off_is_said(head):
    rig, keys = head
    assert add(rig).notes == ()
    keys.key_blocks["eyeBlink_L"].slider_max = 0.5
    (note,) = add(rig).notes
    assert shown(keys, 13)["eyeBlink_L"] == 0.5
    assert note == "The sliders of “eyeBlink_L” of “Face” end before the movement does: raise Range Max"


def test_others_that_have_the_same_mesh_are_named(head):
    rig, _ = head
    assert add(rig).notes == ()
    twin = bpy.data.objects.new("Twin", bpy.data.objects["Face"].data)
    bpy.context.scene.collection.objects.link(twin)
    assert add(rig).notes == ("“Twin” has the same mesh data, so its face moves too until that is its own",)
    twin.parent = rig
    assert add(rig).notes == ()


def test_a_mesh_alone_and_one_bent_by_the_rig(head):
    rig, keys = head
    mesh: Any = bpy.data.objects["Face"]
    mesh.parent = None
    with pytest.raises(RigError, match="jawOpen"):
        add(rig)
    assert not keys.animation_data
    mesh.modifiers.new("bend", "ARMATURE").object = rig
    assert add(rig).count == add(mesh).count == 4
    assert len(keys.animation_data.nla_tracks) == 1


def test_an_action_that_would_act_otherwise_is_left_alone(head):
    rig, keys = head
    keys.key_blocks["smile"].keyframe_insert("value", frame=1)
    keys.animation_data.action_influence = 0.5
    found = dump(keys)
    with pytest.raises(RigError, match="act otherwise"):
        add(rig)
    assert dump(keys) == found


@pytest.mark.parametrize("high", [0.9, 1.0])
def test_keys_that_stand_at_the_top_count_from_0_and_are_named(head, high):
    rig, keys = head
    keys.key_blocks["jawOpen"].value = high
    (note,) = add(rig).notes
    assert "“jawOpen”" in note
    assert "count from 0" in note
    assert shown(keys, -20)["jawOpen"] == 0.0
    assert shown(keys, 13)["jawOpen"] == pytest.approx(0.8, abs=0.01)
    remove_face(rig)
    assert shown(keys, 13)["jawOpen"] == pytest.approx(high)


def test_mouth_shapes_that_stand_open_and_are_not_moved_are_named(head):
    rig, keys = head
    keys.key_blocks["smile"].name = "viseme_FF"
    keys.key_blocks["viseme_FF"].value = 1.0
    (note,) = add(rig).notes
    assert "“viseme_FF” of “Face” stand at the top" in note


def test_nothing_that_moves_is_refused(head):
    rig, keys = head
    still = {name: 0.001 * values for name, values in CHANNELS.items()}
    with pytest.raises(RigError, match="would move"):
        add_face(rig, TIME_S, still, name="Face: hello", start_frame=1.0)
    assert keys.animation_data is None


def test_muted_keys_and_pinned_meshes_are_named(head):
    rig, keys = head
    keys.key_blocks["jawOpen"].mute = True
    bpy.data.objects["Face"].show_only_shape_key = True
    face = add(rig)
    assert face.count == 3
    assert "“jawOpen” of “Face” is muted" in face.notes[0]
    assert "not pinned" in face.notes[1]


def test_absolute_keys_are_named(head):
    rig, keys = head
    keys.use_relative = False
    with pytest.raises(RigError, match="not relative"):
        add(rig)


def test_another_set_is_named_where_it_fits(head):
    rig, keys = head
    for block, name in zip(list(keys.key_blocks)[1:], ("Fcl_MTH_A", "Fcl_MTH_I", "x", "y", "z"), strict=True):
        block.name = name
    with pytest.raises(RigError, match="Choose “VRoid” under Shape Keys"):
        add(rig)
    visemes = {"viseme_aa": OPEN, "viseme_E": OPEN}
    face = add_face(rig, TIME_S, visemes, name="Face: hello", start_frame=1.0, names=of_set("VROID"))
    assert face.count == 2
    assert shown(keys, 13)["Fcl_MTH_A"] == pytest.approx(1.0, abs=0.01)
    assert shown(keys, 13)["Fcl_MTH_I"] == pytest.approx(0.4, abs=0.01)


def test_names_that_mean_the_lids_alone_are_refused_where_others_mean_the_mouth(head):
    rig, keys = head
    with pytest.raises(RigError, match=r"No mouth of “Rig” has the names of Visemes. Choose “ARKit”"):
        add_face(rig, TIME_S, CHANNELS, name="Face: hello", start_frame=1.0, names=of_set("VISEMES"))
    for name in ("jawOpen", "mouth_funnel"):
        keys.key_blocks[name].name = f"x{name[:2]}"
    assert add(rig).count == 2  # a character whose mouth has bones may have shape keys for its lids


def test_a_set_that_fits_better_is_named(head):
    rig, keys = head
    for block, name in zip(list(keys.key_blocks)[1:], "ABCDX", strict=True):
        block.name = name
    visemes = dict.fromkeys(
        ("viseme_aa", "viseme_E", "viseme_O", "viseme_U", "viseme_PP", "viseme_sil"), OPEN
    )
    face = add_face(rig, TIME_S, visemes, name="Face: hello", start_frame=1.0, names=of_set("VRM"))
    assert face.notes == ("“Rhubarb” fits more of the shape keys of “Rig”",)
    face = add_face(rig, TIME_S, visemes, name="Face: hello", start_frame=1.0, names=of_set("RHUBARB"))
    assert (face.count, face.notes) == (5, ())


class TestNamesByHand:
    @pytest.fixture
    def rig(self, extension, head):
        rig, _ = head
        bpy.context.view_layer.objects.active = rig
        return rig

    def test_an_empty_list_is_refused(self, rig):
        rig.mannerism.face.keys = BY_HAND
        with pytest.raises(RigError, match="named by hand"):
            chosen_names(rig)

    def test_what_is_found_can_be_filled_in_and_changed(self, rig):
        assert bpy.ops.mannerism.fill_face_names() == {"FINISHED"}
        rows = {row.key: (row.channel, row.strength) for row in rig.mannerism.face.names}
        assert rows["mouth_funnel"] == ("mouthFunnel", 1.0)
        assert rows["eyeBlink_L"] == ("eyeBlinkLeft", 1.0)
        assert bpy.ops.mannerism.add_face_name(key="smile") == {"FINISHED"}
        rig.mannerism.face.names[-1].strength = 0.5
        assert chosen_names(rig).find(["smile", "other"]) == {"smile": {"viseme_aa": 0.5}}

    def test_a_preset_goes_to_another_character(self, rig, tmp_path, capfd):
        path = tmp_path / "ü日本.face.json"
        bpy.ops.mannerism.add_face_name(key="smile")
        bpy.ops.mannerism.add_face_name(key="hat")
        assert bpy.ops.mannerism.save_face_names(filepath=str(path)) == {"FINISHED"}
        bpy.ops.mannerism.remove_face_name()
        bpy.ops.mannerism.remove_face_name()
        assert not bpy.ops.mannerism.remove_face_name.poll()
        assert bpy.ops.mannerism.load_face_names(filepath=str(path)) == {"FINISHED"}
        assert [row.key for row in rig.mannerism.face.names] == ["smile", "hat"]
        assert rig.mannerism.face.keys == BY_HAND
        assert "has no shape key “hat”" in capfd.readouterr().out

    def test_the_list_is_kept_with_the_character(self, rig, tmp_path):
        bpy.ops.mannerism.add_face_name(key="smile")
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
        bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
        assert [row.key for row in bpy.data.objects["Rig"].mannerism.face.names] == ["smile"]

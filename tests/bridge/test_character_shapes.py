"""Shape keys and modifiers of characters for engines: the meshes in the file are those of the viewport, in its time."""

import json
import struct
from typing import Any

import bpy
import numpy as np
import pytest

from mannerism.bridge.character_file import export_character
from mannerism.bridge.takes import add_take
from mannerism.tests.support.moving_jaw import add_moving_jaw, skinned_human
from mannerism.tools.synthetic.characters import nodding

FRAMES = (1, 8, 20, 33)
PRESETS = {"gltf": ".glb", "unity": ".fbx"}

pytestmark = pytest.mark.usefixtures("extension")


def scene() -> Any:
    return bpy.context.scene


@pytest.fixture
def hero():
    obj = skinned_human()
    add_moving_jaw(next(each for each in scene().objects if each.type == "MESH"))
    scene().frame_start, scene().frame_end = 1, 40
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=4)
    return obj


def skin_of(objects):
    return next(each for each in objects if each.type == "MESH" and "Icosphere" not in each.name)


def seen(skin, frames):
    """World positions of all vertices at frames, in an order that no exporter changes."""
    found = []
    for frame in frames:
        scene().frame_set(frame)
        evaluated = skin.evaluated_get(bpy.context.evaluated_depsgraph_get())
        world = np.array(evaluated.matrix_world)
        places = np.array([vertex.co for vertex in evaluated.data.vertices])
        found.append(places @ world[:3, :3].T + world[:3, 3])
    return found


def farthest(one, other):
    """By how many millimetres two sets of points differ at most."""
    apart = np.linalg.norm(one[:, None] - other[None], axis=-1)
    return 1000 * max(apart.min(axis=0).max(), apart.min(axis=1).max())


def read_back(path):
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    if path.suffix == ".glb":
        bpy.ops.import_scene.gltf(filepath=str(path))
    else:
        bpy.ops.import_scene.fbx(filepath=str(path), anim_offset=0.0)
    return skin_of(bpy.data.objects)


def muted(skin):
    key = skin.shape_key_add(name="smile")
    key.points[5].co.x += 0.2
    key.value, key.mute = 1.0, True


def pinned(skin):
    muted(skin)
    skin.data.shape_keys.key_blocks["smile"].mute = False
    skin.active_shape_key_index, skin.show_only_shape_key = 2, True


def masked(skin):
    key = skin.shape_key_add(name="smile")
    key.points[0].co.x += 0.2
    key.points[5].co.x += 0.2
    key.value = 0.7
    skin.vertex_groups.new(name="mask").add([0], 0.5, "REPLACE")
    key.vertex_group = "mask"


def relative(skin):
    key = skin.shape_key_add(name="smile")
    key.points[0].co.x += 0.2
    key.relative_key = skin.data.shape_keys.key_blocks["jawOpen"]
    key.value = 0.6


def subdivided(skin):
    skin.modifiers.new("Smooth", "SUBSURF").levels = 1


def mirrored(skin):
    """Below the armature, as a face is that is modelled in halves."""
    skin.modifiers.new("Half", "MIRROR").use_axis = (False, True, False)
    skin.modifiers.move(1, 0)


def subdivided_alone(skin):
    skin.shape_key_clear()
    subdivided(skin)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kind", [muted, pinned, masked, relative, subdivided, mirrored, subdivided_alone])
def test_the_mesh_is_what_the_viewport_shows(hero, tmp_path, preset, kind):
    skin = skin_of(scene().objects)
    kind(skin)
    wanted = seen(skin, FRAMES)
    names = {
        collection: [each.name for each in getattr(bpy.data, collection)]
        for collection in ("meshes", "objects")
    }
    path = tmp_path / f"hero{PRESETS[preset]}"
    rate = scene().render.fps
    assert export_character(hero, path, preset, first=1, last=40) == ()
    assert {each: [one.name for one in getattr(bpy.data, each)] for each in names} == names
    np.testing.assert_allclose(seen(skin, FRAMES), wanted, atol=1e-6)
    found = read_back(path)
    assert scene().render.fps == rate
    late = -1 if preset == "gltf" else 0
    for one, other in zip(seen(found, [frame + late for frame in FRAMES]), wanted, strict=True):
        assert farthest(one, other) < 0.1


def test_modifiers_that_would_take_the_keys_off_are_named(hero, tmp_path):
    skin = skin_of(scene().objects)
    weld = skin.modifiers.new("Fewer", "WELD")
    weld.merge_threshold = 0.12  # the open jaw and the shut one differ in what they weld
    notes = export_character(hero, tmp_path / "hero.glb", "gltf", first=1, last=40)
    assert notes == (f"“{skin.name}” is written without “Fewer”, which would take its shape keys off",)


def test_a_mesh_on_another_armature_is_named(hero, tmp_path):
    face = bpy.data.objects.new("face", bpy.data.armatures.new("face"))
    scene().collection.objects.link(face)
    face.parent = hero
    skin = skin_of(scene().objects)
    skin.modifiers.new("Second", "ARMATURE").object = face
    (note,) = export_character(hero, tmp_path / "hero.glb", "gltf", first=1, last=40)
    assert "the armature “face”" in note


@pytest.mark.parametrize(("fps", "base"), [(30, 1.0), (30, 1.001), (24, 1.001), (25, 2.0), (100, 3.0)])
def test_gltf_keeps_the_time_of_any_frame_rate(hero, tmp_path, fps, base):
    scene().render.fps, scene().render.fps_base = fps, base
    path = tmp_path / "hero.glb"
    export_character(hero, path, "gltf", first=1, last=40)
    raw = path.read_bytes()
    document = json.loads(raw[20 : 20 + struct.unpack_from("<I", raw, 12)[0]])
    samplers = [sampler for clip in document["animations"] for sampler in clip["samplers"]]
    ends = [document["accessors"][sampler["input"]]["max"][0] for sampler in samplers]
    np.testing.assert_allclose(ends, 39 * base / fps, rtol=1e-6)

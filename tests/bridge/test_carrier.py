"""A shape that an armature carries: the armature is named and offered, and the shape stays where it is."""

from typing import Any

import bpy
import pytest

from mannerism.bridge.carrier import carrier_of, mover, use_carrier
from mannerism.core.errors import RigError
from mannerism.tools.synthetic.characters import armature, bust, plain_object


def by_modifier(rig):
    mesh = plain_object()
    mesh.modifiers.new("Armature", "ARMATURE").object = rig
    return mesh


def by_parent(rig):
    mesh = plain_object()
    mesh.parent = rig
    return mesh


def by_bone(rig):
    mesh = plain_object()
    mesh.parent, mesh.parent_type, mesh.parent_bone = rig, "BONE", "head"
    return mesh


def by_the_body(rig):
    """Eyes on a body that is skinned."""
    eyes = plain_object()
    eyes.parent = by_modifier(rig)
    return eyes


@pytest.mark.parametrize("hang", [by_modifier, by_parent, by_bone, by_the_body])
def test_a_carried_mesh_is_refused_and_its_armature_offered(extension, hang):
    rig = bust()
    mesh = hang(rig)
    mesh.mannerism.style, mesh.mannerism.seed = "calm", 7
    assert carrier_of(mesh) == rig
    with pytest.raises(RigError, match="“Rig”"):
        mover(mesh)
    bpy.context.view_layer.objects.active = mesh
    assert operators().use_armature() == {"FINISHED"}
    assert bpy.context.view_layer.objects.active == rig
    assert (rig.mannerism.style, rig.mannerism.seed) == ("calm", 7)
    mesh.mannerism.by_itself = True
    assert mover(mesh) == mesh


def operators() -> Any:
    return getattr(bpy.ops, "mannerism")  # noqa: B009  unknown to the stubs


def test_settings_of_the_armature_are_kept(extension):
    rig = bust()
    mesh = by_modifier(rig)
    mesh.mannerism.style, rig.mannerism.style = "calm", "lively"
    assert use_carrier(mesh, bpy.context) == rig
    assert rig.mannerism.style == "lively"


def test_what_no_head_carries_moves_by_itself(extension):
    crane = armature([("Bone", None, (0, 0, 0), (0, 0, 1), 0.0)], name="Crane")
    free, on_crane, camera_target = plain_object(), by_parent(crane), plain_object("none")
    camera_target.parent = bust()
    for obj in (free, on_crane, camera_target):
        assert carrier_of(obj) is None
        assert mover(obj) == obj


def test_an_empty_that_shows_a_character_is_refused(extension):
    """It would turn about its feet."""
    rig = bust()
    place = bpy.data.collections.new("hero")
    place.objects.link(rig)
    empty = plain_object("none")
    empty.instance_type, empty.instance_collection = "COLLECTION", place
    with pytest.raises(RigError, match="“Rig”, and would turn as a whole"):
        mover(empty)
    empty.mannerism.by_itself = True
    assert mover(empty) == empty
    empty.mannerism.by_itself = False
    place.objects.unlink(rig)
    assert mover(empty) == empty

"""A plain mannequin, head to chest, that stands in for a character: ellipsoids on three bones."""

from typing import Any

import bmesh
import bpy
from mathutils import Matrix

Vector = tuple[float, float, float]
Colour = tuple[float, float, float, float]

BONES = {"chest": (1.10, 1.42), "neck": (1.42, 1.53), "head": (1.53, 1.76)}
"""Height of foot and tip of each bone, metres; each is the parent of the next."""

SKIN, SHIRT, DARK = (0.80, 0.62, 0.52, 1.0), (0.16, 0.30, 0.45, 1.0), (0.05, 0.05, 0.06, 1.0)
PARTS: tuple[tuple[str, Vector, Vector, Colour], ...] = (
    ("chest", (0.0, 0.02, 1.23), (0.20, 0.11, 0.21), SHIRT),
    ("neck", (0.0, 0.01, 1.46), (0.052, 0.055, 0.11), SKIN),
    ("head", (0.0, -0.015, 1.635), (0.078, 0.100, 0.122), SKIN),
    ("head", (0.0, 0.005, 1.670), (0.083, 0.100, 0.098), DARK),
    ("head", (0.0, -0.116, 1.620), (0.012, 0.020, 0.022), SKIN),
    ("head", (0.0, -0.100, 1.568), (0.024, 0.008, 0.006), (0.55, 0.25, 0.24, 1.0)),
    ("head", (0.031, -0.100, 1.645), (0.013, 0.010, 0.010), DARK),
    ("head", (-0.031, -0.100, 1.645), (0.013, 0.010, 0.010), DARK),
    ("head", (0.080, -0.005, 1.630), (0.010, 0.020, 0.032), SKIN),
    ("head", (-0.080, -0.005, 1.630), (0.010, 0.020, 0.032), SKIN),
)
"""Bone, centre, radii and colour of each ellipsoid; the face looks along -Y, as characters in Blender do."""


def build_rig() -> bpy.types.Object:
    """Add the mannequin, a camera and a light to the scene; returns the armature."""
    scene: Any = bpy.context.scene
    armature = _armature(scene)
    _body(scene, armature)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.matrix_world = Matrix.Translation((0.25, -1.15, 1.57)) @ Matrix.Rotation(0.21, 4, "Z")
    camera.matrix_world @= Matrix.Rotation(1.5708, 4, "X")
    light = bpy.data.objects.new("Light", bpy.data.lights.new("Light", "SUN"))
    light.matrix_world = Matrix.Rotation(0.7, 4, "X") @ Matrix.Rotation(0.5, 4, "Y")
    for obj in (camera, light):
        scene.collection.objects.link(obj)
    scene.camera = camera
    return armature


def _armature(scene: Any) -> bpy.types.Object:
    layer: Any = bpy.context.view_layer
    data = bpy.data.armatures.new("Mannequin")
    armature = bpy.data.objects.new("Mannequin", data)
    scene.collection.objects.link(armature)
    layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    parent = None
    for name, (low, high) in BONES.items():
        bone = data.edit_bones.new(name)
        bone.head, bone.tail, bone.parent = (0.0, 0.02, low), (0.0, 0.02, high), parent
        parent = bone
    bpy.ops.object.mode_set(mode="OBJECT")
    armature.select_set(True)
    return armature


def _body(scene: Any, armature: bpy.types.Object) -> None:
    mesh = bpy.data.meshes.new("Body")
    body = bpy.data.objects.new("Body", mesh)
    scene.collection.objects.link(body)
    body.parent = armature
    colours = list(dict.fromkeys(colour for *_, colour in PARTS))
    for colour in colours:
        material: Any = bpy.data.materials.new("Colour")
        material.diffuse_color = colour
        mesh.materials.append(material)
    groups = {name: body.vertex_groups.new(name=name).index for name in BONES}
    shape = bmesh.new()
    weights = shape.verts.layers.deform.verify()
    for bone, centre, radii, colour in PARTS:
        place = Matrix.LocRotScale(centre, None, radii)
        made = bmesh.ops.create_uvsphere(shape, u_segments=32, v_segments=20, radius=1.0, matrix=place)
        for vertex in made["verts"]:
            vertex[weights][groups[bone]] = 1.0
            for face in vertex.link_faces:
                face.material_index = colours.index(colour)
                face.smooth = True
    shape.to_mesh(mesh)
    shape.free()
    modifier: Any = body.modifiers.new("Armature", "ARMATURE")
    modifier.object = armature

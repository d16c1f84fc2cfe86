"""Meshes and strands as Blender objects: head frame and centimetres in, Blender's axes and metres out."""

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from mannerism.core.types import Array
from mannerism.tools.make_example.head_meshes import Part

CM = 0.01
TO_WORLD = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
"""Head frame (y up, z out of the face) to Blender's world (z up, -y out of the face)."""


def add_mesh(name: str, part: Part, material: Any, subdivide: int = 0) -> Any:
    """A smooth mesh object, with Catmull-Clark levels `subdivide`."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata((part.points * CM).tolist(), [], part.faces)
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    mesh.materials.append(material)
    thing = _add(name, mesh)
    if subdivide:
        modifier = thing.modifiers.new("smooth", "SUBSURF")
        modifier.levels = modifier.render_levels = subdivide
    return thing


def add_strands(name: str, points: Array, material: Any, root_cm: float, tip_cm: float) -> Any:
    """Hair curves through points (strands, steps, 3), with radii from root to tip."""
    strands = bpy.data.hair_curves.new(name)
    strands.add_curves([points.shape[1]] * len(points))
    taper = np.linspace(1, 0, points.shape[1]) ** 0.7
    radii = np.tile((tip_cm + (root_cm - tip_cm) * taper) * CM, len(points))
    strands.attributes.new("radius", "FLOAT", "POINT").data.foreach_set("value", radii.astype("f"))
    strands.materials.append(material)
    thing = _add(name, strands)
    move_strands(thing, points)
    return thing


def move_strands(thing: Any, points: Array) -> None:
    """Give strands new points (strands, steps, 3)."""
    thing.data.position_data.foreach_set("vector", (points * CM).astype("f").ravel())
    thing.data.update_tag()


def move_mesh(thing: Any, points: Array) -> None:
    """Give a mesh new points (N, 3)."""
    thing.data.vertices.foreach_set("co", (points * CM).astype("f").ravel())
    thing.data.update()


def place(thing: Any, matrix: Array) -> None:
    """Put an object at a rigid transformation (4, 4) of the head frame, metres."""
    thing.matrix_world = Matrix((TO_WORLD @ matrix).tolist())


def surface(thing: Any) -> Array:
    """Points of a subdivided mesh, centimetres; the mesh's own points come first."""
    mesh = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    points = np.empty(3 * len(mesh.vertices), "f")
    mesh.vertices.foreach_get("co", points)
    return points.reshape(-1, 3).astype(np.float64) / CM


def _add(name: str, data: Any) -> Any:
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    place(thing, np.eye(4))
    return thing

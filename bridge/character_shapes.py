"""Meshes of a copied character made plain for exporters: shape keys that all count from the basis, modifiers applied."""

from collections.abc import Mapping
from typing import Any

import bpy
import numpy as np

from ..core.types import Array, Float32Array


def shown_value(mesh: Any, index: int, value: float) -> float:
    """How much of a shape key the viewport shows: none of a muted one, and a pinned one alone.

    value : as evaluated
    """
    if mesh.show_only_shape_key:
        return float(index == mesh.active_shape_key_index and index > 0)
    return 0.0 if mesh.data.shape_keys.key_blocks[index].mute else value


def plain_keys(mesh: Any) -> None:
    """Give each shape key of a copy what it adds to the basis, with its vertex group and the key that it counts from in it.

    glTF knows neither, and no file knows muted and pinned keys.
    """
    blocks = mesh.data.shape_keys.key_blocks
    places = {key.name: _places(key) for key in blocks}
    basis = places[blocks[0].name]
    pinned = mesh.show_only_shape_key
    for key in blocks[1:]:
        key.mute = False
        if pinned:  # shown as it is, whatever it counts from
            key.relative_key = blocks[0]
        elif key.relative_key != blocks[0] or key.vertex_group:
            added = (places[key.name] - places[key.relative_key.name]) * _weights(mesh, key.vertex_group)
            key.points.foreach_set("co", (basis + added).astype(np.float32).ravel())
            key.relative_key, key.vertex_group = blocks[0], ""
    mesh.show_only_shape_key = False


def others(mesh: Any) -> list[Any]:
    """The modifiers of a mesh that show, besides those of armatures."""
    return [each for each in mesh.modifiers if each.type != "ARMATURE" and each.show_viewport]


def apply_modifiers(mesh: Any, depsgraph: bpy.types.Depsgraph) -> bool:
    """Apply all modifiers of a copy but those of armatures, which then bend what these have made; each shape key as well.

    Exporters leave out either the modifiers or the keys. Whether that can be done: where the keys get other numbers of
    vertices, the modifiers are taken off instead.
    """
    armatures = [(each, each.show_viewport) for each in mesh.modifiers if each.type == "ARMATURE"]
    for each, _ in armatures:
        each.show_viewport = False
    keys = mesh.data.shape_keys.key_blocks[1:] if mesh.data.shape_keys else ()
    for key in keys:
        key.slider_min, key.slider_max, key.value = min(key.slider_min, 0.0), max(key.slider_max, 1.0), 0.0
    depsgraph.update()
    made = bpy.data.meshes.new_from_object(
        mesh.evaluated_get(depsgraph), preserve_all_data_layers=True, depsgraph=depsgraph
    )
    shapes = {key.name: _shape(mesh, key, depsgraph) for key in keys}
    fits = all(len(each) == len(made.vertices) for each in shapes.values())
    if fits:
        _exchange(mesh, made, shapes)
    for each in [each for each in mesh.modifiers if each.type != "ARMATURE"]:
        mesh.modifiers.remove(each)
    for each, shown in armatures:
        each.show_viewport = shown
    return fits


def _shape(mesh: Any, key: Any, depsgraph: bpy.types.Depsgraph) -> Float32Array:
    """Vertices (N, 3) of a mesh with one shape key alone."""
    key.value = 1.0
    depsgraph.update()
    vertices = mesh.evaluated_get(depsgraph).data.vertices
    found = np.empty(3 * len(vertices), np.float32)
    vertices.foreach_get("co", found)
    key.value = 0.0
    return found.reshape(-1, 3)


def _exchange(mesh: Any, made: Any, shapes: Mapping[str, Float32Array]) -> None:
    """Give a copy another mesh, under the name of its own, with shape keys of these names."""
    old = mesh.data
    name, basis, ranges = old.name, "", {}
    if shapes:
        basis = old.shape_keys.key_blocks[0].name
        ranges = {key.name: (key.slider_min, key.slider_max) for key in old.shape_keys.key_blocks}
    mesh.data = made
    bpy.data.meshes.remove(old)
    made.name = name
    if not shapes:
        return
    mesh.shape_key_add(name=basis, from_mix=False)
    for each, places in shapes.items():
        key = mesh.shape_key_add(name=each, from_mix=False)
        key.slider_min, key.slider_max = ranges[each]
        key.points.foreach_set("co", places.ravel())


def _places(key: Any) -> Array:
    found = np.empty(3 * len(key.points), np.float32)
    key.points.foreach_get("co", found)
    return found.reshape(-1, 3).astype(np.float64)


def _weights(mesh: Any, group: str) -> Array:
    """Weights (N, 1) of a vertex group; 1 for all where there is none."""
    found = mesh.vertex_groups.get(group)
    if found is None:
        return np.ones((len(mesh.data.vertices), 1))
    index = found.index
    rows = [
        [next((each.weight for each in vertex.groups if each.group == index), 0.0)]
        for vertex in mesh.data.vertices
    ]
    return np.array(rows)

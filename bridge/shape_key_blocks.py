"""The shape keys of a character: those of an object, or of the meshes that follow it."""

from typing import Any

import bpy


def key_blocks(obj: bpy.types.Object) -> list[Any]:
    """The shape keys of an object, or of the meshes that follow it; each once, as those of linked duplicates."""
    found = [mesh.data.shape_keys for mesh in _meshes(obj) if mesh.data.shape_keys]
    return list(dict.fromkeys(found))


def sharing(obj: bpy.types.Object) -> list[str]:
    """Names of other objects in the scene that have the same shape keys, as linked duplicates of a character have."""
    own, keys = _meshes(obj), key_blocks(obj)
    scene: Any = bpy.context.scene
    return [
        other.name
        for other in scene.objects
        if other.type == "MESH" and other not in own and other.data.shape_keys in keys
    ]


def _meshes(obj: bpy.types.Object) -> list[Any]:
    scene: Any = bpy.context.scene
    return [obj] if obj.type == "MESH" else [other for other in scene.objects if _follows(other, obj)]


def key_names(obj: bpy.types.Object) -> list[list[str]]:
    """Names of the shape keys of each mesh, without the basis."""
    return [[block.name for block in list(keys.key_blocks)[1:]] for keys in key_blocks(obj)]


def pinned(obj: bpy.types.Object) -> list[str]:
    """Names of the meshes that show one shape key only, whatever the values are."""
    scene: Any = bpy.context.scene
    return [
        mesh.name
        for mesh in scene.objects
        if mesh.type == "MESH"
        and mesh.data.shape_keys
        and mesh.show_only_shape_key
        and (mesh == obj or _follows(mesh, obj))
    ]


def _follows(mesh: Any, obj: bpy.types.Object) -> bool:
    if mesh.type != "MESH":
        return False
    bent = any(each.type == "ARMATURE" and each.object == obj for each in mesh.modifiers)
    parent = mesh.parent
    while parent is not None and parent != obj:
        parent = parent.parent
    return bent or parent == obj

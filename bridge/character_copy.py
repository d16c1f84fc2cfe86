"""A copy of a character, baked: bones, object and shape keys as the viewport shows them, a key a frame.

It has no layers, constraints or drivers, so that any exporter finds in one plain action what is to be seen.
The character itself, and the scene, stay as they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from ..core import rotation as rot
from ..core.types import Array
from . import character_shapes, hidden
from .curves import Curve, new_action, write_curves
from .visual import playing


@dataclass(frozen=True)
class _Recorded:
    """What the viewport shows of a character over T frames.

    frames : (T,) whole
    world : (T, 4, 4) of the object
    bones : (T, 4, 4) each, in the object's axes, by name
    keys : values (T,) of shape keys, by mesh and key
    """

    frames: Array
    world: Array
    bones: dict[str, Array]
    keys: dict[tuple[int, str], Array]


def parts_of(obj: bpy.types.Object) -> list[Any]:
    """The meshes of the open scene that follow an object: by a modifier, or as children."""
    scene: Any = bpy.context.scene
    return [each for each in scene.objects if each.type == "MESH" and each != obj and _follows(each, obj)]


def _follows(mesh: Any, obj: bpy.types.Object) -> bool:
    owner = mesh
    while owner is not None:
        if owner == obj or any(m.type == "ARMATURE" and m.object == obj for m in owner.modifiers):
            return True
        owner = owner.parent
    return False


@contextmanager
def baked_copy(obj: bpy.types.Object, first: int, last: int, name: str, notes: list[str]) -> Iterator[Any]:
    """A scene, in the context, with a baked copy of the character alone; its frames are those of the open scene.

    name : of the scene and the action, which exporters call the clip by
    notes : gets what could not be kept, a sentence each
    """
    parts = parts_of(obj)
    recorded = _record(obj, parts, first, last)
    open_scene: Any = bpy.context.scene
    before = {each.session_uid for each in _ids()}
    scene: Any = bpy.data.scenes.new(name)
    renamed: list[tuple[Any, str]] = []
    windows = [(window, window.scene) for window in bpy.context.window_manager.windows]  # type: ignore[union-attr]
    try:
        render, own = scene.render, open_scene.render
        render.fps, render.fps_base = own.fps, own.fps_base
        scene.unit_settings.system = open_scene.unit_settings.system
        scene.unit_settings.scale_length = open_scene.unit_settings.scale_length
        scene.frame_start, scene.frame_end = first, last
        copies = _copies(scene, obj, parts, renamed)
        layer = scene.view_layers[0]
        scene.frame_set(first)
        for each, copy in copies.items():
            if copy.type == "MESH":
                notes += _plain(each, copy, obj, layer.depsgraph)
        _write(copies[obj], obj, recorded, name)
        for part in parts:
            _write_keys(copies[part], part, recorded)
        layer.objects.active = copies[obj]
        scene.frame_set(first)
        with _override(scene, layer, copies[obj]):
            yield copies[obj]
    finally:
        for window, shown in windows:
            if window.scene != shown:  # the exporter of glTF shows the scene that it writes
                window.scene = shown
        bpy.data.batch_remove([each for each in _ids() if each.session_uid not in before])
        for each, was in renamed:
            each.name = was


def _plain(mesh: Any, copy: Any, obj: bpy.types.Object, depsgraph: Any) -> list[str]:
    """Make a copied mesh one that exporters write as it is shown; says where they will not."""
    notes = []
    if copy.data.shape_keys:
        character_shapes.plain_keys(copy)
    if others := character_shapes.others(copy):
        names = ", ".join(f"“{each.name}”" for each in others)
        if not character_shapes.apply_modifiers(copy, depsgraph):
            notes.append(f"“{copy.name}” is written without {names}, which would take its shape keys off")
    away = [
        each.object.name
        for each in mesh.modifiers
        if each.type == "ARMATURE" and each.object not in {None, obj}
    ]
    return notes + [
        f"“{copy.name}” may lack what the armature “{each}” does, which is not written" for each in away
    ]


def _ids() -> list[Any]:
    """All data-blocks of the kinds that a copy needs, and an exporter may leave."""
    kinds = ("scenes", "objects", "armatures", "meshes", "shape_keys", "actions", "collections")
    return [each for kind in kinds for each in getattr(bpy.data, kind)]


def _override(scene: Any, layer: Any, active: Any) -> Any:
    """Another context for operators; Blender's stubs do not know that it is a context manager."""
    return bpy.context.temp_override(
        scene=scene,
        view_layer=layer,
        active_object=active,
        object=active,
        selected_objects=list(scene.objects),
    )


def _record(obj: bpy.types.Object, parts: list[Any], first: int, last: int) -> _Recorded:
    frames = np.arange(first, last + 1, dtype=np.float64)
    scene: Any = bpy.context.scene
    bones: dict[str, list[Array]] = {bone.name: [] for bone in (obj.pose.bones if obj.pose else ())}
    keyed = [(part, key.name) for part in _with_keys(obj, parts) for key in part.data.shape_keys.key_blocks]
    keys: dict[tuple[int, str], list[float]] = {(part.session_uid, name): [] for part, name in keyed}
    world = []
    with hidden.evaluated([obj, *{part for part, _ in keyed}]), playing(scene) as show:
        for frame in frames.tolist():
            show(frame)
            depsgraph = bpy.context.evaluated_depsgraph_get()
            evaluated: Any = obj.evaluated_get(depsgraph)
            world.append(np.array(evaluated.matrix_world))
            for name, rows in bones.items():
                rows.append(np.array(evaluated.pose.bones[name].matrix))
            for part, name in keyed:
                shown = part.evaluated_get(depsgraph).data.shape_keys
                source = shown or part.data.shape_keys.evaluated_get(depsgraph)
                index = part.data.shape_keys.key_blocks.find(name)
                value = character_shapes.shown_value(part, index, float(source.key_blocks[name].value))
                keys[part.session_uid, name].append(value)
    return _Recorded(
        frames,
        np.array(world),
        {name: np.array(rows) for name, rows in bones.items()},
        {key: np.array(values) for key, values in keys.items()},
    )


def _with_keys(obj: Any, parts: list[Any]) -> list[Any]:
    return [each for each in (obj, *parts) if each.type == "MESH" and each.data.shape_keys]


def _copies(
    scene: Any, obj: bpy.types.Object, parts: list[Any], renamed: list[tuple[Any, str]]
) -> dict[Any, Any]:
    """Copies of the objects, linked to the scene, under the names of the originals."""
    copies: dict[Any, Any] = {}
    for each in (obj, *parts):
        copy = each.copy()
        if each is obj or (copy.type == "MESH" and (copy.data.shape_keys or character_shapes.others(copy))):
            copy.data = each.data.copy() if each.data else None
        copies[each] = copy
    for each, copy in copies.items():
        _strip(copy)
        for owner, twin in ((each, copy), (each.data, copy.data)):
            if owner is not twin and owner is not None and owner.is_editable:
                name = owner.name
                renamed.append((owner, name))
                owner.name = f"{name} (open)"
                twin.name = name
        for modifier in copy.modifiers:
            if modifier.type == "ARMATURE":
                modifier.object = copies.get(modifier.object, modifier.object)
        parent, inverse = copies.get(each.parent), copy.matrix_parent_inverse.copy()
        if each is obj:
            copy.parent = None
        elif parent is not None:
            copy.parent, copy.matrix_parent_inverse = parent, inverse
        scene.collection.objects.link(copy)
        copy.hide_viewport = copy.hide_render = False
        copy.select_set(True, view_layer=scene.view_layers[0])
    return copies


def _strip(copy: Any) -> None:
    """Take off all that animates: what it does is recorded."""
    owners = (copy, copy.data, getattr(copy.data, "shape_keys", None))
    for owner in owners:
        if owner is not None and owner.library is None and hasattr(owner, "animation_data_clear"):
            owner.animation_data_clear()
    for owner in (copy, *(copy.pose.bones if copy.pose else ())):
        for constraint in list(owner.constraints):
            owner.constraints.remove(constraint)


def _write(copy: Any, obj: bpy.types.Object, recorded: _Recorded, name: str) -> None:
    """Key the object, where it moves, and all bones that do not rest."""
    copy.rotation_mode = "QUATERNION"
    copy.delta_location, copy.delta_scale = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    copy.delta_rotation_quaternion = (1.0, 0.0, 0.0, 0.0)
    copy.matrix_world = Matrix(recorded.world[0].tolist())
    curves = [] if _still(recorded.world) else _channels("", recorded.world, name)
    for bone in copy.pose.bones if copy.pose else ():
        bone.rotation_mode = "QUATERNION"
        local = _local(obj, bone.name, recorded)
        curves += _channels(f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"].', local, bone.name)
    if curves:
        action = new_action(name, copy)
        write_curves(action, curves, recorded.frames)
        data = copy.animation_data_create()
        data.action, data.action_slot = action, action.slots[0]


def _local(obj: Any, name: str, recorded: _Recorded) -> Array:
    """Channels of a bone as matrices (T, 4, 4), with which it stands where it was recorded."""
    bone = obj.data.bones[name]
    rows = []
    for frame in range(len(recorded.frames)):
        matrix = Matrix(recorded.bones[name][frame].tolist())
        above = {}
        if bone.parent:
            above = {
                "parent_matrix": Matrix(recorded.bones[bone.parent.name][frame].tolist()),
                "parent_matrix_local": bone.parent.matrix_local,
            }
        rows.append(np.array(bone.convert_local_to_pose(matrix, bone.matrix_local, **above, invert=True)))
    return np.array(rows)


def _channels(prefix: str, matrices: Array, group: str) -> list[Curve]:
    parts = [Matrix(each.tolist()).decompose() for each in matrices]
    values = {
        "location": np.array([place for place, _, _ in parts]),
        "rotation_quaternion": rot.continuous(np.array([turn for _, turn, _ in parts])),
        "scale": np.array([scale for _, _, scale in parts]),
    }
    return [
        Curve(prefix + attribute, index, column, group)
        for attribute, columns in values.items()
        for index, column in enumerate(columns.T)
    ]


def _still(matrices: Array) -> bool:
    return bool(np.ptp(matrices, axis=0).max() < 1e-6)


def _write_keys(copy: Any, part: Any, recorded: _Recorded) -> None:
    """Key the shape keys that move; the others keep their value."""
    blocks = copy.data.shape_keys
    moving = {}
    for key in blocks.key_blocks if blocks else ():
        values = recorded.keys[part.session_uid, key.name]
        key.value = float(values[0])
        if np.ptp(values) > 1e-6:
            moving[f'key_blocks["{bpy.utils.escape_identifier(key.name)}"].value'] = values
    if moving:
        action = new_action(part.name, blocks)
        write_curves(action, [Curve(path, 0, values) for path, values in moving.items()], recorded.frames)
        data = blocks.animation_data_create()
        data.action, data.action_slot = action, action.slots[0]

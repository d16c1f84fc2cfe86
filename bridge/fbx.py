"""FBX export through Blender's exporter, from a temporary scene."""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from math import ceil
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from ..core.errors import DiskFullError, MissingPartError, OutputError
from ..core.export.skeleton import SKELETON, joint_rotations
from ..core.files import replacing
from ..core.motion import HeadMotion
from ..core.timing import FrameRate
from .curves import Curve, new_action, write_curves
from .fbx_identity import same_bytes

_CM = 100.0
_SETTINGS: dict[str, Any] = {
    "object_types": {"ARMATURE", "MESH"},
    "axis_up": "Y",
    "axis_forward": "-Z",
    "add_leaf_bones": False,
    "bake_anim": True,
    "bake_anim_use_nla_strips": False,
    "bake_anim_use_all_actions": False,
    "bake_anim_simplify_factor": 0.0,  # its default rounds by millimetres
}


def export_fbx(path: Path, motion: HeadMotion, rate: FrameRate) -> None:
    """Write a motion as FBX, one key a frame from t = 0 to its end; the take has the file's name.

    Works in any mode and scene of an open file, and leaves the file as it was.

    Raises
    ------
    MissingPartError : Blender's FBX add-on is switched off
    OutputError : the file cannot be written
    """
    if not hasattr(bpy.types, "EXPORT_SCENE_OT_fbx"):
        raise MissingPartError(
            "Blender's own FBX exporter is switched off", "Enable “FBX format” under Preferences, Add-ons"
        )
    motion = motion.at(rate.grid(motion.duration_s))
    with replacing(path) as temporary, _scratch_scene(path.stem) as (scene, remains):
        scene.render.fps = ceil(rate.fps)
        scene.render.fps_base = float(ceil(rate.fps) / rate.fps)
        scene.frame_start, scene.frame_end = 0, len(motion.time_s) - 1
        scene.unit_settings.scale_length = 1.0 / _CM  # so that no node of the file is scaled
        armature = _armature(scene, remains)
        _skin(scene, armature, remains)
        _keys(armature, motion, remains)
        try:
            with same_bytes(), redirect_stdout(None):  # the exporter talks
                bpy.ops.export_scene.fbx(filepath=str(temporary), **_SETTINGS)
        except RuntimeError as error:  # how an operator passes its errors to Python
            raise _refusal(str(error)) from error


def _refusal(message: str) -> OutputError:
    """The error for the message of an operator, whose last line matters: it may be a whole traceback."""
    *_, last = [line for line in message.splitlines() if line.strip() and not line.startswith("Location:")]
    return (DiskFullError if "No space left on device" in message else OutputError)(
        f"Blender's FBX exporter refused: {last.removeprefix('Error: ').rstrip('.')}",
        "Choose a folder with free space, or a name ending in .bvh",
    )


def _override(**members: Any) -> Any:
    """Another context for operators; Blender's stubs do not know that it is a context manager."""
    return bpy.context.temp_override(**members)


@contextmanager
def _scratch_scene(name: str) -> Iterator[tuple[bpy.types.Scene, list[bpy.types.ID]]]:
    """A scene in the context, removed with all that is put in the list; no window ever shows it."""
    scene = bpy.data.scenes.new(name)
    remains: list[bpy.types.ID] = [scene]
    try:
        layer = scene.view_layers[0]
        with _override(scene=scene, view_layer=layer):
            yield scene, remains
    finally:
        bpy.data.batch_remove(remains)


def _armature(scene: bpy.types.Scene, remains: list[bpy.types.ID]) -> bpy.types.Object:
    """SKELETON in centimetres; bones and armature have the head frame's axes."""
    data = bpy.data.armatures.new("Armature")
    armature = bpy.data.objects.new("Armature", data)  # a name that Unreal does not take for a bone
    remains += [armature, data]
    scene.collection.objects.link(armature)
    # Blender is Z up and its exporter turns that to Y up: so turned, the file's node is not.
    armature.matrix_world = Matrix.Rotation(np.pi / 2, 4, "X")
    scene.view_layers[0].objects.active = armature
    with _override(active_object=armature, object=armature):
        bpy.ops.object.mode_set(mode="EDIT")
        parent, height = None, 0.0
        for bone in SKELETON:
            edit = data.edit_bones.new(bone.name)
            edit.head, edit.tail = (0.0, height, 0.0), (0.0, height + bone.length_m * _CM, 0.0)
            edit.parent = parent
            parent, height = edit, height + bone.length_m * _CM
        bpy.ops.object.mode_set(mode="OBJECT")
    return armature


def _skin(scene: bpy.types.Scene, armature: bpy.types.Object, remains: list[bpy.types.ID]) -> None:
    """A spindle around each bone: without a skin an FBX file has no bind pose."""
    mesh = bpy.data.meshes.new("Skin")
    skin = bpy.data.objects.new("Skin", mesh)
    remains += [skin, mesh]
    scene.collection.objects.link(skin)
    skin.parent = armature
    vertices: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    low = 0.0
    for bone in SKELETON:
        high = low + bone.length_m * _CM
        middle, width = 0.5 * (low + high), 0.3 * (high - low)
        first = len(vertices)
        vertices += [(0.0, low, 0.0), (0.0, high, 0.0)]
        vertices += [(width, middle, 0.0), (0.0, middle, width), (-width, middle, 0.0), (0.0, middle, -width)]
        for side in range(4):
            a, b = first + 2 + side, first + 2 + (side + 1) % 4
            faces += [(a, first, b), (b, first + 1, a)]
        skin.vertex_groups.new(name=bone.name)
        low = high
    mesh.from_pydata(vertices, [], faces)
    for index, group in enumerate(skin.vertex_groups):
        group.add(range(6 * index, 6 * index + 6), 1.0, "REPLACE")
    modifier: Any = skin.modifiers.new("Armature", "ARMATURE")
    modifier.object = armature


def _keys(armature: bpy.types.Object, motion: HeadMotion, remains: list[bpy.types.ID]) -> None:
    """One key a frame: the root's place, the turns of neck and head."""
    action = new_action("Armature", armature)
    remains.append(action)
    channels = [("Root", "location", motion.translation_m * _CM)]
    channels += [
        (bone.name, "rotation_quaternion", rotation)
        for bone, rotation in zip(SKELETON, joint_rotations(motion), strict=True)
    ]
    curves = [
        Curve(f'pose.bones["{name}"].{attribute}', index, column)
        for name, attribute, values in channels
        for index, column in enumerate(values.T)
    ]
    write_curves(action, curves, np.arange(len(motion.time_s)))
    data = armature.animation_data_create()
    data.action, data.action_slot = action, action.slots[0]

"""FBX export through Blender's exporter, from a temporary scene."""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from ..core import rotation as rot
from ..core.errors import DiskFullError, MissingPartError, OutputError
from ..core.export.presets import ANY, PRESETS, Form
from ..core.export.skeleton import Posed, posed
from ..core.files import replacing
from ..core.motion import HeadMotion
from ..core.timing import FrameRate
from .curves import Curve, new_action, write_curves
from .fbx_identity import same_bytes

_LARGEST_FPS = 32_767
_FORWARD = {"Y": "-Z", "Z": "Y"}  # away from who looks at the face, by the axis that is up
_SETTINGS: dict[str, Any] = {
    "object_types": {"ARMATURE", "MESH"},
    "apply_scale_options": "FBX_SCALE_ALL",  # the header states the unit, and no node is scaled
    "add_leaf_bones": False,
    "bake_anim": True,
    "bake_anim_use_nla_strips": False,
    "bake_anim_use_all_actions": False,
    "bake_anim_simplify_factor": 0.0,  # its default rounds by millimetres
}


def export_fbx(path: Path, motion: HeadMotion, rate: FrameRate, form: Form = ANY) -> None:
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
    preset, body = PRESETS[form.preset], posed(motion, rate, form)
    axes: dict[str, Any] = {"axis_up": preset.up, "axis_forward": _FORWARD[preset.up]}
    with replacing(path) as temporary, _scratch_scene(path.stem) as (scene, remains):
        scene.render.fps, scene.render.fps_base = _exact_rate(rate.fps)
        scene.frame_start, scene.frame_end = 0, len(body.time_s) - 1
        scene.unit_settings.scale_length = 1.0 / preset.units_per_m
        armature = _armature(scene, body, preset.up, remains)
        _skin(scene, armature, body, remains)
        _keys(armature, body, remains)
        try:
            with same_bytes(), redirect_stdout(None):  # the exporter talks
                bpy.ops.export_scene.fbx(filepath=str(temporary), **axes, **_SETTINGS)
        except RuntimeError as error:  # how an operator passes its errors to Python
            raise _refusal(str(error)) from error


def _exact_rate(fps: Fraction) -> tuple[int, float]:
    """Blender's pair for a rate. It keeps the second in 32 bits, where 1.001 is 0.2 ms off after an hour; 1001 is not."""
    numerator, base = fps.numerator, float(fps.denominator)
    while numerator > _LARGEST_FPS and numerator % 2 == 0:
        numerator, base = numerator // 2, base / 2
    if numerator <= _LARGEST_FPS and float(np.float32(base)) == base:
        return numerator, base
    return ceil(fps), float(ceil(fps) / fps)


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


def _armature(scene: bpy.types.Scene, body: Posed, up: str, remains: list[bpy.types.ID]) -> bpy.types.Object:
    """The skeleton; bones and armature have the axes of the file."""
    data = bpy.data.armatures.new("Armature")
    armature = bpy.data.objects.new("Armature", data)  # a name that Unreal does not take for a bone
    remains += [armature, data]
    scene.collection.objects.link(armature)
    if up == "Y":  # Blender is Z up and its exporter turns that to Y up: so turned, the file's node is not
        armature.matrix_world = Matrix.Rotation(np.pi / 2, 4, "X")
    scene.view_layers[0].objects.active = armature
    with _override(active_object=armature, object=armature):
        bpy.ops.object.mode_set(mode="EDIT")
        parent, place = None, np.zeros(3)
        for bone, way in zip(body.bones, _ways(body), strict=True):
            edit = data.edit_bones.new(bone.name)
            place = place + bone.offset
            # Along the file's Y, whatever is up: a bone's own axes are then the file's.
            x, y, z = place.tolist()
            edit.head, edit.tail = (x, y, z), (x, y + float(np.linalg.norm(way)), z)
            edit.parent = parent
            parent = edit
        bpy.ops.object.mode_set(mode="OBJECT")
    return armature


def _ways(body: Posed) -> list[Any]:
    """From each joint to the next, the last to the crown, (3,) each."""
    return [*(bone.offset for bone in body.bones[1:]), body.crown]


def _skin(
    scene: bpy.types.Scene, armature: bpy.types.Object, body: Posed, remains: list[bpy.types.ID]
) -> None:
    """A spindle around each bone: without a skin an FBX file has no bind pose."""
    mesh = bpy.data.meshes.new("Skin")
    skin = bpy.data.objects.new("Skin", mesh)
    remains += [skin, mesh]
    scene.collection.objects.link(skin)
    skin.parent = armature
    vertices: list[Any] = []
    faces: list[tuple[int, ...]] = []
    place = np.zeros(3)
    for bone, way in zip(body.bones, _ways(body), strict=True):
        place = place + bone.offset
        width = 0.3 * np.linalg.norm(way)
        left, face = (width * rot.rotate(body.up, axis) for axis in ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]))
        middle = place + way / 2
        first = len(vertices)
        vertices += [place, place + way, middle + left, middle + face, middle - left, middle - face]
        for side in range(4):
            a, b = first + 2 + side, first + 2 + (side + 1) % 4
            faces += [(a, first, b), (b, first + 1, a)]
        skin.vertex_groups.new(name=bone.name)
    mesh.from_pydata([tuple(vertex) for vertex in vertices], [], faces)
    for index, group in enumerate(skin.vertex_groups):
        group.add(range(6 * index, 6 * index + 6), 1.0, "REPLACE")
    modifier: Any = skin.modifiers.new("Armature", "ARMATURE")
    modifier.object = armature


def _keys(armature: bpy.types.Object, body: Posed, remains: list[bpy.types.ID]) -> None:
    """One key a frame: the turns of all joints, and the place of the one that takes the translation."""
    action = new_action("Armature", armature)
    remains.append(action)
    channels = [(bone.name, "rotation_quaternion", bone.rotation) for bone in body.bones]
    channels += [
        (bone.name, "location", bone.place - bone.offset) for bone in body.bones if bone.place is not None
    ]
    curves = [
        Curve(f'pose.bones["{name}"].{attribute}', index, column)
        for name, attribute, values in channels
        for index, column in enumerate(values.T)
    ]
    write_curves(action, curves, np.arange(len(body.time_s)))
    data = armature.animation_data_create()
    data.action, data.action_slot = action, action.slots[0]

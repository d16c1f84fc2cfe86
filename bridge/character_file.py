"""A whole character as a file for an engine: its mesh, its bones, and a clip of what the viewport shows."""

from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import bpy

from ..core.errors import MissingPartError, OutputError, RigError
from ..core.export import gltf_time
from ..core.files import replacing
from . import character_copy

_FBX: dict[str, Any] = {
    "object_types": {"ARMATURE", "MESH", "EMPTY"},
    "add_leaf_bones": False,
    "bake_anim": True,
    "bake_anim_use_nla_strips": False,
    "bake_anim_use_all_actions": False,
    "bake_anim_force_startend_keying": True,
    "bake_anim_simplify_factor": 0.0,  # its default rounds by millimetres
}


def _fbx(**options: Any) -> Callable[[str, bool], Any]:
    def write(path: str, deform_only: bool) -> Any:
        return bpy.ops.export_scene.fbx(
            filepath=path, use_armature_deform_only=deform_only, **(_FBX | options)
        )

    return write


def _gltf(path: str, deform_only: bool) -> Any:
    return bpy.ops.export_scene.gltf(
        filepath=path,
        export_format="GLB",
        use_active_scene=True,
        export_animations=True,
        export_animation_mode="ACTIVE_ACTIONS",
        export_force_sampling=True,
        export_optimize_animation_size=False,
        export_anim_slide_to_zero=True,
        export_def_bones=deform_only,
        export_morph_animation=True,
    )


class CharacterFormat(NamedTuple):
    """A way to write characters.

    label : in menus
    description : for tooltips
    suffix : of the file
    operator : of Blender's that writes it, as bpy.types knows it
    write : of path and whether only bones that deform are wanted
    """

    label: str
    description: str
    suffix: str
    operator: str
    write: Callable[[str, bool], Any]


CHARACTERS: Mapping[str, CharacterFormat] = {
    "unreal": CharacterFormat(
        "FBX for Unreal",
        "in centimetres, Y up",
        ".fbx",
        "EXPORT_SCENE_OT_fbx",
        _fbx(axis_up="Y", axis_forward="-Z", apply_scale_options="FBX_SCALE_NONE"),
    ),
    "unity": CharacterFormat(
        "FBX for Unity",
        "in metres, Y up",
        ".fbx",
        "EXPORT_SCENE_OT_fbx",
        _fbx(axis_up="Y", axis_forward="-Z", apply_scale_options="FBX_SCALE_ALL"),
    ),
    "gltf": CharacterFormat("glTF", "one binary file", ".glb", "EXPORT_SCENE_OT_gltf", _gltf),
}
"""Presets for engines, by name."""


def export_character(
    obj: bpy.types.Object, path: Path, preset: str, *, first: int, last: int, deform_only: bool = False
) -> tuple[str, ...]:
    """Write a character with all that moves it, frames `first` to `last` of the open scene, from a baked copy; what it lacks, a sentence each.

    deform_only : leave out bones that move no skin, as controls

    Raises
    ------
    MissingPartError : Blender's add-on for the format is switched off
    OutputError : the file cannot be written
    RigError : the object is not in the view layer, or no frame is left
    """
    chosen = CHARACTERS[preset]
    if not hasattr(bpy.types, chosen.operator):
        raise MissingPartError(
            f"Blender's own exporter of {chosen.suffix} files is switched off",
            "Enable it under Preferences, Add-ons",
        )
    if last < first:
        raise RigError("The scene ends before it starts", "Set its first and last frame")
    notes: list[str] = []
    with replacing(path) as temporary, character_copy.baked_copy(obj, first, last, path.stem, notes):
        # The exporters add the suffix that they want.
        written = temporary.with_suffix(chosen.suffix)
        try:
            with redirect_stdout(None):  # they talk
                chosen.write(str(written), deform_only)
            render: Any = bpy.context.scene.render  # type: ignore[union-attr]
            if chosen.suffix == ".glb" and render.fps_base != 1.0:
                gltf_time.end_at(written, (last - first) * render.fps_base / render.fps)
        except RuntimeError as error:  # how an operator passes its errors to Python
            *_, reason = [line for line in str(error).splitlines() if line.strip()] or ["no reason given"]
            raise OutputError(
                f"Blender's exporter refused: {reason.removeprefix('Error: ').rstrip('.')}",
                "Choose a folder with free space",
            ) from error
        if written != temporary:
            written.replace(temporary)
    return tuple(notes)

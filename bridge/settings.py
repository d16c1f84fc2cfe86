"""What the animator sets: per character, and once in the preferences."""

from itertools import chain, count
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from .. import __package__ as base_package
from ..core.generate.controls import first_seed

_OVERRIDABLE = {"LIBRARY_OVERRIDABLE"}
_PATH: dict[str, Any] = {
    "subtype": "FILE_PATH",
    "options": {"PATH_SUPPORTS_BLEND_RELATIVE"},
    "override": _OVERRIDABLE,
}


def _begin_line(character: "MANNERISM_PG_character", _context: Any) -> None:
    """A new line starts from a take of its own."""
    character.seed = first_seed(Path(character.audio).stem)


class MANNERISM_PG_character(bpy.types.PropertyGroup):
    """Head motion of one object, at `Object.mannerism`."""

    reference: StringProperty(  # type: ignore[valid-type]
        name="Reference",
        description="Video of 10 to 15 seconds in which the person speaks, or a track of it as CSV",
        **_PATH,
    )
    keep_motion: BoolProperty(  # type: ignore[valid-type]
        name="Keep Motion",
        description="Keep up to 30 seconds of the reference's head motion in the style file",
        default=True,
        override=_OVERRIDABLE,
    )
    style: StringProperty(  # type: ignore[valid-type]
        name="Style",
        description="How the person moves, as encoded from a reference",
        **_PATH,
    )
    audio: StringProperty(  # type: ignore[valid-type]
        name="Speech",
        description="Sound, or video with sound, of the speech to move to",
        update=_begin_line,
        **_PATH,
    )
    seed: IntProperty(  # type: ignore[valid-type]
        name="Seed",
        description="Each seed is another take, and always the same one. A new speech file sets it by its name",
        min=0,
        override=_OVERRIDABLE,
    )
    intensity: FloatProperty(  # type: ignore[valid-type]
        name="Intensity",
        description="How far the head moves: 0 is rest, 1 is the person",
        default=1.0,
        min=0.0,
        max=4.0,
        soft_max=2.0,
        subtype="FACTOR",
        override=_OVERRIDABLE,
    )
    start: EnumProperty(  # type: ignore[valid-type]
        name="Start",
        description="Frame at which the speech begins",
        items=[
            ("SCENE", "Scene Start", "The first frame of the scene"),
            ("CURRENT", "Current Frame", "The frame at the playhead"),
        ],
        override=_OVERRIDABLE,
    )
    layer_index: IntProperty(  # type: ignore[valid-type]
        name="Active Layer",
        description="Layer that Remove Layer and the exports act on",
        override=_OVERRIDABLE,
    )


class MANNERISM_AP_preferences(bpy.types.AddonPreferences):
    """Preferences of the extension."""

    bl_idname = base_package

    worker_python: StringProperty(  # type: ignore[valid-type]
        name="Worker Python",
        description="Python that has the extension's packages. Empty: the packages in the extension itself",
        subtype="FILE_PATH",
    )
    style_folder: StringProperty(  # type: ignore[valid-type]
        name="Style Folder",
        description="Where encoded styles are saved. Empty: the extension's own folder of user files",
        subtype="DIR_PATH",
    )

    def draw(self, _context: bpy.types.Context) -> None:
        """Two fields, and a check of the first."""
        layout: Any = self.layout
        layout.use_property_split = True
        layout.prop(self, "worker_python")
        layout.operator("mannerism.check_worker", icon="CHECKMARK")
        layout.prop(self, "style_folder")


def character(obj: Any) -> Any:
    """The settings of an object; a `MANNERISM_PG_character`, whose fields no type checker can see."""
    return obj.mannerism


def preference(name: str) -> str:
    """A preference, or "" where the package is registered without being enabled as an add-on."""
    preferences: Any = bpy.context.preferences
    addon = preferences.addons.get(base_package)
    return bpy.path.abspath(getattr(addon.preferences, name)) if addon else ""


def style_folder() -> Path:
    """Where new style files go; it exists."""
    chosen = preference("style_folder")
    if chosen:
        return Path(chosen)
    return Path(bpy.utils.extension_path_user(base_package, path="styles", create=True))


def unused(folder: Path, stem: str, suffix: str) -> Path:
    """The first of “STEM”, “STEM 2”, “STEM 3” and so on, with the suffix, that does not exist in `folder`."""
    names = chain([stem], (f"{stem} {number}" for number in count(2)))
    return next(path for name in names if not (path := folder / f"{name}{suffix}").exists())


CLASSES = (MANNERISM_PG_character, MANNERISM_AP_preferences)

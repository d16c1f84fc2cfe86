"""Settings of each character."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from ..core.generate import first_seed
from ..core.generate.engine import ENGINES
from ..core.generate.settings import SLIDERS
from ..core.neck_share import NECK_SHARE
from . import compat, direct_settings, face_settings, live_settings, portrait_settings
from .direct_settings import MANNERISM_PG_direct
from .face_settings import MANNERISM_PG_face
from .fields import CHOSEN_PATH, OVERRIDABLE
from .file_names import file_name
from .live_settings import MANNERISM_PG_shape
from .portrait_settings import MANNERISM_PG_portrait
from .style_files import style_file
from .style_list import choose_number, chosen_number, style_items

FIRST_STYLE = "calm"
"""Built-in style of a character that has none of its own yet."""


def _begin_line(character: "MANNERISM_PG_character", _context: Any) -> None:
    """A new line starts from a take of its own."""
    character.seed = first_seed(Path(character.speech_name).stem)


def _look_again(character: "MANNERISM_PG_character", _context: Any) -> None:
    """Have `layer_watch.py` visit the object."""
    obj: Any = character.id_data
    obj.update_tag()


def _influence(character: "MANNERISM_PG_character") -> float:
    from .influence import influence_of  # which reads these settings

    obj: Any = character.id_data
    return influence_of(obj)


def _set_influence(character: "MANNERISM_PG_character", value: float) -> None:
    from .influence import set_influence

    obj: Any = character.id_data
    set_influence(obj, value)


def _is_speaker(_character: "MANNERISM_PG_character", obj: bpy.types.Object) -> bool:
    return obj.type == "SPEAKER"


def _sound_strips(_character: "MANNERISM_PG_character", context: Any, _typed: str) -> list[str]:
    editor = compat.sequencer_scene(context).sequence_editor
    return [strip.name for strip in (editor.strips_all if editor else ()) if strip.type == "SOUND"]


def _slider(name: str) -> Any:
    slider = SLIDERS[name]
    ignoring = [engine.capitalize() for engine, entry in ENGINES.items() if name in entry.ignores]
    return FloatProperty(
        name=slider.label,
        description=". ".join([slider.description, *(f"{engine} ignores it" for engine in ignoring)]),
        default=1.0,
        min=0.0,
        max=slider.largest,
        soft_max=2.0,
        subtype="FACTOR",
        override=OVERRIDABLE,
    )


class SliderProperties:
    """A property for each row of SLIDERS."""

    __annotations__ = {name: _slider(name) for name in SLIDERS}


class MANNERISM_PG_character(SliderProperties, bpy.types.PropertyGroup):
    """Head motion of one object, at `Object.mannerism`."""

    reference: StringProperty(  # type: ignore[valid-type]
        name="Reference",
        description="Video of 10 to 15 seconds in which the person speaks, or a track of it as CSV",
        **CHOSEN_PATH,
    )
    reference_name: file_name(  # type: ignore[valid-type]
        "reference",
        "Reference",
        "Video of 10 to 15 seconds in which the person speaks, or a track of it. Paths may be typed",
    )
    keep_motion: BoolProperty(  # type: ignore[valid-type]
        name="Keep Motion",
        description="Keep up to 30 seconds of the reference's head motion in the style file",
        default=True,
        override=OVERRIDABLE,
    )
    style: StringProperty(  # type: ignore[valid-type]
        name="Style",
        description="How the person moves, as encoded from a reference, or the name of a built-in style",
        default=FIRST_STYLE,
        **CHOSEN_PATH,
    )
    chosen_style: EnumProperty(  # type: ignore[valid-type]
        name="Style",
        description="The built-in styles, and the files of the style folder",
        items=style_items,
        get=chosen_number,
        set=choose_number,
    )
    influence: FloatProperty(  # type: ignore[valid-type]
        name="Influence",
        description="How far the active layer counts: 1 is all of it. Key it on its strip in the NLA to fade",
        get=_influence,
        set=_set_influence,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        options=set(),
    )
    shape: PointerProperty(  # type: ignore[valid-type]
        name="Shape", description="What shapes the active take while a slider moves", type=MANNERISM_PG_shape
    )
    second_style: StringProperty(  # type: ignore[valid-type]
        name="Second Style",
        description="Style to blend the character's with: a file, or the name of a built-in style",
        **CHOSEN_PATH,
    )
    second_style_name: file_name(  # type: ignore[valid-type]
        "second_style",
        "Second Style",
        "Style to blend the character's with: a built-in one's name, or a file. Paths may be typed",
    )
    mix: FloatProperty(  # type: ignore[valid-type]
        name="Mix",
        description="Share of the second style: 0 is the character's own, 1 is the second",
        default=0.5,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        override=OVERRIDABLE,
    )
    source: EnumProperty(  # type: ignore[valid-type]
        name="Source",
        description="Where the speech is",
        items=[
            ("FILE", "File", "A sound file, or a video with sound"),
            ("SPEAKER", "Speaker", "The sound of a speaker object, from where it lies in the NLA"),
            ("STRIP", "Strip", "The audible part of a sound strip of the sequencer, at its place in time"),
        ],
        update=_begin_line,
        override=OVERRIDABLE,
    )
    audio: StringProperty(  # type: ignore[valid-type]
        name="Speech",
        description="Sound, or video with sound, of the speech to move to",
        update=_begin_line,
        **CHOSEN_PATH,
    )
    audio_name: file_name(  # type: ignore[valid-type]
        "audio", "Speech", "Sound, or video with sound, of the speech to move to. Paths may be typed"
    )
    speaker: PointerProperty(  # type: ignore[valid-type]
        name="Speaker",
        description="Speaker object whose sound to move to",
        type=bpy.types.Object,
        poll=_is_speaker,
        update=_begin_line,
        override=OVERRIDABLE,
    )
    strip: StringProperty(  # type: ignore[valid-type]
        name="Strip",
        description="Sound strip of the sequencer to move to",
        search=_sound_strips,
        update=_begin_line,
        override=OVERRIDABLE,
    )
    engine: EnumProperty(  # type: ignore[valid-type]
        name="Engine",
        description="How a take is made",
        items=[(name, name.capitalize(), engine.summary) for name, engine in ENGINES.items()],
        override=OVERRIDABLE,
    )
    seed: IntProperty(  # type: ignore[valid-type]
        name="Seed",
        description="Each seed is another take, and always the same one. A new speech file sets it by its name",
        min=0,
        override=OVERRIDABLE,
    )
    start: EnumProperty(  # type: ignore[valid-type]
        name="Start",
        description="Frame at which the speech begins",
        items=[
            ("SCENE", "Scene Start", "The first frame of the scene"),
            ("CURRENT", "Current Frame", "The frame at the playhead"),
        ],
        override=OVERRIDABLE,
    )
    head_bone: StringProperty(  # type: ignore[valid-type]
        name="Head",
        description="Bone that the skull follows. Empty: found by name, else by the structure of the skeleton",
        override=OVERRIDABLE,
    )
    neck_bone: StringProperty(  # type: ignore[valid-type]
        name="Neck",
        description="Bone between chest and head that takes a share of the motion. Empty: found like the head",
        override=OVERRIDABLE,
    )
    upper_neck_bone: StringProperty(  # type: ignore[valid-type]
        name="Upper Neck",
        description="A second bone of the neck, nearer to the head",
        override=OVERRIDABLE,
    )
    neck_share: FloatProperty(  # type: ignore[valid-type]
        name="Neck Share",
        description="How much of the turn the neck takes; the head takes the rest",
        default=NECK_SHARE,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        override=OVERRIDABLE,
    )
    translation: FloatProperty(  # type: ignore[valid-type]
        name="Translation",
        description="How far the head shifts: 0 is only turning, 1 is by the size of its skull",
        default=1.0,
        min=0.0,
        soft_max=2.0,
        subtype="FACTOR",
        override=OVERRIDABLE,
    )
    portrait: PointerProperty(  # type: ignore[valid-type]
        name="Talking Head Video",
        description="The video of this character's person",
        type=MANNERISM_PG_portrait,
        override=OVERRIDABLE,
    )
    face: PointerProperty(  # type: ignore[valid-type]
        name="Face", description="Shape keys that speak", type=MANNERISM_PG_face, override=OVERRIDABLE
    )
    direct: PointerProperty(  # type: ignore[valid-type]
        name="Direct", description="What takes must do", type=MANNERISM_PG_direct, override=OVERRIDABLE
    )
    encoded_style: StringProperty(  # type: ignore[valid-type]
        name="Encoded Style",
        description="The style file that was made of a reference",
        options={"HIDDEN"},
        override=OVERRIDABLE,
    )
    encoded_from: StringProperty(  # type: ignore[valid-type]
        name="Encoded From",
        description="The reference that it was made of",
        options={"HIDDEN"},
        override=OVERRIDABLE,
    )
    by_itself: BoolProperty(  # type: ignore[valid-type]
        name="Move by Itself",
        description="Put the motion on this object although an armature carries it",
        override=OVERRIDABLE,
    )
    place_sound: BoolProperty(  # type: ignore[valid-type]
        name="Place Sound",
        description="Put the sound of a take into the sequencer, where its motion begins",
        override=OVERRIDABLE,
    )
    extend_scene: BoolProperty(  # type: ignore[valid-type]
        name="Extend Scene",
        description="Move the end of the scene so far that it shows the whole take",
        override=OVERRIDABLE,
    )
    update_automatically: BoolProperty(  # type: ignore[valid-type]
        name="Update Automatically",
        description="Generate in the background when a setting has changed. Only a take that came by itself is "
        "replaced, and none whose keys were edited or that has a star",
        override=OVERRIDABLE,
    )
    mix_takes: BoolProperty(  # type: ignore[valid-type]
        name="Mix Takes",
        description="Let takes on the same stretch add up. Otherwise showing one hides the others there",
        update=_look_again,
        override=OVERRIDABLE,
    )
    layer_index: IntProperty(  # type: ignore[valid-type]
        name="Active Layer",
        description="Layer that Remove Layer and the exports act on",
        override=OVERRIDABLE,
    )

    @property
    def speech_name(self) -> str:
        """Name of the sound that is chosen, "" while none is."""
        if self.source == "SPEAKER":
            sound = getattr(self.speaker.data, "sound", None) if self.speaker else None
            return sound.name if sound else ""
        return self.strip if self.source == "STRIP" else Path(self.audio).name


def character(obj: Any) -> Any:
    """The settings of an object; a `MANNERISM_PG_character`, whose fields no type checker can see."""
    return obj.mannerism


def sliders(obj: Any) -> Iterator[tuple[str, bool]]:
    """Names of the sliders' properties in order, and whether each has an effect on the chosen engine."""
    ignored = ENGINES[obj.mannerism.engine].ignores
    for name in SLIDERS:
        yield name, name not in ignored


def manner(obj: Any) -> dict[str, Any]:
    """Style, engine and strengths of an object as arguments for the worker. Raises StyleError, see `style_file`."""
    return {
        "style": str(style_file(obj.mannerism.style)),
        "engine": obj.mannerism.engine,
        **{name: getattr(obj.mannerism, name) for name in SLIDERS},
    }


CLASSES = (
    *portrait_settings.CLASSES,
    *face_settings.CLASSES,
    *direct_settings.CLASSES,
    *live_settings.CLASSES,
    MANNERISM_PG_character,
)

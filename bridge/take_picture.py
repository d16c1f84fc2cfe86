"""The picture of a take, as an image of the file."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import numpy as np

from ..core.direct.direction import Pin
from ..core.errors import AudioError, DirectionError, StyleError
from ..core.motion import HeadMotion, Progress, no_progress
from ..core.picture.take import Chart, Wave, draw
from ..core.types import ByteArray
from .direct_stored import stored_direction
from .layer_motion import layer_motion, motion_at, start_of, strip_of
from .nla import Layer
from .noted_sound import noted_sound
from .settings import character
from .sound import Speech, find_speech, source_of
from .sound_peaks import wave_of
from .style_files import style_file
from .takes import take_of
from .timing import frame_rate

_OF = "mannerism_picture_of"
"""Custom property of an image that we made: the name of the object. Only such images are ever drawn into."""
_MOST_SAMPLES = 6000  # four minutes at 25 frames a second
_DEVIATIONS = 2.0  # of a style to either side: where a head with this manner is 19 times of 20


def picture_of(
    obj: bpy.types.Object, layer: Layer, folder: Path, context: Any, progress: Progress = no_progress
) -> tuple[bpy.types.Image, tuple[str, ...]]:
    """Draw a layer as it is now, edited keys included; the image, and what it could not show, a sentence each.

    The image is the object's own of an earlier call, or a new one.

    folder : where a sound goes that is packed into the blend file

    Raises
    ------
    RigError : there is no such layer, or its bones are gone
    CancelledError : from `progress`
    """
    notes = []
    motion, said = _motion(obj, layer)
    notes += said
    wave, said = _wave(obj, layer, folder, context, progress)
    notes += said
    range_deg, said = _range(obj)
    notes += said
    pins, said = _pins(layer)
    notes += said
    return _shown_in(obj, draw(Chart(motion, wave, range_deg, pins))), tuple(notes)


def show(image: bpy.types.Image, context: Any) -> str:
    """Show an image in an Image Editor that is open and holds nothing of the animator's; where it is, in words."""
    editors = [
        area.spaces.active
        for window in context.window_manager.windows
        for area in window.screen.areas
        if area.type == "IMAGE_EDITOR"
    ]
    free = [each for each in editors if each.image is None or _OF in each.image]
    if not free:
        return f"choose “{image.name}” in an Image Editor to see it"
    free[0].image = image
    return f"“{image.name}” is in the Image Editor"


def _shown_in(obj: bpy.types.Object, pixels: ByteArray) -> bpy.types.Image:
    """Put pixels, top row first, into the image of an object; packed, so that the file and undo hold them."""
    height, width = pixels.shape[:2]
    images: Any = bpy.data.images
    image: Any = next((each for each in images if each.get(_OF) == obj.name and each.is_editable), None)
    if image is None or not all(image.size):  # its pixels are lost, so there is nothing to draw into
        fresh = images.new(f"Mannerism: {obj.name}", width, height, alpha=False)
        if image is not None:
            image.user_remap(fresh)
            images.remove(image)
        image = fresh
        image[_OF] = obj.name
        image.use_fake_user = True  # or a file leaves it out while no editor shows it
    elif tuple(image.size) != (width, height):
        image.scale(width, height)
    image.pixels.foreach_set(np.ascontiguousarray(pixels[::-1], np.float32).ravel() / 255)
    image.update()
    image.pack()
    return image


def _motion(obj: bpy.types.Object, layer: Layer) -> tuple[HeadMotion, list[str]]:
    """What the layer shows: each frame, and of a long take every so many, which Blender evaluates in seconds."""
    strip, start = strip_of(obj, layer.name)[0], start_of(obj, layer.name)
    count = int(strip.frame_end - start)
    if count <= _MOST_SAMPLES:
        return layer_motion(obj, layer.name), []
    step_s = float(frame_rate(bpy.context.scene, start).seconds(strip.frame_end)) / _MOST_SAMPLES  # type: ignore[arg-type]
    motion = motion_at(obj, layer.name, start, np.arange(_MOST_SAMPLES, dtype=np.float64) * step_s)
    return motion, [f"the take is long, and drawn every {step_s:.2g} s"]


def _wave(
    obj: bpy.types.Object, layer: Layer, folder: Path, context: Any, progress: Progress
) -> tuple[Wave | None, list[str]]:
    """The sound that the take was made for, where it is known."""
    take = take_of(bpy.data.actions[layer.name])
    line = take.line if take else layer.name.removeprefix("Mannerism: ").rpartition(" #")[0]
    try:
        speech = _speech(obj, layer, line, folder, context)
        if speech is None:
            return None, [f"no sound is drawn, for “{line}” is not the speech that is chosen"]
        return wave_of(speech.path, speech.start_s, speech.length_s, progress), []
    except (AudioError, OSError) as error:
        return None, [f"no sound is drawn: {error}".rstrip(".")]


def _speech(obj: bpy.types.Object, layer: Layer, line: str, folder: Path, context: Any) -> Speech | None:
    """The speech of a layer: the one with a place of its own that it was noted with, else the chosen one if it is that."""
    note = noted_sound(bpy.data.actions[layer.name])
    if note is not None:
        chosen = SimpleNamespace(strip=note.name, speaker=bpy.data.objects.get(note.name), start="SCENE")
        try:
            return source_of(note.source, chosen, folder, context)
        except AudioError:  # the strip is gone; its file may still be what is chosen
            pass
    if not character(obj).speech_name:
        return None
    speech = find_speech(obj, folder, context)
    return speech if speech.name == line else None


def _range(obj: bpy.types.Object) -> tuple[list[float] | None, list[str]]:
    """How far the axes go in the style that is chosen."""
    from ..core.style.schema import AXES, read_style  # registering reads no style room

    name = character(obj).style
    if not name:
        return None, ["no range is drawn, for no style is chosen"]
    try:
        value = read_style(style_file(name)).statistics
    except StyleError as error:
        return None, [f"no range is drawn: {error}".rstrip(".")]
    return [_DEVIATIONS * float(np.exp(value[f"log_sigma_{axis}"])) for axis in AXES], []


def _pins(layer: Layer) -> tuple[tuple[Pin, ...], list[str]]:
    """The pins of the direction that a take was made by."""
    try:
        return stored_direction(layer).pins, []
    except DirectionError as error:
        return (), [f"no pin is drawn: {error}".rstrip(".")]

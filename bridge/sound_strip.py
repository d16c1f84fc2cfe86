"""The sound of a take in the sequencer, at its place."""

from math import ceil
from pathlib import Path
from typing import Any

import bpy

from . import compat
from .paths import normal_path, stored_path
from .sound import Speech, duration_s
from .speaker import speaker_starts
from .timing import frame_rate
from .translations import filled


def place_sound(speech: Speech, context: Any) -> tuple[str, str]:
    """Put a speech into the sequencer where its motion begins; the strip's name, and what was done as a sentence.

    A strip that plays this file there already is taken as it is.

    Raises
    ------
    AudioError : its length cannot be read
    """
    scene = compat.sequencer_scene(context)
    start = round(speech.start_frame)
    editor = scene.sequence_editor or scene.sequence_editor_create()
    length = ceil(duration_s(speech.path) * float(frame_rate(scene).fps))
    for strip in editor.strips_all:
        if strip.type == "SOUND" and round(compat.span(strip).left) == start and _is_of(strip, speech.path):
            return str(strip.name), filled("Its sound “{}” is in the sequencer already", strip.name)
    taken = {
        strip.channel
        for strip in editor.strips
        if compat.span(strip).left < start + length and start < compat.span(strip).right
    }
    channel = next(number for number in range(1, 10_000) if number not in taken)
    path = stored_path(str(speech.path))
    strip = editor.strips.new_sound(name=speech.name, filepath=path, channel=channel, frame_start=start)
    return str(strip.name), filled("Its sound lies in channel {} of the sequencer", channel)


def extend_scene(last: float, scene: Any) -> str:
    """Move the end of the scene so far that it shows a frame; what was done as a sentence, "" where nothing was."""
    if scene.frame_end >= ceil(last):
        return ""
    scene.frame_end = ceil(last)
    return filled("The scene ends at frame {} now", scene.frame_end)


def place_of(source: str, name: str, context: Any) -> float | None:
    """The frame at which a sound begins that has a place of its own, None where it has none or is gone.

    source, name : "STRIP" and a strip of the sequencer, or "SPEAKER" and an object
    """
    if source == "STRIP":
        editor = compat.sequencer_scene(context).sequence_editor
        strip = editor.strips_all.get(name) if editor else None
        return float(compat.span(strip).left) if strip else None
    speaker = bpy.data.objects.get(name) if source == "SPEAKER" else None
    starts: list[float] = speaker_starts(speaker) if speaker and speaker.type == "SPEAKER" else []
    return starts[0] if starts else None


def _is_of(strip: Any, path: Path) -> bool:
    return bool(strip.sound) and normal_path(strip.sound.filepath) == normal_path(str(path))

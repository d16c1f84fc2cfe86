"""Speech of an object: from a file, a speaker object, or a strip of the sequencer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ..core.errors import AudioError
from ..core.files import replacing
from . import compat
from .settings import character
from .speaker import speaker_starts
from .timing import frame_rate


@dataclass(frozen=True)
class Speech:
    """A part of a sound, and its place on the timeline.

    name : what to call takes for it
    path : the sound, in a file
    start_frame : at which its part begins
    start_s, length_s : the part; None is up to the end
    """

    name: str
    path: Path
    start_frame: float
    start_s: float = 0.0
    length_s: float | None = None


def find_speech(obj: bpy.types.Object, folder: Path, context: Any) -> Speech:
    """The speech that the animator chose for an object.

    folder : where a sound goes that is packed into the blend file

    Raises
    ------
    AudioError : what was chosen is gone, or plays at another speed
    """
    return source_of(character(obj).source, character(obj), folder, context)


def source_of(source: str, chosen: Any, folder: Path, context: Any) -> Speech:
    """The same from one of the kinds of sources, by what names it in `chosen`. Raises AudioError."""
    return _SOURCES[source](chosen, folder, context)


def duration_s(path: Path) -> float:
    """Duration of the sound of a file, seconds. Raises AudioError."""
    import aud as blender_aud  # its decoder, without a sound of the scene

    aud: Any = blender_aud
    try:
        sound = aud.Sound.file(str(path))
        length_s = float(sound.length) / float(sound.specs[0])
    except (aud.error, ZeroDivisionError) as error:
        raise AudioError(f"“{path.name}” cannot be decoded ({error})", "Choose another sound file") from error
    if length_s <= 0:
        raise AudioError(f"“{path.name}” does not state its length", "Save it as a WAV file")
    return length_s


def _of_file(chosen: Any, _folder: Path, context: Any) -> Speech:
    path = Path(bpy.path.abspath(chosen.audio))
    return Speech(path.stem, path, first_frame(chosen, context.scene))


def _of_speaker(chosen: Any, folder: Path, context: Any) -> Speech:
    """The speech of a speaker object, placed by its NLA as Blender itself plays it."""
    speaker = chosen.speaker.data if chosen.speaker else None
    if speaker is None or chosen.speaker.type != "SPEAKER":
        raise AudioError("The object of the speech is no speaker", "Choose a speaker object again")
    if speaker.sound is None:
        raise AudioError(f"“{chosen.speaker.name}” has no sound", "Choose one in the speaker's properties")
    if speaker.pitch != 1.0:
        raise AudioError(f"“{chosen.speaker.name}” plays faster or slower", "Set the speaker's pitch to 1")
    starts = speaker_starts(chosen.speaker)
    start = starts[0] if starts else first_frame(chosen, context.scene)
    return Speech(Path(speaker.sound.name).stem, _path(speaker.sound, folder), start)


def _of_strip(chosen: Any, folder: Path, context: Any) -> Speech:
    """The part of a strip between its handles."""
    scene = compat.sequencer_scene(context)
    strips = scene.sequence_editor.strips_all if scene.sequence_editor else ()
    strip = next((s for s in strips if s.name == chosen.strip and s.type == "SOUND"), None)
    if strip is None:
        raise AudioError(f"The sequencer has no sound strip “{chosen.strip}”", "Choose the strip again")
    if strip.retiming_keys:
        raise AudioError(
            f"The strip “{strip.name}” plays faster or slower", "Clear its retiming, or choose its file"
        )
    place = compat.span(strip)
    rate = frame_rate(scene, place.content - place.skipped)
    start_s, end_s = (float(s) for s in rate.seconds([place.left, place.right]) - strip.sound_offset)
    late_s = max(-start_s, 0.0)  # the strip is longer than the sound, and silent first
    start_frame = place.left + late_s * float(rate.fps)
    name, path = Path(strip.name).stem, _path(strip.sound, folder)
    return Speech(name, path, start_frame, start_s + late_s, max(end_s, 0.0) - (start_s + late_s))


_SOURCES: Mapping[str, Callable[[Any, Path, Any], Speech]] = {
    "FILE": _of_file,
    "SPEAKER": _of_speaker,
    "STRIP": _of_strip,
}


def first_frame(chosen: Any, scene: bpy.types.Scene) -> float:
    """Where a speech begins that has no place in time of its own, by the character's settings."""
    return float(scene.frame_start if chosen.start == "SCENE" else scene.frame_current_final)


def _path(sound: Any, folder: Path) -> Path:
    """A file with the sound: its own, or a new one with what is packed."""
    path = Path(bpy.path.abspath(sound.filepath, library=sound.library))
    if sound.packed_file is not None:
        unpacked = folder / f"packed{path.suffix}"
        with replacing(unpacked) as temporary:
            temporary.write_bytes(sound.packed_file.data)
        return unpacked
    if not path.is_file():
        raise AudioError(
            f"The file of the sound “{sound.name}” is gone ({path})",
            "Use File, External Data, Find Missing Files, or choose another sound",
        )
    return path

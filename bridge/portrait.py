"""Arguments of the worker's portrait job, from the settings of an object."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy

from ..core.face.doses import DOSES
from ..core.motion import HeadMotion
from ..core.motion_npz import save_motion
from ..core.portrait.driving.tracked_take import read_take
from ..core.portrait.model.eyes import EYES
from ..core.timing import FrameRate
from ..core.types import Array
from .bones import rig_map_of
from .input_files import refuse_input_file
from .layer_motion import motion_at, strip_of
from .portrait_motion import evaluated_motion
from .portrait_settings import cache_folder, reference_of, size_of
from .sound import Speech, duration_s, find_speech
from .style_files import style_folder, unused
from .takes import active_layer, stored_motion
from .timing import frame_rate

PREVIEW = "preview.png"
"""The newest picture, in the folder that a job is given for it."""
PREVIEWS = "preview"
"""That folder, in the worker's."""


def request(obj: Any, folder: Path, context: Any) -> tuple[Speech, dict[str, Any]]:
    """The speech, and the arguments of the worker's job `portrait`. Samples the rig, so the scene is played.

    folder : for the motion and the preview

    Raises
    ------
    AudioError, RigError, TableError, WorkerError : the speech or the motion cannot be had
    OutputError : there is no room for the motion, or the video would overwrite what the scene reads
    """
    chosen = obj.mannerism.portrait
    speech = find_speech(obj, folder, context)
    fps = frame_rate(context.scene).fps if chosen.rate == "SCENE" else Fraction(chosen.rate)
    length_s = duration_s(speech.path) - speech.start_s if speech.length_s is None else speech.length_s
    motion = _MOTIONS[chosen.motion](obj, FrameRate(fps).grid(length_s), speech)
    path, preview = folder / "portrait.npz", folder / PREVIEWS
    save_motion(path, motion)
    preview.mkdir(exist_ok=True)
    return speech, {
        **about(obj),
        "size": size_of(obj),
        "audio": str(speech.path),
        "start_s": speech.start_s,
        "length_s": speech.length_s,
        "motion": str(path),
        "seed": obj.mannerism.seed,
        "fps": str(fps),
        "quality": chosen.quality.lower(),
        "label": chosen.label,
        "expression": {name: float(getattr(chosen, name)) for name in DOSES},
        "gaze": {name: float(getattr(chosen, name)) for name in EYES},
        "out": str(_output(obj, speech)),
        "preview": str(preview),
        "consent": chosen.attested,
    }


def about(obj: Any) -> dict[str, Any]:
    """The reference of an object, and the folder of what is kept of it, as arguments for the worker."""
    return {"reference": str(reference_of(obj)), "cache": str(cache_folder())}


def _output(obj: Any, speech: Speech) -> Path:
    chosen = obj.mannerism.portrait.output
    if chosen:
        path = Path(bpy.path.abspath(chosen)).with_suffix(".mp4")
        refuse_input_file(path)
        return path
    return unused(style_folder(), f"{reference_of(obj).stem} says {speech.name}", ".mp4")


def _of_rig(obj: Any, time_s: Array, speech: Speech) -> HeadMotion:
    return evaluated_motion(
        obj,
        time_s,
        start_frame=speech.start_frame,
        rig_map=rig_map_of(obj),
        before_camera=obj.mannerism.portrait.follow == "CAMERA",
    )


def _of_layer(obj: Any, time_s: Array, speech: Speech) -> HeadMotion:
    """As it lies to the sound: a strip or a speaker has a place of its own, a file begins where the layer did."""
    name = active_layer(obj).name
    placed = speech.start_frame if obj.mannerism.source != "FILE" else strip_of(obj, name)[1].get("start")
    start = speech.start_frame if placed is None else placed
    return motion_at(obj, name, start, time_s)


def _as_generated(obj: Any, time_s: Array, _speech: Speech) -> HeadMotion:
    return stored_motion(active_layer(obj)).at(time_s)


def _of_file(obj: Any, time_s: Array, _speech: Speech) -> HeadMotion:
    return read_take(Path(bpy.path.abspath(obj.mannerism.portrait.motion_file))).at(time_s)


_MOTIONS: Mapping[str, Callable[[Any, Array, Speech], HeadMotion]] = {
    "RIG": _of_rig,
    "LAYER": _of_layer,
    "GENERATED": _as_generated,
    "FILE": _of_file,
}

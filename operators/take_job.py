"""Base of operators that make a take: the job, and the new layer in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import (
    direct_take,
    layer_motion,
    live,
    live_preset,
    made_with,
    nla,
    noted_sound,
    settings,
    sound_strip,
    takes,
)
from ..core.errors import MannerismError, RigError
from .job import JobOperator

if TYPE_CHECKING:
    from ..bridge.direct_take import Directed
    from ..bridge.nla import Layer
    from ..bridge.sound import Speech
    from ..core.worker.client import Job, Worker


@dataclass(frozen=True)
class Wanted:
    """A take to make: of which object, by its name, for which speech, of which seed, and what it must do."""

    obj: str
    speech: "Speech"
    seed: int
    directed: "Directed"


class TakeOperator(JobOperator):
    """Base of an operator whose `begin` starts a take with `start`, and whose `finish` ends with `add`."""

    _wanted: Wanted
    _motion: Path
    _activity: Path
    _made_by: Any
    _settings: dict[str, Any]

    def start(self, shared: "Worker", wanted: Wanted) -> "Job":
        """Start the job of a take. Raises MannerismError."""
        self._wanted, self._motion = wanted, shared.folder / "motion.npz"
        self._activity = shared.folder / "activity.npz"
        self._activity.unlink(missing_ok=True)
        speech, obj = wanted.speech, bpy.data.objects[wanted.obj]
        chosen = settings.manner(obj)  # now: the animator may change settings while it runs
        self._made_by, self._settings = direct_take.made_by(obj, speech), chosen | {"seed": wanted.seed}
        arguments = chosen | {
            "audio": str(speech.path),
            "start_s": speech.start_s,
            "length_s": speech.length_s,
            "seed": wanted.seed,
            "motion_out": str(self._motion),
            "activity_out": str(self._activity),
        }
        if wanted.directed.json:
            arguments["direction"] = wanted.directed.json
        return shared.start("generate", arguments, label=f"Generate for {wanted.obj}")

    def add(self, context: Any, answer: Mapping[str, Any], *, automatic: bool = False) -> tuple[Any, str]:
        """The object with its new layer, and what to report. Raises RigError where it, or the take before, is gone.

        automatic : whether it comes in place of the last take that came so, if nobody has changed that
        """
        from ..core.motion_npz import load_channels, load_motion

        wanted = self._wanted
        obj = bpy.data.objects.get(wanted.obj)
        if obj is None:
            raise RigError(f"“{wanted.obj}” is gone", "Undo its removal, and generate again")
        before = wanted.directed.before
        if before is not None and before not in [nla.Layer(layer.name) for layer in nla.list_layers(obj)]:
            raise RigError(f"“{before.name}” is gone", "Undo its removal, or generate again")
        motion, start = load_motion(self._motion), wanted.speech.start_frame
        activity = load_channels(self._activity)[1]["activity"] if self._activity.is_file() else None
        old = made_with.replaceable(obj, wanted.speech.name) if automatic and nla.list_layers(obj) else None
        layer = takes.add_take(obj, motion, line=wanted.speech.name, seed=wanted.seed, start_frame=start)
        made_with.note_settings(layer, self._settings, automatic=automatic)
        if activity is not None:
            live.note_activity(bpy.data.actions[layer.name], activity)
        directed = direct_take.settle_take(obj, layer, wanted.directed, self._made_by)
        if old is not None:
            live.shape_take(obj, live.values_of(bpy.data.actions[old.name]))
            nla.remove_layer(obj, old)
            takes.activate(obj, layer)
        shaped = live_preset.shape_as_waiting(obj)
        notes = _sound_along(wanted.speech, obj, layer, context)
        said = [
            f"Added “{layer.name}” to {obj.name}",
            *directed,
            *shaped,
            *layer.notes,
            *answer.get("notes", ()),
            *notes,
        ]
        return obj, "; ".join(said)


def _sound_along(speech: "Speech", obj: Any, layer: "Layer", context: Any) -> list[str]:
    """Place the sound where that is wanted, and keep which one the layer belongs to."""
    chosen, notes = obj.mannerism, []
    source, name = chosen.source, chosen.strip if chosen.source == "STRIP" else ""
    if chosen.source == "SPEAKER" and chosen.speaker:
        name = chosen.speaker.name
    if chosen.source == "FILE" and chosen.place_sound:
        try:
            name, said = sound_strip.place_sound(speech, context)
            source, notes = "STRIP", [said]
        except MannerismError as error:
            notes = [str(error).rstrip(".")]
    noted_sound.note_sound(layer, source, name, context)
    if chosen.extend_scene:
        last = layer_motion.strip_of(obj, layer.name)[0].frame_end
        notes += [said] if (said := sound_strip.extend_scene(last, context.scene)) else []
    return notes

"""Base of operators that make a take: the job, and the new layer in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import (
    layer_motion,
    live,
    live_preset,
    made_with,
    new_take,
    nla,
    noted_sound,
    settings,
    sound_strip,
    takes,
)
from ..bridge.messages import shown_list, shown_refusal, without_stop
from ..bridge.speaker import played_again
from ..bridge.translations import filled
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

    _obj: str
    _take: Any  # a NewTake, which loads with the first take

    def start(self, shared: "Worker", wanted: Wanted) -> "Job":
        """Start the job of a take. Raises MannerismError."""
        chosen = settings.manner(
            bpy.data.objects[wanted.obj]
        )  # now: the animator may change settings meanwhile
        self._obj = wanted.obj
        self._take = new_take.NewTake.of(wanted.speech, wanted.seed, wanted.directed, chosen, shared.folder)
        return shared.start("generate", self._take.arguments, label=filled("Generate for {}", wanted.obj))

    def add(self, context: Any, answer: Mapping[str, Any], *, automatic: bool = False) -> tuple[Any, str]:
        """The object with its new layer, and what to report. Raises RigError where it, or the take before, is gone.

        automatic : whether it comes in place of the last take that came so, if nobody has changed that
        """
        take, speech = self._take, self._take.speech
        obj = bpy.data.objects.get(self._obj)
        if obj is None:
            raise RigError(f"“{self._obj}” is gone", "Undo its removal, and generate again")
        take.check(obj)
        old = made_with.replaceable(obj, speech.name) if automatic and nla.has_layers(obj) else None
        layer, directed = take.add(obj, speech.start_frame)
        made_with.note_settings(layer, {**take.settings, "seed": take.seed}, automatic=automatic)
        if old is not None:
            live.shape_take(obj, live.values_of(bpy.data.actions[old.name]))
            nla.remove_layer(obj, old)
            takes.activate(obj, layer)
        shaped = live_preset.shape_as_waiting(obj)
        notes = _sound_along(speech, obj, layer, context)
        said = [
            filled("Added “{}” to {}", layer.name, obj.name),
            *directed,
            *shaped,
            *layer.notes,
            *answer.get("notes", ()),
            *notes,
        ]
        return obj, shown_list(said)


def _sound_along(speech: "Speech", obj: Any, layer: "Layer", context: Any) -> list[str]:
    """Place the sound where that is wanted, and keep which one the layer belongs to."""
    chosen = obj.mannerism
    notes: list[str] = []
    source, name = chosen.source, chosen.strip if chosen.source == "STRIP" else ""
    if chosen.source == "SPEAKER" and chosen.speaker:
        name = chosen.speaker.name
        notes += [again] if (again := played_again(chosen.speaker)) else []
    if chosen.source == "FILE" and chosen.place_sound:
        try:
            name, said = sound_strip.place_sound(speech, context)
            source, notes = "STRIP", [said]
        except MannerismError as error:
            notes = [without_stop(shown_refusal(error))]
    noted_sound.note_sound(layer, source, name, context)
    if chosen.extend_scene:
        last = layer_motion.strip_of(obj, layer.name)[0].frame_end
        notes += [said] if (said := sound_strip.extend_scene(last, context.scene)) else []
    return notes

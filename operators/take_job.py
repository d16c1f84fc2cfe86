"""Base of operators that make a take: the job, and the new layer in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import bpy

from ..bridge.direct_take import Directed
from ..bridge.layer_motion import strip_of
from ..bridge.live import shape_take, values_of
from ..bridge.live_preset import shape_as_waiting
from ..bridge.made_with import note_settings, replaceable
from ..bridge.new_take import NewTake
from ..bridge.nla import Layer, list_layers, remove_layer
from ..bridge.noted_sound import note_sound
from ..bridge.settings import manner
from ..bridge.sound import Speech
from ..bridge.sound_strip import extend_scene, place_sound
from ..bridge.takes import activate
from ..bridge.translations import filled
from ..core.errors import MannerismError, RigError
from ..core.worker.client import Job, Worker
from .job import JobOperator


@dataclass(frozen=True)
class Wanted:
    """A take to make: of which object, by its name, for which speech, of which seed, and what it must do."""

    obj: str
    speech: Speech
    seed: int
    directed: Directed


class TakeOperator(JobOperator):
    """Base of an operator whose `begin` starts a take with `start`, and whose `finish` ends with `add`."""

    _obj: str
    _take: NewTake

    def start(self, shared: Worker, wanted: Wanted) -> Job:
        """Start the job of a take. Raises MannerismError."""
        settings = manner(bpy.data.objects[wanted.obj])  # now: the animator may change settings while it runs
        self._obj = wanted.obj
        self._take = NewTake.of(wanted.speech, wanted.seed, wanted.directed, settings, shared.folder)
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
        old = replaceable(obj, speech.name) if automatic and list_layers(obj) else None
        layer, directed = take.add(obj, speech.start_frame)
        note_settings(layer, {**take.settings, "seed": take.seed}, automatic=automatic)
        if old is not None:
            shape_take(obj, values_of(bpy.data.actions[old.name]))
            remove_layer(obj, old)
            activate(obj, layer)
        shaped = shape_as_waiting(obj)
        notes = _sound_along(speech, obj, layer, context)
        said = [
            filled("Added “{}” to {}", layer.name, obj.name),
            *directed,
            *shaped,
            *layer.notes,
            *answer.get("notes", ()),
            *notes,
        ]
        return obj, "; ".join(said)


def _sound_along(speech: Speech, obj: Any, layer: Layer, context: Any) -> list[str]:
    """Place the sound where that is wanted, and keep which one the layer belongs to."""
    chosen, notes = obj.mannerism, []
    source, name = chosen.source, chosen.strip if chosen.source == "STRIP" else ""
    if chosen.source == "SPEAKER" and chosen.speaker:
        name = chosen.speaker.name
    if chosen.source == "FILE" and chosen.place_sound:
        try:
            name, said = place_sound(speech, context)
            source, notes = "STRIP", [said]
        except MannerismError as error:
            notes = [str(error).rstrip(".")]
    note_sound(layer, source, name, context)
    if chosen.extend_scene:
        last = strip_of(obj, layer.name)[0].frame_end
        notes += [said] if (said := extend_scene(last, context.scene)) else []
    return notes

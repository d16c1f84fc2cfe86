"""Operator that generates head motion as a new layer."""

from collections.abc import Mapping
from typing import Any

import bpy

from ..bridge import operator_ids
from ..bridge.bones import rig_map_of
from ..bridge.follow import note_sound
from ..bridge.layer_motion import strip_of
from ..bridge.live import note_activity, shape_take, values_of
from ..bridge.made_with import note_settings, replaceable
from ..bridge.nla import Layer, list_layers, remove_layer
from ..bridge.rig import read_rig
from ..bridge.settings import manner
from ..bridge.sound import find_speech
from ..bridge.sound_strip import extend_scene, place_sound
from ..bridge.takes import activate, add_take
from ..core.errors import MannerismError, RigError
from ..core.motion_npz import load_channels, load_motion
from ..core.worker.client import Job, Worker
from .job import JobOperator
from .reasons import busy, no_mover, no_style


class MANNERISM_OT_generate(JobOperator):
    """Make head motion for the speech in the manner of the style, as a new layer above all other animation"""

    bl_idname = operator_ids.GENERATE
    bl_label = "Generate"
    bl_options = {"REGISTER", "UNDO"}

    next_take: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Next Take", description="Take the next seed", options={"SKIP_SAVE", "HIDDEN"}
    )

    automatic: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Automatic",
        description="In place of the last take that came so, if nobody has changed that",
        options={"SKIP_SAVE", "HIDDEN"},
    )

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_mover(context) or no_style(context)
        if reason:
            return reason
        return busy() if context.object.mannerism.speech_name else "Choose a speech first"

    def begin(self, context: Any, shared: Worker) -> Job:
        """See `JobOperator`."""
        obj = context.object
        read_rig(obj, rig_map_of(obj))  # a rig without a head is refused before anybody waits
        self._object = obj.name
        self._seed = obj.mannerism.seed + self.next_take
        self._speech = find_speech(obj, shared.folder, context)
        self._motion = shared.folder / "motion.npz"
        self._activity = shared.folder / "activity.npz"
        self._activity.unlink(missing_ok=True)
        self._settings = manner(obj) | {"seed": self._seed}
        arguments = manner(obj) | {
            "audio": str(self._speech.path),
            "start_s": self._speech.start_s,
            "length_s": self._speech.length_s,
            "seed": self._seed,
            "motion_out": str(self._motion),
            "activity_out": str(self._activity),
        }
        return shared.start("generate", arguments, label=f"Generate for {obj.name}")

    def finish(self, context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        obj = bpy.data.objects.get(self._object)
        if obj is None:
            raise RigError(f"“{self._object}” is gone", "Undo its removal, and generate again")
        motion = load_motion(self._motion)
        activity = load_channels(self._activity)[1]["activity"] if self._activity.is_file() else None
        start = self._speech.start_frame
        old = replaceable(obj, self._speech.name) if self.automatic and list_layers(obj) else None
        layer = add_take(obj, motion, line=self._speech.name, seed=self._seed, start_frame=start)
        action = bpy.data.actions[layer.name]
        note_settings(layer, self._settings, automatic=self.automatic)
        if activity is not None:
            note_activity(action, activity)
        if self.automatic:
            self._in_place(obj, layer, old)
        else:
            obj.mannerism.seed = self._seed
        notes = self._sound_along(obj, layer, context)
        return "; ".join(
            [f"Added “{layer.name}” to {obj.name}", *layer.notes, *answer.get("notes", ()), *notes]
        )

    def _in_place(self, obj: Any, layer: Layer, old: Layer | None) -> None:
        """Shape the new take as the one that it replaces, which goes."""
        if old is None:
            return
        shape_take(obj, values_of(bpy.data.actions[old.name]))
        remove_layer(obj, old)
        activate(obj, layer)

    def _sound_along(self, obj: Any, layer: Layer, context: Any) -> list[str]:
        """Place the sound where that is wanted, and keep which one the layer belongs to."""
        chosen, notes = obj.mannerism, []
        source, name = chosen.source, chosen.strip if chosen.source == "STRIP" else ""
        if chosen.source == "SPEAKER" and chosen.speaker:
            name = chosen.speaker.name
        if chosen.source == "FILE" and chosen.place_sound:
            try:
                name, said = place_sound(self._speech, context)
                source, notes = "STRIP", [said]
            except MannerismError as error:
                notes = [str(error).rstrip(".")]
        note_sound(layer, source, name, context)
        if chosen.extend_scene:
            last = strip_of(obj, layer.name)[0].frame_end
            notes += [said] if (said := extend_scene(last, context.scene)) else []
        return notes


CLASSES = (MANNERISM_OT_generate,)

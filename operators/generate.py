"""Operator that generates head motion as a new layer."""

from collections.abc import Mapping
from typing import Any

import bpy

from ..bridge import operator_ids
from ..bridge.bones import rig_map_of
from ..bridge.rig import read_rig
from ..bridge.settings import manner
from ..bridge.sound import find_speech
from ..bridge.takes import add_take
from ..core.errors import RigError
from ..core.motion_npz import load_motion
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
        arguments = manner(obj) | {
            "audio": str(self._speech.path),
            "start_s": self._speech.start_s,
            "length_s": self._speech.length_s,
            "seed": self._seed,
            "motion_out": str(self._motion),
        }
        return shared.start("generate", arguments, label=f"Generate for {obj.name}")

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        obj = bpy.data.objects.get(self._object)
        if obj is None:
            raise RigError(f"“{self._object}” is gone", "Undo its removal, and generate again")
        motion = load_motion(self._motion)
        start = self._speech.start_frame
        layer = add_take(obj, motion, line=self._speech.name, seed=self._seed, start_frame=start)
        obj.mannerism.seed = self._seed
        return "; ".join([f"Added “{layer.name}” to {obj.name}", *layer.notes, *answer.get("notes", ())])


CLASSES = (MANNERISM_OT_generate,)

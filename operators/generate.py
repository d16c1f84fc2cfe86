"""From a style and a speech to a new layer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ..bridge import nla
from ..bridge.rig import read_rig
from ..bridge.takes import keep_motion, mute_others
from ..core.errors import RigError
from ..core.worker.arrays import load_motion
from ..core.worker.handle import Job, Worker
from .job import JobOperator
from .reasons import busy, no_character


class MANNERISM_OT_generate(JobOperator):
    """Make head motion for the speech in the manner of the style, as a new layer above all other animation"""

    bl_idname = "mannerism.generate"
    bl_label = "Generate"
    bl_options = {"REGISTER", "UNDO"}

    next_take: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Next Take", description="Take the next seed", options={"SKIP_SAVE", "HIDDEN"}
    )

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `Reasoned`."""
        reason = no_character(context)
        if reason:
            return reason
        if not context.object.mannerism.style:
            return "Encode or choose a style first"
        return busy() if context.object.mannerism.audio else "Choose a speech file first"

    def begin(self, context: Any, shared: Worker) -> Job:
        """See `JobOperator`."""
        obj, scene = context.object, context.scene
        read_rig(obj)  # a rig without a head is refused before anybody waits
        character = obj.mannerism
        self._object = obj.name
        self._seed = character.seed + self.next_take
        self._start = scene.frame_start if character.start == "SCENE" else scene.frame_current_final
        self._audio = Path(bpy.path.abspath(character.audio))
        self._motion = shared.folder / "motion.npz"
        arguments = {
            "audio": str(self._audio),
            "style": bpy.path.abspath(character.style),
            "seed": self._seed,
            "engine": "puppet",
            "intensity": character.intensity,
            "motion_out": str(self._motion),
        }
        return shared.start("generate", arguments, label=f"Generate for {obj.name}")

    def finish(self, _context: Any, _answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        obj = bpy.data.objects.get(self._object)
        if obj is None:
            raise RigError(f"“{self._object}” is gone", "Undo its removal, and generate again")
        motion = load_motion(self._motion)
        name = f"Mannerism: {self._audio.stem} #{self._seed}"
        layer = nla.add_layer(obj, motion, name=name, start_frame=self._start)
        keep_motion(obj, layer, motion)
        muted = [f"muted “{other}”" for other in mute_others(obj, layer)]
        obj.mannerism.seed = self._seed
        return "; ".join([f"Added “{layer.name}” to {obj.name}", *muted, *layer.notes])


CLASSES = (MANNERISM_OT_generate,)

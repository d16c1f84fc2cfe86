"""Operators that animate shape keys from speech, and remove that animation."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import eyes, face_names, faces, operator_ids, sound
from ..bridge.messages import shown_list
from ..bridge.translations import filled
from ..core.errors import RigError
from ..core.face.doses import DOSES as EXPRESSION
from .job import JobOperator
from .reasons import no_character, no_job
from .reported import ReportedOperator

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker


class MANNERISM_OT_generate_face(JobOperator):
    """Let the shape keys of this character's meshes say the speech, with blinks, and eyes that answer the head as it is shown;
    keys that are animated stay
    """

    bl_idname = operator_ids.GENERATE_FACE
    bl_label = "Generate Face"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context) or (
            no_job() if context.object.mannerism.speech_name else "Choose a speech first"
        )

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`."""
        from ..core.face.namings import DEFAULT_NAMING
        from ..core.motion_npz import save_motion

        obj = context.object
        face_names.chosen_names(obj)  # a character without such keys is refused before anybody waits
        self._object = obj.name
        self._speech = sound.find_speech(obj, shared.folder, context)
        self._channels = shared.folder / "face.npz"
        doses = eyes.chosen_doses(obj)
        head, self._notes = eyes.shown_head(obj, self._speech, doses)
        if head is not None:
            save_motion(shared.folder / "head.npz", head)
        arguments = {
            "audio": str(self._speech.path),
            "start_s": self._speech.start_s,
            "length_s": self._speech.length_s,
            "seed": obj.mannerism.seed,
            "names": DEFAULT_NAMING,
            "strength": obj.mannerism.face.strength,
            "head": str(shared.folder / "head.npz") if head is not None else "",
            "doses": doses,
            "expression": {name: float(getattr(obj.mannerism.face, name)) for name in EXPRESSION},
            "channels_out": str(self._channels),
        }
        return shared.start("face", arguments, label=filled("Face for {}", obj.name))

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        from ..core.face.visemes import visemes_of
        from ..core.motion_npz import load_channels

        obj = bpy.data.objects.get(self._object)
        if obj is None:
            raise RigError(f"“{self._object}” is gone", "Undo its removal, and generate again")
        time_s, channels = load_channels(self._channels)
        names = face_names.chosen_names(obj)
        face = faces.add_face(
            obj,
            time_s,
            {**channels, **visemes_of(channels)},
            name=filled("Face: {}", self._speech.name),
            start_frame=self._speech.start_frame,
            names=names,
        )
        done = filled(
            "{} shape keys of {} say {} by the names of {}",
            face.count,
            obj.name,
            self._speech.name,
            names.label,
        )
        return shown_list([done, *face.notes, *self._notes, *answer.get("notes", ())])


class MANNERISM_OT_remove_face(ReportedOperator):
    """Take all lines off the shape keys of this character and restore what was below them"""

    bl_idname = operator_ids.REMOVE_FACE
    bl_label = "Remove Face"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_character(context)
        return reason or ("" if faces.has_face(context.object) else "Generate a face first")

    def act(self, context: Any) -> str:
        """Remove all lines."""
        faces.remove_face(context.object)
        return ""


CLASSES = (MANNERISM_OT_generate_face, MANNERISM_OT_remove_face)

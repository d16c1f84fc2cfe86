"""Operator that encodes a style from a reference video."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ..bridge import operator_ids
from ..bridge.settings import style_folder, unused
from ..core.files import replacing
from ..core.worker.client import Job, Worker
from .job import JobOperator
from .reasons import busy, no_character


class MANNERISM_OT_encode_style(JobOperator):
    """Measure how the person in the reference video moves the head, and keep that as a style file"""

    bl_idname = operator_ids.ENCODE_STYLE
    bl_label = "Encode Style"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context) or (
            busy() if context.object.mannerism.reference else "Choose a reference video first"
        )

    def begin(self, context: Any, shared: Worker) -> Job:
        """See `JobOperator`. The worker writes into its own folder, so that ESC leaves no file."""
        character = context.object.mannerism
        self._object = context.object.name
        self._source = Path(bpy.path.abspath(character.reference))
        self._style = shared.folder / "style.json"
        arguments = {
            "source": str(self._source),
            "style_out": str(self._style),
            "keep_motion": character.keep_motion,
        }
        return shared.start("encode", arguments, label=f"Encode Style of {self._source.name}")

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        path = unused(style_folder(), self._source.stem, ".style.json")
        with replacing(path) as temporary:
            temporary.write_bytes(self._style.read_bytes())
        obj = bpy.data.objects.get(self._object)
        if obj is not None:
            obj.mannerism.style = obj.mannerism.encoded_style = str(path)
            obj.mannerism.encoded_from = str(self._source)
        saved = f"The style is saved as {path}, confidence {answer['confidence']:.0%}"
        return ". ".join([saved, *answer["notes"]])


CLASSES = (MANNERISM_OT_encode_style,)

"""Operator that attests the consent of the person in a reference, which every video needs."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import operator_ids, portrait, portrait_settings
from ..bridge.translations import filled
from .job import ConfirmedJobOperator
from .portrait import no_reference
from .reasons import no_job

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker

TEXT = (
    "The person in this video is me, or has agreed that I make videos of them",
    "that say what they have not said. I tell whoever sees these that they are synthetic.",
)


class MANNERISM_OT_attest_consent(ConfirmedJobOperator):
    """Confirm that the person in the reference has agreed; the day and the file's hash are noted"""

    bl_idname = operator_ids.ATTEST_CONSENT
    bl_label = "Confirm Consent"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_reference(context) or no_job()

    def ask(self, context: Any, _event: Any) -> set[str]:
        """Open a dialog that says what is confirmed."""
        return set(context.window_manager.invoke_props_dialog(self, width=480, confirm_text="I Confirm"))

    def draw(self, context: Any) -> None:
        """Draw the statement, and the name of the file."""
        layout: Any = self.layout
        layout.label(text=context.object.mannerism.reference, icon="FILE_MOVIE")
        for line in TEXT:
            layout.label(text=line)

    def again(self) -> None:
        """See `ConfirmedJobOperator`."""
        ours: Any = bpy.ops
        ours.mannerism.attest_consent("INVOKE_DEFAULT", confirmed=True)

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`. The worker reads the file, which may be large."""
        self._object = context.object.name
        arguments = portrait.about(context.object)
        self._reference = Path(arguments["reference"])
        return shared.start("attest", arguments, label=filled("Confirm Consent for {}", self._reference.name))

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        obj = bpy.data.objects.get(self._object)
        if obj is not None:
            portrait_settings.keep_consent(obj, self._reference, answer["sha256"], answer["date"])
        return " ".join(
            filter(None, (filled("Confirmed for {}.", self._reference.name), answer["note"]))
        ).rstrip(".")


CLASSES = (MANNERISM_OT_attest_consent,)

"""The consent of the person in a reference, without which no video of them is made."""

from typing import Any

import bpy

from ..bridge import operator_ids
from ..bridge.portrait_settings import attest
from ..core.errors import MannerismError
from .portrait import no_reference
from .reasons import Reasoned

TEXT = (
    "The person in this video is me, or has agreed that I make videos of them",
    "that say what they have not said. I tell whoever sees these that they are synthetic.",
)


class MANNERISM_OT_attest_consent(Reasoned):
    """Confirm that the person in the reference has agreed; the day and the file's hash are noted"""

    bl_idname = operator_ids.ATTEST_CONSENT
    bl_label = "Confirm Consent"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `Reasoned`."""
        return no_reference(context)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        """Say what is confirmed before it is."""
        if bpy.app.background:
            return self.execute(context)
        return set(context.window_manager.invoke_props_dialog(self, width=480, confirm_text="I Confirm"))

    def draw(self, context: Any) -> None:
        """The words, and of which file."""
        layout: Any = self.layout
        layout.label(text=context.object.mannerism.reference, icon="FILE_MOVIE")
        for line in TEXT:
            layout.label(text=line)

    def execute(self, context: Any) -> set[str]:
        """Note it."""
        try:
            attest(context.object)
        except MannerismError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"Confirmed for {context.object.mannerism.reference}")
        return {"FINISHED"}


CLASSES = (MANNERISM_OT_attest_consent,)

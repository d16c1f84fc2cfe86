"""Panel of step 2: the speech."""

from typing import Any

from .main import StepPanel
from .tab import draw_file

FIELDS = {"FILE": "audio", "SPEAKER": "speaker", "STRIP": "strip"}


class MANNERISM_PT_speech(StepPanel):
    """The sound to move to."""

    bl_label = "Speech"

    def draw(self, context: Any) -> None:
        """Draw the source of the sound, and its start."""
        layout: Any = self.layout
        character = context.object.mannerism
        layout.row().prop(character, "source", expand=True)
        layout.use_property_split, layout.use_property_decorate = True, False
        if character.source == "FILE":
            draw_file(layout, character, "audio")
        else:
            layout.prop(character, FIELDS[character.source])
        if character.source != "STRIP":
            layout.prop(character, "start")
        if character.source == "FILE":
            layout.prop(character, "place_sound")
        layout.prop(character, "extend_scene")


CLASSES = (MANNERISM_PT_speech,)

"""Step 2: which speech."""

from typing import Any

from .main import StepPanel


class MANNERISM_PT_speech(StepPanel):
    """The sound to move to."""

    bl_label = "Speech"

    def draw(self, context: Any) -> None:
        """The file, and where it starts."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        character = context.object.mannerism
        layout.prop(character, "audio")
        layout.prop(character, "start")
        if not character.audio:
            layout.label(text="Choose the sound of the speech", icon="INFO")


CLASSES = (MANNERISM_PT_speech,)

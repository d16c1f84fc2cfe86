"""Step 1: whose manner."""

from pathlib import Path
from typing import Any

from .main import StepPanel


class MANNERISM_PT_style(StepPanel):
    """A style from a reference video, or from a file."""

    bl_label = "Style"

    def draw(self, context: Any) -> None:
        """Reference, its button, and the style in use."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        character = context.object.mannerism
        layout.prop(character, "reference")
        layout.prop(character, "keep_motion")
        name = Path(character.reference).stem
        layout.operator("mannerism.encode_style", text=f"Encode Style of {name}" if name else "Encode Style")
        layout.separator()
        layout.prop(character, "style")
        if not character.style:
            layout.label(text="Encode or choose a style", icon="INFO")


CLASSES = (MANNERISM_PT_style,)

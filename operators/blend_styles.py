"""Operator that blends two styles into a new one."""

from pathlib import Path
from typing import Any

from ..bridge import operator_ids, style_files
from ..bridge.messages import shown_list
from ..bridge.translations import filled
from .reasons import no_style
from .reported import ReportedOperator

_LONGEST = 24  # characters of each name, so that a blend of blends of blends still has a name


class MANNERISM_OT_blend_styles(ReportedOperator):
    """Mix the second style into the character's, keep that as a style file, and give it to the character"""

    bl_idname = operator_ids.BLEND_STYLES
    bl_label = "Blend"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_style(context)
        return reason or ("" if context.object.mannerism.second_style else "Choose a second style first")

    def act(self, context: Any) -> str:
        """Write the blend beside the other styles, never over one of them."""
        from ..core.style import blend, read_style, write_style  # registering reads no style room

        character = context.object.mannerism
        files = [style_files.style_file(given) for given in (character.style, character.second_style)]
        style = blend(read_style(files[0]), read_style(files[1]), character.mix)
        names = [_stem(path)[:_LONGEST] for path in files]
        stem = f"{names[0]} + {names[1]} {100 * character.mix:.0f}"
        path = style_files.unused(style_files.style_folder(), stem, style_files.SUFFIX)
        write_style(path, style)
        character.style = str(path)
        return shown_list([filled("The blend is saved as {}", path), *style.reasons])


def _stem(path: Path) -> str:
    return path.name.removesuffix(".json").removesuffix(".style")


CLASSES = (MANNERISM_OT_blend_styles,)

"""Compatibility: every difference between Blender versions, and nothing else."""

from typing import Any, NamedTuple


class Span(NamedTuple):
    """Where a strip of the sequencer lies, in frames.

    content : where its content would begin if it were not trimmed by its handles
    left, right : its handles
    skipped : content that is cut off before `content`
    """

    content: float
    left: float
    right: float
    skipped: float


def span(strip: Any) -> Span:
    """Blender 5.2 warns at the names of 4.5, which has none of the new ones."""
    if hasattr(strip, "left_handle"):
        return Span(strip.content_start, strip.left_handle, strip.right_handle, strip.content_trim_start)
    return Span(
        strip.frame_start, strip.frame_final_start, strip.frame_final_end, strip.animation_offset_start
    )


def sequencer_scene(context: Any) -> Any:
    """The scene that the sequencer shows, which since Blender 5.0 may be another one than the window's."""
    return getattr(context.workspace, "sequencer_scene", None) or context.scene

"""Size of a video that its reference fills: no larger than what it shows of the head."""

from .criteria import shown_px
from .survey import Survey

_FROM = ((768, 768), (512, 461))
"""Sizes, and the pixels of the reference from which they are chosen: a tenth more than there is does not look soft at 512."""
_SMALLEST = 256


def fitting_size(survey: Survey) -> int:
    """Width and height of a video of a reference, pixels: 768, 512 or 256."""
    shown = shown_px(survey)
    return next((size for size, needed in _FROM if shown >= needed), _SMALLEST)


def size_note(survey: Survey, size: int) -> str:
    """Why the video is that large, a sentence to the user."""
    larger = [wider for wider, _ in _FROM if wider > size]
    wish = f"; record larger or nearer for {larger[-1]}" if larger else ""
    return f"The reference shows the head {shown_px(survey)} pixels large, so that the video is {size} pixels wide{wish}."

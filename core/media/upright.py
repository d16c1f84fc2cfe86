"""Decoded pictures brought to their intended display."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from ..types import ByteArray
from .display import orientation_of, pixel_aspect, square_size, with_shape
from .facts import VideoFacts
from .hdr import ToneMap, mapping_note, needs_mapping

_OTHER_SIZE = (
    "The size of the picture changes within the file, and all is shown in the shape that it begins with"
)


class Upright:
    """Makes pictures upright, with square pixels, of standard range, and of the shape of the first one. Use it as a context.

    codec : of the stream, whose pixel aspect may change midway
    remark : called with each sentence on what was converted
    """

    def __init__(self, facts: VideoFacts, codec: Any, remark: Callable[[str], object]) -> None:
        self._facts, self._codec, self._remark = facts, codec, remark
        self._tone_map = ToneMap()
        self._first: tuple[tuple[int, int], Any] | None = None

    def __enter__(self) -> Self:
        self._tone_map.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tone_map.__exit__(kind, error, trace)

    def rgb(self, picture: Any) -> ByteArray:
        """A decoded picture as (H, W, 3) uint8, contiguous."""
        facts, coded = self._facts, self._codec.sample_aspect_ratio
        size = (picture.width, picture.height)
        first_size, first_coded = self._first = self._first or (size, coded)
        aspect = facts.pixel_aspect if coded == first_coded else pixel_aspect(coded)
        orientation, square = orientation_of(picture), square_size(picture.width, picture.height, aspect)
        if needs_mapping(picture):
            self._remark(mapping_note(picture))
            picture = self._tone_map.standard(picture)
        if square != (picture.width, picture.height):
            picture = picture.reformat(*square, format="rgb24", interpolation="BICUBIC")
        shown = orientation.shown(picture.to_ndarray(format="rgb24"))
        if size != first_size:
            self._remark(_OTHER_SIZE)
        return with_shape(shown, facts.width, facts.height)

"""What a directed take is made of, on the engine's own clock."""

from typing import Protocol

from ..direct.direction import Part, Pin
from ..direct.kernel import Kernel
from ..direct.windows import Window
from ..motion import Progress
from ..types import Array


class Source(Protocol):
    """A take that can be made to obey: channels (T, 6) as of `Engine`.

    kernel : of its channels
    sd_deg : (3,) standard deviations of its angles in the finished take
    bends : whether all that it can do is to be bent towards pins and gestures afterwards
    """

    kernel: Kernel
    sd_deg: Array
    bends: bool

    def base(self, progress: Progress) -> Array:
        """The take as it is without a direction."""
        ...

    def obeying(self, progress: Progress) -> tuple[Array, list[Window], frozenset[Pin]]:
        """The take with what is kept, towards pins and gestures; windows of samples that changed; pins it went for."""
        ...

    def part(self, part: Part, progress: Progress) -> Array:
        """The take with one more part of it made anew."""
        ...

    def notes(self) -> list[str]:
        """Sentences on what came out otherwise than asked."""
        ...

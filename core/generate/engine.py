"""The registry of engines. Reading it imports none of them, nor numpy: panels and `--help` list it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from ..lazy import attribute

if TYPE_CHECKING:
    from ..motion import Progress
    from ..speech.features import SpeechFeatures
    from ..style.schema import Style
    from ..types import Array
    from .settings import GenerationSettings


class Engine(Protocol):
    """Style, speech and settings to one take, a pure function of its arguments.

    Returns (T, 6) on the grid of the speech: rotation vectors in radians relative to rest, and the
    displacement of the neck pivot in metres. What lies more than 12 s before the end must not
    change when speech is appended. Of the settings it reads all but the name and the intensity,
    which acts on the finished take. Raises StyleError for a style that it cannot work from.
    """

    def __call__(
        self,
        style: "Style",
        speech: "SpeechFeatures",
        settings: "GenerationSettings",
        progress: "Progress",
        /,
    ) -> "Array":
        """Make the take."""
        ...


def channels_from(
    engine: Engine,
    style: "Style",
    speech: "SpeechFeatures",
    settings: "GenerationSettings",
    progress: "Progress",
) -> "Array":
    """The take of an engine, which may be anyone's. Raises ValueError where it is of another shape."""
    channels = engine(style, speech, settings, progress)
    found, wanted = getattr(channels, "shape", None), (len(speech.time_s), 6)
    if found != wanted:
        raise ValueError(f"an engine returns shape {wanted}, not {found}")
    return channels


class RegisteredEngine(NamedTuple):
    """An `Engine` that is imported when it is first called.

    summary : what it does, for menus and help
    home : `module:function` in this folder
    ignores : names of the settings that have no effect on it
    version : raised with each change to the motion that it makes, so that a batch makes its lines again
    """

    summary: str
    home: str
    ignores: frozenset[str] = frozenset()
    version: int = 1

    def __call__(
        self,
        style: "Style",
        speech: "SpeechFeatures",
        settings: "GenerationSettings",
        progress: "Progress",
        /,
    ) -> "Array":
        """Make the take, see `Engine`."""
        return self.loaded(style, speech, settings, progress)

    @property
    def loaded(self) -> Engine:
        """The engine itself."""
        return cast("Engine", attribute(self.home, __package__))


ENGINES: Mapping[str, RegisteredEngine] = {
    "actor": RegisteredEngine(
        "New motion as learned from many people, in the person's manner",
        "actor:actor",
        version=2,
    ),
    "puppet": RegisteredEngine(
        "New motion with the person's statistics",
        "puppet:puppet",
    ),
    "replay": RegisteredEngine(
        "The person's own recorded motion, put together anew",
        "replay:replay",
        ignores=frozenset({"personality"}),
    ),
}
"""The engines by name; the first is the default everywhere. A new row goes to the end: saved .blend files count them."""

DEFAULT_ENGINE = next(iter(ENGINES))

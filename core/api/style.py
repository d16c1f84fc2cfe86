"""Public functions: styles encoded, read, written, listed and blended."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..motion import HeadPoseTrack, Progress, no_progress
from .arguments import StrPath, style_of

if TYPE_CHECKING:
    from ..style.schema import Style


def encode_style(
    reference: "StrPath | HeadPoseTrack",
    *,
    speech: StrPath | None = None,
    keep_motion: bool = True,
    on_warning: Callable[[str], object] = lambda _sentence: None,
    progress: Progress = no_progress,
) -> "Style":
    """Encode the manner of the speaker in a reference: 10 to 15 s of one person who talks.

    Parameters
    ----------
    reference : video, track CSV, BVH, CSV recording of Live Link Face, or a track
    speech : the sound of a reference that has none of its own, t = 0 as there; by default a video's own.
        Without, how the head follows the voice is that of people in general
    keep_motion : whether the style holds up to 30 s of the reference's motion, which the engine `replay` needs
    on_warning : called with each sentence about the tracking and the sound
    progress : called with the share done, 0 to 1, and what is being done; it may raise CancelledError

    Returns
    -------
    The style. `confidence` is 0 to 1, and `reasons` are sentences on what lowers it.

    Raises
    ------
    VideoError, TableError : the reference cannot be read
    AudioError : its sound is silent, damaged, or missing from a video
    StyleError : less than 3 s of tracked speech
    MissingPartError : the face model is not installed, or weights are damaged
    CancelledError : `progress` raised it

    See Also
    --------
    write_style, read_style, blend

    Examples
    --------
    >>> import mannerism
    >>> style = mannerism.encode_style("examples/reference.truth.csv")
    >>> round(style.confidence, 2)
    0.59
    >>> style.reasons
    ('No sound: how the head follows the voice is that of people in general.',)
    """
    from ..style.from_reference import style_from_reference

    return style_from_reference(
        reference if isinstance(reference, HeadPoseTrack) else Path(reference),
        speech=None if speech is None else Path(speech),
        keep_motion=keep_motion,
        on_warning=on_warning,
        progress=progress,
    )


def read_style(style: StrPath) -> "Style":
    """Read a style file, or a built-in style by its name.

    Parameters
    ----------
    style : path of a file, or a name of `styles`; a file comes before a built-in style of its name

    Raises
    ------
    StyleError : there is no such style, or the file is damaged or of a newer version

    See Also
    --------
    styles, write_style

    Examples
    --------
    >>> import mannerism
    >>> mannerism.read_style("calm").confidence
    1.0
    >>> mannerism.read_style("clam")
    Traceback (most recent call last):
    mannerism.core.errors.StyleError: There is no style “clam”. Give a style file, or one of: ...
    """
    from ..style import read_style, style_path

    return read_style(style_path(Path(style)))


def write_style(path: StrPath, style: "Style") -> None:
    """Write a style file (JSON), whole or not at all.

    Parameters
    ----------
    path : NAME.style.json
    style : as encoded, read or blended

    Raises
    ------
    OutputError : the file cannot be written

    See Also
    --------
    encode_style, read_style
    """
    from ..style import write_style

    write_style(Path(path), style)


def styles() -> Mapping[str, str]:
    """List the built-in styles by name, each with a line that describes it.

    See Also
    --------
    read_style

    Examples
    --------
    >>> import mannerism
    >>> "calm" in mannerism.styles()
    True
    """
    from ..style.built_in import descriptions

    return descriptions()


def blend(first: "StrPath | Style", second: "StrPath | Style", mix: float = 0.5) -> "Style":
    """Blend two styles. A blend holds no recorded motion, so the engine `replay` refuses it.

    Parameters
    ----------
    first, second : styles, their files, or names of built-in ones
    mix : 0 is the first style, 1 the second

    Raises
    ------
    StyleError : a style cannot be read, `mix` lies outside 0 to 1, or the styles' encoders differ

    See Also
    --------
    encode_style, styles

    Examples
    --------
    >>> import mannerism
    >>> style = mannerism.blend("calm", "lively", 0.25)
    >>> calm = mannerism.read_style("calm")
    >>> style.statistics["log_sigma_pitch"] > calm.statistics["log_sigma_pitch"]
    True
    """
    from ..style import blend

    return blend(style_of(first), style_of(second), mix)

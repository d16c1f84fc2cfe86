"""Public functions: a person's head motion and prosody given for training."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..motion import Progress, no_progress
from .arguments import StrPath

if TYPE_CHECKING:
    from ..donate.donation import Donation


def donate(
    first: StrPath,
    second: StrPath,
    out: StrPath,
    *,
    licence: str,
    signed_by: str,
    sounds: tuple[StrPath | None, StrPath | None] = (None, None),
    one_occasion: bool = False,
    on_warning: Callable[[str], object] = lambda _sentence: None,
    progress: Progress = no_progress,
) -> "Donation":
    """Write how one consenting person moves and speaks, without picture, sound or words, for others to train on.

    Only the person whose head and voice both recordings hold can sign; the statement is in docs/data.md and in the file.

    Parameters
    ----------
    first, second : two recordings: videos, or tracks as `encode_style` takes them
    out : NAME.donation.json, which must not be there yet
    licence : "CC0-1.0" or "CC-BY-4.0"
    signed_by : full name of the person in the recordings, who agrees to the statement
    sounds : of recordings that have none of their own, t = 0 as there: tracks need one
    one_occasion : whether both recordings are of one occasion, as two parts of one talk are
    on_warning : called with a sentence on each recording
    progress : called with the share done, 0 to 1, and what is being done; it may raise CancelledError

    Returns
    -------
    What the file holds, on a grid of 25 Hz: `recordings[i].samples.rotvec_rad` (T, 3) radians about neutral,
    `translation_m` (T, 3) metres, `speech` (T, 23) with zeros in the columns of the spectrum, all zero
    outside of `recordings[i].findings.segments`.

    Raises
    ------
    ConsentError : nobody signs
    SettingsError : no such licence, twice the same recording or sound, a track without sound
    OutputError : the file is there already, or cannot be written
    VideoError, AudioError, TableError : a recording cannot be read
    StyleError : less than 10 s of a recording can be used, or it is longer than 10 minutes
    MissingPartError : the face model is not installed
    CancelledError : `progress` raised it

    See Also
    --------
    encode_style, track

    Examples
    --------
    >>> import mannerism
    >>> truth = "examples/reference.truth.csv"
    >>> mannerism.donate(
    ...     "examples/reference.mp4", truth, "me.donation.json", licence="CC0-1.0", signed_by=""
    ... )
    Traceback (most recent call last):
    mannerism.core.errors.ConsentError: Nobody has signed: ...
    """
    from ..donate.consent import signed
    from ..donate.give import Source, give

    one, other = (
        Source(Path(path), None if sound is None else Path(sound))
        for path, sound in zip((first, second), sounds, strict=True)
    )
    return give(
        (one, other),
        Path(out),
        signed(licence, signed_by),
        one_occasion=one_occasion,
        on_warning=on_warning,
        progress=progress,
    )

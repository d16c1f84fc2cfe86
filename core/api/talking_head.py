"""Public functions: talking-head videos, and what a reference for one shows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..generate.settings import first_seed
from ..motion import HeadMotion, Progress, no_progress
from ..portrait.model.options import AUTO_SIZE, DEFAULT_QUALITY, DEFAULT_REFINE_S
from .arguments import Fps, StrPath, frame_rate_of
from .motion import generate

if TYPE_CHECKING:
    from ..portrait.model.request import PortraitResult
    from ..portrait.preflight.coverage import Coverage
    from ..style.schema import Style


def portrait(
    reference: StrPath,
    audio: StrPath,
    out: StrPath,
    *,
    consent: bool,
    motion: "StrPath | HeadMotion | None" = None,
    style: "StrPath | Style | None" = None,
    seed: int | None = None,
    fps: Fps = 25,
    quality: str = DEFAULT_QUALITY,
    size: int = AUTO_SIZE,
    label: bool = True,
    refine_s: float = DEFAULT_REFINE_S,
    expression: Mapping[str, float] | None = None,
    gaze: Mapping[str, float] | None = None,
    start_s: float = 0.0,
    length_s: float | None = None,
    folder: StrPath | None = None,
    preview: Callable[[Path], None] = lambda _path: None,
    progress: Progress = no_progress,
) -> "PortraitResult":
    """Write a talking-head video of the consenting person in a reference video, saying something else.

    A video that was interrupted carries on where it was when it is asked for again.

    Parameters
    ----------
    reference : video of the person, 10 s or more
    audio : the speech: a sound, or a video with sound
    out : the .mp4 to write
    consent : True attests that the person in the reference is you, or has agreed; it is kept with the date
    motion : of the head, or its CSV; by default generated. A tracked take moves about its own rest
    style : of generated motion: a style, its file, or a built-in name; by default the reference's own
    seed : of what is generated, from 0; by default one that the name of the sound file gives
    fps : pictures a second
    quality : "warp", "refined" or "high"
    size : width and height, 64 to 1024 pixels; by default the one of 256, 512 and 768 that the reference fills
    label : whether the picture says that it is synthetic; the file always does
    refine_s : for how long a network may train on this person, seconds
    expression : doses of brows, cheeks and lids, as of `face`
    gaze : doses of the eyes, as of `face`: look_away, small and blinks, which come beside the person's own turning against the head
    start_s, length_s : the part of the sound in seconds, by default all
    folder : where consent and what is made from references are kept; by default MANNERISM_DATA, or the user's own
    preview : called with the file of the newest picture
    progress : called with the share done, 0 to 1, and what is being done; it may raise CancelledError

    Returns
    -------
    The file, and for its T pictures time_s, confidence (0 to 1), beyond_deg and held_back_deg, each (T,).
    `notes` are sentences about the result.

    Raises
    ------
    ConsentError : consent is not True
    PortraitError : the video cannot be made as asked for
    VideoError, AudioError, StyleError, TableError : a source cannot be used
    MissingPartError : a model, a package or a graphics card is missing
    OutputError : no room for the video
    CancelledError : `progress` raised it

    See Also
    --------
    coverage, generate

    Examples
    --------
    >>> import mannerism
    >>> mannerism.portrait("examples/reference.mp4", "examples/line_1.wav", "line_1.mp4", consent=False)
    Traceback (most recent call last):
    mannerism.core.errors.ConsentError: Nobody has attested that the person in ...
    """
    from ..data_folder import data_folder
    from ..face.doses import expression_doses
    from ..portrait.driving.tracked_take import read_take
    from ..portrait.job import make_portrait
    from ..portrait.model.eyes import film_eyes
    from ..portrait.model.request import PortraitRequest
    from ..portrait.reference.consent import attest, mend, refusal
    from ..style import Style, style_path

    source, sound = Path(reference), Path(audio)
    if consent is not True:
        raise refusal(source)
    seed = first_seed(sound.stem) if seed is None else seed
    if motion is not None and not isinstance(motion, HeadMotion):
        motion = read_take(Path(motion))
    if isinstance(style, Style):
        if motion is None:
            motion = generate(style, sound, seed=seed, start_s=start_s, length_s=length_s)
        style = None
    request = PortraitRequest(
        reference=source,
        audio=sound,
        out=Path(out),
        folder=data_folder() if folder is None else Path(folder),
        motion=motion,
        style=None if style is None else style_path(Path(style)),
        start_s=start_s,
        length_s=length_s,
        seed=seed,
        fps=frame_rate_of(fps).fps,
        quality=quality,
        size=size,
        label=label,
        refine_s=refine_s,
        expression=expression_doses(expression or {}),
        eyes=film_eyes(gaze or {}),
    )
    mended = mend(request.folder)
    attest(request.identity, request.folder)
    result = make_portrait(request, progress, preview)
    return replace(result, notes=(mended, *result.notes)) if mended else result


def coverage(reference: StrPath, *, size: int = AUTO_SIZE, progress: Progress = no_progress) -> "Coverage":
    """Measure which poses and mouth shapes a reference video shows, before a portrait is made of it.

    Parameters
    ----------
    reference : video of the person
    size : width and height of the portrait, pixels; by default one that the reference fills
    progress : called with the share done, 0 to 1, and what is being done; it may raise CancelledError

    Returns
    -------
    Rows with a share of what would be enough, 0 to 1; faults; and `wishes`, sentences on what to record again.

    Raises
    ------
    VideoError : no video, shorter than 2 s, or no face in it
    MissingPartError : the face model is not installed
    CancelledError : `progress` raised it

    See Also
    --------
    portrait

    Examples
    --------
    >>> import mannerism
    >>> meter = mannerism.coverage("examples/reference.mp4")
    >>> [row.name for row in meter.rows][:3]
    ['Time', 'Turns', 'Nods']
    """
    from ..portrait.preflight.coverage import check

    return check(Path(reference), progress, size=size)

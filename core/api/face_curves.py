"""Public functions: lips, lids, brows, cheeks and eyes from speech."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..face.namings import DEFAULT_NAMING
from ..generate.settings import first_seed
from ..motion import HeadMotion, Progress, no_progress
from ..neck_share import NECK_SHARE
from ..progress import part
from .arguments import Fps, StrPath, frame_rate_of, head_of

LookAt = tuple[float, Sequence[float] | None]
"""A second, and the point that eyes look at from then on."""

if TYPE_CHECKING:
    from ..face.curves import FaceCurves


def face(
    audio: StrPath,
    *,
    reference: StrPath | None = None,
    names: str = DEFAULT_NAMING,
    seed: int | None = None,
    strength: float = 1.0,
    head: "HeadMotion | StrPath | None" = None,
    gaze: Mapping[str, float] | None = None,
    expression: Mapping[str, float] | None = None,
    look_at: "Sequence[LookAt]" = (),
    fps: Fps = 60,
    start_s: float = 0.0,
    length_s: float | None = None,
    progress: Progress = no_progress,
) -> "FaceCurves":
    """Generate lips, lids, brows, cheeks and eyes for a speech, as curves by the names of shape keys.

    Parameters
    ----------
    audio : a sound, or a video with sound
    reference : video of a person whose lips, blinks, brows, cheeks and looks away it shall be like; by default people in general
    names : "arkit", "visemes", "livelink", "metahuman", "vrm" or "facefx"
    seed : of blinks, brows, cheeks and eyes, from 0; by default one that the name of the sound file gives
    strength : of the movement of mouth, brows and cheeks; 0 is none, 1 as the person does
    head : motion of the head that the eyes belong to, or its file: a CSV, a BVH, or a video to track; by default a still head
    gaze : doses of the eyes, which "arkit" alone has, by their names in `GazeDoses`; others are as usual. follow:
        how far they turn against the head, 0 to 1, usually 1; look_away: how often they leave what they look at,
        1 is as people do, usually 0.5; small: how often they move a little, usually 1; lids: how far lids follow,
        for faces whose eyeLookDown does not lower them, usually 0; blinks: how many large shifts bring a blink,
        usually 1. With follow, look_away and small at 0 the eyes are left out
    expression : doses from 0 to 2 of what a face does beside that: brows, cheeks (with the nose), squint (lids between
        blinks); each usually 1, as the person does, and left out at 0
    look_at : what the eyes look at, as pairs of the second from which on, and a point in metres in the frame
        of the head at rest (to the subject's left, up, ahead; the eyes lie at 0, 0.026, 0.022), or None for far
        ahead, which is the default
    fps : samples a second
    start_s, length_s : the part of the sound in seconds, by default all; t = 0 is its first sample
    progress : called with the share done, 0 to 1, and what is being done; it may raise CancelledError

    Returns
    -------
    time_s (T,) seconds from the first audio sample, and channels by name, each (T,) from 0 at rest to 1;
    eye (T, 2) the eyes' angle in the head, radians to the subject's left and up.

    Raises
    ------
    AudioError : the sound is damaged
    VideoError : the reference is no video, or shows no face
    TableError, StyleError : the head's motion cannot be read
    SettingsError : a setting, a dose or a point is out of range
    MissingPartError : the network's weights or the face model are not installed
    CancelledError : `progress` raised it

    See Also
    --------
    write_face, generate

    Examples
    --------
    >>> import mannerism
    >>> curves = mannerism.face("examples/line_1.wav", seed=7)
    >>> curves.channels["jawOpen"].shape == curves.time_s.shape
    True
    >>> bool(curves.channels["jawOpen"].max() > 0.1)
    True
    """
    from ..face.curves import curves_from_audio
    from ..face.doses import expression_doses
    from ..gaze.request import GazeRequest
    from ..gaze.settings import gaze_doses
    from ..gaze.target import Target

    sound, manner, own_gaze = Path(audio), None, None
    asked = gaze_doses(gaze or {})
    beside = expression_doses(expression or {})
    targets = [Target(start_s, None if point is None else _point(point)) for start_s, point in look_at]
    motion = None if head is None else head_of(head, progress)
    if reference is not None:
        from ..portrait.analysis.reference_face import reference_manners

        manner, own_gaze = reference_manners(Path(reference), part(progress, 0.0, 0.9))
        progress = part(progress, 0.9, 1.0)
    return curves_from_audio(
        sound,
        manner,
        names=names,
        seed=first_seed(sound.stem) if seed is None else seed,
        strength=strength,
        gaze=GazeRequest(motion, asked, targets, own_gaze),
        doses=beside,
        rate=frame_rate_of(fps),
        start_s=start_s,
        length_s=length_s,
        progress=progress,
    )


def _point(point: Sequence[float]) -> tuple[float, float, float]:
    from ..errors import SettingsError

    try:
        left, up, ahead = map(float, point)
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"The target {point} is no point", "Give three numbers in metres: left, up, ahead"
        ) from error
    return left, up, ahead


def write_face(
    path: StrPath,
    curves: "FaceCurves",
    head: "HeadMotion | None" = None,
    *,
    skeleton: StrPath | None = None,
    neck_share: float = NECK_SHARE,
) -> tuple[str, ...]:
    """Write a speaking face, with head motion if there is some: .csv, .glb or .vrma.

    CSV holds time_s and a column a channel, or with the names "livelink" what the app Live Link Face records. glTF
    holds weights of morph targets, VRM Animation expressions; both take curves with the default names.

    Parameters
    ----------
    path : NAME.csv, NAME.glb or NAME.vrma
    curves : as `face` returns them
    head : as `generate` returns it; by default the head rests
    skeleton : a glTF or VRM character whose own morph targets, head and neck shall move, for .glb
    neck_share : part of the rotation that the neck takes, 0 to 1

    Returns
    -------
    Sentences on what the file does not hold.

    Raises
    ------
    OutputError : no such format, or the file cannot be written
    SettingsError : the format does not go with the names of the curves
    RigError : the skeleton cannot be read, or has nothing that moves

    See Also
    --------
    face, generate
    """
    from ..export import DEFAULT_PRESET, Form
    from ..export.face_formats import write_face_file

    form = Form(DEFAULT_PRESET, None if skeleton is None else Path(skeleton), neck_share)
    return write_face_file(Path(path), curves, head, form)

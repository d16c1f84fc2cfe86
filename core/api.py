"""The public functions of the package, as `import mannerism` has them. Each loads what it needs when it is called.

Paths are given as text or as `pathlib.Path`. Wherever a style is taken, so are a `Style`, a style file and the name of a
built-in style. All angles are in the head frame of `rotation.py`. `progress` is called with the share done, 0 to 1, and
with what is being done.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import SettingsError
from .face.namings import DEFAULT_NAMING
from .generate.engine import DEFAULT_ENGINE
from .generate.settings import GenerationSettings, first_seed
from .motion import HeadMotion, HeadPoseTrack, Progress, no_progress
from .portrait.model.options import DEFAULT_QUALITY, DEFAULT_REFINE_S, DEFAULT_SIZE
from .progress import part
from .timing import FrameRate

if TYPE_CHECKING:
    from .evaluate.score_pairs import PairScores
    from .face.curves import FaceCurves
    from .generate.engine import Engine
    from .portrait.model.request import PortraitResult
    from .portrait.preflight.coverage import Coverage
    from .style.schema import Style

StrPath = str | PathLike[str]
"""A path as text or as `pathlib.Path`."""

Fps = float | str | Fraction | FrameRate
"""Frames a second: 30, 29.97, "30000/1001" or exactly."""


def track(video: StrPath, *, progress: Progress = no_progress) -> HeadPoseTrack:
    """Measure the head pose of the person in each frame of a video.

    Of several persons it is the one whose face is largest for longest.

    Parameters
    ----------
    video : any file with pictures

    Returns
    -------
    N poses about the clip's neutral pose: time_s (N,) seconds from the first audio sample, rotation (N, 4)
    unit quaternions wxyz, translation_m (N, 3) of the neck pivot in metres, valid (N,) False where no face
    was found. `meta["warnings"]` holds sentences about what went wrong.

    Raises
    ------
    VideoError : no video, or no face in enough of its frames
    MissingPartError : the face model is not installed
    CancelledError : `progress` raised it

    See Also
    --------
    write_track, encode_style

    Examples
    --------
    >>> import mannerism
    >>> track = mannerism.track("examples/reference.mp4")
    >>> track.rotation.shape
    (364, 4)
    >>> bool(track.valid.all())
    True
    """
    from .track import track_video

    return track_video(Path(video), progress=progress)


def write_track(path: StrPath, track: HeadPoseTrack) -> None:
    """Write a track as CSV in degrees and metres, and its `meta` as NAME.meta.json beside it.

    Parameters
    ----------
    path : NAME.csv
    track : of a video

    Raises
    ------
    OutputError : the file cannot be written

    See Also
    --------
    track, read_motion
    """
    from .motion_csv import write_track

    write_track(Path(path), track)


def read_motion(path: StrPath) -> HeadMotion:
    """Read head motion from a CSV as `export` and `write_track` write it.

    Parameters
    ----------
    path : a CSV with the columns time_s, pitch_deg, yaw_deg, roll_deg, x_m, y_m and z_m in any order

    Returns
    -------
    T poses: time_s (T,) seconds, rotation (T, 4) unit quaternions wxyz, translation_m (T, 3) metres.

    Raises
    ------
    TableError : the file cannot be read, a column is missing, or times do not increase

    See Also
    --------
    export

    Examples
    --------
    >>> import mannerism
    >>> motion = mannerism.read_motion("examples/reference.truth.csv")
    >>> motion.rotation.shape
    (364, 4)
    """
    from .motion_csv import read_motion

    return read_motion(Path(path))


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
    on_warning : called with each sentence about the tracking

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
    from .style.from_reference import style_from_reference

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
    from .style import read_style, style_path

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
    from .style import write_style

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
    from .style.built_in import descriptions

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
    from .style import blend

    return blend(_style(first), _style(second), mix)


def generate(
    style: "StrPath | Style",
    audio: StrPath,
    *,
    seed: int | None = None,
    engine: "str | Engine" = DEFAULT_ENGINE,
    start_s: float = 0.0,
    length_s: float | None = None,
    progress: Progress = no_progress,
    **sliders: float,
) -> HeadMotion:
    """Generate head motion for a speech in the manner of a style: a new take for every seed.

    The same arguments give the same bytes.

    Parameters
    ----------
    style : a style, its file, or the name of a built-in one
    audio : a sound, or a video with sound, of at least 0.5 s
    seed : which take, from 0; by default one that the name of the sound file gives
    engine : the name of an engine, or a function like one, see `Engine`
    start_s, length_s : the part of the sound in seconds, by default all; t = 0 is its first sample
    sliders : each 1 by default, as the person does. intensity: how far the head moves, 0 is rest, at most 4;
        personality: 0 is people in general, at most 2; voice: how closely the head follows the voice,
        0 is not at all, at most 2. All are rows of `GenerationSettings`.

    Returns
    -------
    T poses at 25 Hz about the rig's rest: time_s (T,) seconds from the first audio sample, rotation (T, 4)
    unit quaternions wxyz, translation_m (T, 3) of the neck pivot in metres. The head rests at the first
    sample and at the last, which is not after the sound's end.

    Raises
    ------
    StyleError : the style cannot be read, or the engine cannot work from it
    AudioError : the sound is damaged, silent or too short
    SettingsError : a setting is out of range, or there is no such engine
    MissingPartError : the engine's weights are not installed
    CancelledError : `progress` raised it

    See Also
    --------
    export, encode_style, face

    Examples
    --------
    >>> import mannerism
    >>> motion = mannerism.generate("calm", "examples/line_1.wav", seed=7)
    >>> motion.rotation.shape
    (130, 4)
    >>> motion.duration_s
    5.16
    """
    from .generate.from_audio import motion_from_audio

    sound = Path(audio)
    settings = GenerationSettings(
        seed=first_seed(sound.stem) if seed is None else seed,
        engine=engine if isinstance(engine, str) else DEFAULT_ENGINE,
        **sliders,
    )
    return motion_from_audio(
        _style(style),
        sound,
        settings,
        progress,
        engine=None if isinstance(engine, str) else engine,
        start_s=start_s,
        length_s=length_s,
    )


def export(path: StrPath, motion: HeadMotion, fps: Fps = 30) -> None:
    """Write head motion in the format that the suffix names: .csv, .bvh or .fbx.

    Rows lie at whole frames from t = 0 up to the motion's end. CSV is in degrees and metres, BVH in degrees
    and centimetres. FBX needs the package `bpy`. The file appears whole or not at all.

    Parameters
    ----------
    path : the file to write
    motion : as generated or read
    fps : rows a second

    Raises
    ------
    OutputError : no such format, or the file cannot be written
    SettingsError : `fps` is no frame rate
    MissingPartError : FBX, and there is no `bpy`

    See Also
    --------
    generate, read_motion

    Examples
    --------
    >>> import mannerism
    >>> motion = mannerism.generate("calm", "examples/line_1.wav", seed=7)
    >>> mannerism.export("line_1.csv", motion, fps=24)
    >>> len(mannerism.read_motion("line_1.csv").time_s)
    124
    """
    from .export import export_motion

    export_motion(Path(path), motion, _frame_rate(fps))


def face(
    audio: StrPath,
    *,
    reference: StrPath | None = None,
    names: str = DEFAULT_NAMING,
    seed: int | None = None,
    strength: float = 1.0,
    fps: Fps = 60,
    start_s: float = 0.0,
    length_s: float | None = None,
    progress: Progress = no_progress,
) -> "FaceCurves":
    """Generate lips, lids and brows for a speech, as curves by the names of shape keys.

    Parameters
    ----------
    audio : a sound, or a video with sound
    reference : video of a person whose lips, blinks and brows it shall be like; by default people in general
    names : "arkit" or "visemes"
    seed : of blinks and brows, from 0; by default one that the name of the sound file gives
    strength : of the movement of mouth and brows; 0 is none, 1 as the person does
    fps : samples a second
    start_s, length_s : the part of the sound in seconds, by default all; t = 0 is its first sample

    Returns
    -------
    time_s (T,) seconds from the first audio sample, and channels by name, each (T,) from 0 at rest to 1.

    Raises
    ------
    AudioError : the sound is damaged
    VideoError : the reference is no video, or shows no face
    SettingsError : a setting is out of range
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
    from .face.curves import curves_from_audio

    sound, manner = Path(audio), None
    if reference is not None:
        from .portrait.analysis.reference_face import reference_face_manner

        manner = reference_face_manner(Path(reference), part(progress, 0.0, 0.9))
        progress = part(progress, 0.9, 1.0)
    return curves_from_audio(
        sound,
        manner,
        names=names,
        seed=first_seed(sound.stem) if seed is None else seed,
        strength=strength,
        rate=_frame_rate(fps),
        start_s=start_s,
        length_s=length_s,
        progress=progress,
    )


def write_face(path: StrPath, curves: "FaceCurves") -> None:
    """Write the curves of a face as CSV: time_s and a column a channel.

    Parameters
    ----------
    path : NAME.csv
    curves : as `face` returns them

    Raises
    ------
    OutputError : the file cannot be written

    See Also
    --------
    face
    """
    from .face.curves import write_curves

    write_curves(Path(path), curves)


def portrait(
    reference: StrPath,
    audio: StrPath,
    out: StrPath,
    *,
    consent: bool,
    motion: "StrPath | HeadMotion | None" = None,
    style: "StrPath | None" = None,
    seed: int | None = None,
    fps: Fps = 25,
    quality: str = DEFAULT_QUALITY,
    size: int = DEFAULT_SIZE,
    label: bool = True,
    refine_s: float = DEFAULT_REFINE_S,
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
    motion : of the head, or its CSV; by default generated
    style : file or built-in name of the manner for generated motion; by default the reference's own
    seed : of what is generated, from 0; by default one that the name of the sound file gives
    fps : pictures a second
    quality : "warp", "refined" or "high"
    size : width and height, 64 to 1024 pixels
    label : whether the picture says that it is synthetic; the file always does
    refine_s : for how long a network may train on this person, seconds
    start_s, length_s : the part of the sound in seconds, by default all
    folder : where consent and what is made from references are kept; by default MANNERISM_DATA, or the user's own
    preview : called with the file of the newest picture

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
    from .data_folder import data_folder
    from .portrait.job import make_portrait
    from .portrait.model.request import PortraitRequest
    from .portrait.reference.consent import attest, refusal
    from .style import style_path

    source, sound = Path(reference), Path(audio)
    if consent is not True:
        raise refusal(source)
    request = PortraitRequest(
        reference=source,
        audio=sound,
        out=Path(out),
        folder=data_folder() if folder is None else Path(folder),
        motion=motion if motion is None or isinstance(motion, HeadMotion) else read_motion(motion),
        style=None if style is None else style_path(Path(style)),
        start_s=start_s,
        length_s=length_s,
        seed=first_seed(sound.stem) if seed is None else seed,
        fps=_frame_rate(fps).fps,
        quality=quality,
        size=size,
        label=label,
        refine_s=refine_s,
    )
    attest(request.identity, request.folder)
    return make_portrait(request, progress, preview)


def coverage(reference: StrPath, *, size: int = DEFAULT_SIZE, progress: Progress = no_progress) -> "Coverage":
    """Measure which poses and mouth shapes a reference video shows, before a portrait is made of it.

    Parameters
    ----------
    reference : video of the person
    size : width and height of the portrait, pixels

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
    from .portrait.preflight.coverage import check

    return check(Path(reference), progress, size=size)


def score(pairs: StrPath, *, progress: Progress = no_progress) -> "PairScores":
    """Score motions against what the persons really did, beside the real ceiling and adversarial baselines.

    Parameters
    ----------
    pairs : JSON lines with person, reference_track, target_track, audio and motion, see docs/scorecard.md;
        paths are relative to the file

    Returns
    -------
    `rows` of the scorecard, and `bad_lines` that could not be used, with the reason.

    Raises
    ------
    ScoreError : the file cannot be read or has no lines
    CancelledError : `progress` raised it

    See Also
    --------
    generate, track

    Examples
    --------
    >>> import json, mannerism
    >>> motion = mannerism.generate("lively", "examples/reference.mp4", engine="puppet")
    >>> mannerism.export("lively.csv", motion)
    >>> truth = "examples/reference.truth.csv"
    >>> pair = {"person": "her", "reference_track": truth, "target_track": truth}
    >>> pair |= {"audio": "examples/reference.mp4", "motion": "lively.csv"}
    >>> with open("pairs.jsonl", "w") as file:
    ...     _ = file.write(json.dumps(pair))
    >>> [row.system for row in mannerism.score("pairs.jsonl").rows]
    ['real', 'lively']
    """
    from .evaluate.score_pairs import score_pairs

    return score_pairs(Path(pairs), progress)


def _style(style: "StrPath | Style") -> "Style":
    from .style.schema import Style

    return style if isinstance(style, Style) else read_style(style)


def _frame_rate(fps: Fps) -> FrameRate:
    if isinstance(fps, FrameRate):
        return fps
    try:
        return FrameRate(fps) if isinstance(fps, Fraction) else FrameRate.parse(str(fps))
    except ValueError as error:
        raise SettingsError(f"“{fps}” is no frame rate", "Give one like 24 or “30000/1001”") from error

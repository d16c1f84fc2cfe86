"""Public functions: head motion generated, read and exported."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..export.presets import DEFAULT_PRESET
from ..generate.engine import DEFAULT_ENGINE
from ..generate.settings import GenerationSettings, first_seed
from ..motion import HeadMotion, Progress, no_progress
from ..neck_share import NECK_SHARE
from ..timing import FrameRate
from .arguments import Fps, StrPath, direction_of, frame_rate_of, style_of

if TYPE_CHECKING:
    from ..direct.direction import Direction
    from ..generate.engine import Engine
    from ..style.schema import Style


def generate(
    style: "StrPath | Style",
    audio: StrPath,
    *,
    seed: int | None = None,
    engine: "str | Engine" = DEFAULT_ENGINE,
    direction: "StrPath | Direction | None" = None,
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
    direction : what the take must do, or its JSON file, see docs/direct.md; by default nothing
    start_s, length_s : the part of the sound in seconds, by default all; t = 0 is its first sample
    progress : called with the share done, 0 to 1, and what is being done; it may raise CancelledError
    sliders : each 1 by default, as the person does. intensity: how far the head moves, 0 is rest, at most 4;
        personality: 0 is people in general, at most 2; voice: how closely the head follows the voice,
        0 is not at all, at most 2. All are fields of `GenerationSettings`

    Returns
    -------
    T poses at 25 Hz about the rig's rest: time_s (T,) seconds from the first audio sample, rotation (T, 4)
    unit quaternions wxyz, translation_m (T, 3) of the neck pivot in metres. The head rests at the first
    sample and at the last, which is not after the sound's end. `notes` are sentences on the sound, and on
    what of the direction was not followed.

    Raises
    ------
    StyleError : the style cannot be read, or the engine cannot work from it
    AudioError : the sound is damaged, silent or too short
    SettingsError : a setting is out of range, or there is no such engine
    DirectionError : the direction cannot be read
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
    from ..generate.from_audio import motion_from_audio

    sound = Path(audio)
    settings = GenerationSettings(
        seed=first_seed(sound.stem) if seed is None else seed,
        engine=engine if isinstance(engine, str) else DEFAULT_ENGINE,
        **sliders,
    )
    return motion_from_audio(
        style_of(style),
        sound,
        settings,
        progress,
        engine=None if isinstance(engine, str) else engine,
        direction=direction_of(direction),
        start_s=start_s,
        length_s=length_s,
    )


def export(
    path: StrPath,
    motion: HeadMotion,
    fps: Fps | None = None,
    *,
    preset: str = DEFAULT_PRESET,
    skeleton: StrPath | None = None,
    neck_share: float = NECK_SHARE,
) -> tuple[str, ...]:
    """Write head motion in the format that the suffix names: .csv, .bvh, .fbx, .glb, .usda or .vrma.

    Rows lie at whole frames from t = 0 up to the motion's end. CSV is in degrees and metres, BVH in degrees
    and the preset's unit. FBX needs the package `bpy`. The file appears whole or not at all.

    Parameters
    ----------
    path : the file to write
    motion : as generated or read
    fps : rows a second, by default those of the preset, or 30
    preset : axes, unit and names of joints for a program: "unreal", "unity", "maya", "motionbuilder" or "blender"
    skeleton : a BVH, FBX or glTF whose own head and neck shall move; the output has the same format
    neck_share : part of the rotation that the neck takes, 0 to 1

    Returns
    -------
    Sentences on what the file does not hold, and on the joints that were found in a skeleton.

    Raises
    ------
    OutputError : no such format or preset, or the file cannot be written
    RigError : the skeleton cannot be read, or has no head
    SettingsError : `fps` is no frame rate
    MissingPartError : FBX, and there is no `bpy`

    See Also
    --------
    generate, read_motion

    Examples
    --------
    >>> import mannerism
    >>> motion = mannerism.generate("calm", "examples/line_1.wav", seed=7)
    >>> _ = mannerism.export("line_1.csv", motion, fps=24)
    >>> len(mannerism.read_motion("line_1.csv").time_s)
    124
    """
    from ..export import PRESETS, Form, check_form, export_motion

    form = Form(preset, None if skeleton is None else Path(skeleton), neck_share)
    check_form(Path(path).suffix, form)
    rate = FrameRate.of(PRESETS[preset].fps) if fps is None else frame_rate_of(fps)
    return export_motion(Path(path), motion, rate, form)


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
    from ..motion_csv import read_motion

    return read_motion(Path(path))

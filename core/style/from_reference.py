"""A reference file to a style: its head motion, and its speech where it has some."""

from collections.abc import Callable
from pathlib import Path

from ..clock import one_stretch
from ..errors import AudioError, StyleError
from ..motion import HeadPoseTrack, Progress, no_progress
from ..progress import part
from ..speech.features import SpeechFeatures, extract_features
from ..track.read_reference import read_reference
from .encode import encode_style
from .schema import Style

_TRACKING_SHARE = 0.9  # of the time
_APART_S = 1.0


def style_from_reference(
    reference: Path | HeadPoseTrack,
    *,
    speech: Path | None = None,
    keep_motion: bool = True,
    mute_allowed: bool = False,
    on_warning: Callable[[str], object] = lambda _sentence: None,
    progress: Progress = no_progress,
) -> Style:
    """Encode the style of the speaker in a reference.

    reference : video, track CSV, BVH, recording of Live Link Face, or a track
    speech : sound file with t = 0 as in the reference; by default a video's own sound
    keep_motion : whether the style holds the reference's own motion, for the engine `replay`
    mute_allowed : whether a sound that cannot be used counts as none, rather than as an error
    on_warning : called with each sentence about the tracking and the sound

    Raises
    ------
    VideoError, TableError : the reference cannot be read
    AudioError : its sound cannot be used, unless `mute_allowed`
    StyleError : too little tracked speech
    MissingPartError : no face model, or damaged weights
    CancelledError : through `progress`
    """
    track, sound = reference, speech
    if isinstance(track, Path):
        track, has_voice = read_reference(track, part(progress, 0.0, _TRACKING_SHARE))
        if has_voice and speech is None:
            sound = reference if isinstance(reference, Path) else None
    track = _one_stretch(track)
    for sentence in track.meta.get("warnings", ()):
        on_warning(sentence)
    features = _features(sound, part(progress, _TRACKING_SHARE, 1.0), mute_allowed=mute_allowed)
    for sentence in features.notes if features is not None else ():
        on_warning(sentence)
    apart = "" if features is None else _apart(track, features)
    if apart:
        on_warning(f"{apart}.")
    try:
        return encode_style(track, features, keep_motion=keep_motion)
    except StyleError as error:
        if not apart:
            raise
        raise StyleError(f"{error.problem}. {apart}", error.remedy) from error


def _apart(track: HeadPoseTrack, features: SpeechFeatures) -> str:
    """How much of sound and picture belong together, without a full stop; empty where nearly all of the picture does."""
    begin_s, end_s = float(track.time_s[0]), float(track.time_s[-1])
    shared_s = max(min(end_s, features.duration_s) - max(begin_s, 0.0), 0.0)
    if end_s - begin_s - shared_s < _APART_S:
        return ""
    return (
        f"Sound and picture are together for only {shared_s:.1f} s: "
        f"the sound lasts {features.duration_s:.1f} s, and the picture is from {begin_s:.1f} to {end_s:.1f} s"
    )


def _one_stretch(track: HeadPoseTrack) -> HeadPoseTrack:
    """The longest stretch of a track without long gaps: whatever resamples it needs memory for its whole time."""
    used, said = one_stretch(track.time_s)
    if not said:
        return track
    return HeadPoseTrack(
        track.time_s[used],
        track.rotation[used],
        track.translation_m[used],
        track.valid[used],
        {**track.meta, "warnings": [*track.meta.get("warnings", ()), *said]},
    )


def _features(sound: Path | None, progress: Progress, *, mute_allowed: bool) -> SpeechFeatures | None:
    if sound is None:
        return None
    try:
        return extract_features(sound, progress)
    except AudioError:
        if not mute_allowed:
            raise
        return None

"""A reference file to a style: its head motion, and its speech where it has some."""

from collections.abc import Callable
from pathlib import Path

from ..clock import one_stretch
from ..errors import AudioError
from ..motion import HeadPoseTrack, Progress, no_progress
from ..progress import part
from ..speech.features import SpeechFeatures, extract_features
from ..track.read_reference import read_reference
from .encode import encode_style
from .schema import Style

_TRACKING_SHARE = 0.9  # of the time


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
    return encode_style(track, features, keep_motion=keep_motion)


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

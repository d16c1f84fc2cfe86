"""Two recordings to a donation: measured, cleaned as for training, and without picture, sound and spectrum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..clock import one_stretch
from ..errors import MannerismError, OutputError, SettingsError, StyleError
from ..files import check_writable, sha256_of
from ..motion import HeadPoseTrack, Progress, no_progress
from ..progress import part
from ..recording import Findings, Measured, Samples, cleaned, cleaned_track
from ..recording.cuts import picture_changes
from ..same_file import refuse_input
from ..speech.features import SpeechFeatures, extract_features
from ..track import measure_face
from ..track.read_reference import READERS
from .consent import Consent
from .donation import DonatedRecording, Donation, without_the_rest
from .donation_file import LONGEST_S, SUFFIX, refuse_existing, write_donation
from .donation_reader import read_donation

LEAST_USABLE_S = 10.0
"""Of each recording: from less, nothing can be learned about a person."""

_TWO = "Give two recordings, best of two days, or two parts of one talk"
_SAME_SOUND = 0.95  # correlation; of 378 pairs of recordings of different persons 0.33 at most
_SOUND, _FACE = 0.1, 0.8  # shares of the time: of all, and of what is left for a video


@dataclass(frozen=True)
class Source:
    """A recording as it is given.

    path : a video, or a track as `encode` takes it
    sound : of a track, or instead of a video's own; t = 0 as there
    """

    path: Path
    sound: Path | None = None


def give(
    sources: tuple[Source, Source],
    out: Path,
    consent: Consent,
    *,
    one_occasion: bool = False,
    on_warning: Callable[[str], object] = lambda _sentence: None,
    progress: Progress = no_progress,
) -> Donation:
    """Write the donation of a person who signed, and return it as it is in the file.

    one_occasion : whether both recordings show one occasion, as two parts of one talk do
    on_warning : called with a sentence on each recording

    Raises
    ------
    OutputError : the file is there already, or cannot be written
    SettingsError : both recordings are the same, or a track has no sound
    StyleError : too little of a recording can be used
    VideoError, AudioError, TableError, MissingPartError : a recording cannot be measured
    CancelledError : through `progress`
    """
    check_out(out, sources)
    _refuse_twins(sources)
    # What is quickly found to be of no use comes before what takes long.
    speech = [
        _speech(source, part(progress, _SOUND * i / 2, _SOUND * (i + 1) / 2))
        for i, source in enumerate(sources)
    ]
    _refuse_one_sound(speech)
    recordings = []
    for number, source in enumerate(sources):
        share = part(progress, _SOUND + (1 - _SOUND) * number / 2, _SOUND + (1 - _SOUND) * (number + 1) / 2)
        occasion = 1 if one_occasion else number + 1
        recordings.append(_recording(source, speech[number], occasion, on_warning, share))
    first, second = recordings
    write_donation(out, Donation(consent, (first, second)))
    return read_donation(out)


def check_out(out: Path, sources: Sequence[Source]) -> None:
    """Refuse before the work what would be refused after it. Raises OutputError."""
    if not out.name.lower().endswith(SUFFIX) or out.name.lower() == SUFFIX:
        raise OutputError(f"“{out.name}” cannot be written", f"Choose a name ending in {SUFFIX}")
    refuse_existing(out)
    refuse_input(out, [path for source in sources for path in (source.path, source.sound)])
    check_writable(out)


def _refuse_twins(sources: tuple[Source, Source]) -> None:
    first, second = (source.path for source in sources)
    try:
        alike = first.is_file() and second.is_file() and first.stat().st_size == second.stat().st_size
        twins = alike and sha256_of(first) == sha256_of(second)
    except (OSError, ValueError):
        return  # whoever reads them says what is wrong
    if twins:
        raise SettingsError("Both recordings are the same", _TWO)


def _refuse_one_sound(speech: Sequence[SpeechFeatures]) -> None:
    """Refuse the same recording in another form: loudness that goes together as no two recordings do."""
    first, second = (features.column("energy") for features in speech)
    count = min(len(first), len(second))
    if float(np.corrcoef(first[:count], second[:count])[0, 1]) > _SAME_SOUND:
        raise SettingsError("Both recordings have the same sound", _TWO)


def _recording(
    source: Source,
    speech: SpeechFeatures,
    occasion: int,
    on_warning: Callable[[str], object],
    progress: Progress,
) -> DonatedRecording:
    name, is_track = source.path.name, _is_track(source)
    if is_track:
        found, samples = cleaned_track(_track(source.path), speech)
    else:
        found, samples = _of_video(source.path, speech, progress)
    if samples is None or found.usable_s < LEAST_USABLE_S:
        reason = found.rejected or f"only {found.usable_s:.1f} s of it can be used"
        raise StyleError(
            f"“{name}” cannot be given: {reason}",
            f"Record yourself from the front, without a cut, speaking for {LEAST_USABLE_S:.0f} s and more",
        )
    on_warning(f"Of “{name}”, {found.usable_s:.1f} of {found.duration_s:.1f} s are used.")
    if is_track:
        on_warning(f"Whether the sound belongs to “{name}” cannot be checked; you sign for it.")
    rotation_only = not samples.translation_m.any()
    return DonatedRecording(
        "track" if is_track else "video",
        occasion,
        rotation_only,
        found,
        without_the_rest(samples, found.segments),
    )


def _is_track(source: Source) -> bool:
    return source.path.suffix.lower() in READERS


def _of_video(path: Path, speech: SpeechFeatures, progress: Progress) -> tuple[Findings, Samples | None]:
    face = measure_face(path, progress=part(progress, 0.0, _FACE))
    change = picture_changes(path, part(progress, _FACE, 1.0))
    return cleaned(Measured(face, speech, change))


def _track(path: Path) -> HeadPoseTrack:
    track = READERS[path.suffix.lower()](path)
    used, _ = one_stretch(track.time_s)
    track = HeadPoseTrack(
        track.time_s[used], track.rotation[used], track.translation_m[used], track.valid[used], track.meta
    )
    if not -LONGEST_S <= track.time_s[0] <= track.time_s[-1] <= LONGEST_S:
        raise _too_long(path)
    return track


def _speech(source: Source, progress: Progress) -> SpeechFeatures:
    if source.sound is None and _is_track(source):
        raise SettingsError(
            f"“{source.path.name}” has no sound", "Give the sound of each track: a file, or a video with it"
        )
    path = source.sound or source.path
    speech = extract_features(path, progress, length_s=LONGEST_S + 1.0)
    if speech.duration_s > LONGEST_S:
        raise _too_long(path)
    return speech


def _too_long(path: Path) -> MannerismError:
    return StyleError(
        f"“{path.name}” is longer than {LONGEST_S / 60:.0f} minutes",
        "Give a part of it: one minute is plenty",
    )

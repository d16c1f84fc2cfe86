"""Public functions: video to head pose."""

from pathlib import Path

from ..motion import HeadPoseTrack, Progress, no_progress
from .arguments import StrPath


def track(video: StrPath, *, progress: Progress = no_progress) -> HeadPoseTrack:
    """Measure the head pose of the person in each frame of a video.

    Of several persons it is the one whose face is largest for longest.

    Parameters
    ----------
    video : any file with pictures
    progress : called with the share done, 0 to 1, and what is being done; it may raise CancelledError

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
    from ..track import track_video

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
    from ..motion_csv import write_track

    write_track(Path(path), track)

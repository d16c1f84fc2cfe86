"""Any reference of a person's head motion: a video, a track, a BVH, a recording of Live Link Face."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..motion import HeadPoseTrack, Progress
from ..motion_csv import read_recorded_track
from ..table_file import read_table
from ..text_file import UnreadableError
from .bvh import read_bvh
from .livelink import is_live_link, read_live_link
from .neutral import hardly_turns
from .openface import is_openface, read_openface


def read_reference(path: Path, progress: Progress) -> tuple[HeadPoseTrack, bool]:
    """The head's track, and whether the file has the person's voice as well.

    Files of motion are known by suffix, and CSV files by their header; all else is tried as a video.

    Raises
    ------
    VideoError, TableError, StyleError, MissingPartError, CancelledError
    """
    reader = READERS.get(path.suffix.lower())
    if reader is not None:
        return reader(path), False
    from .tracker import track_video

    return track_video(path, progress=progress), True


def _read_table(path: Path) -> HeadPoseTrack:
    """Track of a table of whichever kind its header shows."""
    track = _track(path)
    track.meta["warnings"] = [*track.meta.get("warnings", ()), *hardly_turns(track.rotation)]
    return track


def _track(path: Path) -> HeadPoseTrack:
    try:
        table = read_table(path)
    except UnreadableError:
        return read_recorded_track(path)  # says what is wrong with it
    if is_live_link(table) and not table.has("pitch_deg"):
        return read_live_link(path, table)
    return read_openface(path, table) if is_openface(table) else read_recorded_track(path, table)


READERS: Mapping[str, Callable[[Path], HeadPoseTrack]] = {
    ".bvh": read_bvh,
    **dict.fromkeys((".csv", ".tsv", ".txt"), _read_table),
}

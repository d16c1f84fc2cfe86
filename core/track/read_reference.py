"""Any reference of a person's head motion: a video, a track, a BVH, a recording of Live Link Face."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..motion import HeadPoseTrack, Progress
from ..motion_csv import read_track
from .bvh import read_bvh
from .livelink import COLUMNS, read_live_link


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


def _read_csv(path: Path) -> HeadPoseTrack:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            header = file.readline(65_536)
    except OSError:
        header = ""  # `read_track` says what is wrong with it
    return read_live_link(path) if COLUMNS[0] in header else read_track(path)


READERS: Mapping[str, Callable[[Path], HeadPoseTrack]] = {".bvh": read_bvh, ".csv": _read_csv}

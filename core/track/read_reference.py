"""Any reference of a person's head motion: a video, a track, a BVH, a recording of Live Link Face."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..errors import TableError
from ..motion import HeadPoseTrack, Progress
from ..table import read_table
from .bvh import read_bvh
from .livelink import is_live_link, read_live_link
from .track_csv import read_track_csv

# Tables of programs that track films, by a column of theirs. OpenFace documents its angles in a left-handed
# frame of the camera and its users report either sign; the film itself is there and settles it.
_TRACKERS = {
    "pose_Rx": "OpenFace",
}


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
    table = read_table(path)
    if is_live_link(table):
        return read_live_link(path, table)
    for column, program in _TRACKERS.items():
        if column in table.columns:
            raise TableError(
                f"“{path.name}” is a table of {program}, which is not read",
                "Give the video that it was made from",
            )
    return read_track_csv(path)


READERS: Mapping[str, Callable[[Path], HeadPoseTrack]] = {".bvh": read_bvh, ".csv": _read_csv}

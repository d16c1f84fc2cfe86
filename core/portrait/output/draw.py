"""Parallel rendering of a video's missing frames on all free cores, each stored as it is finished."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from ...motion import Progress
from ...progress import duration
from ...types import ByteArray
from ..parallel import in_parallel
from .frame_store import Frames


def draw_missing(
    frames: Frames, draw: Callable[[int], ByteArray], progress: Progress, preview: Callable[[Path], None]
) -> None:
    """Render the frames that are not stored yet.

    draw : returns the frame of an index, (H, W, 3) uint8 RGB; called from several threads at once
    preview : called with the newest frame's file

    Raises
    ------
    OutputError : the disk is full; what was rendered stays
    CancelledError : through `progress`; what was rendered stays
    """
    missing = frames.missing()
    begun = monotonic()

    def make(number: int) -> int:
        frames.keep(number, draw(number))
        return number

    with in_parallel(make, missing) as made:
        for done, number in enumerate(made, 1):
            left_s = (monotonic() - begun) / done * (len(missing) - done)
            there = frames.count - len(missing) + done
            progress(there / frames.count, f"Picture {there} of {frames.count}, {duration(left_s)} left")
            preview(frames.path(number))

"""Parallel rendering of a video's missing frames on all free cores, each stored as it is finished."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import cv2

from ...motion import Progress
from ...progress import duration
from ...threads import cores
from ...types import ByteArray
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

    cv2.setNumThreads(1)  # one frame a thread: OpenCV's own threads would only be in the way
    pool = ThreadPoolExecutor(cores())
    try:
        for done, number in enumerate(pool.map(make, missing), 1):
            left_s = (monotonic() - begun) / done * (len(missing) - done)
            there = frames.count - len(missing) + done
            progress(there / frames.count, f"Picture {there} of {frames.count}, {duration(left_s)} left")
            preview(frames.path(number))
    finally:
        pool.shutdown(cancel_futures=True)

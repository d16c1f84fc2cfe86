"""Video frames of a file, one at a time, upright, with square pixels and true times."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import VideoError
from ..types import ByteArray
from .container import open_media
from .facts import VideoFacts, read_facts, square_width

_SLACK_S = 0.5
_REMEDY = "Give a video file such as .mp4, .mov, .mkv or .webm"


@dataclass(frozen=True)
class Frame:
    """One upright frame with square pixels.

    time_s : seconds from the first audio sample, or from the first frame where there is no sound
    rgb : (H, W, 3) uint8, contiguous
    """

    time_s: float
    rgb: ByteArray


class Video:
    """Video file, iterable over its frames as often as wanted.

    facts : size, rate, duration and clock of the file
    cut_short : set by reading: whether frames are damaged or end half a second early

    Raises
    ------
    VideoError : no such file, not a video, no index, no frame in it
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as container:
            self.facts: VideoFacts = read_facts(container)
        self.cut_short = False

    def _open(self) -> Any:
        import av

        try:
            container = open_media(self.path)
        except (OSError, av.FFmpegError) as error:
            raise self._unreadable(error) from error
        if not container.streams.video:
            container.close()
            raise VideoError(f"“{self.path.name}” holds no picture stream", _REMEDY)
        return container

    def _unreadable(self, error: Any) -> VideoError:
        if not self.path.is_file():
            return VideoError(f"There is no file “{self.path}”", "Check the path")
        return VideoError(f"“{self.path.name}” cannot be read as a video ({error.strerror})", _REMEDY)

    def __iter__(self) -> Iterator[Frame]:
        """Iterate over frames with strictly increasing times; ends early, and sets `cut_short`, where the file breaks off."""
        import av

        facts = self.facts
        start_s, last_s = facts.first_sample_s, -np.inf
        with self._open() as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            try:
                for picture in container.decode(stream):
                    time_s = (
                        picture.time if picture.time is not None else last_s + 1 / (facts.frame_rate or 25)
                    )
                    start_s = time_s if start_s is None else start_s
                    if picture.is_corrupt:
                        self.cut_short = True
                    elif time_s > last_s:
                        last_s = time_s
                        yield Frame(time_s - start_s, _upright(picture, facts.pixel_aspect))
            except av.FFmpegError:
                self.cut_short = True
            if facts.duration_s and last_s - facts.begin_s < facts.duration_s - _SLACK_S:
                self.cut_short = True


def _upright(picture: Any, pixel_aspect: float) -> ByteArray:
    """Rotate and scale a frame to its intended display."""
    quarter_turns = round(picture.rotation / 90)
    width = square_width(picture.width, pixel_aspect)
    if width != picture.width:
        picture = picture.reformat(width=width, height=picture.height, format="rgb24")
    rgb = picture.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(rgb, quarter_turns))

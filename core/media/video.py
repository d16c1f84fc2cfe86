"""Frames of a video file, one at a time, with their true times."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import VideoError
from ..types import ByteArray
from .container import open_media

_SLACK_S = 0.5
_REMEDY = "Give a video file such as .mp4, .mov, .mkv or .webm"


@dataclass(frozen=True)
class Frame:
    """One upright picture.

    time_s : seconds from the first audio sample, or from the first frame where there is no sound
    rgb : (H, W, 3) uint8, contiguous
    """

    time_s: float
    rgb: ByteArray


class Video:
    """A video file to be read forwards, as often as wanted.

    frame_rate : frames a second on average, None where the file does not tell
    duration_s : length of the picture, None where the file does not tell
    pixel_aspect : width of a pixel over its height, in the upright picture
    cut_short : set by reading: whether frames are damaged or end half a second early

    Raises
    ------
    VideoError : no such file, not a video, no index, no picture in it
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as container:
            stream = container.streams.video[0]
            rate = stream.average_rate or stream.guessed_rate
            self.frame_rate = float(rate) if rate else None
            self.duration_s = _duration_s(container)
            self.pixel_aspect = float(stream.sample_aspect_ratio or 1)
            self._start_s = _first_sample_s(container)
        self.cut_short = False

    def _open(self) -> Any:
        import av

        try:
            container = open_media(self._path)
        except (OSError, av.FFmpegError) as error:
            raise self._unreadable(error) from error
        if not container.streams.video:
            container.close()
            raise VideoError(f"“{self._path.name}” holds no picture stream", _REMEDY)
        return container

    def _unreadable(self, error: Any) -> VideoError:
        if not self._path.is_file():
            return VideoError(f"There is no file “{self._path}”", "Check the path")
        return VideoError(f"“{self._path.name}” cannot be read as a video ({error.strerror})", _REMEDY)

    def __iter__(self) -> Iterator[Frame]:
        """Frames with strictly increasing times; ends early, and tells so, where the file breaks off."""
        import av

        start_s, last_s = self._start_s, -np.inf
        with self._open() as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            try:
                for picture in container.decode(stream):
                    time_s = (
                        picture.time if picture.time is not None else last_s + 1 / (self.frame_rate or 25)
                    )
                    start_s = time_s if start_s is None else start_s
                    if picture.is_corrupt:
                        self.cut_short = True
                    elif time_s > last_s:
                        last_s = time_s
                        yield Frame(time_s - start_s, _upright(picture))
            except av.FFmpegError:
                self.cut_short = True
            begin_s = float((stream.start_time or 0) * stream.time_base)
            if self.duration_s and last_s - begin_s < self.duration_s - _SLACK_S:
                self.cut_short = True


def _duration_s(container: Any) -> float | None:
    """Length of the picture, or of the whole where a file such as .mkv tells only that."""
    import av

    stream = container.streams.video[0]
    if stream.duration:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _first_sample_s(container: Any) -> float | None:
    """Time of the first audible sample on the container's clock, None without sound."""
    import av

    try:
        return next(
            (float(frame.time) for frame in container.decode(audio=0) if frame.time is not None), None
        )
    except (av.FFmpegError, IndexError):
        return None


def _upright(picture: Any) -> ByteArray:
    """The picture as it is meant to be seen; phones store it lying and tell by how much."""
    rgb = picture.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(rgb, round(picture.rotation / 90)))

"""Facts about a video file: frame size, pixel aspect, rotation, frame rate, duration, clock."""

from dataclasses import dataclass
from typing import Any

_WIDEST_PIXEL = 4.0  # width over height, or height over width; what says more is damaged
_SQUARE_WITHIN = 0.005  # 1280:1281 and the like: an encoder rounded the width, and nothing is squeezed


@dataclass(frozen=True)
class VideoFacts:
    """Properties of a file's first video stream and of its clock.

    width, height : of the upright frame in square pixels, as frames are delivered; 0 where no frame
        of the file can be decoded
    pixel_aspect : width of a stored pixel over its height
    rotation_deg : counter-clockwise rotation that puts the stored frame upright: 0, 90, 180 or 270
    frame_rate : frames a second on average, None where the file has none
    duration_s : length of the video stream, seconds, None where the file has none
    begin_s : where the video stream begins on the container's clock, seconds
    first_sample_s : time of the first audio sample on the container's clock, None without sound
    has_sound : whether there is an audio stream
    """

    width: int
    height: int
    pixel_aspect: float
    rotation_deg: int
    frame_rate: float | None
    duration_s: float | None
    begin_s: float
    first_sample_s: float | None
    has_sound: bool

    @property
    def is_stored_lying(self) -> bool:
        """Whether the stored frame is rotated by a quarter turn."""
        return self.rotation_deg % 180 == 90


def read_facts(container: Any) -> VideoFacts:
    """Read the facts of an open container with a video stream. Decodes its first frame and sample."""
    stream = container.streams.video[0]
    rate = stream.average_rate or stream.guessed_rate
    aspect = float(stream.sample_aspect_ratio or 1)
    if not 1 / _WIDEST_PIXEL <= aspect <= _WIDEST_PIXEL or abs(aspect - 1.0) < _SQUARE_WITHIN:
        aspect = 1.0
    picture, first_sample_s = _first_frames(container)
    rotation_deg = 0 if picture is None else 90 * round(picture.rotation / 90) % 360
    size = (0, 0) if picture is None else (square_width(picture.width, aspect), picture.height)
    width, height = size[::-1] if rotation_deg % 180 else size
    return VideoFacts(
        width=width,
        height=height,
        pixel_aspect=aspect,
        rotation_deg=rotation_deg,
        frame_rate=float(rate) if rate else None,
        duration_s=_duration_s(container),
        begin_s=float((stream.start_time or 0) * stream.time_base),
        first_sample_s=first_sample_s,
        has_sound=bool(container.streams.audio),
    )


def square_width(width: int, pixel_aspect: float) -> int:
    """Width of a stored frame in square pixels of its height."""
    return max(round(width * pixel_aspect), 1)


def _duration_s(container: Any) -> float | None:
    """Duration of the video stream, or of the file where only that is stated, as in .mkv."""
    import av

    stream = container.streams.video[0]
    if stream.duration:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _first_frames(container: Any) -> tuple[Any, float | None]:
    """First decodable frame, and time of the first audio sample; None each without."""
    import av

    waiting = {"video": container.streams.video[0]}
    if container.streams.audio:
        waiting["audio"] = container.streams.audio[0]
    picture, first_sample_s = None, None
    try:
        for packet in container.demux(*waiting.values()):
            if packet.stream.type not in waiting:
                continue
            for frame in _decoded(packet):
                if packet.stream.type == "video":
                    picture = frame
                elif frame.time is not None:
                    first_sample_s = float(frame.time)
                else:
                    continue
                del waiting[packet.stream.type]
                break
            if not waiting:
                break
    except av.FFmpegError:
        pass  # a file that breaks off
    return picture, first_sample_s


def _decoded(packet: Any) -> Any:
    import av

    try:
        return packet.decode()
    except av.FFmpegError:
        return ()

"""Facts about a video file: frame size, pixel aspect, orientation, frame rate, duration, clock."""

from dataclasses import dataclass
from typing import Any

from .display import Orientation, orientation_of, pixel_aspect, square_size
from .packets import decode_stream, packet_time_s


@dataclass(frozen=True)
class VideoFacts:
    """Properties of the video stream that is used, and of its clock.

    width, height : of the upright frame in square pixels, as frames are delivered; 0 where no frame
        of the file can be decoded
    pixel_aspect : width of a stored pixel over its height
    rotation_deg : counter-clockwise rotation that puts the stored frame upright: 0, 90, 180 or 270
    frame_rate : frames a second on average, None where the file has none
    duration_s : length of the video stream, seconds, None where the file has none
    begin_s : where the video stream begins on the container's clock, seconds
    first_sample_s : time of the first audio sample on the container's clock, None without sound
    has_sound : whether there is an audio stream
    mirrored : whether left and right of the stored frame are exchanged before it is rotated
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
    mirrored: bool = False

    @property
    def is_stored_lying(self) -> bool:
        """Whether the stored frame is rotated by a quarter turn."""
        return self.rotation_deg % 180 == 90


def read_facts(container: Any, stream: Any, audio: Any) -> VideoFacts:
    """Read the facts of an open container. Decodes its first frame and sample.

    stream : the video stream; audio : the audio stream, None without sound
    """
    from av.codec.context import Flags

    stream.codec_context.flags |= Flags.output_corrupt  # the size of a marred picture is right too
    rate = stream.average_rate or stream.guessed_rate
    picture, first_sample_s = _first_frames(container, stream, audio)
    aspect = pixel_aspect(stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio)
    orientation = Orientation() if picture is None else orientation_of(picture)
    size = (0, 0) if picture is None else square_size(picture.width, picture.height, aspect)
    width, height = size[::-1] if orientation.transposed else size
    return VideoFacts(
        width=width,
        height=height,
        pixel_aspect=aspect,
        rotation_deg=orientation.rotation_deg,
        frame_rate=float(rate) if rate else None,
        duration_s=_duration_s(container, stream),
        begin_s=float((stream.start_time or 0) * stream.time_base),
        first_sample_s=first_sample_s,
        has_sound=audio is not None,
        mirrored=orientation.is_mirrored,
    )


def _duration_s(container: Any, stream: Any) -> float | None:
    """Duration of the video stream, or what is left of the file's where only that is stated, as in .mkv."""
    import av

    if stream.duration:
        return float(stream.duration * stream.time_base)
    if not container.duration:
        return None
    late_s = float((stream.start_time or 0) * stream.time_base) - (container.start_time or 0) / av.time_base
    return max(container.duration / av.time_base - max(late_s, 0.0), 0.0)


def _first_frames(container: Any, stream: Any, audio: Any) -> tuple[Any, float | None]:
    """First decodable frame, and time of the first audio sample, decodable or not; None each without."""
    damaged_s: list[float] = []
    picture, first_sample_s = None, None

    def note(packet: Any) -> None:
        time_s = None if packet is None or packet.stream is not audio else packet_time_s(packet)
        if time_s is not None:
            damaged_s.append(time_s)

    wanted = [stream] if audio is None else [stream, audio]
    for packet, frames in decode_stream(container, wanted, note):
        for frame in frames:
            if packet.stream.index == stream.index:
                picture = frame if picture is None else picture
            elif first_sample_s is None and frame.time is not None:
                first_sample_s = min([float(frame.time), *damaged_s])
        if picture is not None and (audio is None or first_sample_s is not None):
            break
    return picture, first_sample_s

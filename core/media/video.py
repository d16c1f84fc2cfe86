"""Video frames of a file, one at a time, upright, with square pixels and true times."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import VideoError
from ..types import ByteArray
from .cause import unopenable, unreadable
from .container import open_media
from .display import orientation_of, pixel_aspect, square_width, with_shape
from .facts import VideoFacts, read_facts
from .hdr import ToneMap, mapping_note, needs_mapping
from .packets import decode_stream, packet_time_s
from .picture_clock import PictureClock
from .spans import spans_text
from .stream_choice import choose_audio, choose_video

_SLACK_S = 0.5
_ONE_THREAD_PIXELS = 1920 * 1088  # below, threads of one picture each cost more than they bring
_FEW_UNDECODED, _SHARE_UNDECODED = 10, 0.2  # some codecs store pictures that are not shown
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
    ends_early_s : where the frames end half a second or more before the file says, else None; set by reading

    Raises
    ------
    VideoError : no such file, not a video, no index, no frame in it
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        problem = unopenable(path)
        if problem is not None:
            raise VideoError(*problem)
        with self._open() as container:
            self._choice = choose_video(path, container)
            audio = choose_audio(path, container)
        if self._choice.index is None:
            raise VideoError(
                f"The pictures of “{path.name}” are in a format that cannot be decoded",
                "Export the video as H.264 in an .mp4",
            )
        with self._open() as container:
            self.facts: VideoFacts = read_facts(container, self._choice.of(container), audio.of(container))
        self._lost_s: list[float] = []  # on the container's clock
        self._begun_s: float | None = None
        self._clock: PictureClock | None = None
        self.ends_early_s: float | None = None
        self._remarks: list[str] = [note for note in (self._choice.note, audio.note) if note]

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
        reason, remedy = unreadable(self.path) or (error.strerror, _REMEDY)
        return VideoError(f"“{self.path.name}” cannot be read as a video ({reason})", remedy)

    @property
    def lost_s(self) -> tuple[float, ...]:
        """Times of the damaged frames that were passed over, as in `Frame.time_s`, as far as the file was read."""
        return tuple(sorted(time_s - (self._begun_s or 0.0) for time_s in self._lost_s))

    @property
    def cut_short(self) -> bool:
        """Whether frames are damaged or end half a second early, as far as the file was read."""
        return bool(self.damage)

    @property
    def damage(self) -> str:
        """What is damaged and when, a sentence without a full stop; empty where nothing is."""
        parts = []
        if self.lost_s:
            where = spans_text((time_s, time_s + self._step_s) for time_s in self.lost_s)
            parts.append(f"{len(self.lost_s)} damaged pictures {where} are passed over")
        if self.ends_early_s is not None:
            whole_s = self.facts.duration_s or 0.0
            parts.append(f"the picture ends after {self.ends_early_s:.1f} of {whole_s:.1f} s")
        text = ", and ".join(parts)
        return text[:1].upper() + text[1:]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was chosen, converted or is damaged, a sentence each, as far as the file was read."""
        return tuple(f"{remark}." for remark in (*self._remarks, self._breaks, self.damage) if remark)

    @property
    def _step_s(self) -> float:
        return 1 / (self.facts.frame_rate or 25)

    @property
    def _breaks(self) -> str:
        if self._clock is None or not self._clock.breaks_s:
            return ""
        at_s = self._clock.breaks_s[0] - (self._begun_s or 0.0)
        return f"The clock of the picture starts anew after {at_s:.1f} s, and what follows is joined to it"

    def _remark(self, sentence: str) -> None:
        if sentence not in self._remarks:
            self._remarks.append(sentence)

    def __iter__(self) -> Iterator[Frame]:
        """Iterate over frames with strictly increasing times; damaged ones are passed over."""
        facts = self.facts
        self._begun_s, last_s = facts.first_sample_s, -np.inf
        self._lost_s, self.ends_early_s = [], None
        clock = self._clock = PictureClock(self._step_s)
        with ExitStack() as stack:
            container = stack.enter_context(self._open())
            stream = self._choice.of(container)
            if stream.codec_context.width * stream.codec_context.height > _ONE_THREAD_PIXELS:
                stream.thread_type = "AUTO"
            upright = _Upright(facts, stream, stack.enter_context(ToneMap()), self._remark)
            for time_s, picture in clock.placed(self._pictures(container, stream)):
                self._begun_s = time_s if self._begun_s is None else self._begun_s
                if picture.is_corrupt:
                    self._lost_s.append(time_s)
                else:
                    last_s = time_s
                    yield Frame(time_s - self._begun_s, upright(picture))
            if facts.duration_s and last_s - facts.begin_s < facts.duration_s - _SLACK_S:
                self.ends_early_s = max(last_s - facts.begin_s, 0.0)

    def _pictures(self, container: Any, stream: Any) -> Iterator[Any]:
        """All decoded pictures; notes at the end where most packets gave none, though none is damaged."""
        packet_count = picture_count = 0
        for packet, pictures in decode_stream(container, stream, self._note_lost):
            packet_count += bool(packet.size) and not packet.is_discard
            picture_count += len(pictures)
            yield from pictures
        undecoded = packet_count - len(self._lost_s) - picture_count
        if undecoded > max(_FEW_UNDECODED, _SHARE_UNDECODED * packet_count):
            self._remark(f"Only {picture_count} of {packet_count} pictures can be decoded")

    def _note_lost(self, packet: Any) -> None:
        time_s = None if packet is None else packet_time_s(packet)
        if time_s is not None:
            self._lost_s.append(time_s)


class _Upright:
    """Brings frames to their intended display, at the shape of the first one."""

    def __init__(self, facts: VideoFacts, stream: Any, tone_map: ToneMap, remark: Any) -> None:
        self._facts, self._codec, self._tone_map, self._remark = facts, stream.codec_context, tone_map, remark
        self._first: tuple[tuple[int, int], Any] | None = None

    def __call__(self, picture: Any) -> ByteArray:
        facts, coded = self._facts, self._codec.sample_aspect_ratio
        size = (picture.width, picture.height)
        first_size, first_coded = self._first = self._first or (size, coded)
        aspect = facts.pixel_aspect if coded == first_coded else pixel_aspect(coded)
        orientation, width = orientation_of(picture), square_width(picture.width, aspect)
        if needs_mapping(picture):
            self._remark(mapping_note(picture))
            picture = self._tone_map.standard(picture)
        if width != picture.width:
            picture = picture.reformat(width=width, height=picture.height, format="rgb24")
        shown = orientation.shown(picture.to_ndarray(format="rgb24"))
        if size != first_size:
            self._remark(
                "The size of the picture changes within the file, and all is shown in the shape that it begins with"
            )
        return with_shape(shown, facts.width, facts.height)

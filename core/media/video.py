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
from .facts import VideoFacts, read_facts
from .file_end import end_notes
from .packets import decode_stream
from .picture_clock import PictureClock
from .picture_damage import PictureDamage
from .stream_choice import choose_audio, choose_video
from .strict_decoder import StrictDecoder
from .upright import Upright

_ONE_THREAD_PIXELS = 1920 * 1088  # below, threads of one picture each cost more than they bring
_STRICT = {"mjpeg": {"err_detect": "explode"}}  # it would fill in the rest of a picture, and not say so
_APART_S = 1.0
_REMEDY = "Give a video file such as .mp4, .mov, .mkv or .webm"


@dataclass(frozen=True)
class Frame:
    """One upright frame with square pixels.

    time_s : seconds from the first audio sample, or from the first frame where there is no sound
    rgb : (H, W, 3) uint8, contiguous
    is_marred : whether parts of it are made up, as it is damaged in the file
    """

    time_s: float
    rgb: ByteArray
    is_marred: bool = False


class Video:
    """Video file, iterable over its frames as often as wanted.

    facts : size, rate, duration and clock of the file

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
            self.facts: VideoFacts = read_facts(container, self._choice.of(container), audio.of(container))
        notes = (self._choice.note, audio.note, *end_notes(path), _offset_note(self.facts))
        self._remarks: list[str] = [note for note in notes if note]
        self._step_s = 1 / (self.facts.frame_rate or 25)
        self._clock, self._damage = PictureClock(self._step_s), PictureDamage(self._step_s)

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
        return self._damage.lost_s

    @property
    def damage(self) -> str:
        """What is damaged and when, a sentence without a full stop; empty where nothing is, as far as it was read."""
        return self._damage.sentence

    @property
    def cut_short(self) -> bool:
        """Whether frames are damaged or end half a second early, as far as the file was read."""
        return bool(self.damage)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was chosen, converted, bridged or is damaged, a sentence each, as far as the file was read."""
        return tuple(f"{text}." for text in (*self._remarks, *self._breaks(), *self._damage.sentences))

    def _breaks(self) -> Iterator[str]:
        if self._clock.breaks_s:
            at_s = self._clock.breaks_s[0] - (self._damage.begun_s or 0.0)
            yield f"The clock of the picture starts anew after {at_s:.1f} s, and what follows is joined to it"

    def _remark(self, sentence: str) -> None:
        if sentence not in self._remarks:
            self._remarks.append(sentence)

    def __iter__(self) -> Iterator[Frame]:
        """Iterate over frames with strictly increasing times; those that cannot be decoded are passed over."""
        facts, last_s = self.facts, None
        clock, damage = PictureClock(self._step_s), PictureDamage(self._step_s)
        self._clock, self._damage = clock, damage
        damage.begun_s = facts.first_sample_s
        with ExitStack() as stack:
            container = stack.enter_context(self._open())
            stream = self._choice.of(container)
            upright = stack.enter_context(Upright(facts, stream.codec_context, self._remark))
            for time_s, picture in clock.placed(_pictures(container, stream, damage)):
                damage.begun_s = time_s if damage.begun_s is None else damage.begun_s
                is_marred = damage.is_lost(time_s) or bool(picture.is_corrupt)
                if is_marred and last_s is None:  # there is nothing whole to go by
                    damage.note_lost(time_s)
                    continue
                if is_marred:
                    damage.note_marred(time_s)
                damage.note_step(facts.begin_s if last_s is None else last_s, time_s)
                damage.note_picture(time_s, is_key=picture.key_frame)
                last_s = time_s
                yield Frame(time_s - damage.begun_s, upright.rgb(picture), is_marred)
            damage.note_end(-np.inf if last_s is None else last_s, facts.begin_s, facts.duration_s)


def _offset_note(facts: VideoFacts) -> str:
    """Where picture and sound begin far apart, a sentence without a full stop; else empty."""
    late_s = 0.0 if facts.first_sample_s is None else facts.begin_s - facts.first_sample_s
    if late_s >= _APART_S:
        return f"The picture begins {late_s:.1f} s after the sound"
    return f"The picture begins {-late_s:.1f} s before the sound" if late_s <= -_APART_S else ""


def _pictures(container: Any, stream: Any, damage: PictureDamage) -> Iterator[Any]:
    """All decoded pictures, those that are made from damaged ones among them."""
    from av.codec.context import Flags

    stream.codec_context.flags |= Flags.output_corrupt
    stream.codec_context.options = _STRICT.get(stream.codec_context.name, {})
    # Threads that share a picture leave holes in damaged ones, and do not say so.
    if stream.codec_context.width * stream.codec_context.height > _ONE_THREAD_PIXELS:
        stream.thread_type = "FRAME"
    else:
        stream.codec_context.thread_count = 1
    whole, found = 0, 0
    strict = StrictDecoder(stream)
    for packet, pictures in decode_stream(container, stream, damage.note_packet):
        if strict.refuses(packet):
            damage.note_packet(packet)
        whole += bool(packet.size) and not packet.is_discard
        found += len(pictures)
        yield from pictures
    damage.note_counts(whole - len(damage.lost_s), found)

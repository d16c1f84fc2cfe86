"""Pictures and sound to an MP4 that any player shows: H.264 and AAC, in step, and told to be synthetic."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from ...errors import AudioError, OutputError
from ...files import replacing
from ...media.container import open_media
from ...types import ByteArray, Float32Array
from ...version import VERSION

SOUND_HZ = 48_000
TAGS = {
    "synthetic": "yes",
    "comment": "synthetic: pictures of this person were made by a computer; nobody filmed them",
    "software": f"Mannerism {VERSION}",
}
"""What every film says of itself: that it is none. No title, and nothing of who is seen."""

_QUALITY = "17"  # the scale of x264, lower is better; at 17 eyes see no loss
_LAYOUTS = {1: "mono", 2: "stereo"}


def write_film(path: Path, pictures: Iterable[ByteArray], fps: Fraction, sound: Float32Array | None) -> None:
    """Write a film, whole or not at all.

    pictures : (H, W, 3) each, red, green, blue; an odd last row or column is left out
    fps : picture i is shown from i / fps on
    sound : (1 or 2, n) at SOUND_HZ, full scale 1, t = 0 with the first picture; cut or followed by silence
        where the pictures end

    Raises
    ------
    OutputError : the folder is missing or read-only, or the disk is full
    ValueError : there is no picture
    """
    with replacing(path) as temporary:
        try:
            # Without it MP4 keeps only the keys that its standard knows.
            options = {"movflags": "faststart+use_metadata_tags"}
            with av.open(str(temporary), "w", format="mp4", options=options) as container:
                container.metadata.update(TAGS)
                _Reel(container, fps, sound).fill(pictures)
        except av.FFmpegError as error:
            if isinstance(error, OSError) and error.errno:  # `replacing` tells a full disk from other trouble
                raise OSError(error.errno, error.strerror) from error
            raise OutputError(
                f"“{path.name}” cannot be encoded ({error.strerror})", "Report it with this message"
            ) from error


class _Reel:
    """The two streams of an open container, filled side by side."""

    def __init__(self, container: Any, fps: Fraction, sound: Float32Array | None) -> None:
        self._container = container
        self._fps = fps
        self._sound = sound
        self._heard = 0
        self._video = container.add_stream("libx264", rate=fps)
        self._audio: Any = None
        if sound is not None:
            self._audio = container.add_stream("aac", rate=SOUND_HZ, layout=_LAYOUTS[len(sound)])
            self._audio.bit_rate = 160_000

    def fill(self, pictures: Iterable[ByteArray]) -> None:
        count = 0
        for picture in pictures:
            even = picture[: len(picture) // 2 * 2, : picture.shape[1] // 2 * 2]
            if count == 0:
                self._set_up(*even.shape[:2])
            self._show(even, count)
            count += 1
            self._hear(round(count / self._fps * SOUND_HZ))
        if count == 0:
            raise ValueError("a film needs a picture")
        for stream in (self._video, self._audio):
            if stream is not None:
                self._container.mux(stream.encode(None))

    def _set_up(self, height: int, width: int) -> None:
        stream = self._video
        stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
        stream.options = {"crf": _QUALITY, "preset": "medium"}
        context = stream.codec_context
        # The one matrix that readers who heed no tag take too, and those who guess by the picture's size.
        context.colorspace = Colorspace.ITU601
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        context.color_range = ColorRange.MPEG

    def _show(self, picture: ByteArray, number: int) -> None:
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.MPEG
        )
        frame.pts, frame.time_base = number, 1 / self._fps
        self._container.mux(self._video.encode(frame))

    def _hear(self, until: int) -> None:
        """The sound up to a sample, silence where there is none."""
        if self._sound is None:
            return
        part = self._sound[:, self._heard : until]
        part = np.pad(part, ((0, 0), (0, until - self._heard - part.shape[1])))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), "fltp", _LAYOUTS[len(part)])
        frame.sample_rate, frame.pts, frame.time_base = SOUND_HZ, self._heard, Fraction(1, SOUND_HZ)
        self._heard = until
        self._container.mux(self._audio.encode(frame))


def read_sound(path: Path, start_s: float = 0.0, length_s: float | None = None) -> Float32Array:
    """The sound of a file, or a part of it, shape (1 or 2, n) at SOUND_HZ; t = 0 is its first sample.

    Raises
    ------
    AudioError : the file cannot be read or has no sound
    """
    first = round(start_s * SOUND_HZ)
    last = None if length_s is None else first + round(length_s * SOUND_HZ)
    parts: list[Float32Array] = []
    at = 0
    try:
        for piece in _pieces(path):
            parts.append(piece[:, max(first - at, 0) : None if last is None else max(last - at, 0)])
            at += piece.shape[1]
            if last is not None and at >= last:
                break
    except (av.FFmpegError, OSError) as error:
        raise AudioError(
            f"“{path.name}” cannot be read as sound ({getattr(error, 'strerror', None) or error})",
            "Give a wav, flac, ogg, mp3 or m4a file, or a video with sound",
        ) from error
    return np.concatenate(parts, axis=1) if parts else np.zeros((1, 0), np.float32)


def _pieces(path: Path) -> Iterator[Float32Array]:
    with open_media(path) as container:
        if not container.streams.audio:
            raise AudioError(f"“{path.name}” has no sound", "Give a file with speech in it")
        stream = container.streams.audio[0]
        layout = _LAYOUTS[min(stream.channels, 2)]
        resampler: Any = av.AudioResampler(format="fltp", layout=layout, rate=SOUND_HZ)
        heard = False
        for frame in container.decode(stream):
            frame.pts = None  # as in media/sound.py: the container's clock is no part of the sound
            heard = True
            for piece in resampler.resample(frame):
                yield piece.to_ndarray()
        for piece in resampler.resample(None) if heard else ():
            yield piece.to_ndarray()

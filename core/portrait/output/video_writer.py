"""MP4 writer: H.264 and AAC in sync, playable anywhere, marked as synthetic in the metadata."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from ...errors import OutputError
from ...files import replacing
from ...media.sound import FILM_RATE_HZ
from ...types import ByteArray, Float32Array
from ...version import VERSION

SOUND_HZ = FILM_RATE_HZ
TAGS = {
    "synthetic": "yes",
    "comment": "synthetic: pictures of this person were made by a computer; nobody filmed them",
    "software": f"Mannerism {VERSION}",
}
"""Metadata of every video: that it is synthetic. No title, and nothing about the person."""

_QUALITY = "17"  # the scale of x264, lower is better; at 17 eyes see no loss
_SLICES = 2  # threads of x264, which write a slice each: fixed, so that no number of cores gives other bytes
_LAYOUTS = {1: "mono", 2: "stereo"}


def write_video(path: Path, pictures: Iterable[ByteArray], fps: Fraction, sound: Float32Array | None) -> None:
    """Encode a video file, whole or not at all.

    pictures : (H, W, 3) each, red, green, blue; an odd last row or column is left out
    fps : frame i is shown from i / fps on
    sound : (1 or 2, n) at SOUND_HZ, full scale 1, t = 0 with the first frame; cut or followed by silence
        where the frames end

    Raises
    ------
    OutputError : the folder is missing or read-only, or the disk is full
    ValueError : there is no frame
    """
    with replacing(path) as temporary:
        try:
            # Without it MP4 keeps only the keys that its standard knows.
            options = {"movflags": "faststart+use_metadata_tags"}
            with av.open(str(temporary), "w", format="mp4", options=options) as container:
                container.metadata.update(TAGS)
                _Mp4Encoder(container, fps, sound).fill(pictures)
        except av.FFmpegError as error:
            if isinstance(error, OSError) and error.errno:  # `replacing` distinguishes a full disk
                raise OSError(error.errno, error.strerror) from error
            raise OutputError(
                f"“{path.name}” cannot be encoded ({error.strerror})", "Report it with this message"
            ) from error


class _Mp4Encoder:
    """Encoder of the video and audio streams of an open container, interleaved."""

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
        # x264's macroblock tree reads memory that it never wrote: the same film would have other bytes now and then.
        stream.options = {"crf": _QUALITY, "preset": "medium", "x264-params": "mbtree=0"}
        context = stream.codec_context
        context.thread_count = _SLICES
        # The one matrix that readers who heed no tag take too, and those who guess by the frame's size.
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
        """Encode the sound up to a sample, silence where there is none."""
        if self._sound is None:
            return
        part = self._sound[:, self._heard : until]
        part = np.pad(part, ((0, 0), (0, until - self._heard - part.shape[1])))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), "fltp", _LAYOUTS[len(part)])
        frame.sample_rate, frame.pts, frame.time_base = SOUND_HZ, self._heard, Fraction(1, SOUND_HZ)
        self._heard = until
        self._container.mux(self._audio.encode(frame))

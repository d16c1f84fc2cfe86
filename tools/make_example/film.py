"""Frames and sound to one MP4 file."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from mannerism.core.motion import GRID_HZ
from mannerism.tools.make_example.voice import SAMPLE_RATE, Speech


def write_film(path: Path, frames: list[Path], speech: Speech, quality: int = 24) -> None:
    """H.264 (constant rate factor `quality`) and AAC from PNG files, one for each 1/GRID_HZ second."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as film:
        first = _read(frames[0])
        video = film.add_stream("libx264", rate=GRID_HZ, options={"crf": str(quality), "preset": "slow"})
        video.width, video.height, video.pix_fmt = first.width, first.height, "yuv420p"
        audio = film.add_stream("aac", rate=SAMPLE_RATE, layout="mono", bit_rate=64000)
        for number, frame in enumerate(frames):
            picture = _read(frame).reformat(format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, GRID_HZ)
            film.mux(video.encode(picture))
        film.mux(video.encode(None))
        samples = speech.samples[: len(frames) * SAMPLE_RATE // GRID_HZ]
        for start in range(0, len(samples), 1024):
            block = samples[start : start + 1024].astype(np.float32)[None]
            sound = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
            film.mux(audio.encode(sound))
        film.mux(audio.encode(None))


def write_strip(path: Path, frames: list[Path]) -> None:
    """A JPEG file of frames side by side."""
    pictures = [_read(frame).to_ndarray(format="rgb24") for frame in frames]
    strip = av.VideoFrame.from_ndarray(np.concatenate(pictures, axis=1).astype(np.uint8), format="rgb24")
    with av.open(str(path), "w", format="image2", options={"update": "1"}) as file:
        stream = file.add_stream("mjpeg", options={"qmin": "2", "qmax": "3"})
        stream.width, stream.height, stream.pix_fmt = strip.width, strip.height, "yuvj444p"
        file.mux(stream.encode(strip))
        file.mux(stream.encode(None))


def _read(path: Path) -> av.VideoFrame:
    with av.open(str(path)) as file:
        return next(file.decode(video=0))

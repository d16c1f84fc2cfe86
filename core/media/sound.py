"""Sound of audio and video files: 16 kHz mono in blocks for analysis, 48 kHz stereo for video files."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import AudioError
from ..types import Float32Array
from .container import open_media

RATE_HZ = 16_000
"""Rate of all analysis: the voice's harmonics and most of its noise lie below 8 kHz."""
FILM_RATE_HZ = 48_000
"""Rate of the sound of a video."""

_LAYOUTS = ("mono", "stereo")
_LIMIT = 1e6  # full scale is 1; nothing that was recorded is a million times louder


class Sound:
    """First audio stream of a file as mono. t = 0 is its first sample, whatever the container's clock.

    rate_hz : of the samples that are delivered
    duration : what was decoded so far, seconds; the sound's length once `pieces` is exhausted
    promised_s : length that the container states, or 0; only for a progress bar
    """

    def __init__(self, path: Path, rate_hz: int = RATE_HZ) -> None:
        self.path = path
        self.rate_hz = rate_hz
        self.duration = Fraction(0)
        self.promised_s = 0.0

    def part(self, start_s: float, length_s: float | None) -> Iterator[Float32Array]:
        """Iterate over blocks from `start_s` on and `length_s` long, or to the end.

        Cut at samples of `rate_hz`. Raises AudioError.
        """
        for piece in self._part(start_s, length_s, most_channels=1):
            yield piece[0]

    def pieces(self) -> Iterator[Float32Array]:
        """Iterate over blocks of mono samples, full scale 1, in bounded memory.

        Raises
        ------
        AudioError : the file cannot be opened or decoded, has no sound, or a sample is no number
        """
        for piece in self._pieces(most_channels=1):
            yield piece[0]

    def channels(self, start_s: float, length_s: float | None) -> Float32Array:
        """Read a part at once with up to two channels, shape (1 or 2, n). Raises AudioError."""
        parts = list(self._part(start_s, length_s, most_channels=2))
        return np.concatenate(parts, axis=1) if parts else np.zeros((1, 0), np.float32)

    def _part(self, start_s: float, length_s: float | None, most_channels: int) -> Iterator[Float32Array]:
        if start_s == 0.0 and length_s is None:
            yield from self._pieces(most_channels)
            return
        first = round(start_s * self.rate_hz)
        last = None if length_s is None else first + round(length_s * self.rate_hz)
        at = 0
        for piece in self._pieces(most_channels):
            part = piece[:, max(first - at, 0) : None if last is None else max(last - at, 0)]
            if part.shape[1]:
                yield part
            at += piece.shape[1]
            if last is not None and at >= last:
                break
        end = at if last is None else min(at, last)
        self.duration = Fraction(max(end - first, 0), self.rate_hz)

    def _pieces(self, most_channels: int) -> Iterator[Float32Array]:
        """Blocks of samples (channels, n). Gaps and offsets of the container's clock are not part of the sound."""
        import av

        try:
            with open_media(self.path) as container:
                yield from self._resampled(container, most_channels)
        except (av.FFmpegError, OSError) as error:
            raise self._refusal(error) from error

    def _resampled(self, container: Any, most_channels: int) -> Iterator[Float32Array]:
        import av

        if not container.streams.audio:
            raise AudioError(f"“{self.path.name}” has no sound", "Give a file with speech in it")
        stream = container.streams.audio[0]
        self.promised_s = (container.duration or 0) / av.time_base
        layout = _LAYOUTS[min(stream.channels, most_channels) - 1]
        resampler: Any = av.AudioResampler(format="fltp", layout=layout, rate=self.rate_hz)
        for frame in container.decode(stream):
            self.duration += Fraction(frame.samples, frame.sample_rate)
            frame.pts = None
            for out in resampler.resample(frame):
                yield self._checked(out.to_ndarray())
        if self.duration:
            for out in resampler.resample(None):
                yield self._checked(out.to_ndarray())

    def _checked(self, samples: Float32Array) -> Float32Array:
        if not (np.abs(samples) < _LIMIT).all():  # false for NaN too
            raise AudioError(
                f"“{self.path.name}” has samples that are not numbers near {float(self.duration):.1f} s",
                "Export the sound again from the program that made it",
            )
        return samples

    def _refusal(self, error: Exception) -> AudioError:
        if self.duration:
            problem = f"“{self.path.name}” is damaged after {float(self.duration):.1f} s"
            return AudioError(problem, "Export the sound again from the program that made it")
        reason = getattr(error, "strerror", None) or str(error)
        return AudioError(
            f"“{self.path.name}” cannot be read as sound ({reason})",
            "Give a wav, flac, ogg, mp3 or m4a file, or a video with sound",
        )


def read_sound(path: Path, start_s: float = 0.0, length_s: float | None = None) -> Float32Array:
    """Read a part of a file's sound at FILM_RATE_HZ, shape (1 or 2, n); t = 0 is its first sample.

    Raises
    ------
    AudioError : the file cannot be read, has no sound, or a sample is no number
    """
    return Sound(path, FILM_RATE_HZ).channels(start_s, length_s)

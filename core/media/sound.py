"""Any sound, or the sound of a video, as 16 kHz mono in small pieces."""

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


_LIMIT = 1e6  # full scale is 1; nothing that was recorded is a million times louder


class Sound:
    """The first audio stream of a file. t = 0 is its first sample, whatever the container says.

    duration : what was decoded so far, seconds; the sound's length once `pieces` is exhausted
    promised_s : what the container says that its length is, or 0; only for a progress bar
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.duration = Fraction(0)
        self.promised_s = 0.0

    def part(self, start_s: float, length_s: float | None) -> Iterator[Float32Array]:
        """As `pieces`, from `start_s` on and `length_s` long, or up to the end; that is then its duration.

        Cut at samples of RATE_HZ. Raises AudioError.
        """
        if start_s == 0.0 and length_s is None:
            yield from self.pieces()
            return
        first = round(start_s * RATE_HZ)
        last = None if length_s is None else first + round(length_s * RATE_HZ)
        at = 0
        for piece in self.pieces():
            part = piece[max(first - at, 0) : None if last is None else max(last - at, 0)]
            if len(part):
                yield part
            at += len(piece)
            if last is not None and at >= last:
                break
        end = at if last is None else min(at, last)
        self.duration = Fraction(max(end - first, 0), RATE_HZ)

    def pieces(self) -> Iterator[Float32Array]:
        """Mono samples at 16 kHz, full scale 1, in pieces of any length, in bounded memory.

        Raises
        ------
        AudioError : the file cannot be opened or decoded, has no sound, or a sample is no number
        """
        import av

        try:
            with open_media(self.path) as container:
                yield from self._resampled(container)
        except (av.FFmpegError, OSError) as error:
            raise self._refusal(error) from error

    def _resampled(self, container: Any) -> Iterator[Float32Array]:
        import av

        if not container.streams.audio:
            raise AudioError(f"“{self.path.name}” has no sound", "Give a file with speech in it")
        self.promised_s = (container.duration or 0) / av.time_base
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        for frame in container.decode(container.streams.audio[0]):
            self.duration += Fraction(frame.samples, frame.sample_rate)
            frame.pts = None  # gaps and offsets in the container's clock are not part of the sound
            for out in resampler.resample(frame):
                yield self._checked(out.to_ndarray()[0])
        if self.duration:
            for out in resampler.resample(None):
                yield self._checked(out.to_ndarray()[0])

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

"""Sound of audio and video files: 16 kHz mono in blocks for analysis, 48 kHz stereo for video files."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..errors import AudioError
from ..types import Float32Array
from .cause import unopenable, unreadable
from .container import open_media
from .file_end import end_notes
from .mixing import Look, first_look
from .offset import offset_note
from .resampling import Resampler, stored
from .sound_clock import Silence, SoundClock
from .spans import spans_text
from .stream_choice import Choice, choose_audio
from .wave_chunks import contradiction

RATE_HZ = 16_000
"""Rate of all analysis: the voice's harmonics and most of its noise lie below 8 kHz."""
FILM_RATE_HZ = 48_000
"""Rate of the sound of a video."""

_LIMIT = 1e6  # full scale is 1; nothing that was recorded is a million times louder
_LOUDEST_DECODED = 8.0  # what a lossy codec makes of damage is louder
_RATES_HZ = range(2000, 4_000_000)  # all else is a damaged header; the highest are those of DSD
_SLACK_S = 0.5
_Block = TypeVar("_Block")
_AGAIN = "Export the sound again from the program that made it"


class Sound:
    """Sound of a file as mono: of its audio stream, of several the default one, unless that is silent.

    t = 0 is its first sample, whatever the container's clock says of it; what is damaged, or missing in that
    clock, is silence of the same length.

    rate_hz : of the samples that are delivered
    duration : what was decoded so far, seconds; the sound's length once `pieces` is exhausted
    promised_s : length that the container states, or 0; only for a progress bar
    """

    def __init__(self, path: Path, rate_hz: int = RATE_HZ) -> None:
        self.path = path
        self.rate_hz = rate_hz
        self.duration = Fraction(0)
        self.promised_s = 0.0
        self._choice: Choice | None = None
        self._look: Look | None = None
        self._clock: SoundClock | None = None
        self._spoilt_s: list[tuple[float, float]] = []
        self._is_whole = False
        self._stated: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was chosen, bridged or left out, a sentence each, as far as the file was read."""
        return tuple(f"{note}." for note in self._notes())

    def _notes(self) -> Iterator[str]:
        if self._choice and self._choice.note:
            yield self._choice.note
        yield from self._stated
        if self._look is not None:
            yield from dict.fromkeys(alone.reason for alone in self._look.alone.values())
            yield from filter(None, [offset_note(self._look.offsets)])
        clock = self._clock
        if clock is None:
            return
        spans = [*clock.gaps_s, *self._spoilt_s]
        if spans:
            yield f"The sound is damaged or missing {spans_text(spans)}, where silence stands for it"
        if clock.jumps_s:
            at_s, by_s = clock.jumps_s[0]
            yield f"The clock of the sound jumps by {by_s:.0f} s after {at_s:.1f} s, which was left out"
        elif self._is_whole:
            end_s, slack_s = float(clock.position_s), max(_SLACK_S, 0.02 * clock.stated_s)
            if end_s < clock.stated_s - slack_s:
                yield f"The sound ends after {end_s:.1f} of {clock.stated_s:.1f} s"

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

    def native(self) -> Iterator[tuple[int, Float32Array]]:
        """Iterate over the sound as it is stored: rate in Hz, and a block (channels, n) of samples.

        Neither resampled nor mixed, so that levels are those of the file; without the silences that stand for damage.
        Raises AudioError.
        """
        yield from self._opened(self._stored)

    def _pieces(self, most_channels: int) -> Iterator[Float32Array]:
        """Blocks of samples (channels, n)."""
        yield from self._opened(
            lambda container, stream: self._resampled(container, stream, most_channels),
        )

    def _opened(self, blocks: Callable[[Any, Any], Iterator[_Block]]) -> Iterator[_Block]:
        """Blocks of the chosen stream of the open file, its errors as refusals."""
        import av

        problem = unopenable(self.path) or contradiction(self.path)
        if problem is not None:
            raise AudioError(*problem)
        self.duration, self._is_whole, self._spoilt_s = Fraction(0), False, []
        try:
            self._stated = tuple(end_notes(self.path))
            with open_media(self.path) as container:
                yield from blocks(container, self._chosen(container))
        except (av.FFmpegError, OSError) as error:
            raise self._refusal(error) from error

    def _chosen(self, container: Any) -> Any:
        """The stream with the speech; chosen once for a file."""
        if self._choice is None:
            choice = choose_audio(self.path, container)
            if choice.index is None:
                raise self._without_sound(choice)
            self._choice = choice
            self._check_rate(choice.of(container).rate)
        return self._choice.of(container)

    def _looked(self) -> Look:
        assert self._choice is not None
        state = self.path.stat()
        return _kept_look(self.path, self._choice, state.st_size, state.st_mtime_ns)

    def _stored(self, container: Any, stream: Any) -> Iterator[tuple[int, Float32Array]]:
        self._clock = SoundClock(container, stream)
        is_exact = stream.codec_context.name.startswith("pcm_")
        for rate_hz, samples in stored(self._counted(self._clock)):
            yield rate_hz, self._checked(samples, is_exact=is_exact)
        self._is_whole = True

    def _counted(self, clock: SoundClock) -> Iterator[Any]:
        """The frames of a clock, their lengths and those of the silences added to `duration`."""
        for part in clock:
            if isinstance(part, Silence):
                self.duration += part.length_s
            else:
                self.duration += Fraction(part.samples, part.sample_rate)
                yield part

    def _resampled(self, container: Any, stream: Any, most_channels: int) -> Iterator[Float32Array]:
        import av

        if self._look is None and (most_channels == 1 or stream.channels > most_channels):
            self._look = self._looked()
        self.promised_s = (container.duration or 0) / av.time_base
        self._clock = SoundClock(container, stream)
        is_exact = stream.codec_context.name.startswith("pcm_")
        resampler = Resampler(self.rate_hz, most_channels, self._look)
        is_decoded = False
        for part in self._clock:
            if isinstance(part, Silence):
                self.duration += part.length_s
                blocks = resampler.silence(self.duration)
            else:
                is_decoded = True
                self.duration += Fraction(part.samples, part.sample_rate)
                blocks = resampler.blocks(part)
            for block in blocks:
                yield self._checked(block, is_exact=is_exact)
        for block in resampler.rest():
            yield self._checked(block, is_exact=is_exact)
        if self._clock.is_damaged and not is_decoded:
            raise AudioError(f"None of the sound of “{self.path.name}” can be decoded: it is damaged", _AGAIN)
        self._is_whole = True

    def _checked(self, samples: Float32Array, *, is_exact: bool) -> Float32Array:
        """Refuse samples that are no numbers; where a codec made them of damaged data, they become silence."""
        limit = _LIMIT if is_exact else _LOUDEST_DECODED
        good = np.abs(samples) < limit  # false for NaN too
        if good.all():
            return samples
        now_s = float(self.duration)
        if is_exact:
            raise AudioError(
                f"“{self.path.name}” has samples that are not numbers near {now_s:.1f} s", _AGAIN
            )
        self._spoilt_s.append((now_s - samples.shape[1] / self.rate_hz, now_s))
        return np.where(good, samples, np.float32(0.0))

    def _check_rate(self, rate_hz: int) -> None:
        if rate_hz not in _RATES_HZ:
            problem = (
                f"“{self.path.name}” states {rate_hz} samples a second, which no recording of speech has"
            )
            raise AudioError(problem, _AGAIN)

    def _without_sound(self, choice: Choice) -> AudioError:
        if choice.undecodable:
            problem = f"The sound of “{self.path.name}” is in a format that cannot be decoded"
            return AudioError(problem, "Export it as a wav file of 16 bits")
        return AudioError(f"“{self.path.name}” has no sound", "Give a file with speech in it")

    def _refusal(self, error: Exception) -> AudioError:
        if self.duration:
            problem = f"“{self.path.name}” is damaged after {float(self.duration):.1f} s"
            return AudioError(problem, _AGAIN)
        own = getattr(error, "strerror", None) or str(error)
        reason, remedy = unreadable(self.path) or (
            own,
            "Give a recording such as wav, flac, ogg, opus, mp3, m4a, aac or aiff, or a video with sound",
        )
        return AudioError(f"“{self.path.name}” cannot be read as sound ({reason})", remedy)


def read_sound(path: Path, start_s: float = 0.0, length_s: float | None = None) -> Float32Array:
    """Read a part of a file's sound at FILM_RATE_HZ, shape (1 or 2, n); t = 0 is its first sample.

    Raises
    ------
    AudioError : the file cannot be read, has no sound, or a sample is no number
    """
    return Sound(path, FILM_RATE_HZ).channels(start_s, length_s)


@lru_cache(maxsize=16)
def _kept_look(path: Path, choice: Choice, _size: int, _mtime_ns: int) -> Look:
    """A first look at a file, once for its state: level, head and face each read the sound anew."""
    with open_media(path) as container:
        return first_look(container, choice.of(container))

"""Public functions: head motion while the sound still runs."""

from typing import TYPE_CHECKING

from ..generate.settings import GenerationSettings
from .arguments import StrPath, style_of

if TYPE_CHECKING:
    from ..stream.stream import Stream
    from ..style.schema import Style


def stream(
    style: "StrPath | Style",
    seed: int = 0,
    *,
    rate_hz: int = 16_000,
    look_ahead_s: float = 0.24,
    **sliders: float,
) -> "Stream":
    """Open a take that runs along with its sound: chunks go in, poses come out, 0.24 s behind.

    The pose at a time depends on the sound up to the look-ahead later and on nothing after it. So chunks of any sizes
    give the same bytes, and more sound never changes what was there. What it costs is in docs/streaming.md.

    Parameters
    ----------
    style : a style, its file, or the name of a built-in one
    seed : which take, from 0
    rate_hz : samples a second of the sound that will be given, 8000 to 192000
    look_ahead_s : 0.12 to 2 s, rounded down to whole 0.04 s
    sliders : intensity, personality, voice: as of `generate`

    Returns
    -------
    A `Stream`. `feed(chunk)` takes (N,) samples of one channel, floats of which 1 is full scale or 16-bit whole
    numbers, and returns the poses that they complete as a `HeadMotion` at 25 Hz, or None. `finish()` returns the rest, and
    0.6 s more in which the head goes to rest.

    Raises
    ------
    StyleError : the style cannot be read
    SettingsError : a setting, the rate or the look-ahead is out of range
    MissingPartError : the engine's weights are not installed

    See Also
    --------
    generate

    Examples
    --------
    >>> import numpy as np, mannerism
    >>> stream = mannerism.stream("calm", seed=7)
    >>> motion = stream.feed(np.zeros(16_000, np.float32))
    >>> float(motion.time_s[-1])
    0.8
    >>> float(stream.finish().time_s[-1])
    1.6
    """
    from ..stream.stream import Stream

    settings = GenerationSettings(seed=seed, engine="actor", **sliders)
    return Stream(style_of(style), settings, rate_hz=rate_hz, look_ahead_s=look_ahead_s)

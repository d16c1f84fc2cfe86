"""Style data class and its file format: versioned JSON without picture, sound or name."""

import math
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import strict_json
from ..errors import StyleError
from ..files import write_json
from ..motion import GRID_HZ, HeadMotion, motion_of
from ..types import Array

VERSION = 1
LONGEST_MOTION_S = 30
AXES = ("pitch", "yaw", "roll")
BANDS_HZ = ((0.2, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0))
DRIVES = ("energy", "onset", "accent")

_FORMAT = "mannerism-style"
_LARGEST_FILE = 2_000_000
_LARGEST_NUMBER = 1e6
_LARGEST_STATISTIC = 100.0  # all are logarithms, shares, ratios or a few Hz

STATISTICS: Mapping[str, str] = {
    **{f"log_sigma_{axis}": "ln degrees, standard deviation of the angle" for axis in AXES},
    **{f"log_speed_{axis}": "ln degrees per second, mean size of the rate" for axis in AXES},
    **{
        f"psd_{axis}_{band}": f"log10 s²/Hz, density over squared mean rate, {low} to {high} Hz"
        for axis in AXES
        for band, (low, high) in enumerate(BANDS_HZ, 1)
    },
    **{f"centroid_{axis}": "Hz, centre of the rate's spectrum" for axis in AXES},
    "hold": "share of time slower than 0.35 of the mean speed",
    "sd_log_speed": "standard deviation of ln(speed / mean speed + 0.1)",
    "kurtosis": "excess kurtosis of the rate, mean of the axes",
    "correlation_pitch_yaw": "correlation of the rates",
    "correlation_pitch_roll": "correlation of the rates",
    "correlation_yaw_roll": "correlation of the rates",
    "log_pause_ratio": "ln of mean speed in speech over mean speed in pauses",
    "lead_s": "seconds by which the head's speed leads the voice's energy",
    **{f"coupling_{drive}": f"correlation of log speed with {drive} while speaking" for drive in DRIVES},
    "nod_rate": "nods of a degree and more per second",
    "log_nod_size": "ln degrees, mean depth of those nods",
    "asymmetry": "skewness of the pitch rate: above 0 where down is faster than up",
    **{f"log_sigma_{axis}": "ln millimetres, residual translation" for axis in "xyz"},
}
"""The explicit statistics of a manner, each with its unit; blends are linear in them."""


@dataclass(frozen=True, eq=False)
class Style:
    """The manner of one speaker.

    statistics : a number for each name in STATISTICS, shrunken to the population
    speech_s : seconds of tracked speech behind them
    confidence : 0 to 1, and `reasons`, sentences on what holds it down
    motion : (N, 6) the reference's own motion at GRID_HZ, at most LONGEST_MOTION_S, for `replay`:
        rotation vectors in radians and translation in metres, relative to neutral; None in blends
    learned, encoder : the learned vector and the version of what made it; None without one
    """

    statistics: Mapping[str, float]
    speech_s: float
    confidence: float
    reasons: tuple[str, ...] = ()
    motion: Array | None = None
    learned: tuple[float, ...] | None = None
    encoder: str | None = None

    def __post_init__(self) -> None:
        if self.statistics.keys() != STATISTICS.keys():
            raise ValueError(f"wrong statistics: {sorted(self.statistics.keys() ^ STATISTICS.keys())}")

    def vector(self, *names: str) -> Array:
        """Statistics by name as an array."""
        return np.array([self.statistics[name] for name in names])

    @property
    def reference_motion(self) -> HeadMotion | None:
        """The reference's own motion, from t = 0, or None where it was left out."""
        if self.motion is None:
            return None
        return motion_of(np.arange(len(self.motion)) / GRID_HZ, self.motion)


def write_style(path: Path, style: Style) -> None:
    """Write a style file, whole or not at all.

    Raises
    ------
    OutputError : the folder is missing or read-only, or the disk is full
    """
    learned = None
    if style.learned is not None:
        learned = {"encoder": style.encoder, "vector": list(style.learned)}
    motion = None
    if style.motion is not None:
        motion = {"rate_hz": GRID_HZ, "rotation_vector_rad_and_translation_m": style.motion.tolist()}
    content = {
        "format": _FORMAT,
        "version": VERSION,
        "speech_s": style.speech_s,
        "confidence": style.confidence,
        "reasons": list(style.reasons),
        "statistics": {name: style.statistics[name] for name in STATISTICS},
        "learned": learned,
        "motion": motion,
    }
    write_json(path, content)


def read_style(path: Path) -> Style:
    """Read a style file, trusting nothing in it.

    Raises
    ------
    StyleError : the file is missing, too large, truncated, no style, newer, or holds wrong values
    """
    content = _content(path)
    try:
        return _style(content)
    except (KeyError, TypeError, ValueError) as error:
        raise _refusal(path, f"has a wrong entry: {error}") from error


def _content(path: Path) -> dict[str, Any]:
    try:
        status = path.stat()
        if stat.S_ISCHR(status.st_mode) or stat.S_ISFIFO(status.st_mode):
            raise _refusal(path, "is no file")
        if status.st_size > _LARGEST_FILE:
            raise _refusal(path, "is far larger than any style")
        content = strict_json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _refusal(path, f"cannot be read ({error.strerror or error})") from error
    except ValueError as error:  # JSON's and UTF-8's errors are ValueErrors
        raise _refusal(path, "is damaged or no style file") from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise _refusal(path, "is no style file")
    version = content.get("version")
    if isinstance(version, int) and version > VERSION:
        raise StyleError(
            f"“{path.name}” was written by a newer version (style format {version}, this reads {VERSION})",
            "Update Mannerism, or encode the style again with this version",
        )
    if type(version) is not int or version != VERSION:
        raise _refusal(path, "has no valid version")
    return content


def _style(content: dict[str, Any]) -> Style:
    confidence = _number(content["confidence"], "confidence")
    if not 0.0 <= confidence <= 1.0:
        raise ValueError("confidence lies outside 0 to 1")
    speech_s = _number(content["speech_s"], "speech_s")
    if speech_s < 0:
        raise ValueError("speech_s is negative")
    reasons = content["reasons"]
    if not isinstance(reasons, list) or not all(isinstance(reason, str) for reason in reasons):
        raise TypeError("reasons are not sentences")
    given = content["statistics"]
    if not isinstance(given, dict) or given.keys() != STATISTICS.keys():
        raise TypeError("statistics are not those of this version")
    learned, encoder = _learned(content["learned"])
    return Style(
        statistics={name: _number(given[name], name, _LARGEST_STATISTIC) for name in STATISTICS},
        speech_s=speech_s,
        confidence=confidence,
        reasons=tuple(reasons),
        motion=_motion(content["motion"]),
        learned=learned,
        encoder=encoder,
    )


def _learned(given: Any) -> tuple[tuple[float, ...] | None, str | None]:
    if given is None:
        return None, None
    if not isinstance(given, dict) or not isinstance(given["encoder"], str):
        raise TypeError("learned has no encoder")
    if not isinstance(given["vector"], list):
        raise TypeError("learned has no vector")
    return tuple(_number(value, "learned vector") for value in given["vector"]), given["encoder"]


def _motion(given: Any) -> Array | None:
    if given is None:
        return None
    if not isinstance(given, dict) or given["rate_hz"] != GRID_HZ:
        raise TypeError(f"motion is not sampled at {GRID_HZ} Hz")
    rows = given["rotation_vector_rad_and_translation_m"]
    if not isinstance(rows, list) or not 0 < len(rows) <= LONGEST_MOTION_S * GRID_HZ:
        raise TypeError(f"motion is not 1 to {LONGEST_MOTION_S * GRID_HZ} rows")
    if not all(isinstance(row, list) and len(row) == 6 for row in rows):
        raise TypeError("motion does not have six channels")
    motion = np.array([[_number(value, "motion") for value in row] for row in rows])
    if np.linalg.norm(motion[:, :3], axis=1).max() > math.pi:
        raise ValueError("motion turns further than half a turn")
    return motion


def _number(value: Any, name: str, largest: float = _LARGEST_NUMBER) -> float:
    if type(value) not in (int, float) or not abs(value) <= largest:
        raise TypeError(f"{name} is no usable number")
    return float(value)


def _refusal(path: Path, what: str) -> StyleError:
    return StyleError(f"“{path.name}” {what}", "Encode the style again from its video or track")

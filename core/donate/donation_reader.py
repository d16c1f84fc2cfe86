"""Donation files, read: whatever is not as `write_donation` writes it is refused."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import DonationError, MannerismError
from ..motion import GRID_HZ
from ..own_file import UnusableFileError, open_own
from ..recording import Findings, Samples
from ..recording.cleaned import LEAST_S
from ..speech import NAMES
from ..strict_json import loads
from ..types import Array
from .consent import Consent
from .donation import ORIGINS, PROSODY, DonatedRecording, Donation
from .donation_file import FORMAT, LARGEST_BYTES, LONGEST_S, ROTATION, UNITS, VERSION

_COLUMN = re.compile(r"-?[0-9]{1,7}( -?[0-9]{1,7})*")
_FURTHEST_RAD, _FURTHEST_M = np.pi, 2.0
_MOST_STRETCHES = round(LONGEST_S / LEAST_S)
_ROUNDING_S = 1e-3


def read_donation(path: Path) -> Donation:
    """Read a donation file.

    Raises
    ------
    DonationError : no such file, no donation, altered, too large, or of a newer version
    """
    try:
        return _donation(loads(_text(path), finite=True))
    except UnusableFileError as error:
        raise DonationError(str(error), "Give the file itself") from error
    except OSError as error:
        raise DonationError(
            f"“{path.name}” cannot be read ({error.strerror or error})", "Check the path"
        ) from error
    except (MannerismError, ValueError) as error:
        reason = error.problem if isinstance(error, MannerismError) else error
        raise DonationError(
            f"“{path.name}” is no donation ({reason})", "Ask whoever gave it for the file again"
        ) from error


def _text(path: Path) -> str:
    with open_own(path, linked=True) as file:
        raw = file.read(LARGEST_BYTES + 1)
    if len(raw) > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES // 10**6} MB")
    return raw.decode()


def _donation(content: Any) -> Donation:
    names = {"format", "version", "licence", "statement", "signed_by", "signed_on"}
    _expect(content, names | {"samples_per_second", "units", "recordings"})
    if content["format"] != FORMAT:
        raise ValueError("it has another format")
    if _of(content, "version", int) != VERSION:
        raise ValueError(f"it is of version {content['version']}, and this program reads version {VERSION}")
    if content["samples_per_second"] != GRID_HZ or content["units"] != UNITS:
        raise ValueError("its units are others")
    signed_on = _of(content, "signed_on", str)
    consent = Consent(
        _of(content, "licence", str),
        _of(content, "signed_by", str),
        date.fromisoformat(signed_on),
    )
    if consent.signed_on.isoformat() != signed_on or content["statement"] != consent.statement:
        raise ValueError("its statement is not the one that is signed")
    recordings = content["recordings"]
    if not isinstance(recordings, list) or len(recordings) != 2:
        raise ValueError("it does not hold two recordings")
    first, second = map(_recording, recordings)
    return Donation(consent, (first, second))


def _recording(content: Any) -> DonatedRecording:
    names = {"origin", "occasion", "rotation_only", "duration_s", "noise_deg", "av_offset_s", "av_confidence"}
    _expect(content, names | {"samples", "stretches"})
    origin, occasion = _of(content, "origin", str), _of(content, "occasion", int)
    if origin not in ORIGINS or occasion not in {1, 2}:
        raise ValueError("it does not say what its recordings are")
    duration_s = _number(content["duration_s"], LEAST_S, LONGEST_S)
    noise = content["noise_deg"]
    if not isinstance(noise, list) or len(noise) != len(ROTATION):
        raise ValueError("it does not state the tracker's noise")
    pitch, yaw, roll = (_number(value, 0.0, 90.0) for value in noise)
    stretches = content["stretches"]
    if not isinstance(stretches, list) or not 0 < len(stretches) <= _MOST_STRETCHES:
        raise ValueError("a recording has no stretches, or too many")
    count = _of(content, "samples", int)
    if not 0 <= int((duration_s + _ROUNDING_S) * GRID_HZ) + 1 - count <= 1:
        raise ValueError("its samples do not last as long as its sound")
    channels = np.zeros((count, len(UNITS)))
    segments: list[tuple[int, int]] = []
    for first, values in map(_stretch, stretches):
        stop = first + len(values)
        if stop > count or (segments and first < segments[-1][1]):
            raise ValueError("its stretches overlap, or reach beyond the sound")
        channels[first:stop] = values
        segments.append((first, stop))
    findings = Findings(
        duration_s,
        (pitch, yaw, roll),
        _number(content["av_offset_s"], -1.0, 1.0),
        _number(content["av_confidence"], 0.0, 1e3),
        tuple(segments),
    )
    rotation_only = _of(content, "rotation_only", bool)
    return DonatedRecording(origin, occasion, rotation_only, findings, _samples(channels, segments))


def _stretch(content: Any) -> tuple[int, Array]:
    """First sample, and the channels of one stretch, (N, C), in the units of `Samples`."""
    _expect(content, {"first", *UNITS})
    first = _of(content, "first", int)
    columns = [_column(content[name]) for name in UNITS]
    lengths = {len(column) for column in columns}
    if first < 0 or len(lengths) > 1 or min(lengths) < LEAST_S * GRID_HZ:
        raise ValueError("a stretch has columns of different length, or too short ones")
    values = np.column_stack(columns) * np.array(list(UNITS.values()))
    turns, shifts = values[:, :3], values[:, 3:6]
    if np.linalg.norm(turns, axis=1).max() > _FURTHEST_RAD or np.abs(shifts).max() > _FURTHEST_M:
        raise ValueError("a head goes further than a head does")
    return first, values


def _column(text: Any) -> Array:
    if not isinstance(text, str) or len(text) > LARGEST_BYTES or not _COLUMN.fullmatch(text):
        raise ValueError("a column does not hold whole numbers")
    return np.array(text.split(" "), np.int64).astype(np.float64)


def _samples(channels: Array, segments: list[tuple[int, int]]) -> Samples:
    count = len(channels)
    valid = np.zeros(count, np.bool_)
    for first, stop in segments:
        valid[first:stop] = True
    speech = np.zeros((count, len(NAMES)), np.float32)
    speech[:, : len(PROSODY)] = channels[:, 6:]
    return Samples(
        np.arange(count) / GRID_HZ,
        channels[:, :3].astype(np.float32),
        channels[:, 3:6].astype(np.float32),
        valid,
        speech,
    )


def _expect(content: Any, names: set[str]) -> None:
    if not isinstance(content, dict) or content.keys() != names:
        raise ValueError("it has other names than a donation")


def _of(content: Mapping[str, Any], name: str, kind: type) -> Any:
    value = content[name]
    if type(value) is not kind:
        raise ValueError(f"“{name}” is of another kind")
    return value


def _number(value: Any, least: float, most: float) -> float:
    if type(value) not in {int, float} or not least <= value <= most:
        raise ValueError("a figure is out of its range")
    return float(value)

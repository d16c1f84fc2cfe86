"""Directions as JSON: what people write, what Blender stores with a take, what a manifest names."""

import json
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from .. import strict_json
from ..errors import DirectionError
from .direction import Direction, Gesture, Part, Pin
from .kept import Kept
from .strengths import RANGES, Strengths

VERSION = 1
LARGEST_BYTES = 64 << 20

_SHOWN = 60
_REMEDY = "See docs/direct.md for the keys of a direction"

Check = Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return type(value) in {int, float} and abs(value) < 1e9


def _is_row_of(count: int) -> Check:
    return lambda value: isinstance(value, list) and len(value) == count and all(map(_is_number, value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) < 32_768 and "\0" not in value


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_row_of(7), value))


_KEYS: Mapping[str, Mapping[str, tuple[Check, str]]] = {
    "pins": {
        "time_s": (_is_number, "a number"),
        **dict.fromkeys(("pitch_deg", "yaw_deg", "roll_deg"), (_or_none(_is_number), "a number")),
        "translation_m": (_or_none(_is_row_of(3)), "three numbers"),
        "tolerance_deg": (_is_number, "a number"),
    },
    "gestures": {
        "kind": (_is_text, "a name"),
        "time_s": (_is_number, "a number"),
        "strength": (_is_number, "a number"),
        "towards": (_or_none(_is_text), "a side"),
        "length_s": (_or_none(_is_number), "a number"),
    },
    "parts": {
        "start_s": (_is_number, "a number"),
        "stop_s": (_is_number, "a number"),
        "seed": (lambda value: type(value) is int, "a whole number"),
    },
    "kept": {
        "start_s": (_is_number, "a number"),
        "samples": (_are_rows, "rows of seven numbers"),
        "stop_s": (_is_number, "a number"),
        "motion": (_is_text, "the name of a motion CSV"),
    },
}
"""Of each list, the keys of an entry, and what their values must be."""

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "pins": ("time_s",),
    "gestures": ("kind", "time_s"),
    "parts": ("start_s", "stop_s", "seed"),
    "kept": ("start_s",),
}

_ONE: Mapping[str, str] = {"pins": "pin", "gestures": "gesture", "parts": "part", "kept": "kept stretch"}


def read_direction(path: Path) -> Direction:
    """Read a direction from a JSON file, trusting nothing in it; motions that it names are relative to its folder.

    Raises
    ------
    DirectionError : the file cannot be read, or an entry is wrong; the sentence says which
    TableError : a motion that it names cannot be read
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DirectionError(f"“{path.name}” is no file", "Give a JSON file")
        if status.st_size > LARGEST_BYTES:
            raise DirectionError(f"“{path.name}” is larger than {LARGEST_BYTES >> 20} MB", _REMEDY)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, or a name that no system can have
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise DirectionError(f"“{path.name}” cannot be read ({reason})", "Give a JSON file") from error
    try:
        return direction_from_json(text, path.parent)
    except DirectionError as error:
        raise DirectionError(f"“{path.name}”: {error.problem}", error.remedy) from error


def direction_from_json(text: str | bytes, folder: Path | None = None) -> Direction:
    """Parse a direction, as `direction_to_json` writes it or as people do.

    folder : what names of motions are relative to; None where none may be named

    Raises
    ------
    DirectionError : an entry is wrong; the sentence says which
    TableError : a motion that it names cannot be read
    """
    try:
        content = strict_json.loads(text)
    except ValueError as error:
        raise DirectionError(f"This is no JSON: {error}", _REMEDY) from error
    if not isinstance(content, dict):
        raise DirectionError("This is no JSON object", _REMEDY)
    version = content.pop("version", VERSION)
    if type(version) is not int or version != VERSION:
        raise DirectionError(
            f"This is version {_shown(version)} of a direction, and this reads {VERSION}", "Update Mannerism"
        )
    _check_known(content, ("version", *_KEYS, "strengths"), "The direction")
    lists = {name: _entries(content.get(name, []), name, folder) for name in _KEYS}
    return Direction(
        pins=tuple(lists["pins"]),
        gestures=tuple(lists["gestures"]),
        parts=tuple(lists["parts"]),
        kept=tuple(lists["kept"]),
        strengths=_strengths(content.get("strengths", {})),
    )


def direction_to_json(direction: Direction) -> str:
    """A direction as JSON that reads back as exactly the same; what is as by default is left out."""
    content: dict[str, Any] = {"version": VERSION}
    for name in _KEYS:
        if entries := getattr(direction, name):
            content[name] = [_plain(entry) for entry in entries]
    if direction.strengths != Strengths():
        usual = asdict(Strengths())
        given = asdict(direction.strengths)
        content["strengths"] = {name: value for name, value in given.items() if value != usual[name]}
    return json.dumps(content)


def _plain(entry: Pin | Gesture | Part | Kept) -> dict[str, Any]:
    # Not asdict, which copies each number of a kept stretch.
    values = {row.name: getattr(entry, row.name) for row in fields(entry)}
    return {name: value for name, value in values.items() if value is not None}


def _entries(given: Any, name: str, folder: Path | None) -> list[Any]:
    if not isinstance(given, list):
        raise DirectionError(f"“{name}” is {_shown(given)}, and no list", _REMEDY)
    found = []
    for number, entry in enumerate(given, 1):
        place = f"{_ONE[name].capitalize()} {number}"
        if not isinstance(entry, dict):
            raise DirectionError(f"{place} is {_shown(entry)}, and no object", _REMEDY)
        _check_known(entry, _KEYS[name], place)
        if missing := [key for key in _NEEDED[name] if key not in entry]:
            raise DirectionError(f"{place} has no {', '.join(missing)}", _REMEDY)
        for key, value in entry.items():
            check, what = _KEYS[name][key]
            if not check(value):
                raise DirectionError(f"{place} has {_shown(value)} as {key}, which is not {what}", _REMEDY)
        try:
            found.append(_MAKE[name](entry, folder))
        except DirectionError as error:
            raise DirectionError(f"{place}: {error.problem}", error.remedy) from error
    return found


def _pin(entry: Mapping[str, Any], _folder: Path | None) -> Pin:
    translation = entry.get("translation_m")
    plain = {key: value for key, value in entry.items() if value is not None}
    return Pin(**plain | ({} if translation is None else {"translation_m": tuple(map(float, translation))}))


def _gesture(entry: Mapping[str, Any], _folder: Path | None) -> Gesture:
    return Gesture(**entry)


def _part(entry: Mapping[str, Any], _folder: Path | None) -> Part:
    return Part(**entry)


def _kept(entry: Mapping[str, Any], folder: Path | None) -> Kept:
    if "samples" in entry:
        _check_known(entry, ("start_s", "samples"), "A kept stretch with samples")
        return Kept(float(entry["start_s"]), tuple(tuple(map(float, row)) for row in entry["samples"]))
    if "motion" not in entry or "stop_s" not in entry:
        raise DirectionError("It has neither samples, nor a motion and a stop_s", _REMEDY)
    if folder is None:
        raise DirectionError("It names a file, and stands in none", "Give it samples")
    from ..motion_csv import read_motion

    motion = read_motion(folder / entry["motion"])
    start_s, stop_s = float(entry["start_s"]), float(entry["stop_s"])
    if not motion.time_s[0] - 1e-6 <= start_s < stop_s <= motion.time_s[-1] + 0.2:
        raise DirectionError(
            f"It goes from {start_s:g} to {stop_s:g} s, and “{entry['motion']}” from {motion.time_s[0]:g} to"
            f" {motion.time_s[-1]:g} s",
            "Keep what the motion has",
        )
    return Kept.of(motion, start_s, stop_s)


_MAKE: Mapping[str, Callable[[Mapping[str, Any], Path | None], Any]] = {
    "pins": _pin,
    "gestures": _gesture,
    "parts": _part,
    "kept": _kept,
}


def _strengths(given: Any) -> Strengths:
    if not isinstance(given, dict):
        raise DirectionError(f"“strengths” is {_shown(given)}, and no object", _REMEDY)
    _check_known(given, tuple(RANGES), "“strengths”")
    for name, value in given.items():
        if not _is_number(value):
            raise DirectionError(f"The strength {name} is {_shown(value)}, and no number", _REMEDY)
    return Strengths(**{name: float(value) for name, value in given.items()})


def _check_known(given: Mapping[str, Any], known: Mapping[str, Any] | Sequence[str], place: str) -> None:
    if unknown := sorted(given.keys() - set(known)):
        raise DirectionError(
            f"{place} has an unknown entry: {_shown(', '.join(unknown))}", f"Use {', '.join(known)}"
        )


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

"""Bones that were picked by hand for head and neck, as a preset file for other characters on the same skeleton."""

from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from .. import strict_json
from ..errors import SettingsError
from ..files import write_json

SUFFIX = ".rig.json"
FORMAT, VERSION = "mannerism rig map", 1
_MOST_BYTES = 100_000
_LONGEST_NAME = 63  # bytes that Blender keeps of a bone's name


@dataclass(frozen=True)
class PickedBones:
    """What the animator picked.

    head : name of the bone
    neck, upper_neck : the same; "" for what is found
    neck_share : of the turn, 0 to 1
    translation : 0 only turns, 1 shifts by the size of the skull
    """

    head: str
    neck: str
    upper_neck: str
    neck_share: float
    translation: float


def save_map(path: Path, picked: PickedBones) -> None:
    """Write a preset file. Raises OutputError."""
    write_json(path, {"format": FORMAT, "version": VERSION, **asdict(picked)})


def load_map(path: Path) -> PickedBones:
    """Read a preset file.

    Raises
    ------
    SettingsError : it cannot be read, or is no such file
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refusal(path, "is too large for a rig map")
        content: Any = strict_json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refusal(path, f"cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        raise _refusal(path, f"is no JSON ({error})") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _refusal(path, "is no rig map")
    if content.get("version") != VERSION:
        raise _refusal(path, "is of a version that this one does not know")
    bones = {name: _bone(path, content, name) for name in ("head", "neck", "upper_neck")}
    if not bones["head"]:
        raise _refusal(path, "names no head")
    return PickedBones(
        **bones,
        neck_share=_number(path, content, "neck_share", 1.0),
        translation=_number(path, content, "translation", 100.0),
    )


def _bone(path: Path, content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or len(value.encode(errors="replace")) > _LONGEST_NAME:
        raise _refusal(path, f"has something else than a bone's name as “{name}”")
    return value


def _number(path: Path, content: dict[str, Any], name: str, most: float) -> float:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise _refusal(path, f"has no number as “{name}”")
    if not 0.0 <= value <= most:
        raise _refusal(path, f"has {value:g} as “{name}”, which lies outside 0 to {most:g}")
    return float(value)


def _refusal(path: Path, what: str) -> SettingsError:
    return SettingsError(f"“{path.name}” {what}", "Choose a file that Save Rig Map has written")

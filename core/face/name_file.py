"""Shape keys named by hand: which channel moves which, and the preset file that holds it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from ..errors import SettingsError
from ..files import write_json
from .shape_keys import ARKIT_CHANNELS, Weights
from .visemes import SILENCE, VISEMES

SUFFIX = ".face.json"
FORMAT, VERSION = "mannerism face names", 1
CHANNELS = (
    *VISEMES,
    SILENCE,
    *(
        name.replace("*", side)
        for name in ARKIT_CHANNELS
        for side in (("Left", "Right") if "*" in name else ("",))
    ),
)
"""What can move a shape key, visemes first."""
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class NamedKey:
    """One shape key, the channel that moves it, and how much."""

    key: str
    channel: str
    strength: float = 1.0


def by_hand(named: Iterable[NamedKey]) -> dict[str, Weights]:
    """Shape keys with the channels that move them; several rows of one key add up."""
    found: dict[str, dict[str, float]] = {}
    for each in named:
        if each.key:
            weights = found.setdefault(each.key, {})
            weights[each.channel] = weights.get(each.channel, 0.0) + each.strength
    return dict(found)


def rows_of(found: Mapping[str, Weights]) -> tuple[NamedKey, ...]:
    """The other way round."""
    return tuple(
        NamedKey(key, channel, weight)
        for key, weights in found.items()
        for channel, weight in weights.items()
    )


def save_names(path: Path, named: Iterable[NamedKey]) -> None:
    """Write a preset file. Raises OutputError."""
    write_json(path, {"format": FORMAT, "version": VERSION, "names": [asdict(each) for each in named]})


def load_names(path: Path) -> tuple[NamedKey, ...]:
    """Read a preset file.

    Raises
    ------
    SettingsError : it cannot be read, is no such file, or names what there is not
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refusal(path, "is too large for a list of names")
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refusal(path, f"cannot be read ({error.strerror or error})") from error
    except (ValueError, RecursionError) as error:
        raise _refusal(path, "is no JSON") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _refusal(path, "is no list of face names")
    if content.get("version") != VERSION or not isinstance(content.get("names"), list):
        raise _refusal(path, "is of a version that this one does not know")
    return tuple(_named(path, row) for row in content["names"])


def _named(path: Path, row: Any) -> NamedKey:
    values = row if isinstance(row, dict) else {}
    key, channel, strength = values.get("key"), values.get("channel"), values.get("strength", 1.0)
    if not isinstance(key, str) or channel not in CHANNELS:
        raise _refusal(path, f"has a row without a shape key or with the unknown channel “{channel}”")
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not isfinite(strength):
        raise _refusal(path, f"has a strength for “{key}” that is no number")
    return NamedKey(key, channel, float(strength))


def _refusal(path: Path, what: str) -> SettingsError:
    return SettingsError(f"“{path.name}” {what}", "Choose a file that Save Face Names has written")

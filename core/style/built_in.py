"""Built-in styles: manners of synthetic persons, sampled from the statistics of many speakers.

They are style files like all others, written by `training/manner/built_in.py`, so whatever takes a file takes them.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..errors import StyleError
from .schema import Style, read_style

FOLDER = Path(__file__).with_name("manners")
TABLE = FOLDER / "table.json"
"""Name to a description and the moves away from the mean, in standard deviations among persons."""


@cache
def descriptions() -> Mapping[str, str]:
    """The built-in styles by name, with a line on each."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    return {name: row["description"] for name, row in table.items()}


@cache
def built_in_styles() -> Mapping[str, Style]:
    """The built-in styles by name."""
    return {name: read_style(built_in_path(name)) for name in descriptions()}


def built_in_path(name: str) -> Path:
    """The style file of a built-in style."""
    return FOLDER / f"{name}.style.json"


def style_path(given: str | Path, folder: Path = Path()) -> Path:
    """The style file for a path, relative to `folder`, or for the name of a built-in style.

    A file comes before a built-in style of its name.

    Raises
    ------
    StyleError : what is given looks like a name, and there is nothing of that name
    """
    path, name = folder / given, str(given)
    if path.suffix == ".json" or _exists(path):
        return path
    if name not in descriptions():
        raise StyleError(
            f"There is no style “{name[:80]}”", f"Give a style file, or one of: {', '.join(descriptions())}"
        )
    return built_in_path(name)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long, or a folder that may not be read
        return False

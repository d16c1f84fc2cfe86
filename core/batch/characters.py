"""Tables of characters: the style and the settings of each, in CSV or JSON."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import strict_json
from ..errors import BatchError, MannerismError
from ..text_file import UnreadableError, read_text
from .fields import NAMES, OF_A_CHARACTER
from .form import TABLES, table_form
from .given import Character, add_character, characters_of, checked
from .rows import fields_of, rows_of, with_any_quoting

_FILES = {"rig_map", "skeleton", "face_skeleton", "reference"}
_CALLED = {
    "character": (*NAMES["character"], "name"),
    **{key: NAMES[key] for key in OF_A_CHARACTER},
}


def read_characters(path: Path) -> tuple[dict[str, Character], tuple[str, ...]]:
    """Read a table of characters, and sentences on what of it is not heeded.

    A row a character in a table, with the columns of a manifest; or a JSON object of names to fields, or to styles.
    Paths are relative to the table's folder.

    Raises
    ------
    BatchError : the table cannot be read, or a character is there twice or has what it cannot have
    """
    folder = path.absolute().parent
    try:
        found, notes = (_table if path.suffix.lower() in TABLES else _json)(path)
    except (OSError, UnreadableError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BatchError(
            f"“{path.name}”, the table of characters: it {_sentence(reason)}",
            "Give a CSV table or a JSON object",
        ) from error
    return {
        name: Character(each.name, _absolute(each.fields, folder, each.name)) for name, each in found.items()
    }, notes


def _sentence(reason: object) -> str:
    return str(reason) if isinstance(reason, UnreadableError) else f"cannot be read ({reason})"


def _json(path: Path) -> tuple[dict[str, Character], tuple[str, ...]]:
    try:
        table = strict_json.loads(read_text(path))
    except UnreadableError:
        raise
    except ValueError as error:
        raise UnreadableError(f"is no JSON: {error}") from error
    if isinstance(table, dict) and table.keys() == {"characters"}:
        table = table["characters"]
    return characters_of(table, f"“{path.name}”"), ()


def _table(path: Path) -> tuple[dict[str, Character], tuple[str, ...]]:
    read_text(path)  # refuses what is no file, or too large
    form = table_form(path, lambda: path.open("rb"), _CALLED)
    if form.header is None or not form.header.has("character"):
        raise UnreadableError("has no column of characters, as “character”, “speaker” or “name”")

    def rows(form: Any) -> dict[str, Character]:
        found: dict[str, Character] = {}
        for row in rows_of(form):
            where = f"“{path.name}”, line {row.number}"
            fields = fields_of(row.text, form)
            name = str(fields.pop("character", ""))
            add_character(found, name, checked(fields, OF_A_CHARACTER, where), where)
        return found

    return with_any_quoting(form, rows), form.notes


def _absolute(fields: Mapping[str, Any], folder: Path, name: str) -> Mapping[str, Any]:
    """The fields with paths that hold from anywhere."""
    from ..style.built_in import style_path

    found = dict(fields)
    try:
        if "style" in found:
            found["style"] = str(style_path(found["style"], folder))
    except (MannerismError, OSError) as error:
        reason = error.problem if isinstance(error, MannerismError) else error.strerror
        raise BatchError(
            f"The style of “{name}”: {reason}", "Give a style file, or a built-in style"
        ) from error
    for key in found.keys() & _FILES:
        found[key] = str(folder / found[key])
    return found

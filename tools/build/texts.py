"""Lists the texts that the extension shows, for translators: python tools/build/texts.py [--missing LOCALE]

JSON lines of context, text and where it stands. Contexts are those that Blender looks texts up with: an
operator's label under "Operator", names of properties, their choices and panels under "Mannerism", all else under
"*". A text with {} is filled in as the program runs, see `filled` in `bridge/translations.py`; a translation has the
same ones. Texts that are put together without it are listed under "composed": Blender cannot look them up. Names that
are the same in every language are not listed. Messages of core come after them, under "message", see `messages.py`: their
translations are rows of two in `bridge/languages/messages/LOCALE.json`.
"""

import argparse
import ast
import inspect
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

import mannerism
from mannerism.bridge import translations
from mannerism.tools.build import messages

ROOT = Path(__file__).parents[2]
ROOMS = ("bridge", "operators", "panels")
PREFIX = "MANNERISM_"
DEFAULT, OPERATOR, COMPOSED, MESSAGE = "*", "Operator", "composed", "message"
_KINDS = ("AddonPreferences", "FileHandler", "Menu", "Operator", "Panel", "PropertyGroup", "UIList")
_SAME = re.compile(
    r"[\d.]+( × \d+)?|\.?[A-Z]+(-\d+)?|glTF|[a-z]+([A-Z]\w*)+|viseme_\w+|[^A-Za-z]+"
    r"|ARKit|Character Creator|Daz Genesis|Mannerism|MetaHuman|MikuMikuDance|Preston Blair|Rhubarb|VR(Chat|oid)"
)
_BUTTONS = {"operator", "operator_menu_enum", "menu"}
"""Calls on a layout whose text is the label of an operator or a menu."""
_RETURN_TEXTS = {"disabled_reason", "busy", "act"}
"""Functions that return the reason of a grey button or, as operators' `act` does, what to report."""
_SENTENCE = re.compile(r"[A-Z].* .*")
"""What other functions return as text that is shown."""


@dataclass(frozen=True, order=True)
class Text:
    """One text; `where` is a class or a module."""

    context: str
    text: str
    where: str


def texts() -> list[Text]:
    """All texts, each once a context; the extension must be registered."""
    found: dict[tuple[str, str], Text] = {}
    for text in (*_registered(), *_written()):
        if text.text.strip() and not is_name(text.text):
            found.setdefault((text.context, text.text), text)
    return sorted(found.values())


def is_name(text: str) -> bool:
    """Whether a text is the same in every language, as file types and names of shape keys are."""
    return _SAME.fullmatch(text) is not None


def classes() -> list[Any]:
    """The extension's classes that are registered."""
    bases = [getattr(bpy.types, kind) for kind in _KINDS]
    return sorted({cls for base in bases for cls in _below(base)}, key=lambda cls: cls.__name__)


def own_properties(cls: Any) -> Iterator[Any]:
    """The properties of a class that are shown; not the name that Blender 5.3 gives every group."""
    stated = {name for base in cls.__mro__ for name in inspect.get_annotations(base)}
    for prop in cls.bl_rna.properties:
        if prop.is_runtime and not prop.is_hidden and (prop.identifier != "name" or "name" in stated):
            yield prop


def _below(base: Any) -> Iterator[Any]:
    for cls in base.__subclasses__():
        yield from _below(cls)
        if cls.__name__.startswith(PREFIX) and getattr(cls, "is_registered", False):
            yield cls


def _registered() -> Iterator[Text]:
    """What Blender itself knows: labels, tooltips, properties and their choices."""
    for cls in classes():
        name, button = cls.__name__, issubclass(cls, bpy.types.Operator)
        context = getattr(cls, "bl_translation_context", OPERATOR if button else DEFAULT)
        yield Text(context, getattr(cls, "bl_label", ""), name)
        if button:
            yield Text(DEFAULT, getattr(cls, "bl_description", "") or inspect.getdoc(cls) or "", name)
        for prop in own_properties(cls):
            yield from _property(prop, f"{name}.{prop.identifier}")
    for owner in (bpy.types.Object, bpy.types.Scene, bpy.types.Action):
        for prop in owner.bl_rna.properties:
            if prop.identifier.startswith("mannerism_"):
                yield from _property(prop, f"{owner.__name__}.{prop.identifier}")


def _property(prop: Any, where: str) -> Iterator[Text]:
    yield Text(prop.translation_context, prop.name, where)
    yield Text(DEFAULT, prop.description, where)
    for choice in prop.enum_items if prop.type == "ENUM" else ():
        yield Text(prop.translation_context, choice.name, where)
        yield Text(DEFAULT, choice.description, where)


def _written() -> Iterator[Text]:
    """Texts of layouts, reasons of buttons that are grey, and reports, as they stand in the code."""
    for path in (each for room in ROOMS for each in sorted((ROOT / room).glob("*.py"))):
        where = f"{path.parent.name}/{path.name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and "filled" in {
                getattr(node.func, "id", ""),
                getattr(node.func, "attr", ""),
            }:
                yield from (Text(DEFAULT, text, where) for text, _ in _strings(node.args[0]))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                for value, context in _arguments(node, node.func.attr):
                    yield from (
                        Text(context if whole else COMPOSED, text, where) for text, whole in _strings(value)
                    )
            elif isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") == "str":
                yield from _returned(node, where)


def _returned(function: ast.FunctionDef, where: str) -> Iterator[Text]:
    surely = function.name in _RETURN_TEXTS
    for each in ast.walk(function):
        if isinstance(each, ast.Return) and each.value is not None:
            for text, whole in _strings(each.value):
                if surely or _SENTENCE.fullmatch(text):
                    yield Text(DEFAULT if whole else COMPOSED, text, where)


def _arguments(call: ast.Call, name: str) -> Iterator[tuple[ast.expr, str]]:
    if name == "report" and len(call.args) == 2:
        yield call.args[1], DEFAULT
    for keyword in call.keywords:
        if keyword.arg == "text":
            yield keyword.value, OPERATOR if name in _BUTTONS else DEFAULT


def _strings(node: ast.expr) -> Iterator[tuple[str, bool]]:
    """Strings that an expression may have as its value, and whether each is whole."""
    match node:
        case ast.Constant(value=str(text)):
            yield text, True
        case ast.JoinedStr(values=parts):
            pieces = [str(each.value) if isinstance(each, ast.Constant) else "{}" for each in parts]
            if any(piece.strip(" {}") for piece in pieces):
                yield "".join(pieces), False
        case ast.IfExp(body=body, orelse=other):
            yield from (*_strings(body), *_strings(other))
        case ast.BoolOp(values=values):
            for value in values:
                yield from _strings(value)


def main() -> int:
    """Print the list; 0, or 2 where there is no such language."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--missing", metavar="LOCALE", help="list only what this language lacks")
    locale = parser.parse_args().missing
    languages = translations.table()
    if locale is not None and locale not in languages:
        print(f"There is no {locale}.json in {translations.FOLDER}: begin one with []", file=sys.stderr)
        return 2
    there = languages[locale] if locale else {}
    mannerism.register()
    for each in texts():
        if (each.context, each.text) not in there:
            print(json.dumps([each.context, each.text, each.where], ensure_ascii=False))
    mannerism.unregister()
    said = translations.messages(locale) if locale else {}
    for text, where in sorted(messages.templates().items()):
        if text not in said:
            print(json.dumps([MESSAGE, text, where], ensure_ascii=False))
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # Blender's module may hang at exit

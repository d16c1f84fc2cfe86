"""The messages of the program that reach Blender's interface, as templates: for translators, and for the tests.

Core writes its refusals, notes and progress in English, with values put in where they are known. A template is such
a sentence with {} for each value. What counts:

- modules that operators, panels and jobs of the worker import, through however many others; what only the command
  line, a cluster, a farm, a report or training can raise is left out;
- in them, texts of two or more words: arguments of refusals, notes, progress, and parts of these that stand in
  tables and functions;
- not texts for programmers: arguments of the errors of Python itself, of logging and of regular expressions,
  names of types, docstrings, and what the modules of `_DATA` hold, which are names and words to look for;
  the details of such an error, shown in brackets, and the report of *Check Worker*, for bug reports, stay English;
- not texts that Blender itself looks up, see `texts.py`.

What no rule finds stands in `message_lists.py`. `texts.py --missing LOCALE` lists what a language lacks.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mannerism.bridge import translations
from mannerism.tools.build.message_lists import JOINTS, NAMES, PIECES, SYSTEM, TOGETHER
from mannerism.tools.build.reached import reached, tree_of

ROOT = Path(__file__).parents[2]
_DOORS = ("operators", "panels", "bridge", "core/jobs")
"""Where messages come in from: what these import can raise them."""

_DATA = {
    "core/batch/fields.py",
    "core/doctor.py",
    "core/drawing.py",
    "core/export/usd.py",
    "core/face/shape_keys.py",
    "core/face/key_search.py",
    "core/logs.py",
    "core/rig/families.py",
    "core/rig/sides.py",
    "core/rig/words.py",
    "core/style/statistics.py",
}
_QUOTED = ("core/strict_json.py", "core/style/schema.py")
"""Modules whose errors of Python, too, are parts of refusals."""
_ELSEWHERE = ("core/report/",)
"""Rooms whose messages stand in the pages and tables of a batch, although the worker has a job that reads for them."""

_SAYING = re.compile(r"[A-Z]\w*Error|progress")
"""Calls whose texts are messages even if they have one word."""
_NOT_SAYING = re.compile(
    r"(Value|Type|Key|Index|Lookup|Attribute|Import|Runtime|NotImplemented)Error"
    r"|(_?log|logging|re|os|np|bpy|ast|struct|sys|subprocess)\..*"
    r"|(.*\.)?(filled|named|tip|\w*Property|prop|label|operator|getattr|hasattr|setattr)"
)
"""Calls whose texts are for programmers, or are looked up by Blender."""
_VALUE = re.compile(r"\{\w*(?::[^{}]*)?\}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_TEXT = re.compile(r".*( \| |\\[bs.]|\(\?|\t).*", re.DOTALL)


@cache
def templates() -> dict[str, str]:
    """Each template, in the syntax of `str.format`, and the first module that has it."""
    found = dict.fromkeys((*JOINTS, *TOGETHER, *SYSTEM), "tools/build/message_lists.py")
    shown_otherwise = {text for _, text in translations.table()["de_DE"]} | NAMES | PIECES
    for path in modules():
        for text in texts_of(ROOT / path):
            if text not in shown_otherwise:
                found.setdefault(text, path)
    return found


@cache
def modules() -> tuple[str, ...]:
    """Paths of the modules whose messages count."""
    paths = [path.relative_to(ROOT).as_posix() for path in reached(ROOT / door for door in _DOORS)]
    return tuple(path for path in paths if path not in _DATA and not path.startswith(_ELSEWHERE))


def texts_of(path: Path) -> Iterator[str]:
    """What is or looks like a message in a module."""
    waiting: list[tuple[ast.AST, int]] = [(tree_of(path), 2)]
    quoted = {ROOT / each for each in _QUOTED}
    while waiting:
        node, words = waiting.pop()
        left_out = {id(part) for part in (*_unspoken(node, path in quoted), *_inside(node))}
        if id(node) in left_out:
            continue
        if is_message(text := template(node), words):
            yield text
        words = 1 if _SAYING.fullmatch(_called(node)) else 2
        waiting += [(part, words) for part in ast.iter_child_nodes(node) if id(part) not in left_out]


def _called(node: ast.AST) -> str:
    """The name of a function that is called, with the object before it."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
            return f"{owner}.{name}"
        case ast.Call(func=ast.Attribute(attr=name)):
            return f".{name}"
    return ""


def _unspoken(node: ast.AST, quoted: bool) -> Iterator[ast.AST]:
    """A node or parts of it that hold no messages."""
    match node:
        case ast.Call() if _NOT_SAYING.fullmatch(_called(node)) and not (
            quoted and _SAYING.fullmatch(_called(node))
        ):
            yield node
        case ast.Expr(value=ast.Constant()) | ast.Compare():
            yield node
        case ast.AnnAssign(annotation=part) | ast.arg(annotation=part) | ast.FunctionDef(returns=part) if (
            part
        ):
            yield part
        case ast.Subscript(slice=part):
            yield part


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """The literal parts and formats of an f-string, which is looked at as a whole."""
    for part in node.values if isinstance(node, ast.JoinedStr) else ():
        if isinstance(part, ast.Constant):
            yield part
        elif isinstance(part, ast.FormattedValue) and part.format_spec:
            yield part.format_spec


def template(node: ast.AST) -> str:
    """The text of a string or f-string with {} for its values; "" of anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return "{}".join(_escaped(literal) for literal in _VALUE.split(text))
        case ast.JoinedStr(values=parts):
            return "".join(_escaped(str(p.value)) if isinstance(p, ast.Constant) else "{}" for p in parts)
    return ""


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def is_message(text: str, words: int = 2) -> bool:
    """Whether a text has that many words, and is none of a program."""
    bare = text.replace("{}", " ")
    return (
        not _NO_TEXT.fullmatch(bare)
        and len(_WORD.findall(bare)) >= words
        and (words < 2 or " " in text.strip())
    )

"""The modules that others import, through however many in between, found without running them."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_HOME = re.compile(r"([\w.]+):\w+")
"""How tables name what `core/lazy.py` imports on first use."""


def reached(doors: Iterable[Path]) -> list[Path]:
    """Files of the modules that the modules of some folders import, and those themselves; imports within functions count."""
    waiting = [path for door in doors for path in sorted(door.rglob("*.py"))]
    seen = set(waiting)
    while waiting:
        for path in _imported(waiting.pop()):
            if path not in seen:
                seen.add(path)
                waiting.append(path)
    return sorted(seen)


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(path: Path) -> Iterator[Path]:
    if path.name == "__init__.py":
        return  # what a package exports is found by the name that is asked of it
    nodes, folder = list(ast.walk(tree_of(path))), path.parent
    packages: dict[str, Path] = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.level:
            source = folder.parents[node.level - 2] if node.level > 1 else folder
            source = source.joinpath(*(node.module or "").split("."))
            packages |= {alias.asname or alias.name: source / alias.name for alias in node.names}
            for alias in node.names:
                yield from _home(source, alias.name)
        elif isinstance(node, ast.Constant) and (match := _HOME.fullmatch(str(node.value))):
            yield from _home(folder, match[1].replace(".", "/"))
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in packages:
            yield from _home(packages[node.value.id], node.attr)


def _home(folder: Path, name: str) -> Iterator[Path]:
    """The module that a name of a module or package stands for, or that has it."""
    for module in (folder.with_suffix(".py"), folder / f"{name}.py"):
        if module.is_file():
            yield module
            return
    init = folder / "__init__.py"
    for node in ast.walk(tree_of(init)) if init.is_file() else ():
        if (
            isinstance(node, ast.ImportFrom)
            and node.level == 1
            and any(alias.name == name for alias in node.names)
        ):
            yield from _home(folder / (node.module or "").replace(".", "/"), name)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name and isinstance(value, ast.Constant):
                    yield from _home(folder / str(value.value).replace(".", "/"), name)

"""The imports of every module of a tree, read once without running them."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = "mannerism"


@dataclass(frozen=True)
class Import:
    """One imported name.

    name : dotted name of a module: ours without the package's name (`core.track.pose`), others as they are
    at_load : whether importing the module runs it: it is outside functions and not for type checkers alone
    absolute : whether it is written with the package's own name or with that of Blender's extensions
    """

    name: str
    at_load: bool = True
    absolute: bool = False


@dataclass(frozen=True)
class ImportGraph:
    """Every module below some rooms of a root folder, and what each imports.

    root : folder that is the package
    rooms : folders and modules below it, as `core` and `registration.py`
    """

    root: Path
    rooms: tuple[str, ...]

    @cached_property
    def imports(self) -> dict[str, frozenset[Import]]:
        """Imports of each module, which is named by its path below the root, as `core/track/pose.py`."""
        return {path: frozenset(self._imports(path)) for path in self._paths}

    def names(self, path: str, *, at_load: bool = False) -> set[str]:
        """Dotted names that a module imports; at_load leaves out what only functions and checkers import."""
        return {found.name for found in self.imports[path] if found.at_load or not at_load}

    def loaded_by(self, path: str) -> set[str]:
        """Top-level packages that importing one module loads, through other modules of ours as well."""
        outside: set[str] = set()
        reached, waiting = {path}, [path]
        while waiting:
            for name in self._needed[waiting.pop()]:
                ours = self._path_of.get(name)
                if ours is None:
                    outside.add(name.partition(".")[0])
                elif ours not in reached:
                    reached.add(ours)
                    waiting.append(ours)
        return outside

    def arrows(self) -> dict[tuple[str, str], set[str]]:
        """Pairs of different rooms of which one imports the other, and the modules that do."""
        arrows: dict[tuple[str, str], set[str]] = defaultdict(set)
        for path in self.imports:
            for name in self.names(path) & self._ours:
                target = self._path_of.get(name)
                arrow = room_of(path), room_of(target) if target else name
                if arrow[0] != arrow[1]:
                    arrows[arrow].add(path)
        return dict(arrows)

    @cached_property
    def _path_of(self) -> dict[str, str]:
        return {module_name(path): path for path in self._paths}

    @cached_property
    def _ours(self) -> set[str]:
        """All modules and folders, with and without a file of their own."""
        folders = {
            parent.as_posix().replace("/", ".") for path in self._paths for parent in Path(path).parents
        }
        return {*self._path_of, *folders} - {".", ""}

    @cached_property
    def _needed(self) -> dict[str, set[str]]:
        """Names that load with each module: its own imports and the packages above it."""
        return {path: self.names(path, at_load=True) | packages_above(path) for path in self.imports}

    @cached_property
    def _paths(self) -> list[str]:
        places = [self.root / room for room in self.rooms]
        paths = [
            path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*.py")))
        ]
        return [path.relative_to(self.root).as_posix() for path in paths]

    def _imports(self, path: str) -> Iterator[Import]:
        package = Path(path).parent.parts
        tree = ast.parse((self.root / path).read_text(encoding="utf-8"))
        for node, at_load in _import_statements(tree.body, at_load=True):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield _absolute(alias.name, at_load=at_load)
                continue
            base = [] if node.level == 0 else list(package[: len(package) - node.level + 1])
            stem = [*base, *(node.module.split(".") if node.module else ())]
            for alias in node.names:
                name = ".".join([*stem, alias.name])
                bare = name.removeprefix(f"{PACKAGE}.")
                whole = name if bare in self._ours else ".".join(stem)
                if whole:  # the package itself, which loads nothing, has no name here
                    yield Import(whole, at_load) if node.level else _absolute(whole, at_load=at_load)


def _absolute(name: str, *, at_load: bool) -> Import:
    first, _, rest = name.partition(".")
    return Import(rest if first == PACKAGE and rest else name, at_load, first in {PACKAGE, "bl_ext"})


def _import_statements(
    body: Iterable[ast.AST], *, at_load: bool
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Import statements of a block and of all blocks inside it; expressions hold none."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, at_load
            continue
        runs = at_load and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from _import_statements(node.body, at_load=False)
            yield from _import_statements(node.orelse, at_load=runs)
            continue
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, field, ())
            yield from _import_statements(inner if isinstance(inner, list) else (), at_load=runs)


def module_name(path: str) -> str:
    """Dotted name of a module: `core.track.pose` of `core/track/pose.py`, `core.track` of its `__init__.py`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def packages_above(path: str) -> set[str]:
    """Dotted names of the packages that Python loads before a module."""
    parts = Path(path).parent.parts
    return {".".join(parts[: count + 1]) for count in range(len(parts))}


def room_of(path: str) -> str:
    """The room of a module: its folder, dotted; a module directly in the root, `core` or `core/portrait` is one of its own."""
    folder = Path(path).parent.as_posix()
    alone = folder == "." or (folder in {"core", "core/portrait"} and not path.endswith("__init__.py"))
    return module_name(path) if alone else folder.replace("/", ".")


def circle(arrows: Iterable[tuple[str, str]]) -> list[str]:
    """Rooms that import one another in a ring, the first of them again at the end; empty where none does."""
    needs: Mapping[str, set[str]] = defaultdict(set)
    for source, target in arrows:
        needs[source].add(target)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []

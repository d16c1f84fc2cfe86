"""The house of the design, held by reading every import of the package."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "bridge", "operators", "panels")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
CEILING = 400  # lines; a module with more than one idea shows long before

# What each room may import of the others; everything may import itself.
ALLOWED = {
    "core": set(),
    "bridge": {"core"},
    "operators": {"core", "bridge"},
    "panels": {"bridge"},
}
BLENDER = {"bpy", "bpy_extras", "mathutils", "bmesh", "gpu", "blf", "addon_utils"}

# Networks of torch, which few users have: loaded within functions alone.
TORCH = {"core/portrait/neural/network.py"}

# These run inside Blender as well, some while a slider moves.
NUMPY_ONLY = (
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "core").glob("*.py")),
    "core/rig",
    "core/export",
    "core/generate/controls.py",
    "core/generate/engine.py",
    "core/generate/settings.py",
    "core/network",
    "core/style/blend.py",
    "core/style/built_in.py",
    "core/style/schema.py",
    "core/motion_npz.py",
    "core/worker/client.py",
    "core/worker/process.py",
    "core/worker/protocol.py",
    "core/worker/server.py",
)
# The front doors of the command line sit on the ground floor without being of it.
FRONT_DOORS = {"core/cli/main.py", "core/doctor.py", "core/progress.py"}


def name_of(path):
    """Dotted name of a module below the package, as `core.track.pose`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path, *, at_load=False):
    """Dotted names that a module imports: ours as `core.…`, others as they are.

    at_load : leave out what is imported inside functions, and for type checkers only
    """
    package = path.relative_to(ROOT).parent.parts
    found = set()
    for node in walk(ast.parse(path.read_text(encoding="utf-8")), at_load=at_load):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module))
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1]
            stem = [*base, *(node.module.split(".") if node.module else ())]
            for alias in node.names:
                whole = ROOT.joinpath(*stem, alias.name)
                is_module = whole.with_suffix(".py").is_file() or whole.is_dir()
                found.add(".".join([*stem, alias.name] if is_module else stem))
    return found


def walk(node, *, at_load):
    for child in ast.iter_child_nodes(node):
        if at_load and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if at_load and isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from walk(child, at_load=at_load)


def files(places):
    for place in places:
        path = ROOT / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []


def reached(path, seen):
    """All that importing one module of ours loads, through the package's own modules."""
    outside = set()
    for name in imports(path, at_load=True) | packages_above(path):
        inside = [
            ROOT.joinpath(*name.split(".")).with_suffix(".py"),
            ROOT.joinpath(*name.split("."), "__init__.py"),
        ]
        ours = next((candidate for candidate in inside if candidate.is_file()), None)
        if ours is None:
            outside.add(name.partition(".")[0])
        elif ours not in seen:
            seen.add(ours)
            outside |= reached(ours, seen)
    return outside


def packages_above(path):
    parts = path.relative_to(ROOT).parent.parts
    return {".".join(parts[: count + 1]) for count in range(len(parts))}


def ids(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_arrows_point_one_way(path):
    room = name_of(path).partition(".")[0]
    ours = {name.partition(".")[0] for name in imports(path)} & {
        *ROOMS,
        "training",
        "registration",
        "tests",
        "tools",
    }
    assert ours <= ALLOWED[room] | {room}


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_imports_of_our_own_are_relative(path):
    """The package has two names, and neither may be written into it; boot.py is no part of it when it runs."""
    absolute = {name for name in imports(path) if name.partition(".")[0] in {"mannerism", "bl_ext"}}
    boots = {
        f"mannerism.core.{module}"
        for module in ("data_folder", "jobs.table", "logs", "threads", "worker.server")
    }
    allowed = boots if path.name == "boot.py" else set()
    assert absolute <= allowed


@pytest.mark.parametrize(
    "path", [path for path in MODULES if "core" in path.relative_to(ROOT).parts], ids=ids
)
def test_core_knows_no_blender(path):
    assert not {name.partition(".")[0] for name in imports(path)} & BLENDER


@pytest.mark.parametrize(
    "path", [path for path in MODULES if ids(path).startswith("core/") and ids(path) not in TORCH], ids=ids
)
def test_core_loads_without_torch(path):
    assert "torch" not in reached(path, {path})


@pytest.mark.parametrize("path", [p for p in files(NUMPY_ONLY) if ids(p) not in FRONT_DOORS], ids=ids)
def test_what_runs_inside_blender_loads_numpy_alone(path):
    assert reached(path, {path}) <= {"numpy", *sys.stdlib_module_names}


OUTER = [ROOT / "registration.py", *(path for path in MODULES if name_of(path).partition(".")[0] != "core")]


@pytest.mark.parametrize("path", OUTER, ids=ids)
def test_what_blender_registers_loads_numpy_alone(path):
    assert reached(path, {path}) <= {"numpy", *BLENDER, *sys.stdlib_module_names}


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_a_module_holds_one_idea(path):
    assert path.stem not in {"utils", "utilities", "helpers", "misc", "common"}
    assert len(path.read_text(encoding="utf-8").splitlines()) <= CEILING


def test_the_package_imports_nothing_when_blender_looks_at_it():
    assert imports(ROOT / "__init__.py", at_load=True) == set()


def test_the_reader_of_imports_sees_what_it_should(tmp_path, monkeypatch):
    """The tests above prove nothing if its eyes are shut."""
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    room = tmp_path / "core" / "rig"
    room.mkdir(parents=True)
    (tmp_path / "core" / "__init__.py").touch()
    (tmp_path / "core" / "motion.py").write_text("import scipy.signal\n")
    (room / "__init__.py").write_text("from .. import motion\n")
    module = room / "bones.py"
    module.write_text(
        "import os\nfrom ..motion import x\nfrom ...panels import y\ndef f():\n    import torch\n"
    )
    assert imports(module) == {"os", "core.motion", "panels", "torch"}
    assert imports(module, at_load=True) == {"os", "core.motion", "panels"}
    assert reached(module, {module}) == {"os", "panels", "scipy"}


def test_core_imports_where_there_is_no_blender():
    """In a process where Blender's modules cannot be imported at all."""
    scripts = {"__main__"}  # importing it runs it
    modules = [
        path
        for path in MODULES
        if ids(path).startswith("core/") and ids(path) not in TORCH and path.stem not in scripts
    ]
    names = [f"mannerism.{name_of(path)}" for path in modules]
    program = (
        f"import importlib, sys\nfor name in {sorted(BLENDER)!r}: sys.modules[name] = None\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stderr

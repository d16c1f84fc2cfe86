"""The layers, rooms and sizes that the design asks for, held by the imports of every module.

Each test reports all offenders at once. Imports inside functions and for type checkers count, unless a test
is about what importing a module loads.
"""

import subprocess
import sys
from itertools import pairwise

from mannerism.tests.support.import_graph import Import, ImportGraph, circle, module_name
from mannerism.tests.support.paths import ROOT

EXTENSION = ("core", "bridge", "operators", "panels")
SCRIPTS = ("training", "tools", "benchmarks")
GRAPH = ImportGraph(ROOT, (*EXTENSION, *SCRIPTS, "examples", "__init__.py", "registration.py"))

# What each room may import of the others.
ALLOWED = {
    "core": set(),
    "bridge": {"core"},
    "operators": {"core", "bridge"},
    "panels": {"bridge"},
    "registration": {"core", "bridge", "operators", "panels"},
    "tools": {"core", "bridge"},
    "training": {"core", "tools.synthetic", "tools.make_example"},  # the example's synthesiser reads lines
    "benchmarks": {"core", "bridge", "panels", "registration", "tools.synthetic"},
    "examples": {"core.rig"},  # scripts for users: the public names, and what a new rig family is made of
}
BLENDER = {"bpy", "bpy_extras", "mathutils", "bmesh", "gpu", "blf", "addon_utils", "bl_operators", "bl_ui"}
STANDARD = {"numpy", *sys.stdlib_module_names}

# Networks of torch, which few users have: loaded within functions alone.
TORCH = {"core/portrait/neural/network.py"}

# Opens files of videos to write them.
VIDEO_WRITER = "core/portrait/output/video_writer.py"

# These run inside Blender as well, some while a slider moves; so do all modules directly in core.
NUMPY_ONLY = (
    "core/rig/",
    "core/export/",
    "core/generate/controls.py",
    "core/generate/engine.py",
    "core/generate/settings.py",
    "core/network/",
    "core/style/blend.py",
    "core/style/built_in.py",
    "core/style/schema.py",
    "core/worker/client.py",
    "core/worker/process.py",
    "core/worker/protocol.py",
    "core/worker/server.py",
)
# They lie beside the basics and use all of core.
FRONT_DOORS = {"core/doctor.py", "core/progress.py"}

# A module with more than one idea shows long before.
MOST_LINES = {"core": 300}
MOST_LINES_ELSEWHERE = 400
VAGUE = {"utils", "utilities", "helpers", "misc", "common"}


def of(*rooms):
    return [path for path in GRAPH.imports if path.partition("/")[0] in rooms]


def report(offenders):
    """Lines `module: what` of a mapping of modules to what they must not have, without those that have none."""
    return [f"{path}: {', '.join(sorted(found))}" for path, found in offenders.items() if found]


def within(name, allowed):
    return any(name == each or name.startswith(f"{each}.") for each in allowed)


def test_arrows_point_one_way():
    layers = {*EXTENSION, *SCRIPTS, "registration", "examples"}
    offenders = {
        path: {
            name
            for name in GRAPH.names(path)
            if within(name, layers) and not within(name, {room} | ALLOWED[room])
        }
        for room in ALLOWED
        for path in of(room, f"{room}.py")
    }
    found = report(offenders)
    assert not found


def test_only_tests_import_from_tests():
    found = report({path: {n for n in GRAPH.names(path) if within(n, {"tests"})} for path in GRAPH.imports})
    assert not found


def test_no_circle_of_folders():
    rooms = circle(GRAPH.arrows())
    assert not rooms, [f"{a} → {b}: {GRAPH.arrows()[a, b]}" for a, b in pairwise(rooms)]


def test_the_portrait_stays_simple():
    """Few rooms and few arrows between them, so that one picture shows them all."""
    arrows = [arrow for arrow in GRAPH.arrows() if all(within(room, {"core.portrait"}) for room in arrow)]
    rooms = {room for arrow in arrows for room in arrow}
    assert 5 <= len(rooms) <= 15, sorted(rooms)
    assert 5 <= len(arrows) <= 35, sorted(arrows)


def test_the_package_is_imported_by_relative_names():
    """It has two names, and neither may be written into it; boot.py is no part of it when it runs."""
    boots = {f"core.{name}" for name in ("data_folder", "jobs.table", "logs", "threads", "worker.server")}
    offenders = {
        path: {
            found.name
            for found in GRAPH.imports[path]
            if found.absolute and not (path == "core/jobs/boot.py" and found.name in boots)
        }
        for path in of(*EXTENSION)
    }
    found = report(offenders)
    assert not found


def test_core_is_free_of_blender():
    found = report({path: {n.partition(".")[0] for n in GRAPH.names(path)} & BLENDER for path in of("core")})
    assert not found


def test_core_loads_without_torch():
    paths = [path for path in of("core") if path not in TORCH]
    found = report({path: GRAPH.loaded_by(path) & {"torch"} for path in paths})
    assert not found


def test_videos_and_sound_are_decoded_in_one_room():
    paths = [path for path in of("core", "bridge", "operators", "panels") if path != VIDEO_WRITER]
    found = report({path: GRAPH.names(path) & {"av"} for path in paths if not path.startswith("core/media/")})
    assert not found


def numpy_only():
    directly = [path for path in of("core") if path.count("/") == 1 and path not in FRONT_DOORS]
    return directly + [path for path in of("core") if path.startswith(NUMPY_ONLY)]


def test_what_runs_inside_blender_loads_numpy_alone():
    found = report({path: GRAPH.loaded_by(path) - STANDARD for path in numpy_only()})
    assert not found


def test_what_blender_registers_loads_numpy_alone():
    paths = of("bridge", "operators", "panels", "registration.py")
    found = report({path: GRAPH.loaded_by(path) - STANDARD - BLENDER for path in paths})
    assert not found


def test_the_package_imports_nothing_when_blender_looks_at_it():
    assert not GRAPH.names("__init__.py", at_load=True)


def test_a_module_holds_one_idea():
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in GRAPH.imports}
    long = {
        path: count
        for path, count in lengths.items()
        if count > MOST_LINES.get(path.partition("/")[0], MOST_LINES_ELSEWHERE)
    }
    assert not long


def test_a_module_is_named_for_its_idea():
    paths = [
        *GRAPH.imports,
        *(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")),
    ]
    vague = [path for path in paths if VAGUE & set(module_name(path).split("."))]
    assert not vague


def test_core_imports_without_blender_and_without_torch():
    """In a process where neither can be imported at all."""
    skipped = {*TORCH, "core/cli/__main__.py"}  # importing the latter runs it
    names = [module_name(path) for path in of("core") if path not in skipped]
    error = refused(names, f"name.partition('.')[0] in {BLENDER | {'torch'}!r}")
    assert not error


def test_numpy_suffices_inside_blender():
    """In a process where nothing else can be imported, beside the standard library."""
    names = [module_name(path) for path in numpy_only()]
    error = refused(names, f"name.partition('.')[0] not in {STANDARD | {'mannerism'}!r}")
    assert not error


def refused(names, condition):
    """Errors of importing some modules in a process where an import that meets the condition is refused."""
    program = f"""
import importlib, sys
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if {condition}:
            raise ImportError(name + " is refused here")
sys.meta_path.insert(0, Refusing())
for name in {names!r}:
    importlib.import_module("mannerism." + name)
"""
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return result.stderr if result.returncode else ""


class TestReaderOfImports:
    """The tests above prove nothing where it overlooks something."""

    @staticmethod
    def graph(root, **modules):
        for path, text in modules.items():
            file = root / "core" / path.replace("__", "/", 1)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.with_suffix(".py").write_text(text)
        return ImportGraph(root, ("core",))

    def test_imports_in_every_place(self, tmp_path):
        text = """
import os
from ..motion import x
from ...panels import y
from mannerism.core import motion
if TYPE_CHECKING:
    import av
else:
    import csv
try:
    import json
except ImportError:
    import scipy.signal
class A:
    import re
def f():
    with g():
        import torch
"""
        graph = self.graph(tmp_path, rig__bones=text, motion="")
        path = "core/rig/bones.py"
        loads = {"os", "core.motion", "panels", "csv", "json", "scipy.signal", "re"}
        assert graph.names(path, at_load=True) == loads
        assert graph.names(path) == loads | {"av", "torch"}
        assert [found for found in graph.imports[path] if found.absolute] == [
            Import("core.motion", at_load=True, absolute=True)
        ]

    def test_loading_goes_through_modules_and_packages(self, tmp_path):
        graph = self.graph(
            tmp_path, rig__bones="import os", motion="import scipy.signal\ndef f():\n    import torch"
        )
        (tmp_path / "core" / "rig" / "__init__.py").write_text("from .. import motion\n")
        assert graph.loaded_by("core/rig/bones.py") >= {"os", "scipy"}
        assert "torch" not in graph.loaded_by("core/rig/bones.py")

    def test_a_circle_over_folders_that_no_two_modules_form(self, tmp_path):
        graph = self.graph(
            tmp_path,
            rig__bones="from ..track import pose",
            track__pose="",
            track__smooth="def f():\n    from ..rig.families import x",
            rig__families="",
        )
        assert graph.arrows() == {
            ("core.rig", "core.track"): {"core/rig/bones.py"},
            ("core.track", "core.rig"): {"core/track/smooth.py"},
        }
        assert set(circle(graph.arrows())) == {"core.rig", "core.track"}
        assert not circle([("core.rig", "core.track"), ("core.track", "core.motion")])

"""The extension registers once, and unregisters without a trace."""

import ast
import subprocess
import sys

import pytest

from mannerism import registration
from mannerism.bridge import operator_ids
from mannerism.bridge.character_file import CHARACTERS
from mannerism.bridge.export import EXPORTS
from mannerism.operators.drop import USES
from mannerism.tests.support.paths import ROOT

bpy = pytest.importorskip("bpy")

HEAVY = ("av", "librosa", "mediapipe", "parselmouth", "safetensors", "scipy", "torch")


def known():
    """Everything in Blender's types that bears our name."""
    names = {name for name in dir(bpy.types) if name.upper().startswith("MANNERISM")}
    fields = {name for name in ("mannerism",) if hasattr(bpy.types.Object, name)}
    menu = bpy.types.TOPBAR_MT_file_export.draw
    drawn = [f.__name__ for f in getattr(menu, "_draw_funcs", ()) if "mannerism" in f.__module__]
    return names, fields, drawn


@pytest.fixture
def registered():
    registration.register()
    yield
    registration.unregister()


def test_registering_twice_and_coming_back(registered):
    once = known()
    assert once[1] == {"mannerism"}
    assert len(once[2]) == 1
    registration.register()
    assert known() == once
    registration.unregister()
    assert known() == (set(), set(), [])
    registration.register()
    assert known() == once


def test_every_class_follows_blenders_naming(registered):
    for cls in registration.CLASSES:
        assert cls.__name__.startswith("MANNERISM_")
        if issubclass(cls, bpy.types.Operator):
            assert cls.bl_idname == f"mannerism.{cls.__name__.removeprefix('MANNERISM_OT_')}"
            assert cls.__doc__
            assert not cls.__doc__.endswith(".")


def test_every_property_says_what_it_is(registered):
    for cls in registration.CLASSES:
        for prop in cls.bl_rna.properties:
            if not prop.is_runtime or prop.is_hidden:
                continue
            assert prop.name != prop.identifier, prop.identifier
            assert prop.description, prop.identifier
            assert not prop.description.endswith("."), prop.identifier


def constants():
    """The ids of operators that have a button of their own."""
    return {name: value for name, value in vars(operator_ids).items() if name.isupper()}


def ids():
    """The registry of ids: constants by name, an export a format, and what takes dropped files."""
    derived = [*map(operator_ids.export_id, EXPORTS), *map(operator_ids.character_export_id, CHARACTERS)]
    derived += [operator_ids.drop_id(use.field) for use in USES]
    return constants() | {value.partition(".")[2].upper(): value for value in derived}


def test_every_operator_has_one_id_and_every_id_an_operator(registered):
    operators = [cls.bl_idname for cls in registration.CLASSES if issubclass(cls, bpy.types.Operator)]
    assert sorted(operators) == sorted(ids().values())
    for name, value in ids().items():
        assert value == f"mannerism.{name.lower()}"
        getattr(bpy.ops.mannerism, name.lower()).get_rna_type()


def trees():
    paths = [path for room in ("bridge", "operators", "panels") for path in (ROOT / room).glob("*.py")]
    for path in [ROOT / "registration.py", *paths]:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_ids_are_written_in_one_place():
    written = {
        path.name
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and str(node.value).startswith("mannerism.")
    }
    assert written == {"operator_ids.py"}


def test_every_operator_has_a_button():
    used = {
        node.attr
        for path, tree in trees()
        if path.parent.name == "panels" or path.name == "preferences.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "operator_ids"
    }
    assert used == set(constants())


@pytest.mark.slow
def test_blender_stays_light():
    """Importing and registering loads nothing that belongs into the worker."""
    program = (
        "import os, sys, bpy\n"
        "before = set(sys.modules)\n"
        "import mannerism\n"
        "assert set(sys.modules) - before <= {'mannerism'}, 'imported before Blender asked'\n"
        "mannerism.register()\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*new, flush=True)\n"
        "lazy = lambda module: object.__getattribute__(module, '__class__').__name__ == '_LazyModule'\n"
        "ours = {name for name, module in sys.modules.items() if name.startswith('mannerism.') and not lazy(module)}\n"
        "print(*ours, flush=True)\n"
        "mannerism.unregister()\n"
        "os._exit(0)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stderr
    assert "get_type_hints" not in result.stderr, "an annotation of a class names what is not loaded"
    loaded = set(result.stdout.split())
    assert "mannerism.operators.generate" in loaded
    assert not loaded & set(HEAVY)
    first_use = ("bridge.nla", "bridge.live", "bridge.direct_take", "bridge.worker", "core.rig.retarget")
    assert not loaded & {f"mannerism.{name}" for name in first_use}
    rooms = ("mannerism.core.media.", "mannerism.core.track.", "mannerism.core.network.")
    assert {name for name in loaded if name.startswith(rooms)} <= {"mannerism.core.media.suffixes"}

"""Blender hears of the extension once, and forgets it whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from mannerism import registration
from mannerism.bridge.export import EXPORTS, operator_id

bpy = pytest.importorskip("bpy")

ROOT = Path(__file__).parents[2]
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


def test_every_button_of_a_panel_exists(registered):
    """A panel names operators in text, which nothing else would check."""
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "panels").glob("*.py"))
    named = {name for name in text.split('"') if name.startswith("mannerism.")}
    operators = {cls.bl_idname for cls in registration.CLASSES if issubclass(cls, bpy.types.Operator)}
    exports = {operator_id(suffix) for suffix in EXPORTS}  # named by the registry of formats
    assert exports <= operators
    assert named == operators - exports - {"mannerism.check_worker"}  # that one is in the preferences
    for name in named | exports:
        getattr(bpy.ops.mannerism, name.partition(".")[2]).get_rna_type()


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
        "mannerism.unregister()\n"
        "os._exit(0)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stderr
    loaded = set(result.stdout.split())
    assert "mannerism" in loaded
    assert not loaded & set(HEAVY)

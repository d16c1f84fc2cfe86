"""Blender for the tests: its own user folder, an empty scene before each test, a clean exit."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

# Blender reads the variable once, when bpy is first imported; so it is set while tests are collected.
USER_FOLDER = Path(tempfile.mkdtemp(prefix="mannerism-blender-"))
os.environ["BLENDER_USER_RESOURCES"] = str(USER_FOLDER)

bpy = pytest.importorskip("bpy", reason="needs the bpy wheel")
registration = pytest.importorskip("mannerism.registration")
worker = pytest.importorskip("mannerism.bridge.worker")

bpy.ops.wm.read_factory_settings(use_empty=True)
FACTORY_ADDONS = set(bpy.context.preferences.addons.keys())


@pytest.fixture(autouse=True)
def empty_blender():
    """Factory settings and nothing in the file; add-ons that a test enabled or disabled are as at first.

    Reading all settings takes 80 ms of processor time, an empty file 15: so they are read where they changed.
    """
    if set(bpy.context.preferences.addons.keys()) == FACTORY_ADDONS:
        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    else:
        bpy.ops.wm.read_factory_settings(use_empty=True)


@pytest.fixture(scope="module")
def extension():
    """The package's classes, registered for the tests of a file; no worker outlives them."""
    registration.register()
    yield
    worker.close()
    registration.unregister()


@pytest.fixture
def ada(extension, monkeypatch):
    """A character with its first take, by a real worker, as `tests/support/directed.py` makes it."""
    from mannerism.tests.support import directed

    monkeypatch.setattr(worker, "command", lambda: [sys.executable, "-s", str(worker.BOOT)])
    return directed.ada()


def pytest_sessionfinish(session, exitstatus):
    """Leave at once: bpy 4.5 never ends when a class or a timer is still registered at exit."""

    def leave():
        shutil.rmtree(USER_FOLDER, ignore_errors=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(session.exitstatus))

    atexit.register(leave)


@pytest.fixture(scope="session")
def rigify_file():
    """A file with the basic human of Rigify, generated, and its meta-rig."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.preferences.addon_enable(module="rigify")
    bpy.ops.object.armature_basic_human_metarig_add()
    bpy.ops.pose.rigify_generate()
    path = USER_FOLDER / "rigify.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    bpy.ops.preferences.addon_disable(module="rigify")
    return path


@pytest.fixture
def rigify(rigify_file):
    """The generated rig and the meta-rig."""
    bpy.ops.wm.open_mainfile(filepath=str(rigify_file))
    return bpy.data.objects["rig"], bpy.data.objects["metarig"]


@pytest.fixture
def preset_folder(extension, monkeypatch):
    """Where Blender keeps presets of the motion; empty before and after.

    Blender labels their menu by the one that was chosen last: afterwards it has its own label again.
    """
    menu = bpy.types.MANNERISM_PT_motion_presets
    monkeypatch.setattr(menu, "bl_label", menu.bl_label)
    place = Path(bpy.utils.user_resource("SCRIPTS", path="presets/mannerism/motion", create=True))
    yield place
    for each in place.glob("*.py"):
        each.unlink()

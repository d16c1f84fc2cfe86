"""Hundreds of takes in one sitting leave neither memory nor data-blocks behind."""

import os
import sys
import threading
from pathlib import Path

import pytest

from mannerism.bridge import nla, takes, worker
from mannerism.tests.support.worker_commands import FAKE_WORKER
from mannerism.tools.synthetic.characters import nodding, posed

bpy = pytest.importorskip("bpy")
MB = 1 << 20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def blocks():
    """How many data-blocks of each kind there are."""
    kinds = [prop.identifier for prop in bpy.data.bl_rna.properties if prop.type == "COLLECTION"]
    return {kind: len(getattr(bpy.data, kind)) for kind in kinds}


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["rest", "tracks under active"])
def test_layers_that_come_and_go(extension, stack):
    """One layer of 20 s takes 0.3 MB, so a leak of each would be 30 MB."""
    obj, _ = posed("armature", "XYZ", stack)
    motion = nodding(20.0)
    found = blocks()
    for count in range(150):
        if count == 50:
            warm = resident()
        layer = nla.add_layer(obj, motion, name="take", start_frame=1)
        takes.keep_motion(obj, layer, motion)
        nla.remove_layer(obj, layer)
    assert blocks() == found
    assert resident() - warm < 8 * MB


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.slow
def test_operators_over_and_over(extension, monkeypatch):
    monkeypatch.setattr(worker, "command", lambda: FAKE_WORKER)
    obj, _ = posed("armature", "QUATERNION", "pose")
    bpy.context.view_layer.objects.active = obj
    obj.mannerism.style, obj.mannerism.audio = "/calm.style.json", "/hello.wav"
    for count in range(30):
        if count == 2:
            found, folder = blocks(), sorted(worker.shared().folder.iterdir())
            threads, files = threading.active_count(), open_files()
        bpy.ops.mannerism.generate()
        bpy.ops.mannerism.remove_layer()
    assert blocks() == found
    assert sorted(worker.shared().folder.iterdir()) == folder
    assert (threading.active_count(), open_files()) == (threads, files)

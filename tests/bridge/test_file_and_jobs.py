"""What the animator does with the file while a job runs."""

import os
import time

import pytest

from mannerism import registration
from mannerism.bridge import nla, worker
from mannerism.tests.support.worker_commands import FAKE_WORKER
from mannerism.tools.synthetic.characters import dump, posed

bpy = pytest.importorskip("bpy")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake worker uses signals of POSIX")


@pytest.fixture
def ada(monkeypatch):
    monkeypatch.setattr(worker, "command", lambda: FAKE_WORKER)
    registration.register()
    obj, _ = posed("armature", "XYZ", "tracks under active")
    bpy.context.view_layer.objects.active = obj
    obj.mannerism.style, obj.mannerism.audio = "/calm.style.json", "/hello.wav"
    yield obj
    registration.unregister()


def test_saved_half_way_through_a_job(ada, tmp_path, monkeypatch):
    """What is saved is the file before the layer, whole; the job goes on, and its layer can be saved too."""
    path = str(tmp_path / "half ü.blend")
    bpy.context.scene.frame_set(7)
    found = {key: repr(value) for key, value in dump(ada).items()}
    wait = type(worker.shared().start("doctor", {}, label="warm")).wait

    def save_first(job):
        assert not job.done
        bpy.ops.wm.save_as_mainfile(filepath=path, copy=True)
        return wait(job)

    while not worker.shared().job.poll():
        time.sleep(0.01)
    monkeypatch.setattr("mannerism.core.worker.client.Job.wait", save_first)
    assert bpy.ops.mannerism.generate() == {"FINISHED"}
    assert len(nla.list_layers(ada)) == 1
    bpy.ops.wm.open_mainfile(filepath=path)
    obj = bpy.data.objects["Rig"]
    assert nla.list_layers(obj) == ()
    bpy.context.scene.frame_set(7)
    assert {key: repr(value) for key, value in dump(obj).items()} == found


@pytest.mark.slow
def test_another_file_opened_after_a_job(ada, tmp_path):
    """The worker stays; a layer saved in one file can be removed when that is opened again."""
    path = str(tmp_path / "layer.blend")
    bpy.context.scene.frame_set(7)
    found = {key: repr(value) for key, value in dump(ada).items()}
    bpy.ops.mannerism.generate()
    pid = worker.shared().pid
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.wm.open_mainfile(filepath=path)
    assert worker.shared().pid == pid
    obj = bpy.data.objects["Rig"]
    bpy.context.view_layer.objects.active = obj
    assert bpy.ops.mannerism.remove_layer() == {"FINISHED"}
    bpy.context.scene.frame_set(7)
    assert {key: repr(value) for key, value in dump(obj).items()} == found

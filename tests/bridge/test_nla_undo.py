"""Add and remove through the operators: one step of undo each, there and back."""

import os

import pytest

from mannerism import registration
from mannerism.bridge import nla, worker
from mannerism.tests.support.worker_commands import FAKE_WORKER
from mannerism.tools.synthetic.characters import dump, posed

bpy = pytest.importorskip("bpy")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake worker uses signals of POSIX")


@pytest.fixture
def extension(monkeypatch):
    monkeypatch.setattr(worker, "command", lambda: FAKE_WORKER)
    registration.register()
    yield
    registration.unregister()


def evaluated():
    """What the file holds, without the addresses that each undo changes."""
    bpy.context.scene.frame_set(7)
    return {key: repr(value) for key, value in dump(bpy.data.objects["Rig"]).items()}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ"])
@pytest.mark.parametrize("stack", ["pose", "tracks under active", "tracks combined"])
def test_generate_and_remove_are_one_step_each(extension, mode, stack):
    obj, _ = posed("armature", mode, stack)
    bpy.context.view_layer.objects.active = obj
    obj.mannerism.style, obj.mannerism.audio = "/calm.style.json", "/hello.wav"
    bpy.ops.ed.undo_push(message="The animator's work")
    states = [evaluated()]
    # With undo, as a button calls them; from a script alone operators push no step.
    for operator in (bpy.ops.mannerism.generate, bpy.ops.mannerism.remove_layer):
        assert operator("EXEC_DEFAULT", True) == {"FINISHED"}
        states.append(evaluated())
    first, added, removed = states
    assert added != first
    assert removed == first
    for step, state in ((bpy.ops.ed.undo, added), (bpy.ops.ed.undo, first), (bpy.ops.ed.redo, added)):
        step()
        assert evaluated() == state
    bpy.ops.ed.redo()
    assert evaluated() == first
    assert nla.list_layers(bpy.data.objects["Rig"]) == ()

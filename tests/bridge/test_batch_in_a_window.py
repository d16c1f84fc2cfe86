"""The batch list in a window: progress, ESC, and a file that changes under it."""

import os
import time
from types import MethodType, SimpleNamespace
from typing import Any

import pytest

from mannerism.bridge import batch, worker
from mannerism.operators import job as job_module
from mannerism.operators.generate_many import MANNERISM_OT_generate_many

bpy = pytest.importorskip("bpy")

from mannerism.tests.support.batch_list import (  # noqa: E402  needs bpy
    LINES,
    batch_scene,
    layers,
    name_of,
    run,
    statuses,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the misbehaving jobs use signals of POSIX")


@pytest.fixture
def scene(extension, monkeypatch, tmp_path):
    yield from batch_scene(monkeypatch, tmp_path)


class Window:
    """A driven operator, and a context that shows progress."""

    def __init__(self, monkeypatch):
        self.operator = SimpleNamespace(reports=[], retry=False, level="INFO", _timer=None)
        self.operator.report = lambda kind, message: self.operator.reports.append((*kind, message))
        for cls in (job_module.JobOperator, MANNERISM_OT_generate_many):
            for name, member in vars(cls).items():
                if callable(member):
                    setattr(self.operator, name, MethodType(member, self.operator))
        nothing = lambda *_args, **_options: None  # noqa: E731
        names = ("begin", "update", "end")
        manager = SimpleNamespace(windows=[], **{f"progress_{name}": nothing for name in names})
        manager.event_timer_add = manager.event_timer_remove = manager.modal_handler_add = nothing
        self.texts: list[Any] = []
        self.context = SimpleNamespace(
            object=bpy.context.object,
            scene=bpy.context.scene,
            window=None,
            window_manager=manager,
            workspace=SimpleNamespace(status_text_set=self.texts.append),
        )
        monkeypatch.setattr(job_module, "bpy", SimpleNamespace(app=SimpleNamespace(background=False)))
        assert self.operator.invoke(self.context, None) == {"RUNNING_MODAL"}

    def tick(self, kind="TIMER", value="NOTHING"):
        return self.operator.modal(self.context, SimpleNamespace(type=kind, value=value))

    def run(self, until=lambda: False):
        end = time.monotonic() + 120.0
        while time.monotonic() < end:
            time.sleep(0.001)  # as a timer leaves the worker its share
            if until():
                return {"PASS_THROUGH"}
            result = self.tick()
            if result != {"PASS_THROUGH"}:
                return result
        raise AssertionError("it never ended")


def slow(scene, tmp_path, index):
    style = tmp_path / "slow.style.json"
    style.write_text("{}")
    scene.mannerism.lines[index].style = str(style)


class TestInAWindow:
    @pytest.mark.slow
    def test_overall_progress_and_what_runs(self, scene, tmp_path, monkeypatch):
        slow(scene, tmp_path, 1)
        window = Window(monkeypatch)
        window.run(until=lambda: any("2 of 3" in str(text) for text in window.texts))
        window.run(until=lambda: any("Half way" in str(text) for text in window.texts))
        text = str(window.texts[-1])
        assert "line 2" in text
        assert "s left" in text
        series = batch.running()
        assert series is not None
        assert series.share == pytest.approx(0.5)
        assert [line.status for line in scene.mannerism.lines] == ["DONE", "WAITING", "WAITING"]
        window.operator.cancel(window.context)
        assert batch.running() is None

    @pytest.mark.slow
    def test_escape_keeps_what_is_finished(self, scene, tmp_path, monkeypatch):
        slow(scene, tmp_path, 1)
        window = Window(monkeypatch)
        window.run(until=lambda: len(layers()) == 1)
        assert window.tick("ESC", "PRESS") == {"FINISHED"}  # so that undo knows of it
        assert window.operator.reports == [("WARNING", "1 generated, 2 left")]
        assert [status for _, status in statuses(scene)] == ["DONE", "WAITING", "WAITING"]
        assert list(layers()) == [name_of(LINES[0])]
        assert window.texts[-1] is None

    def test_the_button_leaves_what_is_finished_too(self, scene, tmp_path, monkeypatch):
        slow(scene, tmp_path, 1)
        window = Window(monkeypatch)
        window.run(until=lambda: len(layers()) == 1)
        assert bpy.ops.mannerism.cancel() == {"FINISHED"}
        assert window.run() == {"FINISHED"}
        assert window.operator.reports == [("WARNING", "1 generated, 2 left")]
        assert list(layers()) == [name_of(LINES[0])]

    def test_escape_before_anything_is_finished(self, scene, tmp_path, monkeypatch):
        slow(scene, tmp_path, 0)
        window = Window(monkeypatch)
        window.tick()
        assert window.tick("ESC", "PRESS") == {"CANCELLED"}
        assert layers() == {}
        assert worker.running() is None

    @pytest.mark.slow
    def test_the_list_cleared_in_the_middle(self, scene, tmp_path, monkeypatch):
        window = Window(monkeypatch)
        window.run(until=lambda: len(layers()) > 0)
        if len(layers()) > 1:
            pytest.skip("on a busy machine one tick may find several lines done")
        scene.mannerism.lines.clear()
        assert window.run() == {"FINISHED"}
        assert window.operator.reports == [("WARNING", "1 generated, 2 failed")]

    @pytest.mark.slow
    def test_the_file_saved_half_way(self, scene, tmp_path, monkeypatch):
        slow(scene, tmp_path, 1)
        window = Window(monkeypatch)
        window.run(until=lambda: len(layers()) == 1)
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "half.blend"))
        window.tick("ESC", "PRESS")
        bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "half.blend"))
        for line in bpy.context.scene.mannerism.lines:
            line.style = ""
        assert run() == {"FINISHED"}
        assert list(layers()) == [name_of(line) for line in LINES]

    @pytest.mark.slow
    def test_a_second_job_names_it(self, scene, tmp_path, monkeypatch):
        slow(scene, tmp_path, 0)
        window = Window(monkeypatch)
        window.tick()
        with pytest.raises(RuntimeError, match="“Generate 3 lines for Ada” is still running"):
            run()
        window.operator.cancel(window.context)

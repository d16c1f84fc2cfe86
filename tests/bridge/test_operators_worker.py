"""Which Python the worker runs in, and when one worker gives way to another."""

import importlib.util
import sys
from pathlib import Path

import pytest

from mannerism.bridge import worker
from mannerism.core.errors import MissingPartError

pytest.importorskip("bpy")


@pytest.fixture(autouse=True)
def no_worker_left():
    yield
    worker.close()


def lacking(monkeypatch, *names):
    there = importlib.util.find_spec("json")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in names else there)


def test_the_preference_comes_first(monkeypatch):
    lacking(monkeypatch, *worker.PACKAGES)
    monkeypatch.setattr(worker, "chosen_path", lambda _name: "/opt/ü日本/python")
    assert worker.command() == ["/opt/ü日本/python", "-s", str(worker.BOOT)]


def test_then_blenders_own_with_the_wheels_of_the_extension(monkeypatch):
    lacking(monkeypatch)
    *start, wheels = worker.command()
    assert start == [sys.executable, "-s", str(worker.BOOT)]
    version = "python{}.{}".format(*sys.version_info)
    assert Path(wheels).parts[-5:] == ("extensions", ".local", "lib", version, "site-packages")


def test_else_a_refusal_that_names_what_to_do(monkeypatch):
    lacking(monkeypatch, "mediapipe", "parselmouth")
    with pytest.raises(MissingPartError) as caught:
        worker.shared()
    assert "mediapipe, parselmouth" in caught.value.problem
    assert "Worker Python" in caught.value.remedy


def test_redraws_know_that_there_is_none_without_looking_each_time(monkeypatch):
    monkeypatch.setattr(worker, "chosen_path", lambda _name: "")
    lacking(monkeypatch, "mediapipe")
    worker._missing_in.cache_clear()
    assert worker.lacks_python()
    lacking(monkeypatch)
    assert worker.lacks_python(), "as last looked"
    monkeypatch.syspath_prepend("/elsewhere")
    assert not worker.lacks_python(), "a path has come"
    monkeypatch.setattr(worker, "_missing_in", lambda _path: ["av"])
    assert worker.lacks_python()
    monkeypatch.setattr(worker, "chosen_path", lambda _name: "/opt/python")
    assert not worker.lacks_python()
    monkeypatch.undo()
    worker._missing_in.cache_clear()


def test_one_worker_until_the_preference_changes(monkeypatch):
    lacking(monkeypatch)
    first = worker.shared()
    assert worker.shared() is first
    monkeypatch.setattr(worker, "chosen_path", lambda _name: "/opt/python")
    second = worker.shared()
    assert second is not first
    assert not first.folder.exists()

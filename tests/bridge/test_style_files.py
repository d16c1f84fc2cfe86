"""Where styles go: chosen, beside the file, or the extension's own folder."""

from pathlib import Path

import pytest

bpy = pytest.importorskip("bpy")

from mannerism.bridge import style_files  # noqa: E402  needs bpy


@pytest.fixture
def own_folder(monkeypatch, tmp_path):
    folder = tmp_path / "own"
    monkeypatch.setattr(bpy.utils, "extension_path_user", lambda *_a, **_k: str(folder))
    monkeypatch.setattr(style_files, "chosen_path", lambda _name: "")
    return folder


def test_beside_the_file_once_it_is_saved(own_folder, tmp_path):
    assert style_files.style_folder() == own_folder
    project = tmp_path / "Projekt ü日本"
    project.mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(project / "shot.blend"))
    assert style_files.style_folder() == project


def test_the_preference_counts_first(monkeypatch, own_folder, tmp_path):
    monkeypatch.setattr(style_files, "chosen_path", lambda _name: str(tmp_path / "chosen"))
    assert style_files.style_folder() == Path(tmp_path / "chosen")

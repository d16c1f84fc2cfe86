"""What the doctor says of packages outside the usual folder, as an extension's wheels are."""

import json
import sys

import pytest

from mannerism.core import doctor
from mannerism.core.data_folder import worker_log
from mannerism.core.face import network
from mannerism.core.network import manner
from mannerism.tests.support.toy_manner import write_toy_manner


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Writes modules to the end of this process's path, and has the doctor look for these alone."""
    monkeypatch.setattr("sys.path", [*sys.path, str(tmp_path)])

    def write(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        parts = tuple(doctor.Requirement(f"package-of-{name}", name, ("generate",)) for name in sources)
        monkeypatch.setattr(doctor, "REQUIREMENTS", parts)

    return write


def test_modules_on_the_path_of_this_process_count(modules):
    modules(sound_one="")
    assert doctor.examine().missing_for("generate") == []


def test_a_module_that_breaks_is_told_with_its_reason(modules):
    modules(broken_one="raise ImportError('a library of another machine')")
    assert "ImportError: a library of another machine" in doctor.report(doctor.examine())
    assert doctor.examine().missing_for("generate") == ["package-of-broken_one"]


def test_a_module_that_crashes_is_only_noted(modules):
    modules(crashing_one="import os; os.abort()", sound_two="")
    assert doctor.examine().missing_for("generate") == ["package-of-crashing_one"]


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """The path of the weights that are installed: none yet."""
    monkeypatch.setattr(doctor, "REQUIREMENTS", ())
    monkeypatch.setattr(manner, "PATH", tmp_path / "manner.safetensors")
    return manner.PATH


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({manner.OPTIONS: json.dumps({"licence": "clear"})}, "clips of clear licence alone, version 12ab"),
        ({manner.OPTIONS: json.dumps({"licence": "all"})}, "clips of all licences, version 12ab"),
        ({}, "your own, version 12ab"),
    ],
)
def test_weights_are_told_by_what_they_were_learned_from(weights, options, message):
    write_toy_manner(weights, version="12ab", metadata=options)
    assert message in doctor.report(doctor.examine())


def test_encoding_does_without_weights_but_not_with_damaged_ones(weights):
    assert "weights" not in doctor.examine().missing_for("encode")
    assert "choose the engine puppet" in doctor.report(doctor.examine())
    weights.write_bytes(b"damaged")
    assert "weights" in doctor.examine().missing_for("encode")
    assert "weights" not in doctor.examine().missing_for("FBX")


def test_portraits_need_their_own_parts(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "REQUIREMENTS", ())
    monkeypatch.setenv("MANNERISM_PERSON_MODEL", str(tmp_path / "absent.tflite"))
    monkeypatch.setattr(network, "PATH", tmp_path / "absent.safetensors")
    monkeypatch.setattr(network.mouth_network, "__defaults__", (network.PATH,))
    health = doctor.examine()
    assert {"person model", "weights of the face"} <= set(health.missing_for("portrait"))
    assert health.ready, "the main job needs neither"


def test_without_opencv_the_rest_is_told(monkeypatch):
    monkeypatch.setattr(doctor, "REQUIREMENTS", ())
    monkeypatch.setitem(sys.modules, "cv2", None)
    monkeypatch.delitem(sys.modules, "mannerism.core.portrait.analysis.matte", raising=False)
    assert "person model           not looked for" in doctor.report(doctor.examine())


def test_the_log_of_the_worker_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("MANNERISM_DATA", str(tmp_path))
    assert f"{worker_log()}, none yet" in doctor.report(doctor.Health(()))
    worker_log().parent.mkdir()
    worker_log().touch()
    assert doctor.report(doctor.Health(())).endswith(str(worker_log()))

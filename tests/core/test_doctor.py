"""What the doctor says of packages outside the usual folder, as an extension's wheels are."""

import sys

import pytest

from mannerism.core import doctor


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Writes modules to the end of this process's path, and has the doctor look for these alone."""
    monkeypatch.setattr("sys.path", [*sys.path, str(tmp_path)])

    def write(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        parts = tuple(doctor.Part(f"package-of-{name}", name, ("generate",)) for name in sources)
        monkeypatch.setattr(doctor, "PARTS", parts)

    return write


def test_modules_on_the_path_of_this_process_count(modules):
    modules(sound_one="")
    assert doctor.examine().lacks("generate") == []


def test_a_module_that_breaks_is_told_with_its_reason(modules):
    modules(broken_one="raise ImportError('a library of another machine')")
    assert "ImportError: a library of another machine" in doctor.report(doctor.examine())
    assert doctor.examine().lacks("generate") == ["package-of-broken_one"]


def test_a_module_that_crashes_is_only_noted(modules):
    modules(crashing_one="import os; os.abort()", sound_two="")
    assert doctor.examine().lacks("generate") == ["package-of-crashing_one"]

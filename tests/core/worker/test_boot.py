"""The worker as the extension starts it: the real table of jobs, from a folder of any name."""

import shutil
import sys

import pytest

from mannerism.core.errors import MissingPartError, StyleError, TableError, WorkerError
from mannerism.core.jobs.table import JOBS
from mannerism.core.progress import part
from mannerism.core.worker.client import Worker
from mannerism.tests.support.paths import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package beside neighbours that would break it, were their folder on the path."""
    extensions = tmp_path_factory.mktemp("user ü日本") / "my extensions"
    package = extensions / "any name"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "__init__.py", package)
    shutil.copytree(ROOT / "core", package / "core", ignore=shutil.ignore_patterns("__pycache__", "*.task"))
    for folder in (extensions, package, extensions / "wheels"):
        folder.mkdir(exist_ok=True)
        (folder / "numpy.py").write_text("raise SystemExit('the wrong numpy')\n")
    return package


@pytest.fixture
def worker(installed):
    boot = installed / "core" / "jobs" / "boot.py"
    worker = Worker([sys.executable, "-s", str(boot), str(installed.parent / "wheels")])
    yield worker
    worker.close()


def generate(worker, **arguments):
    given = {"audio": "none.wav", "style": "none.json", "seed": 0, "engine": "puppet", "intensity": 1.0}
    motion_out = str(worker.folder / "motion.npz")
    return worker.start("generate", given | {"motion_out": motion_out} | arguments, label="Generate").wait()


@pytest.mark.slow
def test_runs_the_package_that_it_lies_in(worker, tmp_path):
    """The refusal of a style comes from deep inside the package, numpy and all."""
    style = tmp_path / "ü.style.json"
    style.write_text("{}", encoding="utf-8")
    with pytest.raises(StyleError):
        generate(worker, style=str(style))


@pytest.mark.slow
@pytest.mark.parametrize("name", JOBS)
def test_arguments_that_a_job_does_not_know(worker, name):
    with pytest.raises(WorkerError, match="TypeError"):
        worker.start(name, {"nonsense": 1}, label=name).wait()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [("a.mp4", MissingPartError, "The face model"), ("absent ü.csv", TableError, "absent ü")],
)
def test_refusals_of_the_jobs_arrive_as_they_are(worker, tmp_path, source, kind, words):
    arguments = {"source": str(tmp_path / source), "style_out": str(tmp_path / "s.json"), "keep_motion": True}
    with pytest.raises(kind, match=words) as caught:
        worker.start("encode", arguments, label="Encode").wait()
    assert type(caught.value) is kind
    assert list(tmp_path.iterdir()) == []


def test_stages_share_the_progress():
    reports = []
    stage = part(lambda share, what: reports.append((share, what)), 0.6, 1.0)
    stage(0.0, "a")
    stage(0.5, "b")
    stage(1.0, "c")
    assert reports == [(0.6, "a"), (0.8, "b"), (1.0, "c")]

"""Mutated files are read or refused: a few seconds of what `make fuzz` does for an hour."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from mannerism.core.errors import StyleError
from mannerism.tests.support.paths import ROOT
from mannerism.tools.fuzz import isolated, mutations
from mannerism.tools.fuzz.isolated import Findings, Limits, Target, fuzz
from mannerism.tools.fuzz.mutations import mutated
from mannerism.tools.fuzz.readers import READERS, Reader

FUZZ = ROOT / "tools" / "fuzz" / "fuzz.py"
SEED = b"0123456789" * 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", READERS)
def test_every_mutation_is_read_or_refused(kind, tmp_path):
    """By the command, whose process holds nothing else that a child could inherit."""
    numbers = ["--first", "20000", "--mutations", "400", "--seconds", "2"]
    command = [sys.executable, FUZZ, *numbers, "--output", tmp_path, kind]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + "".join(path.read_text() for path in tmp_path.glob("*.txt"))
    assert int(ran.stdout.split()[1]) > 0  # how many, depends on what else runs


@pytest.mark.slow
@pytest.mark.parametrize("kind", READERS)
def test_the_healthy_file_is_read(kind, tmp_path):
    target = Target.of(kind, READERS[kind], tmp_path)
    target.reader.read(target.path)


def _refuse(_path):
    raise StyleError("No", "Give another")


def _fail(_path):
    raise ZeroDivisionError


def _read(path):
    path.read_bytes()


def _die(_path):
    os.kill(os.getpid(), signal.SIGKILL)


def _hang(_path):
    time.sleep(60)


def _count(_path):
    while True:
        pass


def _swallow_memory(_path):
    np.ones(40_000_000)


LIMITS = Limits(mb=100)


def findings_of(read, folder, count=3, limits=LIMITS):
    findings = Findings()
    reader = Reader("a.txt", lambda path: path.write_bytes(SEED), read)
    fuzz(Target.of("toy", reader, folder), range(count), findings, limits)
    return findings


def test_what_is_read_or_refused_is_counted(tmp_path):
    assert findings_of(lambda path: path.read_bytes(), tmp_path).read == 3
    (tmp_path / "other").mkdir()
    assert findings_of(_refuse, tmp_path / "other").refused == 3


@pytest.mark.parametrize(
    ("read", "word", "limits"),
    [
        (_fail, "ZeroDivisionError", LIMITS),
        (_die, "died", LIMITS),
        (_hang, "nothing after 0.3 s", Limits(waiting_s=0.3)),
        (_count, "0.3 s of the processor", Limits(seconds=0.3)),
        (_swallow_memory, "memory", LIMITS),
    ],
)
def test_what_must_not_happen_is_found_each_time(read, word, limits, tmp_path):
    findings = findings_of(read, tmp_path, limits=limits)
    assert [failure.number for failure in findings.failures] == [0, 1, 2]
    assert all(word in failure.reason for failure in findings.failures)
    assert len({failure.data for failure in findings.failures}) == 3


def test_the_time_of_making_a_mutation_is_not_the_readers(tmp_path, monkeypatch):
    def slow(seed, *_args, **_kinds):
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        return seed

    monkeypatch.setattr(isolated, "mutated", slow)
    assert findings_of(_read, tmp_path, limits=Limits(seconds=0.2)).read == 3


def test_mutations_stay_of_a_size_that_can_be_made(monkeypatch):
    monkeypatch.setattr(mutations, "_MOST_BYTES", 1000)
    sizes = [len(mutated(SEED, 100, np.random.default_rng(number), text=True)) for number in range(60)]
    assert max(sizes) == 1000


def test_an_input_that_fails_is_kept(tmp_path):
    findings = findings_of(_fail, tmp_path, count=1)
    findings.keep("toy", tmp_path / "out")
    assert (tmp_path / "out" / "toy-0.txt").read_bytes() == findings.failures[0].data
    assert "ZeroDivisionError" in (tmp_path / "out" / "toy-0.txt.txt").read_text()

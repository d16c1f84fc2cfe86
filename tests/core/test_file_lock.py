"""Locks between processes: who holds which places, and what is left of them."""

import signal
import subprocess
import sys

import pytest

from mannerism.core.file_lock import LockedError, locked

_HOLD = """
import pathlib, sys
from mannerism.core.file_lock import locked
places = [range(*map(int, place.split("-"))) for place in sys.argv[2:]]
with locked(pathlib.Path(sys.argv[1]), places, wait_s=30):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path, *places):
    command = [sys.executable, "-c", _HOLD, str(path), *places]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process


def held(process):
    return process.stdout.readline() == "held\n"


def test_another_process_holds_it_until_it_ends(tmp_path):
    path = tmp_path / "ü.lock"
    first = holder(path, "0-1")
    assert held(first)
    with pytest.raises(LockedError), locked(path):
        pass
    first.communicate()
    assert not path.exists()
    with locked(path):
        assert path.exists()
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_holds_nothing(tmp_path):
    path = tmp_path / "a.lock"
    first = holder(path, "0-1")
    assert held(first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    with locked(path):
        pass
    assert not path.exists()


def test_others_may_hold_other_places(tmp_path):
    path = tmp_path / "a.lock"
    first = holder(path, "0-1", "2-3", "4-5")
    assert held(first)
    second = holder(path, "1-2", "3-4")
    assert held(second)
    for place in (range(4, 9), range(1, 2), range(9)):
        with pytest.raises(LockedError), locked(path, [place]):
            pass
    first.communicate()
    assert path.exists(), "the second holds it still"
    with locked(path, [range(4, 9)]):
        pass
    second.communicate()
    assert not path.exists()


def test_waiting(tmp_path):
    path = tmp_path / "a.lock"
    first = holder(path, "0-1")
    assert held(first)
    second = holder(path, "0-1")
    first.communicate()
    assert held(second)
    second.communicate()
    assert not path.exists()

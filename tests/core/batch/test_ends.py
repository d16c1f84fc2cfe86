"""Batches that end before their time, and two at once: what stays, what is left, and what is said."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mannerism.core import cli
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.pool import LocalPool
from mannerism.core.batch.run import run_batch
from mannerism.core.batch.status import Outcome, StatusFile, read_status
from mannerism.core.errors import DiskFullError
from mannerism.core.motion import no_progress
from mannerism.tests.support.paths import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")]

SOUND = ROOT / "examples" / "line_1.wav"
COMMAND = [sys.executable, "-m", "mannerism.core.cli", "batch"]


def manifest(folder, count, fps=30, **changes):
    rows = [
        {
            "id": f"{at:03d}",
            "audio": str(SOUND),
            "style": "calm",
            "seed": at,
            "out": f"o/{at:03d}.csv",
            "fps": fps,
        }
        for at in range(count)
    ]
    for at, change in changes.items():
        rows[int(at.removeprefix("row"))] |= change
    path = folder / "m.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def start(path, *options):
    return subprocess.Popen(
        [*COMMAND, str(path), "--jobs", "1", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def descendants(pid):
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    parents = [tuple(map(int, row.split())) for row in listed.stdout.splitlines()]
    found = {pid}
    for _ in range(5):
        found |= {child for child, parent in parents if parent in found}
    return found - {pid}


def alive(pids):
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_is_as_ctrl_c(tmp_path, number):
    path = manifest(tmp_path, 200)
    with start(path) as process:
        first = process.stdout.readline().strip()
        children = descendants(process.pid)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == cli.INTERRUPTED, err
    assert err.splitlines()[-1].endswith("what is finished stays, and the same command carries on.")
    assert "Traceback" not in err
    done = {outcome.out for outcome in read_status(tmp_path / "m.status.jsonl")}
    assert first in done
    assert done == {str(path) for path in (tmp_path / "o").resolve().iterdir()}
    assert {path.name for path in tmp_path.iterdir()} == {"m.jsonl", "m.status.jsonl", "o"}
    time.sleep(0.5)
    assert children
    assert not alive(children)


def test_an_ignored_signal_stays_ignored(tmp_path):
    path = manifest(tmp_path, 2)
    command = f"trap '' HUP; exec {sys.executable} -m mannerism.core.cli batch {path} --jobs 1"
    with subprocess.Popen(
        ["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout.readline()
        process.send_signal(signal.SIGHUP)
        assert process.wait(60) == cli.DONE


def test_a_reader_that_ends_ends_the_batch(tmp_path):
    """As `| head` does."""
    path = manifest(tmp_path, 200)
    with start(path) as process:
        assert process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait(60) == cli.INTERRUPTED
    assert err.splitlines()[-1].endswith("the same command carries on.")
    assert len(err.splitlines()) == 1
    assert {outcome.status for outcome in read_status(tmp_path / "m.status.jsonl")} == {"done"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [["styles"], ["doctor"]])
def test_results_that_cannot_be_written(arguments):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "mannerism.core.cli", *arguments]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == cli.REFUSED
    assert ended.stderr.startswith("mannerism: The list of results cannot be written (No space left")
    assert len(ended.stderr.splitlines()) == 1


def test_nobody_need_read_the_messages(tmp_path):
    path = manifest(tmp_path, 2)
    command = [*COMMAND, str(path), "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stderr.close()
        assert len(process.stdout.read().splitlines()) == 2
        assert process.wait(60) == cli.DONE


def test_a_line_that_takes_too_long_fails_alone(tmp_path):
    with (tmp_path / "endless.wav").open("wb") as file:
        file.truncate(1 << 42)
    path = manifest(tmp_path, 3, row1={"audio": "endless.wav"})
    outcomes: dict[str, Outcome] = {}
    status = StatusFile(path, 0, 1)
    began = time.monotonic()
    summary = run_batch(
        read_manifest(path).lines,
        LocalPool(1, time_limit_s=20),
        status,
        lambda outcome: outcomes.__setitem__(outcome.id, outcome),
        no_progress,
    )
    assert (summary.done, summary.failed) == (2, 1)
    assert "longer than the 20 s" in outcomes["001"].reason
    assert "--time-limit" in outcomes["001"].reason
    assert time.monotonic() - began < 120, "once, and not again"
    assert {file.name for file in (tmp_path / "o").iterdir()} == {"000.csv", "002.csv"}


def test_what_is_no_file_is_not_read(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.wav")  # nobody writes into it
    changes = [{"audio": "pipe.wav"}, {"audio": "/dev/zero"}, {"audio": "."}, {"style": "/dev/zero"}]
    path = manifest(tmp_path, 5, **{f"row{at}": change for at, change in enumerate(changes)})
    assert cli.main(["batch", str(path), "--jobs", "1"]) == cli.SOME_FAILED
    err = capsys.readouterr().err
    assert err.count("is no file") == 4
    assert "1 done, 0 skipped, 4 failed" in err


def test_a_second_batch_is_refused_and_the_first_goes_on(tmp_path, capsys):
    path = manifest(tmp_path, 6)
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    with start(path) as process:
        process.stdout.readline()
        for second in ([str(path)], [str(link)], [str(path), "--chunk", "1/3"]):
            assert cli.main(["batch", *second]) == cli.REFUSED
            assert "Another process is making lines of “m.jsonl”" in capsys.readouterr().err
        out, err = process.communicate(timeout=120)
    assert process.returncode == cli.DONE, err
    assert len(out.splitlines()) == 5
    assert cli.main(["batch", str(path)]) == cli.DONE
    assert "6 skipped" in capsys.readouterr().err


def test_chunks_go_side_by_side(tmp_path):
    path = manifest(tmp_path, 4)
    with start(path, "--chunk", "0/2") as first, start(path, "--chunk", "1/2") as second:
        errors = [process.communicate(timeout=120)[1] for process in (first, second)]
    assert [first.returncode, second.returncode] == [cli.DONE, cli.DONE], errors
    assert len(list((tmp_path / "o").iterdir())) == 4
    assert not list(tmp_path.glob(".mannerism*"))


def test_a_killed_batch_keeps_nobody_waiting(tmp_path, capsys):
    path = manifest(tmp_path, 3)
    with start(path) as process:
        process.stdout.readline()
        process.kill()
    assert cli.main(["batch", str(path), "--jobs", "1"]) == cli.DONE
    assert "1 skipped" in capsys.readouterr().err
    assert not list(tmp_path.glob(".mannerism*"))


def test_a_full_disk_stops_the_batch(tmp_path, small_disk, capsys):
    """Outputs on the small disk, the status on a large one: the first line without room is the last that is tried."""
    path = manifest(tmp_path, 20, fps=120)
    (tmp_path / "o").symlink_to(small_disk, target_is_directory=True)
    old = small_disk / "019.csv"
    old.write_text("precious")
    assert cli.main(["batch", str(path), "--jobs", "1", "--allow", str(small_disk)]) == cli.REFUSED
    err = capsys.readouterr().err
    assert "the batch stops" in err
    assert "Free some space" in err
    done = [outcome for outcome in read_status(tmp_path / "m.status.jsonl") if outcome.status == "done"]
    assert 2 < len(done) < 19
    assert {file.name for file in small_disk.iterdir()} == {f"{outcome.id}.csv" for outcome in done} | {
        old.name
    }
    assert old.read_text() == "precious"
    for outcome in done:
        assert len(Path(outcome.out).read_bytes()) == outcome.size


def test_a_status_without_room_stops_the_batch(small_disk):
    path = manifest(small_disk, 40)
    with pytest.raises(DiskFullError):
        run_batch(
            read_manifest(path).lines, LocalPool(1), StatusFile(path, 0, 1), lambda _: None, no_progress
        )
    rows = read_status(small_disk / "m.status.jsonl")
    assert rows
    assert not list((small_disk / "o").glob(".mannerism*"))


def test_a_line_may_not_take_no_time(tmp_path):
    for text in ("0", "-1", "soon", "nan", "inf"):
        with pytest.raises(SystemExit):
            cli.main(["batch", str(tmp_path / "m.jsonl"), f"--time-limit={text}"])

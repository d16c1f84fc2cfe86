"""Batches on this machine: what is written, skipped, retried, left behind, and reported."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from mannerism.core import cli
from mannerism.core import rotation as rot
from mannerism.core.batch import pool
from mannerism.core.batch.line import temporary_folder
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.pool import LocalPool
from mannerism.core.batch.run import run_batch
from mannerism.core.batch.status import Outcome, StatusFile, read_status
from mannerism.core.motion import HeadPoseTrack, no_progress
from mannerism.core.motion_csv import read_motion, write_motion
from mannerism.core.style import encode_style, write_style
from mannerism.tests.support.in_process import InProcess

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def material(tmp_path_factory, write_wav, talk):
    """Two sounds and a style."""
    folder = tmp_path_factory.mktemp("batch")
    for at in range(2):
        write_wav(folder / f"ü日本 {at}.wav", talk(1.5, first_line=at))
    time_s = np.arange(0, 8, 0.04)
    phase = np.outer(time_s, [1.1, 0.7, 0.5]) * 2 * np.pi
    rotation = rot.continuous(rot.from_euler(*(np.sin(phase) * [0.08, 0.12, 0.05]).T))
    track = HeadPoseTrack(time_s, rotation, 0.001 * np.sin(phase), np.ones(len(time_s), np.bool_))
    write_style(folder / "ü日本.style.json", encode_style(track, None))
    return folder


@pytest.fixture
def home(tmp_path, material):
    """A folder with the material, to write in."""
    for path in material.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def row(at, **changes):
    return {
        "id": f"ü日本 {at}",
        "audio": f"ü日本 {at % 2}.wav",
        "style": "ü日本.style.json",
        "out": f"out/日本 {at}.csv",
    } | changes


def write(home, *rows):
    path = home / "lines.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in rows) + "\n", encoding="utf-8")
    return path


def run(path, runner=None, index=0, count=1, **options):
    """Outcomes by id, in the order in which they were reported."""
    outcomes: list[Outcome] = []
    status = StatusFile(path, index, count)
    lines = read_manifest(path).chunk(index, count).lines
    summary = run_batch(lines, runner or InProcess(), status, outcomes.append, no_progress, **options)
    assert [outcome.id for outcome in read_status(status.path)] == [line.id for line in lines]
    assert (summary.done + summary.skipped + summary.failed) == len(lines)
    return {outcome.id: outcome for outcome in outcomes}


def statuses(outcomes):
    return [outcome.status for outcome in outcomes.values()]


def outputs(home):
    return {path.name: path.read_bytes() for path in (home / "out").iterdir()}


def test_the_same_bytes_in_one_process_in_two_and_in_chunks(home):
    rows = [row(0), row(1), row(2, out="out/b.bvh"), row(3, seed=4, intensity=0.5, voice=2, fps=25)]
    path = write(home, *rows)
    assert statuses(run(path, LocalPool(1))) == ["done"] * 4
    whole = outputs(home)
    assert len(whole) == 4
    assert whole["日本 0.csv"] != whole["日本 3.csv"]

    for setting in ({"runner": LocalPool(2)}, {"index": 1, "count": 3}):
        for left in (home / "out").iterdir():
            left.unlink()
        for status in home.glob("*.status*"):
            status.unlink()
        run(path, **setting)
        if "count" in setting:
            assert set(outputs(home)) == {"日本 1.csv"}
            run(path, index=0, count=3)
            run(path, index=2, count=3)
        assert outputs(home) == whole


def test_a_bad_line_fails_alone(home):
    path = write(
        home, row(0, audio="absent.wav"), {"id": "odd", "tempo": 1}, row(2), row(3, style="ü日本 0.wav")
    )
    outcomes = run(path, LocalPool(1))
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "odd": "failed",
        "ü日本 0": "failed",
        "ü日本 2": "done",
        "ü日本 3": "failed",
    }
    assert "tempo" in outcomes["odd"].reason
    assert "absent.wav" in outcomes["ü日本 0"].reason
    assert set(outputs(home)) == {"日本 2.csv"}


def test_what_is_finished_is_skipped_until_something_changes(home, write_wav, talk):
    path = write(home, row(0), row(1))
    assert statuses(run(path)) == ["done", "done"]
    stamp = (home / "out" / "日本 0.csv").stat().st_mtime_ns
    assert statuses(run(path)) == ["skipped", "skipped"]
    assert statuses(run(path, index=1, count=2)) == ["skipped"], "however it was cut before"
    assert (home / "out" / "日本 0.csv").stat().st_mtime_ns == stamp

    write_wav(home / "ü日本 1.wav", talk(1.6, first_line=3))
    assert statuses(run(path)) == ["skipped", "done"]
    write(home, row(0, seed=5), row(1))
    assert statuses(run(path)) == ["done", "skipped"]
    (home / "out" / "日本 1.csv").unlink()
    assert statuses(run(path)) == ["skipped", "done"]


def test_a_line_is_made_again_when_what_it_must_do_changes(home):
    """Also where only a motion changes that its direction names."""
    shot, edit = home / "shot.json", home / "edit.csv"
    shot.write_text('{"pins": [{"time_s": 0.8, "yaw_deg": 9}]}')
    path = write(home, row(0, direct="shot.json"), row(1))
    assert statuses(run(path)) == ["done", "done"]
    assert statuses(run(path)) == ["skipped", "skipped"]
    (found,) = np.degrees(rot.to_euler(read_motion(home / "out" / "日本 0.csv").at([0.8]).rotation))
    assert found[1] == pytest.approx(9.0, abs=0.05)
    edit.write_bytes((home / "out" / "日本 1.csv").read_bytes())
    shot.write_text('{"kept": [{"start_s": 0.4, "stop_s": 0.8, "motion": "edit.csv"}]}')
    assert statuses(run(path)) == ["done", "skipped"]
    write_motion(edit, read_motion(edit).at(np.arange(0.1, 1.2, 0.05)))
    assert statuses(run(path)) == ["done", "skipped"]
    shot.write_text('{"pins": [{"time_s": 0.8}]}')
    failed = run(path)["ü日本 0"]
    assert "“shot.json”: Pin 1: The pin at 0.8 s pins nothing" in failed.reason


def test_a_torn_status_costs_its_last_line_alone(home):
    path = write(home, row(0), row(1))
    run(path)
    status = home / "lines.status.jsonl"
    text = status.read_bytes()
    status.write_bytes(text[:-20])
    assert statuses(run(path)) == ["skipped", "done"]
    status.write_bytes(b"\xff\n[1]\n{}\n" + b"[" * 100_000 + b"\n" + text)
    assert statuses(run(path)) == ["skipped", "skipped"]


def killing(monkeypatch, deaths):
    """Kill the worker, as soon as it works on a line, as often as asked; returns how often it was."""
    start = pool._start
    killed: list[int] = []

    def start_and_kill(worker, task):
        line, job = task.line, start(worker, task)
        if len(killed) < deaths:
            temporary_folder(line).mkdir(parents=True)
            (temporary_folder(line) / "half.csv").write_text("half")
            killed.append(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)
        return job

    monkeypatch.setattr(pool, "_start", start_and_kill)
    return killed


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_worker_is_replaced_and_its_line_tried_again(home, monkeypatch):
    killed = killing(monkeypatch, deaths=1)
    assert statuses(run(write(home, row(0), row(1)), LocalPool(1))) == ["done", "done"]
    assert len(killed) == 1
    assert set(outputs(home)) == {"日本 0.csv", "日本 1.csv"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_line_that_kills_each_worker_fails_alone(home, monkeypatch):
    killed = killing(monkeypatch, deaths=pool.TRIES)
    outcomes = run(write(home, row(0), row(1)), LocalPool(1))
    assert len(killed) == pool.TRIES
    assert outcomes["ü日本 0"].status == "failed"
    assert "signal 9" in outcomes["ü日本 0"].reason
    assert outcomes["ü日本 1"].status == "done"
    assert set(outputs(home)) == {"日本 1.csv"}


def test_leftovers_of_a_killed_run_are_swept_by_the_next(home):
    path = write(home, row(0))
    (line,) = read_manifest(path).lines
    temporary_folder(line).mkdir(parents=True)
    (temporary_folder(line) / "half.csv").write_text("half")
    run(path)
    assert set(outputs(home)) == {"日本 0.csv"}


def test_fbx_lines_share_one_blender(home):
    pytest.importorskip("bpy", reason="FBX needs the bpy wheel")
    outcomes = run(write(home, row(0, out="out/a.fbx"), row(1, out="out/b.fbx")))
    assert statuses(outcomes) == ["done", "done"]
    assert {name: len(data) > 10_000 for name, data in outputs(home).items()} == {
        "a.fbx": True,
        "b.fbx": True,
    }


def test_an_output_that_cannot_be_written(home):
    (home / "out").write_text("a file in the way")
    outcomes = run(write(home, row(0), row(1, out="fine.csv")))
    assert statuses(outcomes) == ["failed", "done"]
    assert "日本 0.csv" in outcomes["ü日本 0"].reason


def test_the_command(home, capsys):
    path = write(home, row(0), row(1, audio="absent.wav"), row(2, out="../b.csv"))
    assert cli.main(["batch", str(path), "--jobs", "1"]) == cli.SOME_FAILED
    output = capsys.readouterr()
    assert output.out.splitlines() == [str(home.resolve() / "out" / "日本 0.csv")]
    assert "ü日本 1: “absent.wav” cannot be read" in output.err
    assert "outside" in output.err
    assert "1 done, 0 skipped, 2 failed" in output.err.splitlines()[-1]

    write(home, row(0))
    assert cli.main(["batch", str(path), "--chunk", "0/1"]) == cli.DONE
    output = capsys.readouterr()
    assert output.out == ""
    assert "0 done, 1 skipped, 0 failed" in output.err


def test_the_command_on_a_folder(home, capsys):
    command = ["batch", str(home), "--style", str(home / "ü日本.style.json"), "-o", str(home / "out")]
    assert cli.main([*command, "--format", "csv"]) == cli.DONE
    assert {path.name for path in (home / "out").iterdir()} == {
        "ü日本 0.csv",
        "ü日本 1.csv",
        "batch.status.jsonl",
    }
    capsys.readouterr()
    assert cli.main(command[:2]) == cli.REFUSED
    assert "--style" in capsys.readouterr().err


def test_a_bad_manifest_is_refused(tmp_path, capsys):
    assert cli.main(["batch", str(tmp_path / "absent.jsonl")]) == cli.REFUSED
    assert "absent.jsonl" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [("--chunk", "1/1"), ("--chunk", "2"), ("--jobs", "0"), ("--jobs", "x")]
)
def test_bad_usage(tmp_path, arguments):
    with pytest.raises(SystemExit) as exit_:
        cli.main(["batch", str(tmp_path / "lines.jsonl"), *arguments])
    assert exit_.value.code == cli.REFUSED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_interrupted(home):
    """SIGINT in the middle: what is finished stays and is known, the rest leaves nothing."""
    path = write(home, *(row(at) for at in range(200)))
    command = [sys.executable, "-m", "mannerism.core.cli", "batch", str(path), "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == cli.INTERRUPTED, err
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("mannerism: Interrupted")
    done = {outcome.out for outcome in read_status(home / "lines.status.jsonl")}
    assert str(first) in done
    assert done == {str(path) for path in (home / "out").resolve().iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_no_worker_outlives_a_killed_batch(home):
    path = write(home, *(row(at) for at in range(200)))
    command = [sys.executable, "-m", "mannerism.core.cli", "batch", str(path), "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    deadline = time.monotonic() + 20
    while (count := len(list((home / "out").iterdir()))) and time.monotonic() < deadline:
        time.sleep(1.5)
        if len(list((home / "out").iterdir())) == count:
            break
    assert len(list((home / "out").iterdir())) == count < 200, "somebody still writes"

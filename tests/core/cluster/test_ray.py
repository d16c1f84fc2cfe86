"""Batches on real Ray, started on this machine: the bytes of the pool, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mannerism.core import cli
from mannerism.core.batch.status import read_status
from mannerism.core.cluster.session import connected
from mannerism.core.errors import BatchError, MissingPartError
from mannerism.tests.support.paths import EXAMPLES

COMMAND = [sys.executable, "-m", "mannerism.core.cli", "batch"]


@pytest.fixture
def manifest(tmp_path):
    def write(folder, count):
        rows = [
            {"id": f"{at}", "audio": str(EXAMPLES / "line_1.wav"), "style": "calm", "out": f"o/日 {at}.bvh"}
            for at in range(count)
        ]
        rows.append(rows[0] | {"id": "silent", "audio": "absent.wav", "out": "o/silent.bvh"})
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "m.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)))
        return path

    return write


def outputs(path):
    return {file.name: file.read_bytes() for file in (path.parent / "o").iterdir()}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_the_bytes_of_the_pool_and_an_end_by_a_signal(manifest, tmp_path):
    """One run, for Ray takes seconds to start."""
    pytest.importorskip("ray")
    pooled, clustered = manifest("pool", 3), manifest("cluster", 60)
    assert cli.main(["batch", str(pooled), "--jobs", "1"]) == cli.SOME_FAILED
    home = tmp_path / "home"
    home.mkdir()
    environment = os.environ | {"HOME": str(home)}
    command = [*COMMAND, str(clustered), "--cluster", "local", "--jobs", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        printed = {Path(process.stdout.readline().strip()).name for _ in range(4)}
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    if "Ray does not start on this machine" in err:
        pytest.skip(err.splitlines()[-1])
    assert process.returncode == cli.INTERRUPTED, err
    assert "Traceback" not in err
    assert "the same command carries on" in err
    assert not list((clustered.parent / "o").glob(".*"))
    assert {file.name for file in clustered.parent.iterdir()} == {"m.jsonl", "m.status.jsonl", "o"}
    assert not list(home.iterdir()), "Ray's token"
    done = outputs(clustered)
    assert printed <= set(done)
    assert {name: done[name] for name in done if name in outputs(pooled)}.items() <= outputs(pooled).items()
    assert {Path(row.out).name for row in read_status(clustered.with_name("m.status.jsonl"))} >= printed


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1:9", "Nothing answers"),
        ("no.such.host.invalid:6379", "Nothing answers"),
        ("127.0.0.1:99999", "Nothing answers"),
        ("ray://127.0.0.1:10001", "Ray's client"),
        ("", "No cluster"),
        ("elsewhere", "No cluster"),
    ],
)
def test_an_address_without_a_cluster(address, words):
    pytest.importorskip("ray")
    with pytest.raises(BatchError, match=words) as refused, connected(address, 1):
        pass
    assert "ray start --head" in refused.value.remedy


def test_a_python_without_ray(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingPartError, match="no Ray") as refused, connected("local", 1):
        pass
    assert "pip install" in refused.value.remedy

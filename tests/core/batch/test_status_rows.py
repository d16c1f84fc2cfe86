"""Status files of many chunks: a chunk finds what was written for its lines and at their places, and parses no more."""

import os

import pytest

from mannerism.core.batch import status as status_module
from mannerism.core.batch.status import Outcome, StatusFile

NAMES = [
    "plain",
    'with "quotes", "status": "done", "out": "x"',
    "back\\slash",
    "ü日本\u2028",
    os.fsdecode(b"\xe9"),
    "tab\t",
]


def outcome(name, place, sha256="s"):
    return Outcome(name, "done", place, "d", "", 1, sha256)


@pytest.fixture
def status(tmp_path):
    for at in range(6):
        StatusFile(tmp_path / "lines.jsonl", at, 6).rewrite(
            [outcome(NAMES[at], f"/{NAMES[at]}.bvh"), outcome(f"o{at}", f"/o{at}")]
        )
    return StatusFile(tmp_path / "lines.jsonl", 0, 2)


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_found_by_id_and_by_place(status, name):
    wanted = [outcome(name, f"/{name}.bvh")]
    assert status.written([name], []) == wanted
    assert status.written([], [f"/{name}.bvh"]) == wanted
    assert status.written(["nobody"], ["/nowhere"]) == []


def test_rows_of_others_are_not_parsed(status, monkeypatch):
    parsed = []
    parse = status_module._outcome
    monkeypatch.setattr(status_module, "_outcome", lambda row: parsed.append(row) or parse(row))
    assert [found.id for found in status.written(["o3"], [])] == ["o3"]
    assert len(parsed) == 1


def test_what_another_line_wrote_at_the_place_since_counts(tmp_path):
    path = StatusFile(tmp_path / "lines.jsonl", 0, 1)
    path.rewrite([outcome("a", "/p", "1"), outcome("b", "/p", "2"), outcome("c", "/q", "3")])
    path = StatusFile(tmp_path / "lines.jsonl", 0, 1)
    assert path.written(["a"], []) == [outcome("b", "/p", "2")]


def test_rows_in_another_order_of_keys_are_read(tmp_path):
    (tmp_path / "lines.status.jsonl").write_text(
        '{"status": "done", "sha256": "s", "out": "/p", "id": "a"}\n'
    )
    (found,) = StatusFile(tmp_path / "lines.jsonl", 0, 1).written(["a"], [])
    assert (found.id, found.out) == ("a", "/p")


def test_a_pipe_or_a_device_in_the_place_of_a_status_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "a.status.jsonl")
    (tmp_path / "b.status.jsonl").symlink_to("/dev/zero")
    for name in ("a", "b"):
        status = StatusFile(tmp_path / f"{name}.jsonl", 0, 1)
        assert status.written(["x"], []) == []
        assert not status.mend()
        assert status.path.read_bytes() == b""
        assert not status.path.is_symlink()


@pytest.mark.parametrize("content", ["notes of mine\nmore\n", '{"a": 1}\n'])
def test_a_status_that_is_none_is_kept_and_said(tmp_path, content):
    path = tmp_path / "a.status.jsonl"
    path.write_text(content)
    said = StatusFile(tmp_path / "a.jsonl", 0, 1).mend()
    assert (tmp_path / "a.status.jsonl.earlier").read_text() == content
    assert "is kept as" in said

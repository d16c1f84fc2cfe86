"""Consent records: per reference by file content, and refusal without one."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mannerism.core.errors import ConsentError, OutputError, VideoError
from mannerism.core.portrait.reference import consent, identity
from mannerism.core.portrait.reference.identity import Reference, fingerprint


def attest(path, kept):
    return consent.attest(Reference.of(path), kept)


def consent_of(path, kept):
    return consent.consent_of(Reference.of(path), kept)


def require(path, kept):
    consent.require(Reference.of(path), kept)


def withdraw(path, kept):
    consent.withdraw(Reference.of(path), kept)


@pytest.fixture
def reference(tmp_path):
    path = tmp_path / "ü日本 Ada.mp4"
    path.write_bytes(b"a video of Ada")
    return path


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "kept" / "here"


def test_nobody_attested(reference, kept):
    assert consent_of(reference, kept) is None
    with pytest.raises(ConsentError, match=r"ü日本 Ada\.mp4") as caught:
        require(reference, kept)
    assert "--consent" in caught.value.remedy
    assert not kept.exists()


def test_it_is_attested_with_its_date_and_holds_for_a_copy(reference, kept, tmp_path):
    date = attest(reference, kept)
    assert consent_of(reference, kept) == date
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", date)
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(reference.read_bytes())
    assert consent_of(copy, kept) == date
    require(copy, kept)


def test_another_file_of_the_same_name_has_none(reference, kept):
    attest(reference, kept)
    reference.write_bytes(b"a video of Grace")
    with pytest.raises(ConsentError):
        require(reference, kept)


def test_the_first_date_stays_and_others_stay(reference, kept, tmp_path):
    other = tmp_path / "other.mp4"
    other.write_bytes(b"another")
    attest(reference, kept)
    file = kept / "consent.json"
    old = file.read_text(encoding="utf-8").replace(consent_of(reference, kept), "2026-01-31T12:00:00Z")
    file.write_text(old, encoding="utf-8")
    attest(reference, kept)
    attest(other, kept)
    assert consent_of(reference, kept) == "2026-01-31T12:00:00Z"
    withdraw(other, kept)
    assert consent_of(other, kept) is None
    assert consent_of(reference, kept) == "2026-01-31T12:00:00Z"
    withdraw(other, kept)


def test_what_is_kept_names_nobody(reference, kept):
    attest(reference, kept)
    text = (kept / "consent.json").read_text(encoding="utf-8")
    assert "Ada" not in text
    assert list(json.loads(text)["attested"]) == [fingerprint(reference)]


DAMAGED = {
    "empty": b"",
    "cut": b'{"format": "mannerism-consent", "attested": {"',
    "list": b"[]",
    "other format": b'{"format": "x"}',
    "no table": b'{"format": "mannerism-consent", "attested": 3}',
    "deep": b"[" * 100_000,
    "deep but readable": b'{"format": "mannerism-consent", "x": '
    + b"[" * 200
    + b"]" * 200
    + b', "attested": {}}',
    "no text": b"\xff\xfe\x00",
    "zeros": bytes(100),
    "half a character as a name": b'{"format": "mannerism-consent", "attested": {"\\udc80": "x"}}',
    "half a character as a date": b'{"format": "mannerism-consent", "attested": {"x": "\\udc80"}}',
    "number as a date": b'{"format": "mannerism-consent", "attested": {"x": 3}}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_attests_nothing_and_is_kept(reference, kept, content):
    kept.mkdir(parents=True)
    (kept / "consent.json").write_bytes(content)
    assert consent_of(reference, kept) is None
    withdraw(reference, kept)
    date = attest(reference, kept)
    assert consent_of(reference, kept) == date
    assert (kept / "consent.json.damaged").read_bytes() == content


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_was_attested_before_is_restored(reference, kept, tmp_path, content, caplog):
    other, gone = tmp_path / "other.mp4", tmp_path / "gone.mp4"
    other.write_bytes(b"another")
    gone.write_bytes(b"gone")
    date = attest(reference, kept)
    attest(gone, kept)
    withdraw(gone, kept)
    for number in (1, 2):
        (kept / "consent.json").write_bytes(content)
        assert consent_of(reference, kept) == date
        attest(other, kept)
        assert "were damaged" in caplog.text
        assert consent_of(reference, kept) == date
        assert consent_of(gone, kept) is None
        assert len(list(kept.glob("consent.json.damaged*"))) == number


def test_mending_says_what_was_done(reference, kept):
    assert consent.mend(kept) == ""
    attest(reference, kept)
    assert consent.mend(kept) == ""
    (kept / "consent.json").write_text("{")
    note = consent.mend(kept)
    assert "consent.json.damaged" in note
    assert "1 could be restored" in note
    assert consent.mend(kept) == ""
    assert consent_of(reference, kept)


@pytest.mark.parametrize("name", ["consent.json", "consent.history.jsonl"])
def test_a_link_is_refused_by_name(reference, kept, tmp_path, name):
    kept.mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_text("precious")
    (kept / name).symlink_to(secret)
    with pytest.raises(ConsentError, match=re.escape(name)):
        attest(reference, kept)
    assert secret.read_text() == "precious"


def test_what_is_huge_is_refused_by_name(reference, kept):
    kept.mkdir(parents=True)
    with (kept / "consent.json").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ConsentError, match=r"consent\.json"):
        attest(reference, kept)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_refused_by_name(reference, kept):
    kept.mkdir(parents=True)
    os.mkfifo(kept / "consent.json")
    with pytest.raises(ConsentError, match=r"consent\.json"):
        attest(reference, kept)


_NOTE_FORTY = """
import sys, pathlib
from mannerism.core.portrait.consent import attest
folder = pathlib.Path(sys.argv[1])
for number in range(40):
    file = folder / f"{sys.argv[2]}{number}"
    file.write_text(file.name)
    attest(file, folder / "data")
"""


def test_of_two_processes_each_note_stays(tmp_path):
    commands = [[sys.executable, "-c", _NOTE_FORTY, str(tmp_path), name] for name in "ab"]
    processes = [subprocess.Popen(command) for command in commands]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert len(json.loads((tmp_path / "data" / "consent.json").read_text())["attested"]) == 80
    assert len((tmp_path / "data" / "consent.history.jsonl").read_text().splitlines()) == 80
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"consent.json", "consent.history.jsonl"}


def test_of_two_threads_each_note_stays(tmp_path):
    def note(number):
        file = tmp_path / str(number)
        file.write_text(file.name)
        return attest(file, tmp_path / "data")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(note, range(20)))
    assert len(json.loads((tmp_path / "data" / "consent.json").read_text())["attested"]) == 20


def test_half_a_row_of_a_killed_process_costs_itself_alone(reference, kept, tmp_path):
    other = tmp_path / "other.mp4"
    other.write_bytes(b"another")
    attest(reference, kept)
    with (kept / "consent.history.jsonl").open("a") as file:
        file.write('{"sha256": "')
    attest(other, kept)
    (kept / "consent.json").write_text("")
    assert consent_of(reference, kept)
    assert consent_of(other, kept)


def test_no_reference_and_no_room(reference, tmp_path):
    with pytest.raises(VideoError, match=r"absent\.mp4"):
        attest(tmp_path / "absent.mp4", tmp_path)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(OutputError):
        attest(reference, in_the_way)


def test_a_file_is_read_once_while_it_stays_as_it_is(reference, monkeypatch):
    os.utime(reference, (1e9, 1e9))
    now = reference.stat().st_ctime + 10.0
    monkeypatch.setattr(identity, "time", lambda: now)
    read = []
    monkeypatch.setattr(identity, "sha256_of", lambda path: read.append(path) or str(len(read)))
    assert fingerprint(reference) == fingerprint(reference) == "1"
    reference.write_bytes(b"a video of Eve")
    os.utime(reference, (1e9, 1e9))
    assert fingerprint(reference) == "2", "the same size and time, but written since"


def test_a_file_that_was_just_written_is_read_each_time(reference, monkeypatch):
    before = fingerprint(reference)
    reference.write_bytes(b"a video of Eve")
    assert fingerprint(reference) != before


def test_a_pipe_is_no_reference(tmp_path):
    """To hash it might never end."""
    os.mkfifo(tmp_path / "a.mp4")
    with pytest.raises(VideoError, match="is no file"):
        fingerprint(tmp_path / "a.mp4")

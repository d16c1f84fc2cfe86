"""Consent records: per reference by file content, and refusal without one."""

import json
import os
import re

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


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": "x"}', '{"format": "mannerism-consent", "attested": 3}', "[" * 100_000],
)
def test_a_damaged_record_attests_nothing(reference, kept, text):
    attest(reference, kept)
    (kept / "consent.json").write_text(text)
    assert consent_of(reference, kept) is None
    attest(reference, kept)
    assert consent_of(reference, kept)


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

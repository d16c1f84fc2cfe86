"""Donations: what a file holds and what not, what is refused, and that training gets what it gets from the recordings."""

import json
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mannerism.core.donate import consent
from mannerism.core.donate.consent import Consent, signed, statement
from mannerism.core.donate.donation import PROSODY, DonatedRecording, Donation, without_the_rest
from mannerism.core.donate.donation_file import LARGEST_BYTES, UNITS, write_donation
from mannerism.core.donate.donation_reader import read_donation
from mannerism.core.errors import ConsentError, DonationError, OutputError
from mannerism.core.motion import GRID_HZ
from mannerism.core.recording import Findings, Samples
from mannerism.core.speech import NAMES
from mannerism.tests.support.paths import EXAMPLES

SIGNED = Consent("CC0-1.0", "Ada Beispiel", date(2026, 11, 28))
SEGMENTS = ((10, 130), (140, 330))


def recording(seed=0, *, origin="video", occasion=1, segments=SEGMENTS, count=340):
    rng = np.random.default_rng(seed)
    samples = Samples(
        np.arange(count) / GRID_HZ,
        (0.1 * rng.normal(size=(count, 3))).astype(np.float32),
        (0.01 * rng.normal(size=(count, 3))).astype(np.float32),
        np.ones(count, np.bool_),
        rng.normal(size=(count, len(NAMES))).astype(np.float32),
    )
    found = Findings(count / GRID_HZ - 0.02, (0.1, 0.2, 0.3), -0.04, 3.5, segments)
    return DonatedRecording(origin, occasion, False, found, without_the_rest(samples, segments))


@pytest.fixture
def donation():
    return Donation(SIGNED, (recording(0), recording(1, origin="track", occasion=2)))


@pytest.fixture
def file(donation, tmp_path):
    path = tmp_path / "ada.donation.json"
    write_donation(path, donation)
    return path


def test_what_is_written_is_read_up_to_the_unit(donation, file):
    found = read_donation(file)
    assert found.consent == SIGNED
    for got, given in zip(found.recordings, donation.recordings, strict=True):
        assert (got.origin, got.occasion, got.findings) == (given.origin, given.occasion, given.findings)
        for name in ("rotvec_rad", "translation_m"):
            np.testing.assert_allclose(getattr(got.samples, name), getattr(given.samples, name), atol=0.51e-5)
        np.testing.assert_allclose(got.samples.speech, given.samples.speech, atol=0.51e-3)
        assert np.array_equal(got.samples.valid, given.samples.valid)
    assert len(file.read_bytes()) < 80_000


def test_another_reader_finds_the_same(donation, file):
    """The standard library alone, by what the file says of itself."""
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["signed_by"] == "Ada Beispiel"
    assert content["signed_on"] == "2026-11-28"
    assert "CC0-1.0" in content["statement"]
    first, _ = content["recordings"]
    (one, other) = first["stretches"]
    assert (one["first"], other["first"]) == (10, 140)
    yaw = [int(number) * content["units"]["yaw_rad"] for number in other["yaw_rad"].split()]
    np.testing.assert_allclose(yaw, donation.recordings[0].samples.rotvec_rad[140:330, 1], atol=0.51e-5)


def test_no_spectrum_and_nothing_of_others_is_in_it(file):
    """The sound of other stretches may be somebody else's, and twelve bands are enough to understand words."""
    content = json.loads(file.read_text(encoding="utf-8"))
    assert not any("mel" in name for name in content["units"])
    kept = sum(stop - first for first, stop in SEGMENTS)
    for given in content["recordings"]:
        assert {name for stretch in given["stretches"] for name in stretch} == {"first", *UNITS}
        assert sum(len(stretch["energy"].split()) for stretch in given["stretches"]) == kept
    for got in read_donation(file).recordings:
        outside = np.ones(340, np.bool_)
        for first, stop in SEGMENTS:
            outside[first:stop] = False
        assert not got.samples.speech[outside].any()
        assert not got.samples.rotvec_rad[outside].any()
        assert not got.samples.speech[:, len(PROSODY) :].any()


def test_a_donation_is_never_overwritten(donation, file):
    before = file.read_bytes()
    with pytest.raises(OutputError, match="already"):
        write_donation(file, donation)
    link = file.with_name("link.donation.json")
    link.symlink_to(file.with_name("nowhere"))
    with pytest.raises(OutputError, match="already"):
        write_donation(link, donation)
    assert file.read_bytes() == before


def test_the_longest_recordings_are_read(tmp_path):
    """With as many digits as a column may have."""
    count = 15_000
    long = recording(0, segments=((0, count),), count=count)
    high = np.zeros((count, len(NAMES)), np.float32)
    high[:, : len(PROSODY)] = -9999.0
    tall = replace(long, samples=replace(long.samples, speech=high))
    path = tmp_path / "a.donation.json"
    write_donation(path, Donation(SIGNED, (tall, tall)))
    assert path.stat().st_size < LARGEST_BYTES
    assert read_donation(path).recordings[1].samples.speech.min() == -9999.0


# altered files


def set_in(*keys):
    def change(content, value):
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = value

    return change


FIRST = ("recordings", 0)
STRETCH = (*FIRST, "stretches", 0)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("format",), "other"),
        (("version",), 2),
        (("version",), True),
        (("licence",), "CC-BY-NC-4.0"),
        (("licence",), "CC-BY-4.0"),  # another than what was signed
        (("licence",), ["CC0-1.0"]),
        (("statement",), "I agree to everything."),
        (("signed_by",), ""),
        (("signed_by",), "Ada\nBeispiel"),
        (("signed_by",), "x" * 500),
        (("signed_on",), "yesterday"),
        (("signed_on",), "20261128"),
        (("samples_per_second",), 50),
        (("units", "yaw_rad"), 1e-4),
        (("more",), 1),
        (("recordings",), []),
        (("recordings",), {}),
        (FIRST, {}),
        ((*FIRST, "origin"), "photo"),
        ((*FIRST, "occasion"), 3),
        ((*FIRST, "duration_s"), 1e9),
        ((*FIRST, "duration_s"), "12"),
        ((*FIRST, "samples"), 10**12),
        ((*FIRST, "samples"), 100),
        ((*FIRST, "rotation_only"), 0),
        ((*FIRST, "noise_deg"), [0.1, 0.2]),
        ((*FIRST, "noise_deg"), [0.1, 0.2, -1]),
        ((*FIRST, "stretches"), []),
        ((*STRETCH, "first"), -1),
        ((*STRETCH, "first"), 10**9),
        ((*STRETCH, "first"), 100),  # into the next one
        ((*STRETCH, "first"), 1.0),
        ((*STRETCH, "yaw_rad"), "1 2 3"),
        ((*STRETCH, "yaw_rad"), [1] * 120),
        ((*STRETCH, "yaw_rad"), " ".join(["400000"] * 120)),  # further than a head turns
        ((*STRETCH, "x_m"), " ".join(["300000"] * 120)),
        ((*STRETCH, "energy"), " ".join(["1e3"] * 120)),
        ((*STRETCH, "energy"), " ".join(["٣"] * 120)),
        ((*STRETCH, "energy"), " ".join(["12345678901"] * 120)),
        ((*STRETCH, "mel_01"), " ".join(["1"] * 120)),
    ],
)
def test_an_altered_file_is_refused(file, where, value):
    content = json.loads(file.read_text(encoding="utf-8"))
    set_in(*where)(content, value)
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(DonationError):
        read_donation(file)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"{}", b"null", b'{"format": NaN}', b" " * (LARGEST_BYTES + 1)],
)
def test_what_is_no_donation_is_refused(tmp_path, raw):
    path = tmp_path / "a.donation.json"
    path.write_bytes(raw)
    with pytest.raises(DonationError):
        read_donation(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "no.donation.json"):
        with pytest.raises(DonationError):
            read_donation(path)


# consent


def test_somebody_signs_by_name_on_a_day():
    today = date.today()  # noqa: DTZ011
    found = signed("CC-BY-4.0", "  Ada   Beispiel ")
    assert (found.signed_by, found.signed_on, found.licence) == ("Ada Beispiel", today, "CC-BY-4.0")
    assert found.statement == statement("CC-BY-4.0")


@pytest.mark.parametrize("name", [None, "", "  ", "x", "---", "A\x1b[2J Beispiel", "A" * 200])
def test_nobody_signs_by_default(name):
    with pytest.raises(ConsentError):
        signed("CC0-1.0", name)


def test_one_name_is_one_person():
    ids = {Consent("CC0-1.0", name, date(2026, 1, 1)).person for name in ("Ada Beispiel", "ADA BEISPIEL")}
    other = Consent("CC0-1.0", "Ada Other", date(2026, 1, 1)).person
    assert len(ids) == 1
    assert other not in ids
    assert "Ada" not in other


def test_the_page_has_the_statement():
    page = (EXAMPLES.parent / "docs" / "data.md").read_text(encoding="utf-8")
    words = re.sub(r"\s+", " ", page.replace("> ", ""))
    assert consent._STATEMENT.replace("{licence}", "LICENCE") in words

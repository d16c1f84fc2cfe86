"""Donations: what a file holds and what not, what is refused, and that training gets what it gets from the recordings."""

import json
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mannerism.core import api
from mannerism.core.donate import consent, give
from mannerism.core.donate.consent import Consent, signed, statement
from mannerism.core.donate.donation import PROSODY, DonatedRecording, Donation, without_the_rest
from mannerism.core.donate.donation_file import LARGEST_BYTES, UNITS, write_donation
from mannerism.core.donate.donation_reader import read_donation
from mannerism.core.donate.give import Source
from mannerism.core.errors import ConsentError, DonationError, OutputError, SettingsError, StyleError
from mannerism.core.motion import GRID_HZ
from mannerism.core.recording import Findings, Measured, Samples, cleaned
from mannerism.core.speech import NAMES, extract_features
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tests.support.recorded_track import write_track_csv
from mannerism.tests.support.synthetic_face import face_of
from mannerism.training.data.catalogue import Clip
from mannerism.training.data.dataset import DatasetError, load, read_index, usable, write_index
from mannerism.training.data.donated import donated
from mannerism.training.data.prepare import add_donated, prepare
from mannerism.training.manner.corpus import is_clear

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


# given and prepared


@pytest.fixture(scope="module")
def measured(talk, write_wav, tmp_path_factory):
    folder = tmp_path_factory.mktemp("voices")
    found = {}
    for number in (1, 2):
        sound = write_wav(folder / f"talk_{number}.wav", talk(14.0, first_line=number))
        speech = extract_features(sound)
        face = face_of(speech, seed=number)
        found[f"talk_{number}.mp4"] = Measured(face, speech, np.ones(len(face.time_s), np.float32))
    return found


@pytest.fixture
def given(measured, tmp_path, monkeypatch):
    """Two videos whose measurements are known, and the donation made of them."""
    for name in measured:
        (tmp_path / name).write_bytes(name.encode())
    monkeypatch.setattr(give, "measure_face", lambda path, progress: measured[path.name].face)
    monkeypatch.setattr(give, "picture_changes", lambda path, _progress: measured[path.name].change)
    monkeypatch.setattr(give, "extract_features", lambda path, *_, **__: measured[path.name].speech)
    one, other = (tmp_path / name for name in measured)
    said: list[str] = []
    out = tmp_path / "in é" / "ada.donation.json"
    out.parent.mkdir()
    made = api.donate(one, other, out, licence="CC-BY-4.0", signed_by="Ada Beispiel", on_warning=said.append)
    return made, out, said


def test_training_gets_what_it_gets_from_the_recordings(measured, given, tmp_path):
    """Both ways: prepared from the videos' measurements, and from the donation, inside of the segments."""
    _, out, _ = given
    dataset = tmp_path / "dataset"
    dataset.mkdir()
    write_index(dataset, add_donated(iter(()), out.parent, dataset))
    rows = list(usable(dataset, "train"))
    assert [row.id for row in rows] == ["ada_1", "ada_2"]
    for row, (name, known) in zip(rows, measured.items(), strict=True):
        direct, arrays = prepare(Clip(name, tmp_path / name, "p", "own", name), "train", known)
        same = ("duration_s", "noise_deg", "av_offset_s", "av_confidence", "rotation_only", "segments")
        assert all(getattr(row, field) == getattr(direct, field) for field in same)
        got = load(dataset, row)
        assert np.array_equal(got.time_s, arrays.time_s)
        for first, stop in row.segments:
            one, other = got.part(first, stop), arrays.part(first, stop)
            np.testing.assert_allclose(one.rotvec_rad, other.rotvec_rad, atol=0.51e-5)
            np.testing.assert_allclose(one.translation_m, other.translation_m, atol=0.51e-5)
            np.testing.assert_allclose(
                one.speech[:, : len(PROSODY)], other.speech[:, : len(PROSODY)], atol=0.51e-3
            )
            assert one.valid.all()
        assert is_clear(row)
        assert row.prosody_only
        assert row.person.startswith("donor_")
    assert rows[0].session != rows[1].session


def test_it_says_what_it_used(given):
    made, out, said = given
    assert len(said) == 2
    assert all(re.search(r"Of “talk_\d.mp4”, 1\d\.\d of 14\.0 s are used", line) for line in said)
    assert read_donation(out).consent == made.consent


def test_a_dataset_says_which_donations_it_left_out(given, tmp_path):
    _, out, _ = given
    (out.parent / "copy.donation.json").write_bytes(out.read_bytes())
    (out.parent / "broken.donation.json").write_text("{}", encoding="utf-8")
    rows = {row.id: row for row, _ in donated(out.parent)}
    assert "no donation" in str(rows["broken"].rejected)
    assert rows["ada_1"].rejected is None
    assert "is the same" in str(rows["copy_1"].rejected)
    dataset = tmp_path / "dataset"
    dataset.mkdir()
    write_index(dataset, (row for row, _ in donated(out.parent)))
    assert {row.id for row in read_index(dataset)} == set(rows)
    with pytest.raises(DatasetError, match="called"):
        list(add_donated(iter([rows["ada_1"]]), out.parent, dataset))


def test_rejected_and_short_recordings_are_refused(measured, given, tmp_path, monkeypatch):
    known = measured["talk_1.mp4"]
    still = replace(known, face=replace(known.face, mouth_m=np.full(len(known.face.time_s), 0.002)))
    one, other = (Source(tmp_path / name) for name in measured)
    for bad, reason in ((still, "belong together"), (cut(known), "can be used")):
        monkeypatch.setattr(give, "cleaned", lambda _, bad=bad: cleaned(bad))
        with pytest.raises(StyleError, match=reason):
            give.give((one, other), tmp_path / "b.donation.json", SIGNED)
    assert not (tmp_path / "b.donation.json").exists()


def cut(known):
    change = known.change.copy()
    change[np.arange(60, len(change), 75)] = 50.0
    found = known.face.found.copy()
    found[150:] = False
    return replace(known, change=change, face=replace(known.face, found=found))


# tracks, and what is refused before the work


@pytest.fixture(scope="module")
def sounds(talk, write_wav, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sounds")
    return tuple(write_wav(folder / f"{line}.wav", talk(14.0, first_line=line)) for line in (0, 3))


def donate_tracks(tmp_path, sounds, **more):
    one, other = (tmp_path / name for name in ("one.csv", "other.csv"))
    for path, start_s in ((one, 0.0), (other, 0.5)):
        if not path.exists():
            write_track_csv(path, start_s=start_s)
    options = {"licence": "CC0-1.0", "signed_by": "Ada Beispiel", "sounds": sounds} | more
    said: list[str] = []
    made = api.donate(one, other, tmp_path / "a.donation.json", on_warning=said.append, **options)
    return made, said


def test_tracks_with_their_sound(tmp_path, sounds):
    made, said = donate_tracks(tmp_path, sounds, one_occasion=True)
    assert [given.occasion for given in made.recordings] == [1, 1]
    assert [given.origin for given in made.recordings] == ["track", "track"]
    assert all(given.rotation_only for given in made.recordings)
    assert sum("cannot be checked" in line for line in said) == 2
    at = made.recordings[0].samples
    wanted = np.radians(5 * np.sin(0.07 * 30 * at.time_s[100:300]))
    np.testing.assert_allclose(at.rotvec_rad[100:300, 1], wanted, atol=0.003)


def test_what_is_refused_before_the_work(tmp_path, sounds):
    with pytest.raises(SettingsError, match="no sound"):
        donate_tracks(tmp_path, (None, None))
    with pytest.raises(SettingsError, match="same sound"):
        donate_tracks(tmp_path, (sounds[0], sounds[0]))
    with pytest.raises(SettingsError, match="licence"):
        donate_tracks(tmp_path, sounds, licence="MIT")
    with pytest.raises(ConsentError):
        donate_tracks(tmp_path, sounds, signed_by=" ")
    one = tmp_path / "one.csv"
    twin = tmp_path / "twin.csv"
    twin.write_bytes(one.read_bytes())
    for other in (one, twin):
        with pytest.raises(SettingsError, match="the same"):
            api.donate(one, other, tmp_path / "b.donation.json", licence="CC0-1.0", signed_by="Ada B.")
    for name in ("b.json", "b.csv", ".donation.json", "none/b.donation.json"):
        with pytest.raises(OutputError):
            api.donate(one, tmp_path / "other.csv", tmp_path / name, licence="CC0-1.0", signed_by="Ada B.")
    assert not list(tmp_path.glob("*.donation.json"))


def test_tracks_that_show_too_little_are_refused(tmp_path, sounds):
    write_track_csv(tmp_path / "one.csv", seconds=6.0)
    with pytest.raises(StyleError, match=r"6\.0 s of it can be used"):
        donate_tracks(tmp_path, sounds)
    write_track_csv(tmp_path / "one.csv", start_s=100.0)
    with pytest.raises(StyleError, match="tracked in the sound"):
        donate_tracks(tmp_path, sounds)
    write_track_csv(tmp_path / "one.csv", start_s=5000.0)
    with pytest.raises(StyleError, match="longer than 10 minutes"):
        donate_tracks(tmp_path, sounds)
    assert not list(tmp_path.glob("*.donation.json"))

"""Giving a donation: from videos or tracks to a file, what is refused before the work, and that training gets what it gets from the recordings."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mannerism.core import api
from mannerism.core.donate import give
from mannerism.core.donate.consent import Consent
from mannerism.core.donate.donation import PROSODY
from mannerism.core.donate.donation_reader import read_donation
from mannerism.core.donate.give import Source
from mannerism.core.errors import ConsentError, OutputError, SettingsError, StyleError
from mannerism.core.recording import Measured, cleaned
from mannerism.core.speech import extract_features
from mannerism.tests.support.recorded_track import write_track_csv
from mannerism.tests.support.synthetic_face import face_of
from mannerism.training.data.catalogue import Clip
from mannerism.training.data.dataset import DatasetError, load, read_index, usable, write_index
from mannerism.training.data.donated import donated
from mannerism.training.data.prepare import add_donated, prepare
from mannerism.training.manner.corpus import is_clear

SIGNED = Consent("CC0-1.0", "Ada Beispiel", date(2026, 11, 28))


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

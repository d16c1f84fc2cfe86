"""The prepared dataset: from measurements to rows, arrays and pairs."""

import json
import subprocess
import sys
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.motion import GRID_HZ
from mannerism.core.motion_csv import read_track
from mannerism.core.recording import Measured
from mannerism.core.recording.cleaned import LEAST_S
from mannerism.core.speech import NAMES, extract_features
from mannerism.tests.support.synthetic_face import face_of
from mannerism.training.data import measurement_cache as raw
from mannerism.training.data.catalogue import Clip
from mannerism.training.data.dataset import (
    Arrays,
    DatasetError,
    Recording,
    load,
    read_index,
    segments,
    usable,
    write_arrays,
    write_index,
)
from mannerism.training.data.pairs import GAP_S, REFERENCE_S, TARGET_S, find_pairs, write_pairs
from mannerism.training.data.prepare import prepare

ROW = Recording(
    id="ä 1",
    person="ä",
    source="own",
    session="ä 1",
    licence="",
    split="train",
    duration_s=12.0,
    noise_deg=(0.1, 0.2, 0.3),
    av_offset_s=0.04,
    av_confidence=3.0,
    rotation_only=False,
    segments=((10, 110), (150, 290)),
)


def arrays(count=300):
    rng = np.random.default_rng(0)
    return Arrays(
        np.arange(count) / GRID_HZ,
        (0.2 * rng.normal(size=(count, 3))).astype(np.float32),
        np.zeros((count, 3), np.float32),
        np.ones(count, np.bool_),
        rng.normal(size=(count, len(NAMES))).astype(np.float32),
    )


def test_what_is_written_is_read(tmp_path):
    rejected = replace(ROW, id="b", rejected="no voice", segments=())
    write_index(tmp_path, [ROW, rejected])
    write_arrays(tmp_path, ROW.id, arrays())
    assert list(read_index(tmp_path)) == [ROW, rejected]
    assert list(usable(tmp_path)) == [ROW]
    assert list(usable(tmp_path, "test")) == []
    parts = list(segments(tmp_path, "train"))
    assert [len(part.time_s) for _, part in parts] == [100, 140]
    assert parts[1][1].time_s[0] == 0.0
    assert np.array_equal(parts[1][1].rotvec_rad, arrays().rotvec_rad[150:290])
    assert np.allclose(rot.to_rotvec(arrays().track().rotation), arrays().rotvec_rad, atol=1e-5)
    assert ROW.usable_s == pytest.approx(9.6)


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({"id": 1})])
def test_what_is_no_dataset_is_refused(tmp_path, text):
    if text:
        (tmp_path / "index.jsonl").write_text(text)
    with pytest.raises(DatasetError):
        list(read_index(tmp_path))
    (tmp_path / f"{ROW.id}.npz").write_bytes(b"")
    with pytest.raises(DatasetError):
        load(tmp_path, ROW)


# preparing


@pytest.fixture(scope="module")
def voice(talk, write_wav, tmp_path_factory):
    return extract_features(write_wav(tmp_path_factory.mktemp("voice") / "a.wav", talk(24.0)))


def measured(voice, face=None, cuts=()):
    face = face or face_of(voice)
    change = np.ones(len(face.time_s), np.float32)
    change[list(cuts)] = 50.0
    return Measured(face, voice, change)


CLIP = Clip("p_1", Path("p_1.mp4"), "p", "own", "p_1", "CC0")


@pytest.mark.slow
def test_an_undisturbed_clip_is_kept_whole(voice):
    row, found = prepare(CLIP, "test", measured(voice))
    assert row.rejected is None
    assert (row.person, row.split, row.licence) == ("p", "test", "CC0")
    assert row.usable_s > 23.0
    assert found is not None
    assert found.time_s == pytest.approx(np.arange(len(found.time_s)) / GRID_HZ)
    assert found.speech.shape == (len(found.time_s), len(NAMES))
    assert np.degrees(np.abs(found.rotvec_rad)).max() < 6.5


@pytest.mark.slow
def test_the_same_measurements_give_the_same_dataset(voice):
    one, other = (prepare(CLIP, "train", measured(voice)) for _ in range(2))
    assert one[0] == other[0]
    for name in Arrays.__dataclass_fields__:
        assert np.array_equal(getattr(one[1], name), getattr(other[1], name))


@pytest.mark.slow
def test_the_offset_moves_the_head_with_the_lips(voice):
    """A picture that is late by 0.2 s tells, once in step, the motion of one that is not."""
    face = face_of(voice)
    late = replace(face, time_s=face.time_s + 0.2)
    here, there = prepare(CLIP, "train", measured(voice)), prepare(CLIP, "train", measured(voice, late))
    assert there[0].av_offset_s - here[0].av_offset_s == pytest.approx(-0.2, abs=0.02)
    assert np.degrees(np.abs(here[1].rotvec_rad - there[1].rotvec_rad)[50:-50]).max() < 0.4


def test_a_cut_ends_a_segment_and_each_shot_has_its_own_neutral(voice):
    face = face_of(voice)
    rotation = face.rotation.copy()
    rotation[300:] = rot.multiply(rot.from_rotvec(np.radians([0.0, 25.0, 0.0])), rotation[300:])
    row, found = prepare(CLIP, "train", measured(voice, replace(face, rotation=rotation), cuts=[300]))
    (_, end), (begin, _) = row.segments
    assert end / GRID_HZ == pytest.approx(10.0 + row.av_offset_s, abs=0.1)
    assert begin / GRID_HZ == pytest.approx(10.0 + row.av_offset_s, abs=0.1)
    assert end <= begin
    assert np.degrees(np.abs(found.rotvec_rad)).max() < 8.0


def test_a_lost_face_ends_a_segment(voice):
    face = face_of(voice)
    found = face.found.copy()
    found[240:300] = False
    row, given = prepare(CLIP, "train", measured(voice, replace(face, found=found)))
    assert len(row.segments) == 2
    assert not given.valid[round(8.3 * GRID_HZ) : round(9.7 * GRID_HZ)].any()


@pytest.mark.slow
def test_short_stretches_are_nothing(voice):
    cuts = range(0, 720, round(0.8 * LEAST_S * 30))
    row, given = prepare(CLIP, "train", measured(voice, cuts=[at for at in cuts if at]))
    assert "2 s" in str(row.rejected)
    assert given is None


def test_a_face_turned_away_is_rejected(voice):
    face = face_of(voice)
    aside = rot.multiply(rot.from_rotvec(np.radians([0.0, 70.0, 0.0])), face.rotation)
    assert prepare(CLIP, "train", measured(voice, replace(face, rotation=aside)))[0].rejected


def test_lips_that_do_not_fit_are_rejected(voice):
    face = face_of(voice)
    silent = replace(face, mouth_m=np.full(len(face.time_s), 0.001))
    assert "lips" in str(prepare(CLIP, "train", measured(voice, silent))[0].rejected)


@pytest.mark.slow
def test_crops_that_follow_the_face_tell_no_translation(voice):
    row, given = prepare(replace(CLIP, source="vox"), "train", measured(voice))
    assert row.rotation_only
    assert not given.translation_m.any()
    assert prepare(CLIP, "train", measured(voice))[1].translation_m.any()


@pytest.mark.slow
def test_the_whole_command_on_measured_clips(tmp_path, voice, write_wav, talk):
    """Measurements are there, so no video is opened; one clip is no video, which is said; a second run is the same."""
    clips, out = tmp_path / "clips", tmp_path / "dataset é"
    (out / "raw").mkdir(parents=True)
    rows = ["clip\tperson\tsource\tseconds"]
    for i in range(4):
        clip = Clip(f"c{i}", clips / f"c{i}.mp4", f"p{i // 2}", "own", f"c{i}")
        rows.append(f"{clip.id}\t{clip.person}\town\t24")
        given = measured(voice, face_of(voice, seed=i))
        raw._write_face(out / "raw" / f"{clip.id}.face.npz", given.face)
        raw.write_speech(out / "raw" / f"{clip.id}.speech.npz", given.speech)
        np.save(out / "raw" / f"{clip.id}.change.npy", given.change)
    clips.mkdir()
    write_wav(clips / "sound.wav", talk(24.0))
    for i in range(4):
        (clips / f"c{i}.mp4").write_bytes((clips / "sound.wav").read_bytes())
    (clips / "bad.mp4").write_text("no video")
    rows.append("bad\tp9\town\t24")
    (clips / "catalog.tsv").write_text("\n".join(rows))
    split = tmp_path / "split.json"
    split.write_text('{"test": ["c2", "c3"], "valid": []}')
    run = [
        sys.executable,
        "-m",
        "mannerism.training.data.prepare",
        str(clips),
        "-o",
        str(out),
        "--split",
        str(split),
    ]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "rejected: bad: " in done.stderr
    assert "2 pairs of the other recording in test" in done.stdout
    first = (out / "index.jsonl").read_bytes(), (out / "c2.npz").read_bytes()
    assert {row.person for row in usable(out, "train")} == {"p0"}
    assert {row.person for row in usable(out, "test")} == {"p1"}
    again = subprocess.run(run, capture_output=True, text=True, check=False)
    assert again.stdout == done.stdout
    assert ((out / "index.jsonl").read_bytes(), (out / "c2.npz").read_bytes()) == first

    pairs = tmp_path / "pairs"
    assert write_pairs(out, clips, pairs, "test") == {"other": 2}
    lines = [json.loads(line) for line in (pairs / "pairs.jsonl").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["other", "other"]
    for line in lines:
        assert line["person"] == "p1"
        assert read_track(pairs / line["reference_track"]).time_s[-1] == pytest.approx(11.96, abs=0.05)
        target = read_track(pairs / line["target_track"])
        with wave.open(str(pairs / line["audio"])) as sound:
            seconds = sound.getnframes() / sound.getframerate()
        assert seconds == pytest.approx(target.time_s[-1] + 1 / GRID_HZ, abs=0.05)


# pairs


def row_of(person, number, *spans, split="test", session=None):
    name = f"{person}_{number}"
    return replace(ROW, id=name, person=person, session=session or name, split=split, segments=spans)


def seconds(stretch):
    return (stretch.stop - stretch.first) / GRID_HZ


def test_another_recording_where_there_is_one():
    rows = [row_of("a", 1, (0, 400)), row_of("a", 2, (0, 100), (120, 300)), row_of("b", 1, (0, 600))]
    found = list(find_pairs(rows))
    assert [(pair.person, pair.kind) for pair in found] == [("a", "other"), ("a", "other"), ("b", "same")]
    for pair in found:
        assert REFERENCE_S[0] <= seconds(pair.reference) <= REFERENCE_S[1]
        assert TARGET_S[0] <= seconds(pair.target) <= TARGET_S[1]
        assert pair.reference.recording.person == pair.target.recording.person


def test_clips_of_one_session_are_no_other_recording():
    rows = [row_of("a", 1, (0, 600), session="day"), row_of("a", 2, (0, 600), session="day")]
    (pair,) = find_pairs(rows)
    assert pair.kind == "same"


@pytest.mark.parametrize("spans", [((0, 340),), ((0, 700),), ((0, 200), (260, 420)), ((0, 130), (160, 400))])
def test_the_same_recording_leaves_a_gap(spans):
    (pair,) = find_pairs([row_of("a", 1, *spans)])
    apart = max(
        pair.target.first - pair.reference.stop,
        pair.reference.first - pair.target.stop,
    )
    assert apart >= GAP_S * GRID_HZ
    assert seconds(pair.reference) >= REFERENCE_S[0]
    assert seconds(pair.target) >= TARGET_S[0]


def test_too_short_for_a_pair():
    assert (
        list(find_pairs([row_of("a", 1, (0, 320)), row_of("b", 1, (0, 150)), row_of("b", 2, (0, 150))])) == []
    )

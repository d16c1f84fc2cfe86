"""What the report of a batch says of lines with known faults."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.batch import line
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.motion import HeadPoseTrack
from mannerism.core.report import ACTING, KINDS, build_report, compare, gathering
from mannerism.core.report.facts import Facts, gather
from mannerism.core.report.motion_figures import (
    COMPARED,
    CURVE_LETTERS,
    CURVE_POINTS,
    figures,
    measure_motion,
)
from mannerism.core.report.motion_file import UnmeasuredError, read_motion_file
from mannerism.core.rotation import from_euler
from mannerism.core.track.bvh import read_bvh


def found_in(report):
    """State and findings of each line by id."""
    return {row.line.id: (row.state, {f.kind: f.detail for f in row.findings}) for row in report.rows}


def test_each_fault_is_found_and_nothing_else(report):
    found = found_in(report)
    states = {name: state for name, (state, _) in found.items()}
    kinds = {name: set(findings) for name, (_, findings) in found.items()}
    expected: dict[str, set[str]] = {f"good {at}": set() for at in range(8)} | {
        "silent": {"silent"},
        "quiet": {"quiet"},
        "clipped": {"clipped"},
        "still": {"still", "off-style"},
        "wild": {"wild", "off-style"},
        "length": {"length"},
        "failed": {"failed"},
        "no-sound": {"no-sound"},
        "missing": {"missing"},
        "damaged": {"damaged"},
        "edited": {"edited"},
        "stale": {"stale"},
        "foreign": {"foreign"},
        "exchanged a": {"exchanged"},
        "exchanged b": {"exchanged"},
        "jump": {"jump", "edited", "wild"},
        "duplicate": {"duplicate", "stale"},
        "good 3": {"duplicate"},
        "not-run": {"not-run"},
    }
    assert kinds == expected
    assert {name for name, state in states.items() if state == "done"} == {
        *(f"good {at}" for at in range(8)),
        *("silent", "quiet", "clipped", "still", "wild", "length", "no-sound"),
    }
    assert states["jump"] == "edited"


def test_details_name_the_cause(report):
    found = {name: details for name, (_, details) in found_in(report).items()}
    assert "no voice" in found["failed"]["failed"]
    assert "exchanged b" in found["exchanged a"]["exchanged"]
    assert "no-sound.wav" in found["no-sound"]["no-sound"]
    assert "1.00 s longer" in found["length"]["length"]
    assert "good 3" in found["duplicate"]["duplicate"]
    assert "duplicate" in found["good 3"]["duplicate"]


def test_what_is_to_be_acted_on(report):
    acted = {row.line.id for row in report.rows if {f.kind for f in row.findings} & ACTING}
    assert acted == {
        *("silent", "length", "failed", "no-sound", "missing", "damaged", "stale", "foreign"),
        *("exchanged a", "exchanged b", "not-run", "duplicate"),
    }
    assert report.to_act_on(ACTING) == len(acted)
    assert report.to_act_on(()) == 0
    assert report.counts()["done"] == 15
    assert set(report.counts()) <= {*KINDS, "done"}


def test_a_source_that_is_newer_is_named(batch):
    batch.add("a")
    batch.run()
    batch.sound("a", hum_hz=500)
    later = (batch.folder / "a.bvh").stat().st_mtime + 60
    os.utime(batch.folder / "a.wav", (later, later))
    assert batch.found()["a"] == ("stale", {"stale": "The sound is newer than the motion."})


def test_settings_that_changed_make_a_line_stale(batch):
    batch.add("a")
    batch.run()
    batch.rows["a"]["intensity"] = 0.9
    batch.save()
    assert batch.found()["a"][0] == "stale"


def test_an_edited_file_whose_line_changed_is_both(batch):
    batch.add("a")
    batch.run()
    with (batch.folder / "a.bvh").open("a") as file:
        file.write("\n")
    batch.rows["a"]["seed"] = 5
    batch.save()
    state, kinds = batch.found()["a"]
    assert state == "edited"
    assert set(kinds) == {"edited", "stale"}


def test_all_chunks_are_joined_and_the_last_run_counts(batch):
    for name in ("a", "b", "c"):
        batch.add(name)
    batch.times["b"] = None
    for index in range(3):
        batch.run(index, 3)
    assert {name: state for name, (state, _) in batch.found().items()} == {
        "a": "done",
        "b": "failed",
        "c": "done",
    }
    batch.times["b"] = 1.0
    batch.run(0, 1)
    os.utime(batch.folder / "lines.status.jsonl", (4e9, 4e9))
    assert {state for state, _ in batch.found().values()} == {"done"}


def test_a_folder_that_was_moved_is_done_still(batch, tmp_path):
    batch.add("a")
    batch.run()
    moved = tmp_path.with_name(f"{tmp_path.name} moved")
    tmp_path.rename(moved)
    rows = build_report(read_manifest(moved / "lines.jsonl")).rows
    assert [row.state for row in rows] == ["done"]
    assert not rows[0].findings


def test_an_output_with_another_name_says_where_the_old_one_is(batch):
    batch.add("a")
    batch.run()
    batch.rows["a"]["out"] = "b.bvh"
    batch.save()
    state, kinds = batch.found()["a"]
    assert state == "missing"
    assert "a.bvh" in kinds["missing"]


def test_lines_that_cannot_be_made_and_lines_that_are_gone(batch):
    for name in ("a", "b"):
        batch.add(name)
    batch.run()
    batch.rows["c"] = {"id": "a", "audio": "a.wav", "style": "calm", "out": "c.bvh"}
    del batch.rows["b"]
    batch.save()
    report = batch.report()
    assert [row.state for row in report.rows] == ["done", "failed"]
    assert "An earlier line has this id" in report.rows[1].findings[0].detail
    assert report.notes == ("The status files have rows of a line that the manifest does not list, as “b”.",)


def test_rest_that_is_asked_for_is_not_too_still(batch):
    batch.add("a", times=0.0)
    batch.rows["a"]["intensity"] = 0
    batch.run()
    assert batch.found()["a"] == ("done", {})


def test_half_the_intensity_is_expected_to_be_half_as_fast(batch):
    batch.add("a", times=0.5)
    batch.rows["a"]["intensity"] = 0.5
    batch.run()
    (row,) = batch.report().rows
    assert row.comparison.times_style == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("suffix", [".csv", ".bvh"])
def test_speed_against_the_style_is_measured_from_the_file(batch, suffix):
    batch.add("a", times=1.5, suffix=suffix, seconds=9.0, made_s=8.96)
    batch.run()
    (row,) = batch.report().rows
    assert row.comparison.times_style == pytest.approx(1.5, rel=0.08)


def test_a_format_without_reader_is_said_to_be_unmeasured(batch, tmp_path, monkeypatch):
    monkeypatch.setattr(line, "write_line", lambda path, *_: path.write_bytes(b"Kaydara FBX Binary") and ())
    batch.add("a", suffix=".fbx")
    batch.run()
    report = batch.report()
    assert [(row.state, row.findings) for row in report.rows] == [("done", ())]
    assert report.notes[0].startswith("1 motion is .fbx, for which there is no reader")
    with pytest.raises(UnmeasuredError, match=r"no reader for \.fbx"):
        measure_motion(tmp_path / "a.fbx")


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 50, b"HIERARCHY\n", b"\xff\xfe", b"HIERARCHY\nROOT Root\n{\n}\nMOTION\nFrames: 1\n"],
)
def test_a_damaged_motion_is_unmeasured(tmp_path, content):
    for suffix in (".bvh", ".csv"):
        path = tmp_path / f"a{suffix}"
        path.write_bytes(content)
        with pytest.raises(UnmeasuredError):
            measure_motion(path)


def test_our_own_skeleton_reads_as_any_other(batch):
    batch.add("a", seconds=9.0, made_s=8.96)
    batch.run()
    path = batch.folder / "a.bvh"
    fast, slow = figures(read_motion_file(path)), figures(read_bvh(path))
    assert fast.duration_s == slow.duration_s
    np.testing.assert_allclose(fast.statistics, slow.statistics, atol=0.02)
    np.testing.assert_allclose(fast.curve_scale_deg, slow.curve_scale_deg, atol=0.1)


def test_figures_of_a_known_motion():
    time_s = np.arange(0, 20, 0.02)
    pitch = np.radians(4.0) * np.sin(2 * np.pi * 0.5 * time_s)
    zero = np.zeros_like(pitch)
    track = HeadPoseTrack(
        time_s, from_euler(pitch, zero, zero), np.zeros((len(zero), 3)), np.ones(len(zero), bool)
    )
    found = figures(track)
    named = dict(zip(COMPARED, np.exp(found.statistics), strict=True))
    assert named["log_sigma_pitch"] == pytest.approx(4 / 2**0.5, rel=0.01)
    assert named["log_speed_pitch"] == pytest.approx(4 * 4.0 * 0.5, rel=0.02)
    assert found.fastest_deg_s == pytest.approx(2 * np.pi * 0.5 * 4.0, rel=0.01)
    assert found.curve_scale_deg == pytest.approx(4.0, rel=0.05)
    assert len(found.curve) == 3 * CURVE_POINTS
    assert set(found.curve[CURVE_POINTS:]) <= set(CURVE_LETTERS[31:33])


def test_robust_scores():
    values = np.array([-0.4, -0.2, 0.0, 0.2, 0.4, 3.0])
    assert compare.robust_z(values)[-1] == pytest.approx(0.6745 * (3.0 - 0.1) / 0.3)
    assert compare.robust_z(np.zeros(5)).tolist() == [0.0] * 5


def test_far_among_the_lines_is_found_though_the_style_allows_it(batch):
    for at in range(8):
        batch.add(f"line {at}", times=0.8)
    batch.add("fast", times=2.6)
    batch.run()
    found = batch.found()
    assert set(found["fast"][1]) == {"wild"}
    assert "among the lines" in found["fast"][1]["wild"]
    assert all(not kinds for name, (_, kinds) in found.items() if name != "fast")


def test_a_style_that_is_gone_is_said(batch):
    batch.add("a")
    batch.rows["a"]["style"] = "own.style.json"
    (batch.folder / "own.style.json").write_text("{}")
    batch.run()
    (batch.folder / "own.style.json").unlink()
    assert set(batch.found()["a"][1]) == {"no-style"}


def test_pipes_are_not_waited_for(batch):
    batch.add("a")
    batch.save()
    (batch.folder / "a.wav").unlink()
    os.mkfifo(batch.folder / "a.wav")
    os.mkfifo(batch.folder / "a.bvh")
    state, kinds = batch.found()["a"]
    assert state == "not-run"
    assert set(kinds) == {"not-run", "no-sound", "foreign"}


def test_facts_travel_as_plain_values(faults):
    manifest = read_manifest(faults.manifest)
    for each in manifest.lines[:10]:
        facts = gather(each, None)
        assert Facts.of_plain(facts.plain()) == facts
        case = gathering.Case(each, None)
        assert gathering.Case.of_plain(case.plain()) == case


def test_columns_of_the_manifest_are_shown(batch):
    batch.add("a")
    batch.save()
    manifest = read_manifest(batch.manifest)
    said = replace(manifest.lines[0], character="Ada", language="de", text="Guten Tag")
    spoken = replace(manifest, lines=(said,))
    (row,) = build_report(spoken).rows
    assert [row.manifest_text(name) for name in ("character", "language", "text")] == [
        "Ada",
        "de",
        "Guten Tag",
    ]
    assert replace(row, line=manifest.lines[0]).manifest_text("character") == ""


def test_messages_of_any_length_stay_short(batch):
    batch.add("a")
    batch.save()
    row = {"id": "a", "status": "failed", "reason": "no\nvoice " * 1000}
    (batch.folder / "lines.status.jsonl").write_text(json.dumps(row) + "\n{damaged")
    detail = batch.found()["a"][1]["failed"]
    assert len(detail) < 1010
    assert "\n" not in detail


def test_faces_have_rows_of_their_own(batch):
    """Their state is looked at like that of any file; no figures are asked of them."""
    batch.add("a")
    batch.rows["a"] |= {"face": "a.face.csv", "reference": "ada.mp4"}
    batch.times["a:face"], batch.made_s["a:face"] = 1.0, None
    (batch.folder / "ada.mp4").write_bytes(b"ada")
    batch.run()
    found = batch.found()
    assert list(found) == ["a", "a:face"]
    assert found["a:face"] == ("done", {})
    (batch.folder / "ada.mp4").unlink()
    assert batch.found()["a:face"][1].keys() == {"no-source"}
    (batch.folder / "ada.mp4").write_bytes(b"another")
    assert batch.found()["a:face"][0] == "stale"
    (batch.folder / "a.face.csv").unlink()
    assert batch.found()["a:face"][0] == "missing"
    assert batch.found()["a"] == ("done", {})

"""Which outputs of earlier runs are skipped, made again or kept: what lies at a place is looked at, not trusted."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from mannerism.core.batch import digest, line
from mannerism.core.batch.digest import digest_of
from mannerism.core.batch.earlier import Kind, Record, find_earlier
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.manifest_row import Line
from mannerism.core.batch.run import run_batch
from mannerism.core.batch.status import Outcome, StatusFile, read_status
from mannerism.core.export import FORMATS, export_motion
from mannerism.core.generate import engine
from mannerism.core.motion import HeadMotion, no_progress
from mannerism.core.rotation import from_euler
from mannerism.tests.support.in_process import InProcess


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder of sounds; a motion is made of a sound's bytes alone, in no time."""
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.wav").write_bytes(name.encode() * 100)
    (tmp_path / "s.style.json").write_text("{}")

    def write(path, made, _progress):
        turn = 0.01 * made.audio.read_bytes()[0] * np.sin(np.linspace(0, 6, 60)) + 0.001 * made.settings.seed
        zero = np.zeros(60)
        motion = HeadMotion(np.arange(60) / 30, from_euler(turn, zero, zero), np.zeros((60, 3)))
        export_motion(path, motion, made.rate)
        return ()

    monkeypatch.setattr(line, "write_line", write)
    return tmp_path


def batch(home, *rows, **options):
    """Outcomes by id of a batch over (id, sound, output) and more keys."""
    path = home / "m.jsonl"
    keys = ("id", "audio", "out")
    found = [
        dict(zip(keys, row, strict=False)) | {"style": "s.style.json", "seed": 1} | dict(*row[3:])
        for row in rows
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in found))
    outcomes: dict[str, Outcome] = {}
    status = StatusFile(path, 0, 1)
    run_batch(
        read_manifest(path).lines,
        InProcess(),
        status,
        lambda outcome: outcomes.__setitem__(outcome.id, outcome),
        no_progress,
        **options,
    )
    assert [row.id for row in read_status(status.path)] == [row["id"] for row in found]
    return outcomes


def statuses(outcomes):
    return {name: outcome.status for name, outcome in outcomes.items()}


ADA, BOB = ("ada", "a.wav", "1/head.bvh"), ("bob", "b.wav", "2/head.bvh")


def test_the_status_says_what_was_written(home):
    outcome = batch(home, ADA)["ada"]
    assert outcome == read_status(home / "m.status.jsonl")[0]
    data = (home / "1/head.bvh").read_bytes()
    assert (outcome.out, outcome.size) == (str(home.resolve() / "1/head.bvh"), len(data))
    assert outcome.sha256 == digest.sha256_of_input(home / "1/head.bvh")
    assert statuses(batch(home, ADA)) == {"ada": "skipped"}


def test_swapped_places_are_made_again(home):
    batch(home, ADA, BOB)
    ada, bob = ((home / place / "head.bvh").read_bytes() for place in "12")
    outcomes = batch(home, ("ada", "a.wav", "2/head.bvh"), ("bob", "b.wav", "1/head.bvh"))
    assert statuses(outcomes) == {"ada": "done", "bob": "done"}
    assert [(home / place / "head.bvh").read_bytes() for place in "21"] == [ada, bob]
    assert not list(home.rglob("*.earlier*"))


def test_files_that_were_swapped_on_the_disk_are_made_again(home):
    batch(home, ADA, BOB)
    first, second = home / "1/head.bvh", home / "2/head.bvh"
    ada, bob = first.read_bytes(), second.read_bytes()
    first.write_bytes(bob)
    second.write_bytes(ada)
    assert statuses(batch(home, ADA, BOB)) == {"ada": "done", "bob": "done"}
    assert (first.read_bytes(), second.read_bytes()) == (ada, bob)
    assert not list(home.rglob("*.earlier*"))


def test_renumbered_lines(home):
    batch(home, ("1", "a.wav", "1.csv"), ("2", "b.wav", "2.csv"))
    ada, bob = (home / "1.csv").read_bytes(), (home / "2.csv").read_bytes()
    outcomes = batch(home, ("1", "c.wav", "1.csv"), ("2", "a.wav", "2.csv"), ("3", "b.wav", "3.csv"))
    assert set(statuses(outcomes).values()) == {"done"}
    assert ((home / "2.csv").read_bytes(), (home / "3.csv").read_bytes()) == (ada, bob)


def test_another_id_for_the_same_file_is_no_reason_to_make_it_again(home):
    batch(home, ADA)
    assert statuses(batch(home, ("eve", *ADA[1:]))) == {"eve": "skipped"}


def test_the_place_of_a_deleted_line_is_taken_over(home):
    batch(home, ADA, BOB)
    outcomes = batch(home, ("ada", "a.wav", "2/head.bvh"))
    assert statuses(outcomes) == {"ada": "done"}
    assert (home / "2/head.bvh").read_bytes() == (home / "1/head.bvh").read_bytes()
    assert statuses(batch(home, ("ada", "a.wav", "2/head.bvh"))) == {"ada": "skipped"}


DAMAGE = {
    "emptied": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "half": lambda data: data[: len(data) // 2],
    "a byte less": lambda data: data[:-1],
    "ten lines": lambda data: b"".join(data.splitlines(keepends=True)[:10]),
    "zeros at the end": lambda data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    "one byte": lambda data: data[:1],
}


@pytest.mark.parametrize("suffix", [".bvh", ".csv"])
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_outputs_are_made_again(home, damage, suffix):
    row = ("ada", "a.wav", f"a{suffix}")
    batch(home, row)
    path = home / row[2]
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert statuses(batch(home, row)) == {"ada": "done"}
    assert path.read_bytes() == whole
    assert not list(home.glob("*.earlier*"))


@pytest.mark.parametrize("suffix", [".bvh", ".csv"])
@pytest.mark.parametrize("damage", ["emptied", "zeros", "half", "zeros at the end", "one byte"])
def test_damaged_outputs_of_lines_that_changed_are_made_again(home, damage, suffix):
    row = ("ada", "a.wav", f"a{suffix}")
    batch(home, row)
    path = home / row[2]
    cut = DAMAGE[damage](path.read_bytes())
    path.write_bytes(cut)
    assert statuses(batch(home, (*row, {"seed": 2}))) == {"ada": "done"}
    aside = [left.read_bytes() for left in home.glob("*.earlier*")]
    assert aside == ([cut] if "half" in damage or "end" in damage else []), "it may have been edited as well"


def test_an_edit_that_ends_within_a_row_is_not_lost(home):
    row = ("ada", "a.wav", "a.bvh")
    batch(home, row)
    path = home / row[2]
    edited = path.read_text().replace("0.0000", "0.1000")[:-9]
    path.write_text(edited)
    assert "edited" in batch(home, row)["ada"].reason
    outcome = batch(home, (*row, {"seed": 2}))["ada"]
    assert outcome.status == "done"
    assert "a.bvh.earlier" in outcome.reason
    assert (home / "a.bvh.earlier").read_text() == edited


FOREIGN = {
    "a sound": b"RIFF\0\0\0\0WAVEfmt " + bytes(range(256)),
    "text": b"shopping list\n",
    "half of memory": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("suffix", [".bvh", ".csv"])
@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_foreign_files_are_kept_aside(home, content, suffix):
    row = ("ada", "a.wav", f"a{suffix}")
    path = home / row[2]
    path.write_bytes(content)
    outcome = batch(home, row)["ada"]
    assert outcome.status == "done"
    whole = path.read_bytes()
    assert whole != content
    assert (home / f"a{suffix}.earlier").read_bytes() == content
    assert f"a{suffix}.earlier" in outcome.reason

    path.write_bytes(content)
    assert batch(home, row)["ada"].status == "done"
    assert path.read_bytes() == whole
    assert (home / f"a{suffix}.earlier-2").read_bytes() == content


def test_without_a_status_what_is_the_same_is_made_without_a_word(home):
    batch(home, ADA)
    (home / "m.status.jsonl").unlink()
    outcome = batch(home, ADA)["ada"]
    assert (outcome.status, outcome.reason) == ("done", "")
    assert not list(home.rglob("*.earlier*"))


EDITS = {
    "a number": lambda text: text.replace("0.0000", "0.1000"),
    "a row more": lambda text: text + text.splitlines()[-1] + "\n",
    "a comment at the end": lambda text: text + "# mine",
    "a comment before": lambda text: "# mine\n" + text,
    "no last end of line": lambda text: text.rstrip("\n").replace("0.0000", "0.1000"),
    "other ends of lines": lambda text: text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("suffix", [".bvh", ".csv"])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_file_is_kept_and_said(home, edit, suffix):
    row = ("ada", "a.wav", f"a{suffix}")
    batch(home, row)
    path = home / row[2]
    made = path.read_bytes()
    path.write_bytes(edit(made.decode()).encode())
    edited = path.read_bytes()
    assert edited != made
    for again in (row, row, (*row, {"seed": 2}), ("ada", "b.wav", row[2])):
        outcome = batch(home, again)["ada"]
        assert outcome.status == "skipped"
        assert "edited" in outcome.reason
        assert ("has changed" in outcome.reason) == (again != row)
        assert path.read_bytes() == edited
    assert statuses(batch(home, row, overwrite_edited=True)) == {"ada": "done"}
    assert path.read_bytes() == made
    assert statuses(batch(home, row)) == {"ada": "skipped"}
    assert not list(home.glob("*.earlier*"))


def test_an_edited_file_is_not_given_to_another_line(home):
    batch(home, ADA, BOB)
    path = home / "2/head.bvh"
    path.write_text(path.read_text().replace("0.0000", "0.1000"))
    edited = path.read_bytes()
    outcome = batch(home, ("ada", "a.wav", "2/head.bvh"))["ada"]
    assert outcome.status == "failed"
    assert "bob" in outcome.reason
    assert "--overwrite-edited" in outcome.reason
    assert path.read_bytes() == edited
    assert "bob" in batch(home, ("ada", "a.wav", "2/head.bvh"))["ada"].reason or path.read_bytes() == edited


def test_an_edited_file_is_kept_after_its_line_has_failed(home):
    batch(home, ADA)
    path = home / ADA[2]
    path.write_text(path.read_text().replace("0.0000", "0.1000"))
    edited = path.read_bytes()
    (home / "a.wav").rename(home / "away.wav")
    assert statuses(batch(home, ADA)) == {"ada": "failed"}
    (home / "away.wav").rename(home / "a.wav")
    assert "edited" in batch(home, ADA)["ada"].reason
    assert path.read_bytes() == edited


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes with names")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_at_an_output_stays(home, make):
    (home / "1").mkdir()
    make(home / ADA[2])
    outcome = batch(home, ADA)["ada"]
    assert outcome.status == "failed"
    assert "is no file" in outcome.reason


def test_a_folder_that_was_moved_keeps_its_lines(home, tmp_path_factory):
    batch(home, ADA, BOB)
    moved = tmp_path_factory.mktemp("moved") / "ü"
    home.rename(moved)
    assert statuses(batch(moved, ADA, BOB)) == {"ada": "skipped", "bob": "skipped"}


def test_rows_of_a_status_without_hashes_are_not_trusted(home):
    batch(home, ADA)
    status = home / "m.status.jsonl"
    row = json.loads(status.read_text())
    status.write_text(
        json.dumps({key: row[key] for key in ("id", "status", "out", "digest", "reason")}) + "\n"
    )
    assert statuses(batch(home, ADA)) == {"ada": "done"}


@pytest.mark.parametrize("field", ["size", "sha256", "digest", "id", "out"])
@pytest.mark.parametrize("value", [None, [], {}, 1.5, True])
def test_rows_of_a_status_with_other_types_are_passed_over(home, field, value):
    batch(home, ADA)
    status = home / "m.status.jsonl"
    status.write_text(json.dumps(json.loads(status.read_text()) | {field: value}) + "\n")
    assert statuses(batch(home, ADA)) == {"ada": "done"}


class TestDigest:
    """A line's digest is another as soon as anything is that its file depends on."""

    @pytest.fixture
    def line(self, home):
        return Line("1", home / "a.wav", home / "s.style.json", home / "a.bvh")

    def test_weights(self, line, tmp_path, monkeypatch):
        (tmp_path / "weights").mkdir()
        weights = tmp_path / "weights" / "manner.safetensors"
        monkeypatch.setattr(digest, "_CORE", tmp_path)
        before = digest_of(line)
        weights.write_bytes(b"1")
        second = digest_of(line)
        os.utime(weights, ns=(1, 1))
        assert digest_of(line) == second, "the time alone is nothing"
        weights.write_bytes(b"2")
        assert len({before, second, digest_of(line)}) == 3

    def test_what_engines_work_from_is_covered(self):
        covered = {path.name for room in digest._LEARNED for path in (digest._CORE / room).glob("*")}
        assert {"manner.safetensors", "population.json", "mel.npz"} <= covered

    def test_engine_and_format(self, line, monkeypatch):
        before = digest_of(line)
        name = line.settings.engine
        monkeypatch.setattr(
            digest, "ENGINES", dict(engine.ENGINES) | {name: engine.ENGINES[name]._replace(version=9)}
        )
        second = digest_of(line)
        monkeypatch.setattr(digest, "FORMATS", dict(FORMATS) | {".bvh": FORMATS[".bvh"]._replace(version=9)})
        third = digest_of(line)
        monkeypatch.setattr(digest, "VERSION", "0")
        assert len({before, second, third, digest_of(line)}) == 4


@pytest.mark.slow
def test_fbx_of_the_same_line_has_the_same_bytes(tmp_path):
    """In one process after others, and in processes with other hashes."""
    pytest.importorskip("bpy", reason="FBX needs the bpy wheel")
    code = (
        "import sys, pathlib, numpy as np\n"
        "from mannerism.bridge.fbx import export_fbx\n"
        "from mannerism.core.motion import HeadMotion\n"
        "from mannerism.core.rotation import from_euler\n"
        "from mannerism.core.timing import FrameRate\n"
        "t = np.arange(30) / 30\n"
        "motion = HeadMotion(t, from_euler(0.1 * np.sin(t), t, 0 * t), np.zeros((30, 3)))\n"
        "for name in sys.argv[2:]:\n"
        "    folder = pathlib.Path(sys.argv[1], name); folder.mkdir(parents=True)\n"
        "    export_fbx(folder / 'ü 日本.fbx', motion, FrameRate.parse('24000/1001'))\n"
        "import os; os._exit(0)\n"
    )
    for seed, names in (("1", ["a", "b"]), ("2", ["c"])):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path), *names], check=True, env=environment, timeout=120
        )
    first, *others = (path.read_bytes() for path in sorted(tmp_path.glob("*/*.fbx")))
    assert others == [first, first]
    assert find_earlier(next(tmp_path.glob("a/*.fbx")), Record("x", "x", 0, ""), ()).kind is Kind.EDITED
    cut = tmp_path / "cut.fbx"
    cut.write_bytes(first[:-200])
    assert find_earlier(cut, Record("x", "x", len(first), ""), ()).kind is Kind.CUT

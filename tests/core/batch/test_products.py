"""Faces and talking heads as lines of a manifest: what a row asks for, what is made of it, and what is skipped."""

import json
import pickle
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mannerism.core import api, cli
from mannerism.core.batch import line as line_module
from mannerism.core.batch.chunk import read_indexed
from mannerism.core.batch.digest import digest_of
from mannerism.core.batch.line import make_line
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.manifest_row import each_file
from mannerism.core.batch.product import Face, Portrait
from mannerism.core.batch.run import run_batch
from mannerism.core.batch.status import Outcome, StatusFile, read_status
from mannerism.core.errors import ConsentError, MannerismError
from mannerism.core.motion import no_progress

EXAMPLES = Path(__file__).parents[3] / "examples"
ROW = {"id": "a", "audio": "a.wav", "style": "calm", "out": "a.bvh"}
FACE = ROW | {"face": "a.face.csv"}
BOTH = FACE | {"portrait": "a.mp4", "reference": "ada.mp4"}


def write(folder, *rows):
    path = folder / "lines.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def files(folder, *rows, **options):
    return list(each_file(read_manifest(write(folder, *rows), **options).lines))


@pytest.fixture
def home(tmp_path):
    """A folder with a sound of the example."""
    shutil.copy(EXAMPLES / "line_1.wav", tmp_path / "a.wav")
    return tmp_path.resolve()


class TestRows:
    def test_each_file_is_a_line_of_its_own(self, home):
        head, face, portrait = files(home, BOTH)
        assert [line.id for line in (head, face, portrait)] == ["a", "a:face", "a:portrait"]
        assert not any(line.problem for line in (head, face, portrait))
        assert (head.product, face.product, portrait.product) == (
            None,
            Face(home / "ada.mp4"),
            Portrait(home / "ada.mp4"),
        )
        assert (face.out, portrait.out) == (home / "a.face.csv", home / "a.mp4")
        assert (face.rate.fps, portrait.rate.fps) == (60, 25)
        assert face.settings == portrait.settings == head.settings, "they have one head"

    def test_a_manifest_has_one_line_a_row_until_it_is_made(self, home):
        manifest = read_manifest(write(home, BOTH, ROW | {"id": "b", "out": "b.bvh"}))
        assert [line.id for line in manifest.lines] == ["a", "b"]
        assert [line.id for line in manifest.chunk(1, 2).lines] == ["b"]
        assert len(manifest.in_files().lines) == 4

    def test_a_row_may_make_a_face_alone(self, home):
        (face,) = files(home, {key: value for key, value in FACE.items() if key != "out"})
        assert (face.id, face.problem) == ("a:face", "")

    def test_all_that_can_be_asked_of_them(self, home):
        asked = {
            "face_names": "livelink",
            "face_fps": "30000/1001",
            "face_strength": 0.5,
            "gaze": {"small": 0, "follow": 0.5},
            "portrait_quality": "warp",
            "portrait_size": 64,
            "portrait_fps": 12,
            "portrait_minutes": 0.5,
            "portrait_label": False,
        }
        _, face, portrait = files(home, BOTH | asked)
        assert face.product == Face(home / "ada.mp4", "livelink", 0.5, (("follow", 0.5), ("small", 0.0)))
        assert face.rate.fps == Fraction(30000, 1001)
        assert portrait.product == Portrait(home / "ada.mp4", "warp", 64, label=False, refine_s=30.0)
        assert portrait.rate.fps == 12

    def test_a_table_says_the_same(self, home):
        path = home / "lines.csv"
        path.write_text(
            "Line ID;WAV;Style;Face file;Gaze doses;Reference video;Talking head;portrait_label\n"
            "a;a.wav;calm;a.face.csv;follow=0,5;ada.mp4;a.mp4;no\n",
            encoding="utf-8",
        )
        face, portrait = each_file(read_manifest(path).lines)
        assert (face.problem, portrait.problem) == ("", "")
        assert face.product.gaze == (("follow", 0.5),)
        assert not portrait.product.label

    def test_columns_that_dialogue_tables_have_for_other_things_are_passed_over(self, home):
        """Pictures of speakers, moods, screenshots."""
        path = home / "lines.csv"
        path.write_text(
            "Line ID;WAV;Style;Out;Portrait;Face;Reference;Gaze\na;a.wav;calm;a.bvh;ada.png;happy;sheet 4;left\n",
            encoding="utf-8",
        )
        manifest = read_manifest(path)
        (line,) = each_file(manifest.lines)
        assert not line.problem
        assert manifest.notes == (
            "Columns without a meaning here, passed over: “Portrait”, “Face”, “Reference”, “Gaze”.",
        )

    def test_defaults_ask_for_all_rows(self, home):
        defaults = {"defaults": {"face": "faces/{id}.csv", "face_names": "livelink", "portrait_size": 64}}
        found = files(home, defaults, ROW, ROW | {"id": "b", "out": "b.bvh"})
        assert [line.out.name for line in found] == ["a.bvh", "a.csv", "b.bvh", "b.csv"]
        assert not any(line.problem for line in found)

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (FACE | {"face": "a.bvh"}, "“a.bvh” is no face file. Let face end in .csv, .glb, .vrma"),
            (FACE | {"face": "../a.csv"}, "outside the manifest's folder"),
            (FACE | {"face_names": "nobody"}, "“nobody”"),
            (FACE | {"face": "a.glb", "face_names": "livelink"}, "has names of its own"),
            (FACE | {"face_skeleton": "a.glb"}, "A face can be put onto a glTF alone"),
            (FACE | {"face_strength": -1}, "face_strength is -1"),
            (FACE | {"face_fps": "x"}, 'face_fps is "x"'),
            (FACE | {"gaze": {"follow": 7}}, "dose 7 of “follow” is out of range"),
            (ROW | {"portrait": "a.mp4"}, "A talking head needs a video of its person"),
            (BOTH | {"portrait": "a.mov"}, "is no talking-head video. Let portrait end in .mp4"),
            (BOTH | {"portrait_size": 7}, "portrait_size is 7"),
            (BOTH | {"portrait_quality": "best"}, "no quality “best”"),
            (BOTH | {"portrait_minutes": -1}, "portrait_minutes is -1"),
        ],
    )
    def test_a_bad_product_costs_itself_alone(self, home, row, message):
        found = files(home, row)
        assert not found[0].problem
        problems = [line.problem for line in found if line.problem]
        assert len(problems) == 1
        assert message in problems[0]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"face_names": "arkit"}, "face_names is given, and there is no face"),
            ({"portrait_size": 64}, "portrait_size is given, and there is no portrait"),
            ({"gaze": {"eyes": 1}}, "gaze is"),
            ({"portrait_label": "maybe"}, "portrait_label is"),
        ],
    )
    def test_what_means_nothing_is_refused(self, home, change, message):
        (line,) = files(home, ROW | change)
        assert message in line.problem

    def test_a_row_that_makes_nothing(self, home):
        (line,) = files(home, {"id": "a", "audio": "a.wav", "style": "calm"})
        assert "Missing: out" in line.problem
        assert "face or portrait" in line.problem


class TestCollisions:
    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            (
                [FACE, FACE | {"id": "b", "out": "b.bvh"}],
                "An earlier line, “a:face”, writes “a.face.csv” too",
            ),
            ([FACE | {"face": "A.CSV", "out": "a.csv"}], "are one file where letter case"),
            ([FACE, ROW | {"id": "a:face", "out": "b.bvh"}], "An earlier line has this id, “a:face”"),
            ([BOTH | {"portrait": "ada.mp4"}], "would overwrite “ada.mp4”, the reference of “a:face”"),
            ([FACE | {"audio": "a.face.csv"}], "would overwrite “a.face.csv”, the sound of “a"),
        ],
    )
    def test_files_of_rows_are_kept_apart(self, home, rows, message):
        problems = [line.problem for line in files(home, *rows) if line.problem]
        assert len(problems) == 1
        assert message in problems[0]

    def test_chunks_read_through_an_index_say_the_same(self, home):
        rows = [
            ROW | {"id": f"l{at}", "out": f"o/{at}.bvh", "face": f"o/{at % 7}.csv", "reference": "o/1.mp4"}
            for at in range(12)
        ]
        rows[3] |= {"portrait": "o/1.mp4"}
        rows[4] |= {"portrait": "o/4.mp4", "face": "o/4.bvh"}
        rows[5]["audio"] = "o/0.csv"
        path = write(home, *rows)
        whole = read_manifest(path)
        assert sum(bool(line.problem) for line in each_file(whole.lines)) == 7
        for count in (2, 5, 12):
            for at in range(count):
                assert read_indexed(path, (at, count)).lines == whole.chunk(at, count).lines


def test_a_line_travels_to_another_machine(home):
    for line in files(home, BOTH):
        assert pickle.loads(pickle.dumps(line)) == line  # noqa: S301  our own


class TestDigest:
    def test_it_covers_what_a_face_depends_on(self, home):
        (home / "ada.mp4").write_bytes(b"ada")
        _, face, portrait = files(home, BOTH)
        other = home / "ben.mp4"
        other.write_bytes(b"ben")
        changed = [
            replace(face, product=product)
            for product in (
                Face(),
                Face(other),
                Face(home / "ada.mp4", "livelink"),
                Face(home / "ada.mp4", strength=0.5),
                Face(home / "ada.mp4", gaze=(("follow", 0.5),)),
            )
        ]
        digests = {digest_of(line) for line in (face, portrait, *changed, replace(face, product=None))}
        assert len(digests) == 8

    def test_the_word_that_was_given_changes_nothing(self, home):
        (home / "ada.mp4").write_bytes(b"ada")
        portrait = files(home, BOTH)[2]
        given = replace(portrait, product=replace(portrait.product, consent=True))
        assert digest_of(portrait) == digest_of(given)

    def test_a_reference_that_is_gone_is_named(self, home):
        with pytest.raises(MannerismError, match=r"ada\.mp4"):
            digest_of(files(home, BOTH)[1])


class InProcess:
    """A runner without processes."""

    def run(self, tasks, _working):
        for task in tasks:
            try:
                made = make_line(task.line, task.record, no_progress, statuses=task.statuses)
            except MannerismError as error:
                yield Outcome(task.line.id, "failed", reason=str(error))
            else:
                status = "done" if made.written else "skipped"
                out = str(task.line.out)
                yield Outcome(task.line.id, status, out, made.digest, made.note, made.size, made.sha256)


class TestBatch:
    @pytest.fixture
    def run(self, home, monkeypatch):
        """Runs a batch in which each file holds the id of its line; its outcomes by id."""
        (home / "ada.mp4").write_bytes(b"ada")
        monkeypatch.setattr(
            line_module,
            "write_line",
            lambda path, line, _progress: path.write_text(f"time_s\n{line.id}") and (),
        )

        def run(*rows):
            path = write(home, *rows)
            run_batch(
                read_manifest(path).lines, InProcess(), StatusFile(path, 0, 1), lambda _: None, no_progress
            )
            return {row.id: row for row in read_status(home / "lines.status.jsonl")}

        return run

    def test_what_is_missing_is_made_and_the_rest_is_skipped(self, home, run):
        rows = run(BOTH)
        assert {row.status for row in rows.values()} == {"done"}
        assert [Path(row.out).name for row in rows.values()] == ["a.bvh", "a.face.csv", "a.mp4"]
        assert len({row.sha256 for row in rows.values()}) == len({row.digest for row in rows.values()}) == 3
        (home / "a.face.csv").unlink()
        assert {key: row.status for key, row in run(BOTH).items()} == {
            "a": "skipped",
            "a:face": "done",
            "a:portrait": "skipped",
        }

    def test_a_face_that_is_asked_for_later(self, home, run):
        run(ROW)
        rows = run(FACE)
        assert (rows["a"].status, rows["a:face"].status) == ("skipped", "done")

    def test_other_settings_of_a_face_leave_the_head(self, home, run):
        run(FACE)
        rows = run(FACE | {"face_strength": 0.5})
        assert (rows["a"].status, rows["a:face"].status) == ("skipped", "done")

    def test_a_face_that_was_edited_is_kept(self, home, run):
        run(FACE)
        (home / "a.face.csv").write_text("time_s,jawOpen\n0,1\n1,1\n")
        rows = run(FACE)
        assert rows["a:face"].status == "skipped"
        assert "was edited after it was made" in rows["a:face"].reason
        assert (home / "a.face.csv").read_text().endswith("1,1\n")

    def test_a_film_that_was_edited_is_kept(self, home, run, monkeypatch):
        """One that was cut off is made again, and what is no film is put aside."""
        film, other = (
            b"\0\0\0\x10ftypisom\0\0\2\0" + b"\0\0\0\x0cmoov" + each + b"\0\0\0\x0cmdat\0\0\0\0"
            for each in (b"ABCD", b"XYZ\0")
        )
        monkeypatch.setattr(line_module, "write_line", lambda path, *_: path.write_bytes(film) and ())
        rows = [{key: value for key, value in BOTH.items() if key not in ("out", "face")}]
        run(*rows)
        (home / "a.mp4").write_bytes(other)
        assert "was edited after it was made" in run(*rows)["a:portrait"].reason
        assert (home / "a.mp4").read_bytes() == other
        (home / "a.mp4").write_bytes(film[:-20])
        assert run(*rows)["a:portrait"].status == "done"
        assert (home / "a.mp4").read_bytes() == film
        (home / "a.mp4").write_bytes(b"no film at all")
        assert "is kept as “a.mp4.earlier”" in run(*rows)["a:portrait"].reason

    def test_a_reference_is_measured_once(self, home, monkeypatch):
        """And anew when its file is another."""
        from mannerism.core.batch import making
        from mannerism.core.portrait.analysis import reference_face

        measured = []
        monkeypatch.setattr(
            reference_face, "reference_manners", lambda path, _: measured.append(path) or len(measured)
        )
        monkeypatch.setattr(making, "_measured", {})
        reference = home / "ada.mp4"
        reference.write_bytes(b"ada")
        assert [making._manners(reference, no_progress) for _ in range(3)] == [1, 1, 1]
        reference.write_bytes(b"another")
        assert making._manners(reference, no_progress) == 2

    def test_a_bad_face_fails_and_the_head_is_made(self, run):
        rows = run(FACE | {"face_strength": -1})
        assert (rows["a"].status, rows["a:face"].status) == ("done", "failed")


@pytest.mark.slow
class TestBytes:
    @pytest.mark.parametrize(
        ("name", "options", "keys"),
        [
            ("f.csv", [], {}),
            ("f.csv", ["--names", "livelink", "--fps", "30"], {"face_names": "livelink", "face_fps": 30}),
            ("f.glb", ["--strength", "0.5", "--small", "0"], {"face_strength": 0.5, "gaze": {"small": 0}}),
        ],
    )
    def test_a_face_is_that_of_the_command(self, home, name, options, keys, capsys):
        _, face = files(home, FACE | {"seed": 7, "face": name} | keys)
        make_line(face, None, no_progress)
        own = home / "own" / name
        own.parent.mkdir()
        asked = ["face", str(home / "a.wav"), "--style", "calm", "--seed", "7", *options, "-o", str(own)]
        assert cli.main(asked) == 0
        assert (home / name).read_bytes() == own.read_bytes()
        capsys.readouterr()

    def test_its_head_is_the_one_of_the_row(self, home):
        """Sliders and directions of the row count for the head in the face file too."""
        _, face = files(home, FACE | {"seed": 7, "intensity": 0.25})
        make_line(face, None, no_progress)
        head = api.generate("calm", home / "a.wav", seed=7, intensity=0.25)
        api.write_face(home / "own.csv", api.face(home / "a.wav", seed=7, head=head), head)
        assert face.out.read_bytes() == (home / "own.csv").read_bytes()


class TestConsent:
    @pytest.fixture
    def asked(self, home, monkeypatch):
        """Settings of the videos that were asked for; none is made."""
        (home / "ada.mp4").write_bytes(b"ada")
        found = []

        def portrait(reference, audio, out, *, consent, **settings):
            if consent is not True:
                raise ConsentError("no consent", "give it")
            found.append({"reference": reference, "audio": audio} | settings)
            Path(out).write_bytes(b"film")
            return type("Result", (), {"notes": ("A note.",)})

        monkeypatch.setattr(api, "portrait", portrait)
        monkeypatch.delenv("MANNERISM_CONSENT", raising=False)
        return found

    def test_a_talking_head_has_the_motion_and_the_settings_of_its_row(self, home, asked):
        portrait = files(home, BOTH | {"seed": 7, "portrait_quality": "warp", "portrait_size": 64})[2]
        given = replace(portrait, product=replace(portrait.product, consent=True))
        made = make_line(given, None, no_progress)
        assert (home / "a.mp4").read_bytes() == b"film"
        assert "A note." in made.note
        (settings,) = asked
        motion = api.generate("calm", home / "a.wav", seed=7)
        assert np.array_equal(settings["motion"].rotation, motion.rotation)
        assert (settings["quality"], settings["size"], settings["seed"]) == ("warp", 64, 7)
        assert (settings["reference"], settings["fps"].fps) == (home / "ada.mp4", 25)

    def test_without_the_word_none_is_made(self, home, asked):
        with pytest.raises(ConsentError):
            make_line(files(home, BOTH)[2], None, no_progress)
        assert not (home / "a.mp4").exists()

    @pytest.mark.parametrize("command", [["batch"], ["submit", "openjd"]])
    def test_a_run_without_it_is_refused_before_anything_is_made(self, home, asked, command, capsys):
        path = write(home, BOTH)
        assert cli.main([*command, str(path)]) == 2
        assert "--consent" in capsys.readouterr().err
        assert sorted(each.name for each in home.iterdir()) == ["a.wav", "ada.mp4", "lines.jsonl"]

    def test_a_farm_gets_the_word_that_was_given(self, home, asked, capsys):
        path = write(home, BOTH)
        assert cli.main(["submit", "openjd", str(path), "--consent"]) == 0
        capsys.readouterr()
        assert "--consent" in (home / "lines.openjd.yaml").read_text(encoding="utf-8")

    def test_rows_without_talking_heads_need_none(self, home, asked, capsys):
        path = write(home, FACE)
        assert cli.main(["submit", "openjd", str(path)]) == 0
        capsys.readouterr()
        assert "--consent" not in (home / "lines.openjd.yaml").read_text(encoding="utf-8")

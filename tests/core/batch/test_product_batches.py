"""Faces and talking heads as lines of a batch: what is made, skipped and refused, and that bytes are those of the commands."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mannerism.core import api, cli
from mannerism.core.batch import line as line_module
from mannerism.core.batch.line import make_line
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.run import run_batch
from mannerism.core.batch.status import StatusFile, read_status
from mannerism.core.errors import ConsentError
from mannerism.core.motion import no_progress
from mannerism.tests.support.in_process import InProcess
from mannerism.tests.support.product_rows import BOTH, FACE, ROW, files, write


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
            ("f.csv", ["--brows", "0", "--cheeks", "2"], {"expression": {"brows": 0, "cheeks": 2}}),
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
        portrait = files(
            home,
            BOTH | {"seed": 7, "portrait_quality": "warp", "portrait_size": 64, "expression": {"brows": 0}},
        )[2]
        given = replace(portrait, product=replace(portrait.product, consent=True))
        made = make_line(given, None, no_progress)
        assert (home / "a.mp4").read_bytes() == b"film"
        assert "A note." in made.note
        (settings,) = asked
        motion = api.generate("calm", home / "a.wav", seed=7)
        assert np.array_equal(settings["motion"].rotation, motion.rotation)
        assert (settings["quality"], settings["size"], settings["seed"]) == ("warp", 64, 7)
        assert (settings["expression"], settings["gaze"]) == ({"brows": 0.0}, {})
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

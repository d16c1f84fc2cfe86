"""Faces and talking heads as lines of a manifest: what a row asks for, and what collides."""

import pickle
from dataclasses import replace
from fractions import Fraction

import pytest

from mannerism.core.batch.chunk import read_indexed
from mannerism.core.batch.digest import digest_of
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.manifest_row import each_file
from mannerism.core.batch.product import Face, Portrait
from mannerism.core.errors import MannerismError
from mannerism.tests.support.product_rows import BOTH, FACE, ROW, files, write


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
            "expression": {"squint": 0, "brows": 0.5},
            "portrait_quality": "warp",
            "portrait_size": 64,
            "portrait_fps": 12,
            "portrait_minutes": 0.5,
            "portrait_label": False,
        }
        _, face, portrait = files(home, BOTH | asked)
        assert face.product == Face(
            home / "ada.mp4",
            "livelink",
            0.5,
            (("follow", 0.5), ("small", 0.0)),
            (("brows", 0.5), ("squint", 0.0)),
        )
        assert face.rate.fps == Fraction(30000, 1001)
        assert portrait.product == Portrait(
            home / "ada.mp4",
            "warp",
            64,
            label=False,
            refine_s=30.0,
            gaze=(("small", 0.0),),
            expression=face.product.expression,
        )
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
            (FACE | {"expression": {"brows": 7}}, "dose 7 of “brows” is out of range"),
            (ROW | {"portrait": "a.mp4"}, "A talking head needs a video of its person"),
            (BOTH | {"portrait": "a.mov"}, "is no talking-head video. Let portrait end in .mp4"),
            (BOTH | {"portrait_size": 7}, "portrait_size is 7"),
            (
                ROW | {"portrait": "a.mp4", "reference": "ada.mp4", "expression": {"brows": 7}},
                "dose 7 of “brows” is out of range",
            ),
            (
                ROW | {"portrait": "a.mp4", "reference": "ada.mp4", "gaze": {"follow": 0.5}},
                "no dose “follow”. Choose from: look_away, small, blinks",
            ),
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
            ({"expression": {"brows": 1}}, "expression is given, and there is no face or portrait"),
            ({"gaze": {"eyes": 1}}, "gaze is"),
            ({"expression": {"ears": 1}}, "expression is"),
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

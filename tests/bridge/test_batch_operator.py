"""Many lines at once: what is done stays, what is bad fails alone, and nothing is overwritten in silence."""

import json
import os

import pytest

from mannerism.core import files
from mannerism.core.batch import digest
from mannerism.core.generate.settings import first_seed

bpy = pytest.importorskip("bpy")

from mannerism.tests.support.batch_list import (  # noqa: E402  needs bpy
    LINES,
    add,
    batch_scene,
    layers,
    name_of,
    run,
    statuses,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the misbehaving jobs use signals of POSIX")


@pytest.fixture
def scene(extension, monkeypatch, tmp_path):
    yield from batch_scene(monkeypatch, tmp_path)


class TestLayers:
    @pytest.mark.slow
    def test_each_line_gets_a_layer_one_after_another(self, scene):
        scene.frame_start = 11
        assert run() == {"FINISHED"}
        # Two seconds at 24 frames a second, and half a second between them.
        assert layers() == {name_of(line): (11 + 60 * n, False) for n, line in enumerate(LINES)}
        assert statuses(scene) == [(line, "DONE") for line in LINES]

    @pytest.mark.slow
    def test_a_line_may_have_a_start_of_its_own(self, scene):
        line = scene.mannerism.lines[1]
        line.own_start, line.start = True, 500
        run()
        assert [start for start, _ in layers().values()] == [1, 500, 560]

    @pytest.mark.slow
    def test_a_second_run_has_nothing_to_do(self, scene, capfd):
        run()
        before = layers()
        assert run() == {"FINISHED"}
        assert layers() == before
        assert "3 were done already" in capfd.readouterr().out

    @pytest.mark.slow
    def test_what_has_changed_is_made_again_in_its_place(self, scene):
        run()
        scene.mannerism.lines[1].seed = 7
        run()
        assert layers() == {
            name_of(LINES[0]): (1, False),
            name_of(LINES[1]): (61, True),  # takes of one stretch would add up
            name_of(LINES[2]): (121, False),
            f"Mannerism: {LINES[1]} #7": (61, False),
        }

    @pytest.mark.slow
    def test_a_layer_that_was_removed_comes_back(self, scene):
        run()
        bpy.ops.mannerism.remove_layer()
        assert len(layers()) == 2
        run()
        assert len(layers()) == 3

    @pytest.mark.slow
    def test_a_bad_line_fails_alone_and_can_be_tried_again(self, scene, tmp_path, capfd):
        sound = tmp_path / f"{LINES[1]}.wav"
        sound.unlink()
        assert run() == {"FINISHED"}
        assert [status for _, status in statuses(scene)] == ["DONE", "FAILED", "DONE"]
        assert "cannot be read" in scene.mannerism.lines[1].message
        assert "2 generated, 1 failed" in capfd.readouterr().out
        sound.write_bytes(b"here again")
        assert run(retry=True) == {"FINISHED"}
        assert layers()[name_of(LINES[1])] == (121, False)  # after those that have a place
        # This rig has no left and right; nothing else is left to say of a line that came right.
        assert scene.mannerism.lines[1].message.startswith("No bones are called left and right")

    @pytest.mark.slow
    @pytest.mark.parametrize(("wish", "words"), [("silent", "The sound is silent"), ("crash", "signal 9")])
    def test_a_line_that_the_worker_refuses_or_dies_of(self, scene, tmp_path, wish, words):
        style = tmp_path / f"{wish}.style.json"
        style.write_text("{}")
        scene.mannerism.lines[0].style = str(style)
        run()
        assert [status for _, status in statuses(scene)] == ["FAILED", "DONE", "DONE"]
        assert words in scene.mannerism.lines[0].message
        assert len(layers()) == 2

    @pytest.mark.slow
    def test_nothing_to_try_again(self, scene):
        run()
        with pytest.raises(RuntimeError, match="No line has failed"):
            run(retry=True)

    @pytest.mark.slow
    def test_undo_and_redo_are_one_step(self, scene):
        bpy.ops.ed.undo_push(message="The animator's work")
        run()
        done = (layers(), statuses(scene))
        bpy.ops.ed.undo()
        assert layers() == {}
        assert {status for _, status in statuses(bpy.context.scene)} == {"WAITING"}
        bpy.ops.ed.redo()
        assert (layers(), statuses(bpy.context.scene)) == done


class TestFiles:
    @pytest.mark.slow
    @pytest.mark.parametrize("target", ["BVH", "FBX", "CSV"])
    def test_each_line_gets_a_file(self, scene, tmp_path, target):
        folder = tmp_path / "out ü"
        folder.mkdir()
        scene.mannerism.target, scene.mannerism.folder = target, str(folder)
        scene.mannerism.lines[0].name = "scene 1/line 1"
        assert run() == {"FINISHED"}
        suffix = f".{target.lower()}"
        names = {"scene 1_line 1" + suffix, LINES[1] + suffix, LINES[2] + suffix}
        assert {path.name for path in folder.iterdir()} == names
        assert layers() == {}

    @pytest.mark.slow
    def test_the_same_file_as_the_export_of_the_layer(self, scene, tmp_path):
        run()
        bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "exported.bvh"), as_generated=True)
        scene.mannerism.target, scene.mannerism.folder = "BVH", str(tmp_path)
        run()
        assert (tmp_path / f"{LINES[-1]}.bvh").read_bytes() == (tmp_path / "exported.bvh").read_bytes()

    @pytest.mark.slow
    def test_finished_files_are_left_alone_and_changed_ones_replaced(self, scene, tmp_path):
        scene.mannerism.target, scene.mannerism.folder = "BVH", str(tmp_path)
        run()
        paths = [tmp_path / f"{line}.bvh" for line in LINES]
        before = [(path.stat().st_mtime_ns, path.read_bytes()) for path in paths]
        scene.mannerism.lines[0].seed += 1
        run()
        after = [(path.stat().st_mtime_ns, path.read_bytes()) for path in paths]
        assert after[1:] == before[1:]
        assert after[0][1] != before[0][1]

    @pytest.mark.slow
    def test_a_foreign_file_is_not_overwritten(self, scene, tmp_path):
        (tmp_path / "line 3.bvh").write_text("precious")
        scene.mannerism.target, scene.mannerism.folder = "BVH", str(tmp_path)
        run()
        assert (tmp_path / "line 3.bvh").read_text() == "precious"
        assert [status for _, status in statuses(scene)] == ["DONE", "DONE", "FAILED"]
        assert "is there already" in scene.mannerism.lines[2].message

    @pytest.mark.slow
    def test_a_folder_that_is_missing(self, scene, tmp_path):
        scene.mannerism.target, scene.mannerism.folder = "CSV", str(tmp_path / "no")
        run()
        assert {status for _, status in statuses(scene)} == {"FAILED"}
        assert "Choose a folder that exists" in scene.mannerism.lines[0].message

    @pytest.mark.slow
    def test_blender_reads_no_sound_and_no_style(self, scene, tmp_path, monkeypatch):
        """Hashes are the worker's work: a sound may be a film on a slow disk."""
        scene.mannerism.target, scene.mannerism.folder = "BVH", str(tmp_path)

        def refuse(*_arguments):
            raise AssertionError("Blender's process hashes")

        monkeypatch.setattr(files, "sha256_of", refuse)
        monkeypatch.setattr(digest, "sha256_of", refuse)
        assert run() == {"FINISHED"}
        assert run() == {"FINISHED"}
        assert {status for _, status in statuses(scene)} == {"DONE"}

    @pytest.mark.slow
    def test_what_has_become_of_a_file(self, scene, tmp_path, capfd):
        """Emptied, cut, exchanged: made again. Edited: kept, and said."""
        scene.mannerism.target, scene.mannerism.folder = "BVH", str(tmp_path)
        run()
        paths = [tmp_path / f"{line}.bvh" for line in LINES]
        whole = [path.read_bytes() for path in paths]
        paths[0].write_bytes(b"")
        paths[1].write_bytes(whole[1][: len(whole[1]) // 2])
        edited = whole[2].replace(b"0.0", b"0.5")
        paths[2].write_bytes(edited)
        capfd.readouterr()
        run()
        assert "2 generated, 1 were done already" in capfd.readouterr().out
        assert [path.read_bytes() for path in paths] == [*whole[:2], edited]
        assert "was changed after it was made, and is kept" in scene.mannerism.lines[2].message
        scene.mannerism.lines[2].seed += 1
        run()
        assert paths[2].read_bytes() == edited
        assert scene.mannerism.lines[2].status == "FAILED"
        paths[2].unlink()
        run()
        assert paths[2].read_bytes() not in {whole[2], edited}
        assert {status for _, status in statuses(scene)} == {"DONE"}

    @pytest.mark.slow
    def test_twins_and_inputs_are_refused(self, scene, tmp_path):
        scene.mannerism.target, scene.mannerism.folder = "BVH", str(tmp_path)
        (tmp_path / "speech.bvh").write_bytes(b"a sound with an odd name")
        scene.mannerism.lines[0].name, scene.mannerism.lines[1].name = "Ärger", "a\u0308RGER"
        scene.mannerism.lines[2].name = "Speech"
        scene.mannerism.lines[2].audio = str(tmp_path / "speech.bvh")
        run()
        assert [status for _, status in statuses(scene)] == ["DONE", "FAILED", "FAILED"]
        assert "is also the file of “Ärger”" in scene.mannerism.lines[1].message
        assert "which a line reads" in scene.mannerism.lines[2].message
        assert (tmp_path / "speech.bvh").read_bytes() == b"a sound with an odd name"


class TestTheList:
    def test_seeds_come_from_the_names(self, scene):
        assert [line.seed for line in scene.mannerism.lines] == [first_seed(line) for line in LINES]

    def test_a_folder_stands_for_its_sounds(self, scene, tmp_path):
        bpy.ops.mannerism.clear_lines()
        (tmp_path / "notes.txt").touch()
        bpy.ops.mannerism.add_lines(directory=f"{tmp_path}{os.sep}")
        assert [line.name for line in scene.mannerism.lines] == sorted(LINES)

    def test_a_folder_without_sounds(self, scene, tmp_path):
        (tmp_path / "empty").mkdir()
        with pytest.raises(RuntimeError, match="holds no sound"):
            bpy.ops.mannerism.add_lines(filepath=str(tmp_path / "empty"))
        assert len(scene.mannerism.lines) == 3

    @pytest.mark.slow
    def test_a_manifest(self, scene, tmp_path):
        rows = [
            {"id": "a", "audio": "line 1.wav", "style": "calm.style.json", "out": "a.bvh", "seed": 9},
            {"id": "b", "audio": "line 3.wav", "style": "calm.style.json", "out": "../b.bvh"},
        ]
        (tmp_path / "lines.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
        bpy.ops.mannerism.clear_lines()
        add(["lines.jsonl"], tmp_path)
        first, second = scene.mannerism.lines
        assert (first.name, first.audio, first.seed) == ("a", str(tmp_path / "line 1.wav"), 9)
        assert (second.name, second.status) == ("b", "FAILED")
        run()
        assert statuses(scene) == [("a", "DONE"), ("b", "FAILED")]
        assert "outside" in second.message

    def test_a_table(self, scene, tmp_path):
        (tmp_path / "lines.csv").write_text(
            "Line ID;WAV;Style;Out;Start Frame;Notes\na;line 1.wav;calm.style.json;a.bvh;12;x\n"
        )
        bpy.ops.mannerism.clear_lines()
        add(["lines.csv"], tmp_path)
        (line,) = scene.mannerism.lines
        assert (line.name, line.audio) == ("a", str(tmp_path / "line 1.wav"))
        assert (line.own_start, line.start) == (True, 12)

    def test_removing_one(self, scene):
        scene.mannerism.line_index = 2
        bpy.ops.mannerism.remove_line()
        assert [line.name for line in scene.mannerism.lines] == list(LINES[:2])
        assert scene.mannerism.line_index == 1

    @pytest.mark.slow
    def test_it_is_saved(self, scene, tmp_path):
        run()
        before = statuses(scene)
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
        bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
        assert statuses(bpy.context.scene) == before
        run()
        assert len(layers()) == 3

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda scene: scene.mannerism.lines.clear(), "Add speech files first"),
            (lambda _: setattr(bpy.context.object.mannerism, "style", ""), "Encode or choose a style first"),
            (lambda scene: setattr(scene.mannerism, "target", "BVH"), "Choose a folder"),
        ],
    )
    def test_what_is_missing_is_told(self, scene, change, words):
        change(scene)
        with pytest.raises(RuntimeError, match=words):
            run()

"""The operators in a Blender without a window, with a worker that behaves as its arguments say."""

import os
from pathlib import Path

import pytest

from mannerism.bridge import style_files, worker
from mannerism.bridge.paths import normal_path
from mannerism.core.generate.settings import first_seed
from mannerism.operators.encode_style import MANNERISM_OT_encode_style
from mannerism.operators.generate import MANNERISM_OT_generate
from mannerism.tests.support.operators import driven, event, invoke, run_modal, window
from mannerism.tests.support.worker_commands import FAKE_WORKER

bpy = pytest.importorskip("bpy")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the misbehaving jobs use signals of POSIX")


@pytest.fixture
def character(extension, monkeypatch, tmp_path):
    """An armature with a pose and keys of its own, a style and a speech."""
    monkeypatch.setattr(worker, "command", lambda: FAKE_WORKER)
    monkeypatch.setattr(style_files, "style_folder", lambda: tmp_path)
    data = bpy.data.armatures.new("Ada")
    obj = bpy.data.objects.new("Ada ü日本", data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    parent, height = None, 0.0
    for name, length in (("spine", 0.5), ("neck", 0.1), ("head", 0.2)):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail, bone.parent = (0, 0, height), (0, 0, height + length), parent
        parent, height = bone, height + length
    bpy.ops.object.mode_set(mode="OBJECT")
    obj.pose.bones["head"].rotation_quaternion = (0.96, 0.28, 0.0, 0.0)
    obj.pose.bones["head"].keyframe_insert("rotation_quaternion", frame=1)
    obj.pose.bones["neck"].rotation_quaternion = (0.8, 0.0, 0.6, 0.0)
    obj.mannerism.reference = str(tmp_path / "reference ü.mp4")
    obj.mannerism.style = str(tmp_path / "calm.style.json")
    obj.mannerism.audio = str(tmp_path / "hello 日本.wav")
    obj.mannerism.seed = 0
    yield obj
    worker.close()


def snapshot(obj):
    """Whatever a cancelled job could have changed."""
    ids = {
        name: [item.name for item in getattr(bpy.data, name)]
        for name in ("objects", "actions", "scenes", "armatures", "meshes", "texts", "collections")
    }
    animation = obj.animation_data
    curves = [
        (curve.data_path, curve.array_index, [tuple(point.co) for point in curve.keyframe_points])
        for curve in animation.action.layers[0].strips[0].channelbag(animation.action_slot).fcurves
    ]
    poses = [(bone.name, *bone.rotation_quaternion, *bone.location) for bone in obj.pose.bones]
    tracks = [(track.name, track.mute) for track in animation.nla_tracks]
    chosen = settings_in(obj.mannerism)
    del chosen["chosen_style"]  # the place of the style in the list, which depends on where the file lies
    stacking = (animation.action.name, animation.action_blend_type, animation.action_influence)
    return ids, curves, poses, tracks, chosen, stacking, list(obj.keys())


def settings_in(group):
    """All fields of a property group, and of the groups in it; saving makes paths relative to the file."""
    values = {name: getattr(group, name) for name in type(group).__annotations__}
    values |= {name: normal_path(value) for name, value in values.items() if str(value).startswith("/")}
    return {
        name: settings_in(value) if isinstance(value, bpy.types.PropertyGroup) else value
        for name, value in values.items()
        if not isinstance(value, bpy.types.bpy_prop_collection)
    }


class TestGenerate:
    def test_adds_a_layer_that_remove_takes_away_again(self, character):
        before = snapshot(character)
        bpy.context.scene.frame_start = 11
        assert bpy.ops.mannerism.generate() == {"FINISHED"}
        (track,) = [t for t in character.animation_data.nla_tracks if t.name.startswith("Mannerism")]
        assert track.name == "Mannerism: hello 日本 #0"
        assert track.strips[0].frame_start == 11
        bpy.context.scene.frame_start = 1
        assert bpy.ops.mannerism.remove_layer() == {"FINISHED"}
        character.mannerism.layer_index = 0  # the selection in a list, no animation
        assert snapshot(character) == before

    def test_invoke_without_a_window_does_the_job(self, character):
        assert bpy.ops.mannerism.generate("INVOKE_DEFAULT") == {"FINISHED"}

    def test_next_take_takes_the_next_seed(self, character):
        bpy.ops.mannerism.generate()
        bpy.ops.mannerism.generate(next_take=True)
        assert character.mannerism.seed == 1
        assert "Mannerism: hello 日本 #1" in character.animation_data.nla_tracks

    @pytest.mark.slow
    def test_takes_of_one_stretch_do_not_add_up(self, character):
        for start in (1, 1000):
            bpy.context.scene.frame_start = start
            bpy.ops.mannerism.generate()
        bpy.ops.mannerism.generate(next_take=True)
        muted = [track.mute for track in character.animation_data.nla_tracks if "hello" in track.name]
        assert muted == [False, True, False]

    def test_a_new_line_starts_from_a_seed_of_its_own(self, character, tmp_path):
        character.mannerism.audio = str(tmp_path / "line_1.wav")
        assert character.mannerism.seed == first_seed("line_1")

    def test_start_at_the_playhead(self, character):
        bpy.context.scene.frame_set(40)
        character.mannerism.start = "CURRENT"
        bpy.ops.mannerism.generate()
        assert character.animation_data.nla_tracks["Mannerism: hello 日本 #0"].strips[0].frame_start == 40

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("style", "words"),
        [("silent", "The sound is silent. Choose another."), ("crash", "ended by signal 9")],
    )
    def test_a_failure_is_told_and_changes_nothing(self, character, style, words):
        character.mannerism.style = f"/{style}.style.json"
        before = snapshot(character)
        with pytest.raises(RuntimeError, match=words):
            bpy.ops.mannerism.generate()
        assert snapshot(character) == before
        character.mannerism.style = "/calm.style.json"
        assert bpy.ops.mannerism.generate() == {"FINISHED"}

    def test_a_rig_without_a_head_is_refused_before_the_work(self, character):
        bpy.ops.object.mode_set(mode="EDIT")
        for name in ("head", "neck"):
            character.data.edit_bones.remove(character.data.edit_bones[name])
        bpy.ops.object.mode_set(mode="OBJECT")
        with pytest.raises(RuntimeError, match="head"):
            bpy.ops.mannerism.generate()
        assert worker.shared().pid is None


class TestInAWindow:
    def test_progress_until_the_layer_is_there(self, character, monkeypatch):
        operator, context = driven(MANNERISM_OT_generate), window()
        assert invoke(operator, context, monkeypatch) == {"RUNNING_MODAL"}
        assert run_modal(operator, context) == {"FINISHED"}
        assert "Mannerism: hello 日本 #0" in character.animation_data.nla_tracks
        kinds = [entry[0] for entry in context.shown]
        assert kinds[:3] == ["begin", "timer", "modal"]
        assert context.shown[-3:] == [("end",), ("removed", "timer"), ("status", None)]
        assert operator.reports[0][0] == "INFO"

    def test_other_events_pass_while_it_runs(self, character, monkeypatch):
        character.mannerism.style = "/slow.style.json"
        operator, context = driven(MANNERISM_OT_generate), window()
        invoke(operator, context, monkeypatch)
        run_modal(operator, context, until=lambda o: o._job.share > 0)
        for kind, value in (("G", "PRESS"), ("MOUSEMOVE", "NOTHING"), ("ESC", "RELEASE")):
            assert operator.modal(context, event(kind, value)) == {"PASS_THROUGH"}
        assert worker.running() is operator._job
        assert ("update", 0.5) in context.shown
        assert any("Half way" in str(entry[1]) for entry in context.shown if entry[0] == "status")
        operator.cancel(context)

    @pytest.mark.slow
    @pytest.mark.parametrize("manner", ["slow", "deaf"])
    @pytest.mark.parametrize("kind", [MANNERISM_OT_generate, MANNERISM_OT_encode_style])
    def test_escape_changes_nothing(self, character, monkeypatch, tmp_path, manner, kind):
        character.mannerism.style = f"/{manner}.style.json"
        character.mannerism.reference = f"/{manner}.mp4"
        before, files = snapshot(character), sorted(tmp_path.iterdir())
        operator, context = driven(kind), window()
        invoke(operator, context, monkeypatch)
        run_modal(operator, context, until=lambda o: manner == "deaf" or o._job.share > 0)
        assert operator.modal(context, event("ESC", "PRESS")) == {"CANCELLED"}
        assert operator.reports == [("WARNING", "The job was cancelled. Nothing was changed.")]
        assert context.shown[-1] == ("status", None)
        assert snapshot(character) == before
        assert sorted(tmp_path.iterdir()) == files
        assert worker.running() is None

    def test_the_button_cancels_as_escape_does(self, character, monkeypatch):
        character.mannerism.style = "/slow.style.json"
        before = snapshot(character)
        operator, context = driven(MANNERISM_OT_generate), window()
        with pytest.raises(RuntimeError, match="Nothing is running"):
            bpy.ops.mannerism.cancel()
        invoke(operator, context, monkeypatch)
        run_modal(operator, context, until=lambda o: o._job.share > 0)
        assert bpy.ops.mannerism.cancel() == {"FINISHED"}
        assert run_modal(operator, context) == {"CANCELLED"}
        assert operator.reports == [("WARNING", "The job was cancelled. Nothing was changed.")]
        assert context.shown[-1] == ("status", None)
        assert snapshot(character) == before
        assert worker.running() is None

    def test_the_worker_killed_in_the_middle(self, character, monkeypatch):
        character.mannerism.style = "/slow.style.json"
        before = snapshot(character)
        operator, context = driven(MANNERISM_OT_generate), window()
        invoke(operator, context, monkeypatch)
        run_modal(operator, context, until=lambda o: o._job.share > 0)
        os.kill(worker.shared().pid or 0, 9)
        assert run_modal(operator, context) == {"CANCELLED"}
        assert operator.reports[0][0] == "ERROR"
        assert "ended by signal 9" in operator.reports[0][1]
        assert snapshot(character) == before

    @pytest.mark.slow
    def test_the_file_saved_half_way(self, character, monkeypatch, tmp_path):
        calm, character.mannerism.style = character.mannerism.style, "/slow.style.json"
        operator, context = driven(MANNERISM_OT_generate), window()
        invoke(operator, context, monkeypatch)
        run_modal(operator, context, until=lambda o: o._job.share > 0)
        before = snapshot(character)
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "half.blend"))
        assert snapshot(character) == before
        assert worker.running() is operator._job
        operator.cancel(context)
        bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "half.blend"))
        assert snapshot(bpy.context.object) == before
        bpy.context.object.mannerism.style = calm
        assert bpy.ops.mannerism.generate() == {"FINISHED"}

    def test_the_object_removed_in_the_middle(self, character, monkeypatch):
        operator, context = driven(MANNERISM_OT_generate), window()
        invoke(operator, context, monkeypatch)
        bpy.data.objects.remove(character)
        assert run_modal(operator, context) == {"CANCELLED"}
        assert "is gone" in operator.reports[0][1]


class TestEncodeStyle:
    def test_saves_a_style_and_chooses_it(self, character, tmp_path):
        character.mannerism.keep_motion = False
        assert bpy.ops.mannerism.encode_style() == {"FINISHED"}
        assert character.mannerism.style == str(tmp_path / "reference ü.style.json")
        assert '"motion": false' in Path(character.mannerism.style).read_text(encoding="utf-8")

    def test_says_how_sure_it_is_and_why(self, character, capfd):
        bpy.ops.mannerism.encode_style()
        assert "confidence 75%; The face is small" in capfd.readouterr().out

    def test_never_overwrites(self, character, tmp_path):
        for _ in range(3):
            bpy.ops.mannerism.encode_style()
        names = {path.name for path in tmp_path.glob("*.style.json")}
        assert names == {f"reference ü{number}.style.json" for number in ("", " 2", " 3")}

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_that_is_read_only(self, character, tmp_path):
        tmp_path.chmod(0o500)
        with pytest.raises(RuntimeError, match="cannot be written"):
            bpy.ops.mannerism.encode_style()
        tmp_path.chmod(0o700)

    def test_a_folder_that_is_missing(self, character, tmp_path, monkeypatch):
        monkeypatch.setattr("mannerism.bridge.style_files.style_folder", lambda: tmp_path / "no")
        with pytest.raises(RuntimeError, match="Choose a folder that exists"):
            bpy.ops.mannerism.encode_style()


class TestExport:
    @pytest.mark.slow
    def test_writes_the_motion_itself(self, character, tmp_path):
        bpy.ops.mannerism.generate()
        bpy.context.scene.render.fps = 50
        assert bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "head.bvh")) == {"FINISHED"}
        text = (tmp_path / "head.bvh").read_text()
        assert "Frames: 101\n" in text
        assert "Frame Time: 0.02\n" in text

    @pytest.mark.slow
    def test_a_saved_file_still_exports(self, character, tmp_path):
        bpy.ops.mannerism.generate()
        bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "now.bvh"))
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
        bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
        bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "later.bvh"))
        assert (tmp_path / "later.bvh").read_bytes() == (tmp_path / "now.bvh").read_bytes()

    @pytest.mark.slow
    def test_the_chosen_layer_is_the_one_that_leaves(self, character, tmp_path):
        for _ in range(2):
            bpy.ops.mannerism.generate(next_take=True)
        for seed in (2, 1):
            name = f"Mannerism: hello 日本 #{seed}"
            character.mannerism.layer_index = character.animation_data.nla_tracks.find(name)
            bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / f"{seed}.bvh"))
        assert (tmp_path / "1.bvh").read_bytes() != (tmp_path / "2.bvh").read_bytes()

    @pytest.mark.slow
    def test_fbx(self, character, tmp_path):
        bpy.ops.mannerism.generate()
        assert bpy.ops.mannerism.export_fbx(filepath=str(tmp_path / "head.fbx")) == {"FINISHED"}
        assert (tmp_path / "head.fbx").stat().st_size > 1000

    def test_a_folder_that_is_missing(self, character, tmp_path):
        bpy.ops.mannerism.generate()
        with pytest.raises(RuntimeError, match="Choose a folder that exists"):
            bpy.ops.mannerism.export_bvh(filepath=str(tmp_path / "no" / "head.bvh"))


class TestReasons:
    """Greyed-out buttons say why, and scripts get the same."""

    @pytest.mark.parametrize("name", ["generate", "encode_style", "remove_layer", "export_bvh", "export_fbx"])
    def test_nothing_selected(self, extension, name):
        with pytest.raises(RuntimeError, match=r"Nothing is selected\. Select the armature"):
            getattr(bpy.ops.mannerism, name)()

    @pytest.mark.parametrize(
        ("operator", "empty", "words"),
        [
            ("generate", "style", "Encode or choose a style first"),
            ("generate", "audio", "Choose a speech first"),
            ("encode_style", "reference", "Choose a reference video first"),
        ],
    )
    def test_something_is_missing(self, character, operator, empty, words):
        setattr(character.mannerism, empty, "")
        with pytest.raises(RuntimeError, match=words):
            getattr(bpy.ops.mannerism, operator)()

    def test_no_layer_yet(self, character):
        with pytest.raises(RuntimeError, match="has no layer of head motion yet"):
            bpy.ops.mannerism.export_bvh(filepath="x.bvh")

    def test_a_second_job_names_the_first(self, character):
        first = worker.shared().start("generate", job_arguments("/slow"), label="Generate for Bob")
        with pytest.raises(RuntimeError, match="“Generate for Bob” is still running"):
            bpy.ops.mannerism.encode_style()
        first.cancel()

    def test_a_linked_object(self, character, tmp_path):
        library = str(tmp_path / "library.blend")
        bpy.data.libraries.write(library, {character})
        bpy.data.objects.remove(character)
        with bpy.data.libraries.load(library, link=True) as (_source, target):
            target.objects = ["Ada ü日本"]
        (linked,) = target.objects
        bpy.context.scene.collection.objects.link(linked)
        bpy.context.view_layer.objects.active = linked
        with pytest.raises(RuntimeError, match="Make a library override of it first"):
            bpy.ops.mannerism.generate()


def test_check_worker_tells_what_it_finds(character, capfd):
    assert bpy.ops.mannerism.check_worker() == {"FINISHED"}
    assert "all is well" in capfd.readouterr().out


def job_arguments(style):
    names = ("audio", "engine", "motion_out")
    return dict.fromkeys(names, "") | {"style": style, "seed": 0, "intensity": 1.0}

"""The talking-head video in a Blender without a window, with a worker that only writes down what it is asked."""

import hashlib
import json
import os
from pathlib import Path
from types import MethodType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mannerism import panels
from mannerism.bridge import nla, worker
from mannerism.bridge.portrait import PREVIEW, PREVIEWS
from mannerism.bridge.portrait_confidence import PROPERTY, clear_confidence, put_confidence
from mannerism.bridge.portrait_progress import watch
from mannerism.core import files
from mannerism.core import rotation as rot
from mannerism.core.errors import RigError
from mannerism.core.motion_csv import write_motion
from mannerism.core.motion_npz import load_motion
from mannerism.core.portrait.reference import identity
from mannerism.operators.attest_consent import MANNERISM_OT_attest_consent
from mannerism.operators.job import ConfirmedJobOperator
from mannerism.operators.portrait import MANNERISM_OT_portrait
from mannerism.tests.support.operators import driven, event, invoke, run_modal, window
from mannerism.tests.support.paths import ROOT
from mannerism.tests.support.recorded_layout import Layout
from mannerism.tests.support.worker_commands import FAKE_WORKER
from mannerism.tools.synthetic.characters import MOTION, bust, dump, nodding, posed

bpy = pytest.importorskip("bpy")
LINE = ROOT / "examples/line_1.wav"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the misbehaving jobs use signals of POSIX")


@pytest.fixture
def ada(extension, monkeypatch, tmp_path) -> Any:
    """A bust with a reference, a speech, and consent."""
    monkeypatch.setattr(worker, "command", lambda: FAKE_WORKER)
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setattr(bpy.utils, "extension_path_user", lambda *_a, **_k: str(own))
    obj: Any = bust()
    reference = tmp_path / "Ada ü日本.mp4"
    reference.write_bytes(b"not opened here")
    obj.mannerism.reference, obj.mannerism.audio = str(reference), str(LINE)
    obj.mannerism.portrait.output = str(tmp_path / "film.mp4")
    bpy.ops.mannerism.attest_consent()
    yield obj
    worker.close()


def asked(obj):
    return json.loads(Path(obj.mannerism.portrait.output).read_text(encoding="utf-8"))


def drawn(name):
    """What a panel shows."""
    layout = Layout()
    cls: Any = next(cls for cls in panels.CLASSES if cls.__name__ == name)
    cls.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.text()


class TestPortrait:
    @pytest.mark.slow
    def test_asks_for_what_is_chosen(self, ada):
        portrait = ada.mannerism.portrait
        portrait.quality, portrait.size, portrait.rate, portrait.label = "WARP", "384", "30000/1001", False
        portrait.brows, portrait.squint, portrait.look_away = 0.5, 0.0, 0.0
        assert bpy.ops.mannerism.portrait() == {"FINISHED"}
        found = asked(ada)
        assert {name: found[name] for name in ("quality", "size", "fps", "label")} == {
            "quality": "warp",
            "size": 384,
            "fps": "30000/1001",
            "label": False,
        }
        assert found["expression"] == {"brows": 0.5, "cheeks": 1.0, "squint": 0.0}
        assert found["gaze"] == {"look_away": 0.0, "small": 1.0, "blinks": 1.0}
        assert (found["reference"], found["audio"]) == (ada.mannerism.reference, str(LINE))
        motion = load_motion(Path(found["motion"]))
        assert np.diff(motion.time_s) == pytest.approx(1001 / 30000)
        assert motion.time_s[-1] == pytest.approx(82848 / 16000, abs=0.034)

    def test_films_what_is_seen_on_the_rig(self, ada, tmp_path):
        table = tmp_path / "nod.csv"
        write_motion(table, MOTION)
        assert bpy.ops.mannerism.import_motion(filepath=str(table)) == {"FINISHED"}
        assert ada.animation_data.nla_tracks[-1].name == "Mannerism: nod #0"
        motions = []
        for source in ("RIG", "LAYER", "FILE"):
            ada.mannerism.portrait.motion, ada.mannerism.portrait.motion_file = source, str(table)
            bpy.ops.mannerism.portrait()
            motions.append(load_motion(Path(asked(ada)["motion"])))
        for motion in motions:
            wanted = MOTION.at(motion.time_s)
            assert np.degrees(rot.angle_between(motion.rotation, wanted.rotation)).max() < 0.1
            assert np.abs(motion.translation_m - wanted.translation_m).max() < 1e-3

    def test_a_call_without_a_name_for_the_video(self, ada, tmp_path):
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
        bpy.context.view_layer.objects.active.mannerism.portrait.output = ""
        bpy.ops.mannerism.portrait()
        assert (tmp_path / "Ada ü日本 says line_1.mp4").is_file()

    def test_confidence_becomes_a_curve(self, ada):
        bpy.context.scene.frame_start = 11
        bpy.ops.mannerism.portrait()
        (track,) = ada.animation_data.nla_tracks
        assert track.strips[0].frame_start == 11
        for frame, value in ((11, 1.0), (40, 0.5)):
            bpy.context.scene.frame_set(frame)
            assert ada[PROPERTY] == value

    @pytest.mark.parametrize(
        ("field", "words"),
        [
            ("mannerism.reference", "Choose a reference video first"),
            ("mannerism.audio", "Choose a speech first"),
            ("mannerism.portrait.attested_on", "Confirm the consent"),
        ],
    )
    def test_what_is_missing_greys_the_button(self, ada, field, words):
        owner, _, name = field.rpartition(".")
        setattr(ada.path_resolve(owner), name, "")
        with pytest.raises(RuntimeError, match=words):
            bpy.ops.mannerism.portrait()

    @pytest.mark.slow
    def test_a_file_or_a_layer_that_is_missing_greys_it_as_well(self, ada):
        for source, words in (("FILE", "Choose a file of head motion"), ("LAYER", "no layer of head motion")):
            ada.mannerism.portrait.motion = source
            with pytest.raises(RuntimeError, match=words):
                bpy.ops.mannerism.portrait()

    def test_consent_is_for_one_file(self, ada, tmp_path):
        other = tmp_path / "Grace.mp4"
        other.write_bytes(b"somebody else")
        ada.mannerism.reference = str(other)
        with pytest.raises(RuntimeError, match="Confirm the consent"):
            bpy.ops.mannerism.portrait()
        ada.mannerism.reference = str(tmp_path / "gone.mp4")
        with pytest.raises(RuntimeError, match=r"gone\.mp4.* cannot be read"):
            bpy.ops.mannerism.attest_consent()

    @pytest.mark.slow
    def test_speech_that_cannot_be_heard_is_refused_before_the_work(self, ada, tmp_path):
        worker.close()
        ada.mannerism.audio = str(tmp_path / "none.wav")
        with pytest.raises(RuntimeError, match=r"none\.wav.* cannot be decoded"):
            bpy.ops.mannerism.portrait()
        assert worker.shared().pid is None


class TestInAWindow:
    @pytest.mark.slow
    def test_the_newest_picture_and_the_time_left_are_shown(self, ada, monkeypatch, tmp_path):
        slow = tmp_path / "slow.mp4"
        slow.write_bytes(b"")
        ada.mannerism.reference = str(slow)
        bpy.ops.mannerism.attest_consent()
        found = dump(ada)
        operator, context = driven(MANNERISM_OT_portrait), window()
        assert invoke(operator, context, monkeypatch) == {"RUNNING_MODAL"}
        run_modal(operator, context, until=lambda self: self._job.share == 0.5)
        operator.modal(context, event("TIMER"))
        assert watch.left
        monkeypatch.setattr(type(watch), "icon", 7)  # without a window there are no icons
        text = drawn("MANNERISM_PT_video")
        assert "ESC to stop" in text
        assert "template_icon | 7" in text
        assert operator.modal(context, event("ESC", "PRESS")) == {"CANCELLED"}
        assert "continue" in operator.reports[-1][-1]
        assert dump(ada) == found
        assert "ESC to stop" not in drawn("MANNERISM_PT_video")


def asking(operator):
    """An operator that asks, as Blender would hold it."""
    self = driven(operator)
    for cls in (ConfirmedJobOperator, operator):
        for name, member in vars(cls).items():
            if callable(member):
                setattr(self, name, MethodType(member, self))
    self.confirmed, self._asked = False, False
    return self


class TestConsentInAWindow:
    def test_it_is_asked_and_then_noted_beside_the_work(self, ada, monkeypatch):
        ada.mannerism.portrait.property_unset("attested_on")
        asked, again = [], []
        operator, context = asking(MANNERISM_OT_attest_consent), window()
        context.window_manager.invoke_props_dialog = lambda *_, **__: asked.append(1) or {"RUNNING_MODAL"}
        assert invoke(operator, context, monkeypatch) == {"RUNNING_MODAL"}
        assert len(asked) == 1
        operator.again = lambda: again.append(1)
        assert operator.execute(context) == {"FINISHED"}
        assert len(again) == 1
        assert not ada.mannerism.portrait.attested_on, "nothing is noted before the file is read"
        operator = asking(MANNERISM_OT_attest_consent)
        operator.confirmed = True
        assert invoke(operator, context, monkeypatch) == {"RUNNING_MODAL"}
        assert run_modal(operator, context) == {"FINISHED"}
        assert len(asked) == 1
        assert ada.mannerism.portrait.attested_on

    @pytest.mark.slow
    def test_the_reference_is_read_by_the_worker_alone(self, ada, monkeypatch):
        ada.mannerism.portrait.property_unset("attested")
        for module in (files, identity):
            monkeypatch.setattr(module, "sha256_of", lambda _path: pytest.fail("read on the main thread"))
        assert bpy.ops.mannerism.attest_consent() == {"FINISHED"}
        content = Path(ada.mannerism.reference).read_bytes()
        assert ada.mannerism.portrait.attested == hashlib.sha256(content).hexdigest()
        assert "Consent on" in drawn("MANNERISM_PT_portrait")
        assert bpy.ops.mannerism.portrait() == {"FINISHED"}
        assert asked(ada)["consent"] == ada.mannerism.portrait.attested
        assert bpy.ops.mannerism.portrait_check() == {"FINISHED"}
        assert bpy.ops.mannerism.forget_reference() == {"FINISHED"}


class TestCoverage:
    @pytest.mark.slow
    def test_the_meter_shows_rows_until_the_reference_changes(self, ada, tmp_path):
        assert "progress" not in drawn("MANNERISM_PT_coverage")
        assert bpy.ops.mannerism.portrait_check() == {"FINISHED"}
        text = drawn("MANNERISM_PT_coverage")
        assert "Turns | progress | 0.75 | 75%" in text
        assert "From 18° to 12°." in text
        assert text.count("Record a few words") == 1
        assert "The video is only 8 s long | ERROR" in text
        ada.mannerism.reference = str(tmp_path / "other.mp4")
        text = drawn("MANNERISM_PT_coverage")
        assert "progress" not in text
        assert "only 8 s" not in text


class TestForgetting:
    def test_nothing_of_the_person_is_left(self, ada, tmp_path, monkeypatch):
        monkeypatch.setattr("mannerism.bridge.style_files.style_folder", lambda: tmp_path)
        bpy.ops.mannerism.encode_style()
        style = Path(ada.mannerism.style)
        bpy.ops.mannerism.portrait_check()
        bpy.ops.mannerism.portrait()
        preview = worker.shared().folder / PREVIEWS / PREVIEW
        assert style.is_file()
        assert preview.is_file()
        assert bpy.ops.mannerism.forget_reference() == {"FINISHED"}
        assert not preview.exists()
        assert (tmp_path / "own/forgotten").read_text(encoding="utf-8") == ada.mannerism.reference
        assert not style.exists()
        assert (ada.mannerism.style, ada.mannerism.portrait.attested_on) == ("calm", "")
        assert not ada.mannerism.portrait.coverage
        assert PROPERTY not in ada
        with pytest.raises(RuntimeError, match="Confirm the consent"):
            bpy.ops.mannerism.portrait()

    def test_the_style_of_another_stays(self, ada, tmp_path, monkeypatch):
        monkeypatch.setattr("mannerism.bridge.style_files.style_folder", lambda: tmp_path)
        bpy.ops.mannerism.encode_style()
        style = Path(ada.mannerism.style)
        ada.mannerism.reference = str(tmp_path / "Grace.mp4")
        bpy.ops.mannerism.forget_reference()
        assert style.is_file()
        assert ada.mannerism.style == str(style)


class TestImport:
    def test_a_table_that_is_none_is_refused(self, ada, tmp_path):
        table = tmp_path / "wrong.csv"
        table.write_text("a,b\n1,2\n", encoding="utf-8")
        with pytest.raises(RuntimeError, match="lacks pitch_deg"):
            bpy.ops.mannerism.import_motion(filepath=str(table))
        assert ada.animation_data is None


class TestConfidence:
    @pytest.mark.parametrize("stack", ["rest", "pose", "active", "tracks", "tracks under active"])
    def test_leaves_no_trace(self, extension, stack):
        obj, _ = posed("armature", "QUATERNION", stack)
        found, rotations = dump(obj), []
        put_confidence(obj, np.array([0.0, 1.0]), np.array([1.0, 0.5]), start_frame=1)
        for curve in (True, False):
            bpy.context.scene.frame_set(7)
            rotations.append([tuple(bone.matrix.to_quaternion()) for bone in obj.pose.bones])
            if curve:
                clear_confidence(obj)
        bpy.context.scene.frame_set(1)
        assert rotations[0] == rotations[1]
        assert dump(obj)["tracks"] == found["tracks"]
        assert dump(obj)["actions"] == found["actions"]
        assert dump(obj)["data"] == found["data"]
        assert PROPERTY not in obj

    def test_beside_layers(self, extension):
        obj, _ = posed("armature", "QUATERNION", "active")
        bpy.context.scene.frame_set(7)
        found = dump(obj)
        put_confidence(obj, np.array([0.0, 1.0]), np.array([1.0, 0.5]), start_frame=1)
        nla.add_layer(obj, nodding(1.0), name="take", start_frame=1)
        put_confidence(obj, np.array([0.0, 1.0]), np.array([1.0, 0.2]), start_frame=1)
        assert (
            len(obj.animation_data.nla_tracks) == 3
        )  # of the confidence, the layer, and what holds its channels
        nla.remove_layer(obj)
        clear_confidence(obj)
        bpy.context.scene.frame_set(7)
        assert dump(obj) == found

    def test_an_action_that_would_act_otherwise_is_left_alone(self, extension):
        obj, _ = posed("armature", "QUATERNION", "active")
        obj.animation_data.action_influence = 0.5
        found = dump(obj)
        with pytest.raises(RigError, match="act otherwise"):
            put_confidence(obj, np.array([0.0, 1.0]), np.array([1.0, 0.5]), start_frame=1)
        assert dump(obj) == found


def test_the_panel_says_what_is_known_of_consent(ada):
    assert "Consent on" in drawn("MANNERISM_PT_portrait")
    ada.mannerism.reference = ""
    text = drawn("MANNERISM_PT_portrait")
    assert "mannerism.attest_consent" in text
    assert "Consent on" not in text


def test_a_face_is_put_on_the_meshes_and_taken_off(ada):
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0)], [], [])
    obj = bpy.data.objects.new("Face", mesh)
    bpy.context.scene.collection.objects.link(obj)
    obj.parent = ada
    for name in ("Basis", "jaw_open"):
        obj.shape_key_add(name=name).value = 0.0
    assert bpy.ops.mannerism.generate_face() == {"FINISHED"}
    assert "mannerism.remove_face" in drawn("MANNERISM_PT_face")
    bpy.context.scene.frame_set(13)
    assert mesh.shape_keys.key_blocks["jaw_open"].value > 0.9
    assert bpy.ops.mannerism.remove_face() == {"FINISHED"}
    assert mesh.shape_keys.animation_data is None
    ada.mannerism.face.keys = "VISEMES"
    with pytest.raises(RuntimeError, match="viseme_aa"):
        bpy.ops.mannerism.generate_face()

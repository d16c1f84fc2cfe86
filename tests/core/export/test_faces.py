"""Speaking faces as files for engines, read by parsers that are none of ours, and by our own reader of recordings."""

import csv
import json
import wave
from fractions import Fraction

import numpy as np
import pytest

from mannerism.core import cli
from mannerism.core import rotation as rot
from mannerism.core.errors import MannerismError, RigError
from mannerism.core.export import Form
from mannerism.core.export.face_formats import write_face_file
from mannerism.core.export.face_table import timecodes
from mannerism.core.export.gltf_read import read_gltf
from mannerism.core.face.curves import FaceCurves
from mannerism.core.face.live_link import COLUMNS, SHAPES, live_link
from mannerism.core.face.named import NAMED, named
from mannerism.core.face.shape_keys import ARKIT_CHANNELS
from mannerism.core.motion import HeadMotion
from mannerism.core.timing import FrameRate
from mannerism.core.track.livelink import read_live_link
from mannerism.tests.support.character import write_character
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tests.support.talking_motion import talking

RATE = FrameRate(Fraction(60))
SIDES = ("Left", "Right")
ARKIT = [name.replace("*", side) for name in ARKIT_CHANNELS for side in (SIDES if "*" in name else ("",))]


def shapes(time_s):
    """Each of ARKit's channels another wave from 0 to 1."""
    return {name: 0.5 + 0.5 * np.sin(time_s * (1 + 0.1 * at)) for at, name in enumerate(ARKIT)}


def curves(names="arkit", seconds=2.0, rate=RATE):
    time_s = rate.grid(seconds)
    found = shapes(time_s)
    if names == "livelink":
        found = live_link(found)
    elif names in NAMED:
        found = named(found, names)
    return FaceCurves(time_s, found, names=names)


def rows_of(path):
    """A table as Python's own reader has it."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seconds_of(code):
    hours, minutes, seconds, frames = code.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + int(seconds) + Fraction(frames) / 60


def test_live_link_has_the_columns_of_the_app():
    assert len(SHAPES) == 52
    assert len(COLUMNS) == len(set(COLUMNS)) == 61
    assert SHAPES[:3] == ("EyeBlinkLeft", "EyeLookDownLeft", "EyeLookInLeft")
    assert SHAPES[14:19] == ("JawForward", "JawRight", "JawLeft", "JawOpen", "MouthClose")
    assert COLUMNS[51:55] == ("TongueOut", "HeadYaw", "HeadPitch", "HeadRoll")
    assert COLUMNS[-1] == "RightEyeRoll"
    for name in ARKIT:
        assert f"{name[0].upper()}{name[1:]}" in SHAPES


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(25), Fraction(60), Fraction(120)])
def test_live_link_with_head_and_face(tmp_path, fps):
    rate, path, head = FrameRate(fps), tmp_path / "ü日本.csv", talking(2.0)
    said = write_face_file(path, curves("livelink", rate=rate), head)
    assert any("eyes" in each for each in said)
    assert any("shift" in each for each in said)
    rows, time_s = rows_of(path), rate.grid(2.0)
    assert list(rows[0]) == ["Timecode", "BlendShapeCount", *COLUMNS]
    assert {row["BlendShapeCount"] for row in rows} == {"61"}
    assert [float(seconds_of(row["Timecode"])) for row in rows] == pytest.approx(list(time_s), abs=1e-5)
    for name, values in shapes(time_s).items():
        column = [float(row[f"{name[0].upper()}{name[1:]}"]) for row in rows]
        assert column == pytest.approx(list(values), abs=1e-9)
    track, wanted = read_live_link(path), head.at(time_s).rotation
    assert track.time_s == pytest.approx(time_s, abs=2e-5)
    relative = rot.multiply(rot.inverse(rot.geodesic_median(wanted)), wanted)
    assert np.degrees(rot.angle_between(track.rotation, relative)).max() < 0.01


@pytest.mark.parametrize(
    ("turn", "column"),
    [((0.0, 0.3, 0.0), "HeadYaw"), ((-0.3, 0.0, 0.0), "HeadPitch"), ((0.0, 0.0, 0.3), "HeadRoll")],
)
def test_signs_of_live_link(tmp_path, turn, column):
    """To the left, up, and onto the right shoulder are positive, as Face_Landmark_Link and the app have them."""
    head = HeadMotion(np.array([0.0, 2.0]), np.tile(rot.from_euler(*turn), (2, 1)), np.zeros((2, 3)))
    write_face_file(tmp_path / "a.csv", curves("livelink"), head)
    (row, *_) = rows_of(tmp_path / "a.csv")
    assert float(row[column]) == pytest.approx(0.3)
    assert sum(abs(float(row[each])) for each in ("HeadYaw", "HeadPitch", "HeadRoll")) == pytest.approx(0.3)


@pytest.mark.slow
@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(120)])
def test_timecodes_over_an_hour(fps):
    time_s = FrameRate(fps).grid(3600.0)
    codes = timecodes(time_s)
    assert len(codes) == int(3600 * fps) + 1
    for at in (0, 1, 59, len(codes) // 2, len(codes) - 1):
        assert abs(seconds_of(codes[at]) - Fraction(at) / fps) < Fraction(1, 100_000)
    assert not any(code.split(":")[3].startswith("60") for code in codes)


def test_a_table_holds_the_head_as_motion_files_do(tmp_path):
    from mannerism.core.motion_csv import read_motion

    head = talking(2.0)
    write_face_file(tmp_path / "a.csv", curves("arkit"), head)
    back, wanted = read_motion(tmp_path / "a.csv"), head.at(RATE.grid(2.0))
    assert np.degrees(rot.angle_between(back.rotation, wanted.rotation)).max() < 1e-3
    assert back.translation_m == pytest.approx(wanted.translation_m, abs=1e-5)


def test_names_of_other_programs(tmp_path):
    write_face_file(tmp_path / "a.csv", curves("metahuman"), None)
    (row, *_) = rows_of(tmp_path / "a.csv")
    assert {
        "CTRL_expressions_jawOpen",
        "CTRL_expressions_eyeBlinkL",
        "CTRL_expressions_mouthFunnelUR",
    } <= set(row)
    said = write_face_file(tmp_path / "b.csv", curves("facefx"), talking(2.0))
    assert any("shift" in each for each in said)
    (row, *_) = rows_of(tmp_path / "b.csv")
    assert list(row)[1:6] == ["open", "W", "ShCh", "PBM", "wide"]
    assert list(row)[-3:] == ["Head_Pitch", "Head_Yaw", "Head_Roll"]
    only_jaw = {name: np.full(3, 0.8 * (name == "jawOpen")) for name in ARKIT}
    assert named(only_jaw, "metahuman")["CTRL_expressions_jawOpen"] == pytest.approx(0.8)
    assert named(only_jaw, "vrm")["aa"] == pytest.approx(1.0)
    assert named(only_jaw, "vrm")["blinkLeft"] == pytest.approx(0.0)
    assert all(
        values.max() <= 1.0 for naming in NAMED for values in named(shapes(RATE.grid(2.0)), naming).values()
    )


def gltf(path):
    pygltflib = pytest.importorskip("pygltflib")
    return pygltflib.GLTF2().load_binary(str(path))


def keys_of(file, node, path):
    """Values (T, k) of a channel, and the times."""
    (animation,) = file.animations
    found = next(each for each in animation.channels if (each.target.node, each.target.path) == (node, path))
    sampler = animation.samplers[found.sampler]

    def values(index):
        view = file.bufferViews[file.accessors[index].bufferView]
        return np.frombuffer(file.binary_blob(), "<f4", view.byteLength // 4, view.byteOffset)

    times = values(sampler.input)
    return values(sampler.output).reshape(len(times), -1), times


def test_weights_of_morph_targets(tmp_path):
    write_face_file(tmp_path / "a.glb", curves(), talking(2.0))
    file = gltf(tmp_path / "a.glb")
    names = file.meshes[0].extras["targetNames"]
    assert len(file.meshes[0].primitives[0].targets) == len(names)
    node = next(at for at, each in enumerate(file.nodes) if each.mesh == 0)
    weights, times = keys_of(file, node, "weights")
    assert times == pytest.approx(RATE.grid(2.0), abs=1e-6)
    assert weights == pytest.approx(
        np.column_stack([shapes(RATE.grid(2.0))[name] for name in names]), abs=1e-6
    )
    assert any(each.name == "Head" for each in file.nodes)


def test_a_face_on_a_character_of_the_users(tmp_path):
    write_character(tmp_path / "hero.glb", targets=("jawOpen", "smirk", "eyeBlink_L", "eyeBlink_R"))
    said = write_face_file(tmp_path / "a.glb", curves(), talking(2.0), Form(skeleton=tmp_path / "hero.glb"))
    assert "3 morph targets move." in said
    file = gltf(tmp_path / "a.glb")
    node = next(at for at, each in enumerate(file.nodes) if each.mesh is not None)
    weights, _ = keys_of(file, node, "weights")
    wanted = shapes(RATE.grid(2.0))
    assert weights[:, 0] == pytest.approx(wanted["jawOpen"], abs=1e-6)
    assert weights[:, 1] == pytest.approx(0.25)  # as the file had it
    assert weights[:, 2] == pytest.approx(wanted["eyeBlinkLeft"], abs=1e-6)
    assert weights[:, 3] == pytest.approx(wanted["eyeBlinkRight"], abs=1e-6)


@pytest.mark.parametrize("version", [0, 1])
def test_a_vrm_states_its_expressions(tmp_path, version):
    """Targets called by numbers, as exporters leave them."""
    file = read_gltf(write_character(tmp_path / "hero.glb", targets=("0", "1", "2")))
    node = next(at for at, each in enumerate(file.document["nodes"]) if "mesh" in each)
    if version:
        binds = {"aa": 2, "blink": 0}
        preset = {
            name: {"morphTargetBinds": [{"node": node, "index": index, "weight": 0.5}]}
            for name, index in binds.items()
        }
        file.document["extensions"] = {"VRMC_vrm": {"expressions": {"preset": preset}}}
    else:
        groups = [
            {"presetName": name, "binds": [{"mesh": 0, "index": index, "weight": 50}]}
            for name, index in (("a", 2), ("blink", 0), ("joy", 1))
        ]
        file.document["extensions"] = {"VRM": {"blendShapeMaster": {"blendShapeGroups": groups}}}
    file.write(tmp_path / "hero.vrm")
    said = write_face_file(tmp_path / "a.glb", curves(), None, Form(skeleton=tmp_path / "hero.vrm"))
    assert "2 morph targets move." in said
    weights, _ = keys_of(gltf(tmp_path / "a.glb"), node, "weights")
    wanted = named(shapes(RATE.grid(2.0)), "vrm")
    assert weights[:, 2] == pytest.approx(0.5 * wanted["aa"], abs=1e-6)
    assert weights[:, 0] == pytest.approx(
        0.5 * np.maximum(wanted["blinkLeft"], wanted["blinkRight"]), abs=1e-6
    )
    assert not weights[:, 1].any()


@pytest.mark.parametrize(
    "wrong", [{"node": -1}, {"node": 99}, {"index": 3}, {"index": 10**400}, {"index": "x"}, {"weight": "nan"}]
)
def test_expressions_that_state_what_is_not_there(tmp_path, wrong):
    file = read_gltf(write_character(tmp_path / "hero.glb", targets=("0", "1", "2")))
    node = next(at for at, each in enumerate(file.document["nodes"]) if "mesh" in each)
    binds = [{"node": node, "index": 0, "weight": 1.0} | wrong]
    preset = {"aa": {"morphTargetBinds": binds}}
    file.document["extensions"] = {"VRMC_vrm": {"expressions": {"preset": preset}}}
    file.write(tmp_path / "hero.vrm")
    with pytest.raises(RigError, match="meshes cannot be read"):
        write_face_file(tmp_path / "a.glb", curves(), None, Form(skeleton=tmp_path / "hero.vrm"))
    assert not (tmp_path / "a.glb").exists()


def test_vrm_animation(tmp_path):
    head = talking(2.0)
    said = write_face_file(tmp_path / "a.vrma", curves(), head)
    assert any("shift" in each for each in said)
    file = gltf(tmp_path / "a.vrma")
    assert "VRMC_vrm_animation" in file.extensionsUsed
    extension = file.extensions["VRMC_vrm_animation"]
    bones, shown = extension["humanoid"]["humanBones"], extension["expressions"]["preset"]
    assert {"hips", "spine", "head", "leftUpperLeg", "rightHand"} <= set(bones)
    neck, _ = keys_of(file, bones["neck"]["node"], "rotation")
    own, _ = keys_of(file, bones["head"]["node"], "rotation")
    turn = rot.multiply(neck[:, [3, 0, 1, 2]], own[:, [3, 0, 1, 2]])
    assert np.degrees(rot.angle_between(turn, head.at(RATE.grid(2.0)).rotation)).max() < 0.01
    moved = {each.target.node for each in file.animations[0].channels if each.target.path == "translation"}
    assert moved == {each["node"] for each in shown.values()}
    weights, _ = keys_of(file, shown["blinkLeft"]["node"], "translation")
    assert weights[:, 0] == pytest.approx(shapes(RATE.grid(2.0))["eyeBlinkLeft"], abs=1e-6)


@pytest.mark.parametrize(
    ("name", "names", "skeleton", "match"),
    [
        ("a.bvh", "arkit", None, "No face file ends"),
        ("a.glb", "visemes", None, "names of its own"),
        ("a.csv", "arkit", "b.glb", "onto a glTF alone"),
        ("a.glb", "arkit", "b.bvh", "onto a glTF alone"),
        ("a.glb", "arkit", "nothing.glb", "is no file"),
    ],
)
def test_what_cannot_be_written(tmp_path, name, names, skeleton, match):
    with pytest.raises(MannerismError, match=match):
        write_face_file(tmp_path / name, curves(names), None, Form(skeleton=skeleton and tmp_path / skeleton))
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_command(tmp_path, capsys):
    path = tmp_path / "line.csv"
    line = str(EXAMPLES / "line_1.wav")
    assert cli.main(["face", line, "-o", str(path), "--names", "livelink", "--style", "calm"]) == 0
    rows = rows_of(path)
    with wave.open(line) as sound:
        assert len(rows) == 60 * sound.getnframes() // sound.getframerate() + 1
    assert max(float(row["JawOpen"]) for row in rows) > 0.05
    assert max(abs(float(row["HeadPitch"])) for row in rows) > 0.005
    assert "eyes" not in capsys.readouterr().err
    for angle in ("Yaw", "Pitch"):  # eyes turn against the head, and keep what they look at
        head, eye = (np.array([float(row[f"{part}{angle}"]) for row in rows]) for part in ("Head", "LeftEye"))
        assert np.corrcoef(np.diff(head), np.diff(eye))[0, 1] < -0.1
        assert [row[f"LeftEye{angle}"] for row in rows] == [row[f"RightEye{angle}"] for row in rows]
    assert cli.main(["face", line, "-o", str(tmp_path / "a.glb"), "--names", "facefx"]) == 2
    assert cli.main(["face", line, "-o", str(tmp_path / "a.vrma"), "--style", "calm"]) == 0
    json.loads(gltf(tmp_path / "a.vrma").to_json())

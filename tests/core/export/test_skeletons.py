"""Head motion on skeletons of the user's: what other programs read is the motion, about the body's own axes."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mannerism.core import cli
from mannerism.core import rotation as rot
from mannerism.core.errors import OutputError, RigError
from mannerism.core.export import Form, export_motion
from mannerism.core.export.gltf_read import read_gltf
from mannerism.core.motion_csv import write_motion
from mannerism.core.timing import FrameRate
from mannerism.core.track.bvh import read_bvh
from mannerism.tests.support import interchange, recorded_body
from mannerism.tests.support.character import PLACES, write_character
from mannerism.tests.support.talking_motion import talking

RATE = FrameRate(Fraction(24000, 1001))
TURNED = {
    "as it is": rot.IDENTITY,
    "facing backward": rot.from_rotvec([0.0, np.pi, 0.0]),
    "facing left": rot.from_rotvec([0.0, np.pi / 2, 0.0]),
    "z up": rot.from_rotvec([np.pi / 2, 0.0, 0.0]),
}


def wanted(world=rot.IDENTITY):
    """Rotation of the head and way of its joint, in the space of a person who is turned by `world`."""
    motion = talking(1.0).at(RATE.grid(1.0))
    turn = rot.multiply(world, rot.multiply(motion.rotation, rot.inverse(world)))
    return turn, rot.rotate(world, motion.translation_m), motion.time_s


def assert_arrived(found, world=rot.IDENTITY, size=1.0):
    """Within 0.01° and 0.1 mm; `size` is that of the head against a person's of 1.75 m."""
    turn, shift, time_s = wanted(world)
    assert np.degrees(rot.angle_between(found.turn, turn)).max() < 0.01
    assert np.abs(found.shift - size * shift).max() < 1e-4
    assert found.time_s == pytest.approx(time_s, abs=1e-6)


def size_of(found, world=rot.IDENTITY):
    """How much larger the shift is than the motion's, which must be the same on all axes."""
    shift = wanted(world)[1]
    return float(np.sum(found.shift * shift) / np.sum(shift * shift))


@pytest.mark.parametrize("world", TURNED)
def test_bvh(tmp_path, world):
    source = tmp_path / "actor ü日本.bvh"
    recorded_body.write(source, {"": rot.IDENTITY}, world=TURNED[world], seconds=1.0)
    said = export_motion(tmp_path / "a.bvh", talking(1.0), RATE, Form(skeleton=source))
    assert "“Head”, “Neck”" in said[0]
    assert any("does not shift" in each for each in said)  # its neck has no position channels
    text, before = (path.read_text(encoding="utf-8") for path in (tmp_path / "a.bvh", source))
    assert text.partition("MOTION")[0] == before.partition("MOTION")[0]
    found = interchange.read_bvh(tmp_path / "a.bvh", ("Neck", "Head"), "Neck", 0.01)
    # The root stands as in the first row, turned by `world` against the zero pose that bvhio compares with.
    found.turn = rot.multiply(found.turn, rot.inverse(TURNED[world]))
    assert_arrived(found, TURNED[world], size=0.0)


def test_bvh_other_joints_rest_where_the_first_row_stands(tmp_path):
    source = tmp_path / "actor.bvh"
    recorded_body.write(source, {"": rot.IDENTITY}, seconds=1.0, bow_deg=20.0)
    export_motion(tmp_path / "a.bvh", talking(1.0), RATE, Form(skeleton=source))
    rows = np.loadtxt((tmp_path / "a.bvh").read_text().splitlines()[-24:])
    assert rows.shape[0] == 24
    first = np.array(source.read_text().splitlines()[-30].split(), float)
    channels = [
        (joint, channel)
        for joint, line in joints_of((tmp_path / "a.bvh").read_text())
        for channel in line.split()[2:]
    ]
    moves = np.ptp(rows, axis=0) > 1e-4
    assert {joint for (joint, _), moved in zip(channels, moves, strict=True) if moved} == {"Neck", "Head"}
    assert rows[:, :3] == pytest.approx(np.tile(first[:3], (len(rows), 1)), abs=1e-4)
    assert np.abs(rows[0, 3:][[joint not in {"Neck", "Head"} for joint, _ in channels[3:]]]).max() < 1e-6


def test_bvh_whose_zero_pose_is_none(tmp_path):
    """All bones along their own axes, as trackers write them: the others then stand as in the first row."""
    source = tmp_path / "actor.bvh"
    along = rot.from_matrix(np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 0]]))
    recorded_body.write(source, {"": along, "Hips": rot.IDENTITY}, seconds=1.0)
    said = export_motion(tmp_path / "a.bvh", talking(1.0), RATE, Form(skeleton=source))
    assert any("first row" in each for each in said)
    track, (turn, _, _) = read_bvh(tmp_path / "a.bvh"), wanted()
    relative = rot.multiply(rot.inverse(rot.geodesic_median(turn)), turn)
    assert np.degrees(rot.angle_between(track.rotation, relative)).max() < 0.01


def joints_of(text):
    name = ""
    for line in text.partition("MOTION")[0].splitlines():
        if line.split()[:1] in (["ROOT"], ["JOINT"]):
            name = line.split(maxsplit=1)[1].strip()
        if "CHANNELS" in line:
            yield name, line


@pytest.mark.parametrize("channels", ["XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX"])
@pytest.mark.parametrize("added", [False, True])
def test_bvh_with_any_order_of_channels_and_a_neck_that_moves(tmp_path, channels, added):
    six = "CHANNELS 6 Xposition Yposition Zposition " + " ".join(f"{axis}rotation" for axis in channels)
    rest = "0 0 0" if added else "0 9 0"
    source = tmp_path / "a.bvh"
    source.write_text(
        f"""HIERARCHY
ROOT hips
{{
 OFFSET 0 0 0
 {six}
 JOINT neck
 {{
  OFFSET 0 9 0
  {six}
  JOINT head
  {{
   OFFSET 0 5 0
   {six}
   End Site
   {{
    OFFSET 0 20 0
   }}
  }}
 }}
 JOINT arm.L
 {{
  OFFSET 9 8 0
  {six}
 }}
 JOINT arm.R
 {{
  OFFSET -9 8 0
  {six}
 }}
}}
MOTION
Frames: 2
Frame Time: 0.04
"""
        + f"1 2 3 0 0 0 {rest} 0 0 0 0 5 0 0 0 0 9 8 0 0 0 0 -9 8 0 0 0 0\n" * 2,
        encoding="utf-8",
    )
    said = export_motion(tmp_path / "b.bvh", talking(1.0), RATE, Form(skeleton=source))
    assert not any("shift" in each for each in said)
    if added:  # bvhio takes the channels for the whole way
        row = np.loadtxt((tmp_path / "b.bvh").read_text().splitlines()[-24:])
        assert np.abs(row[:, 6:9]).max() < 9.0
        return
    found = interchange.read_bvh(tmp_path / "b.bvh", ("neck", "head"), "neck", 1.0)
    assert_arrived(found, size=size_of(found))


@pytest.mark.parametrize("world", TURNED)
@pytest.mark.parametrize("matrices", [False, True])
def test_gltf(tmp_path, world, matrices):
    source = write_character(
        tmp_path / "hero.glb", seed=3, scale=0.01, world=TURNED[world], matrices=matrices
    )
    said = export_motion(tmp_path / "a.glb", talking(1.0), RATE, Form(skeleton=source))
    assert "“head”, “neck”" in said[0]
    assert any("animation(s) that the skeleton's file had" in each for each in said)
    found = interchange.read_gltf(tmp_path / "a.glb", ("neck", "head"), "neck")
    size = size_of(found, TURNED[world])
    assert 0.8 < size < 1.2  # a body of 1.7 m
    assert_arrived(found, TURNED[world], size)


def test_gltf_keeps_all_else(tmp_path):
    source = write_character(tmp_path / "hero.glb", targets=("smile", "frown"))
    export_motion(tmp_path / "a.glb", talking(1.0), RATE, Form(skeleton=source))
    before, after = read_gltf(source), read_gltf(tmp_path / "a.glb")
    for kind in ("nodes", "meshes", "skins", "scenes", "scene", "asset"):
        assert after.document[kind] == before.document[kind]
    assert after.binary[: len(before.binary)] == before.binary
    (animation,) = after.document["animations"]
    names = {after.document["nodes"][each["target"]["node"]]["name"] for each in animation["channels"]}
    assert names == {"neck", "head"}


def test_gltf_in_parts(tmp_path):
    """JSON with its buffer and a picture beside it, as exporters write it; and with the buffer inside."""
    pygltflib = pytest.importorskip("pygltflib")
    write_character(tmp_path / "hero.glb")
    file = pygltflib.GLTF2().load_binary(str(tmp_path / "hero.glb"))
    file.images.append(pygltflib.Image(uri="skin%20one.png"))
    (tmp_path / "skin one.png").write_bytes(b"\x89PNG and more")
    for kind in (pygltflib.BufferFormat.BINFILE, pygltflib.BufferFormat.DATAURI):
        file.convert_buffers(kind)
        file.save(str(tmp_path / "parts.gltf"))
        export_motion(tmp_path / "a.glb", talking(1.0), RATE, Form(skeleton=tmp_path / "parts.gltf"))
        found = interchange.read_gltf(tmp_path / "a.glb", ("neck", "head"), "neck")
        assert_arrived(found, size=size_of(found))
        after = read_gltf(tmp_path / "a.glb")
        view = after.document["bufferViews"][after.document["images"][0]["bufferView"]]
        assert after.binary[view["byteOffset"] :][: view["byteLength"]] == b"\x89PNG and more"


def test_vrm_says_itself_which_bone_is_the_head(tmp_path):
    file = read_gltf(write_character(tmp_path / "hero.glb"))
    names = list(PLACES)
    for node in file.document["nodes"]:
        if node["name"] in names:
            node["name"] = f"b{names.index(node['name'])}{node['name'][-2:] if '.' in node['name'] else ''}"
    index = {node["name"]: at for at, node in enumerate(file.document["nodes"])}
    bones = {bone: {"node": index[f"b{names.index(bone)}"]} for bone in ("head", "neck", "hips")}
    file.document["extensions"] = {"VRMC_vrm": {"specVersion": "1.0", "humanoid": {"humanBones": bones}}}
    file.write(tmp_path / "hero.vrm")
    (said, *_) = export_motion(tmp_path / "a.glb", talking(1.0), RATE, Form(skeleton=tmp_path / "hero.vrm"))
    assert "“b4”, “b3”" in said


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_neck_takes_its_share(tmp_path, share):
    source = write_character(tmp_path / "hero.glb")
    export_motion(tmp_path / "a.glb", talking(1.0), RATE, Form(skeleton=source, neck_share=share))
    neck = interchange.read_gltf(tmp_path / "a.glb", ("chest", "neck"), "neck")
    turned = rot.angle_between(neck.turn, rot.IDENTITY)
    assert turned == pytest.approx(share * rot.angle_between(wanted()[0], rot.IDENTITY), abs=1e-4)
    assert_arrived(
        found := interchange.read_gltf(tmp_path / "a.glb", ("neck", "head"), "neck"), size=size_of(found)
    )


HEADLESS = """HIERARCHY
ROOT box
{
 OFFSET 0 0 0
 CHANNELS 3 Zrotation Xrotation Yrotation
}
MOTION
Frames: 0
Frame Time: 0.04
"""
ONE_AXIS = HEADLESS.replace("box", "head").replace("3 Zrotation Xrotation Yrotation", "1 Xrotation")


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.bvh", b"", "is empty"),
        ("a.bvh", b"hello", "no joints"),
        ("a.bvh", HEADLESS.encode(), "is a head"),
        ("a.bvh", ONE_AXIS.encode(), "no channels for a rotation"),
        ("a.bvh", b"\0\0\0", "no text"),
        ("a.glb", b"", "damaged, or no glTF"),
        ("a.glb", b"glTF\x02\0\0\0\xff\xff\xff\xff", "damaged, or no glTF"),
        ("a.gltf", b"{}", "no glTF 2.0"),
        ("a.gltf", b"[1, 2]", "no glTF 2.0"),
        ("a.gltf", b'{"asset": {"version": "2.0"}}', "damaged"),
        ("a.gltf", b'{"asset": {"version": "2.0"}, "nodes": [{"children": [0]}]}', "head|skeleton"),
        ("a.gltf", b'{"asset": {"version": "2.0"}, "nodes": [{"children": [7]}]}', "damaged"),
        (
            "a.gltf",
            b'{"asset": {"version": "2.0"}, "nodes": [{"name": "head", "rotation": [1e999, 0, 0, 1]}]}',
            "damaged",
        ),
        ("a.gltf", b'{"asset": {"version": "2.0"}, "nodes": [{"name": "head", "scale": "big"}]}', "damaged"),
        (
            "a.gltf",
            b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "../../etc/passwd", "byteLength": 1}]}',
            "outside",
        ),
        (
            "a.gltf",
            b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "gone.bin", "byteLength": 1}]}',
            "lacks its part",
        ),
        (
            "a.gltf",
            b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "data:;base64,!", "byteLength": 1}]}',
            "damaged",
        ),
        ("a.gltf", b'{"asset": {"version": "2.0"}, "nodes": 7}', "damaged"),
        ("a.gltf", b'{"asset": {"version": "2.0", "extras": 1e999}, "nodes": [{"name": "head"}]}', "damaged"),
        (
            "a.gltf",
            b'{"asset": {"version": "2.0"}, "nodes": [{"name": "head", "scale": [1'
            + b"0" * 400
            + b", 1, 1]}]}",
            "damaged",
        ),
        (
            "a.gltf",
            b'{"asset": {"version": "2.0"}, "nodes": [{"name": "head", "translation": [1e300, 0, 0]}]}',
            "where no body",
        ),
        ("a.vrm", b"\x00" * 64, "damaged, or no glTF"),
    ],
)
def test_what_is_no_skeleton(tmp_path, name, content, match):
    (tmp_path / name).write_bytes(content)
    out = tmp_path / ("out.bvh" if name.endswith(".bvh") else "out.glb")
    with pytest.raises(RigError, match=match) as caught:
        export_motion(out, talking(1.0), RATE, Form(skeleton=tmp_path / name))
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("out", "form", "match"),
    [
        ("a.bvh", Form(skeleton=Path("hero.glb")), "end in .glb"),
        ("a.glb", Form(skeleton=Path("hero.blend")), "as .bvh"),
        ("a.usda", Form(skeleton=Path("hero.usda")), "as .bvh"),
        ("a.csv", Form(skeleton=Path("hero.bvh")), "end in .bvh"),
        ("a.bvh", Form("unreal", skeleton=Path("hero.bvh")), "either a preset or a skeleton"),
    ],
)
def test_what_does_not_go_together(tmp_path, out, form, match):
    with pytest.raises(OutputError, match=match):
        export_motion(tmp_path / out, talking(1.0), RATE, Form(form.preset, tmp_path / form.skeleton))


def test_the_command(tmp_path, capsys):
    write_motion(tmp_path / "m.csv", talking(1.0))
    source = write_character(tmp_path / "hero.glb")
    command = ["export", str(tmp_path / "m.csv"), "--skeleton", str(source)]
    assert cli.main([*command, "-o", str(tmp_path / "a.glb"), "--fps", "24"]) == 0
    assert "“head”" in capsys.readouterr().err
    assert len(interchange.read_gltf(tmp_path / "a.glb", ("neck", "head"), "neck").time_s) == 25
    before = source.read_bytes()
    assert cli.main([*command, "-o", str(source)]) == 2
    assert source.read_bytes() == before
    assert cli.main([*command, "-o", str(tmp_path / "a.bvh")]) == 2
    assert (
        cli.main(["export", str(tmp_path / "m.csv"), "--preset", "maya", "-o", str(tmp_path / "m.bvh")]) == 0
    )
    assert "Frames: 25\n" in (tmp_path / "m.bvh").read_text()
    with pytest.raises(SystemExit, match="2"):
        cli.main(["export", str(tmp_path / "m.csv"), "--preset", "houdini", "-o", str(tmp_path / "m.bvh")])

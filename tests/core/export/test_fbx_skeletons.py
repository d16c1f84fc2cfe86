"""Head motion on FBX skeletons, read back by ufbx. Blender makes the skeletons, as other programs would."""

from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import RigError
from mannerism.core.export import Form, export_motion
from mannerism.core.export.fbx_nodes import FbxNode, encoded, node, read_nodes, written
from mannerism.core.timing import FrameRate
from mannerism.tests.support import interchange
from mannerism.tests.support.talking_motion import talking

RATE = FrameRate(Fraction(24000, 1001))
BONES: dict[str, tuple[str | None, tuple[float, float, float]]] = {
    "Hips": (None, (0, 95, 0)),
    "Spine": ("Hips", (0, 125, -2)),
    "Neck": ("Spine", (0, 148, -3)),
    "Head": ("Neck", (0, 157, 0)),
    "LeftArm": ("Spine", (17, 142, 0)),
    "LeftForeArm": ("LeftArm", (43, 142, 0)),
    "LeftHand": ("LeftForeArm", (65, 142, 0)),
    "RightArm": ("Spine", (-17, 142, 0)),
    "RightForeArm": ("RightArm", (-43, 142, 0)),
    "RightHand": ("RightForeArm", (-65, 142, 0)),
}


def prop(name, *values):
    return node("P", name, "", "", "A", *values)


def skeleton(path, *, version=7400, order=0, before=(0.0, 0.0, 0.0), lying=(0.0, 0.0, 0.0), scale=1.0):
    """A file with bones alone, as small as the format allows.

    order : of the channels' angles
    before : degrees of PreRotation that each of head and neck has, taken back by its rotation
    lying : degrees by which head and neck lie otherwise than the body
    """
    objects, links = FbxNode("Objects"), FbxNode("Connections")
    turns: dict[str, Any] = {}
    for number, (name, (parent, place)) in enumerate(BONES.items(), 1):
        own = rot.from_euler(*np.radians(lying)) if name in {"Neck", "Head"} else rot.IDENTITY
        turns[name] = own
        above = turns[parent] if parent else rot.IDENTITY
        offset = np.subtract(place, BONES[parent][1] if parent else (0, 0, 0)) / scale
        pre = rot.from_euler(*np.radians(before)) if name in {"Neck", "Head"} else rot.IDENTITY
        local = rot.multiply(rot.inverse(pre), rot.multiply(rot.inverse(above), own))
        rows = [
            prop("Lcl Translation", *map(float, rot.rotate(rot.inverse(above), offset))),
            prop("Lcl Rotation", *angles(local, order)),
            prop("PreRotation", *angles(pre, 0)),
            node("P", "RotationOrder", "enum", "", "", order if name in {"Neck", "Head"} else 0),
            node("P", "RotationActive", "bool", "", "", 1),
        ]
        objects.children.append(
            node(
                "Model",
                np.int64(100 + number),
                name.encode() + b"\x00\x01Model",
                "LimbNode",
                children=[node("Version", 232), node("Properties70", children=rows)],
            )
        )
        carrier = 100 + 1 + list(BONES).index(parent) if parent else 50
        links.children.append(node("C", "OO", np.int64(100 + number), np.int64(carrier)))
    top_rows = [prop("Lcl Scaling", scale, scale, scale)]
    objects.children.append(
        node(
            "Model",
            np.int64(50),
            b"Armature\x00\x01Model",
            "Null",
            children=[node("Properties70", children=top_rows)],
        )
    )
    links.children.append(node("C", "OO", np.int64(50), np.int64(0)))
    settings = [
        *(node("P", name, "int", "Integer", "", value) for name, value in AXES.items()),
        node("P", "UnitScaleFactor", "double", "Number", "", 1.0),
    ]
    top = FbxNode("")
    top.children = [
        node("FBXHeaderExtension", children=[node("FBXVersion", version)]),
        node("GlobalSettings", children=[node("Version", 1000), node("Properties70", children=settings)]),
        node("Definitions", children=[node("Version", 100), node("Count", len(BONES) + 1)]),
        objects,
        links,
    ]
    path.write_bytes(written(version, top))
    return path


AXES = {
    "UpAxis": 1,
    "UpAxisSign": 1,
    "FrontAxis": 2,
    "FrontAxisSign": 1,
    "CoordAxis": 0,
    "CoordAxisSign": 1,
}


def angles(turn, order):
    """Degrees about X, Y and Z of a rotation, by scipy, in FBX's order."""
    spatial = pytest.importorskip("scipy.spatial.transform")
    letters = ("xyz", "xzy", "yzx", "yxz", "zxy", "zyx")[order]
    found = spatial.Rotation.from_quat(np.roll(turn, -1)).as_euler(letters, degrees=True)
    return [float(found[letters.index(axis)]) for axis in "xyz"]


def arrived(path, motion):
    """Largest error of the head's rotation in degrees, and the shift over the motion's."""
    found = interchange.read_fbx(path, ("Neck", "Head"), "Neck", motion.time_s)
    assert found.time_s == pytest.approx(motion.time_s, abs=1e-9)
    size = float(np.sum(found.shift * motion.translation_m) / np.sum(motion.translation_m**2))
    assert np.abs(found.shift - size * motion.translation_m).max() < 1e-4
    return np.degrees(rot.angle_between(found.turn, motion.rotation)).max(), size


@pytest.mark.parametrize("order", range(6))
@pytest.mark.parametrize("version", [7400, 7500])
def test_any_order_of_angles_and_either_layout(tmp_path, order, version):
    source = skeleton(
        tmp_path / "ü日本.fbx",
        version=version,
        order=order,
        before=(10.0, 80.0, -30.0),
        lying=(5.0, 40.0, 120.0),
    )
    said = export_motion(tmp_path / "a.fbx", talking(1.0), RATE, Form(skeleton=source))
    assert said == ("Head and neck of the skeleton are “Head”, “Neck”.",)
    error, size = arrived(tmp_path / "a.fbx", talking(1.0).at(RATE.grid(1.0)))
    assert error < 0.01
    assert 0.7 < size < 1.2


def test_a_scaled_skeleton(tmp_path):
    one = skeleton(tmp_path / "one.fbx")
    hundred = skeleton(tmp_path / "hundred.fbx", scale=100.0)
    for source in (one, hundred):
        export_motion(tmp_path / f"a_{source.name}", talking(1.0), RATE, Form(skeleton=source))
    motion = talking(1.0).at(RATE.grid(1.0))
    first, second = (arrived(tmp_path / f"a_{source.name}", motion) for source in (one, hundred))
    assert first == pytest.approx(second, abs=1e-4)


def test_all_else_stays_byte_for_byte(tmp_path):
    source = skeleton(tmp_path / "hero.fbx")
    export_motion(tmp_path / "a.fbx", talking(1.0), RATE, Form(skeleton=source))
    export_motion(
        tmp_path / "b.fbx", talking(1.0), FrameRate(Fraction(30)), Form(skeleton=tmp_path / "a.fbx")
    )
    (_, before), (_, after) = (read_nodes(path.read_bytes()) for path in (source, tmp_path / "b.fbx"))
    models = [list(top.first("Objects").all("Model")) for top in (before, after)]
    assert models[0] == models[1]
    assert sum(1 for _ in after.first("Objects").all("AnimationStack")) == 1
    assert sum(1 for _ in after.first("Objects").all("AnimationCurve")) == 9
    ids = {each.value(0) for each in after.first("Objects").children}
    assert len(ids) == len(after.first("Objects").children)
    for link in after.first("Connections").all("C"):
        assert {link.value(1), link.value(2)} <= ids | {0}


@pytest.mark.slow
def test_the_hour(tmp_path):
    """Times of keys are rounded to FBX's own tick, never added up."""
    source = skeleton(tmp_path / "hero.fbx")
    long = talking(3600.0, hz=1.0)
    export_motion(tmp_path / "a.fbx", long, RATE, Form(skeleton=source))
    ufbx = pytest.importorskip("ufbx")
    scene = interchange.kept(ufbx.load_file(str(tmp_path / "a.fbx")))
    keys = interchange.kept(scene.anim_curves[0]).keyframes
    last = int(3600 * RATE.fps)
    assert len(keys) == last + 1
    assert keys[len(keys) - 1].time == pytest.approx(float(last / RATE.fps), abs=1e-9)
    assert scene.settings.frames_per_second == pytest.approx(float(RATE.fps), abs=1e-9)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no binary FBX"),
        (b"; FBX 7.4.0 project file\n", "no binary FBX"),
        (b"Kaydara FBX Binary  \x00\x1a\x00", "damaged"),
        (b"Kaydara FBX Binary  \x00\x1a\x00" + (6100).to_bytes(4, "little") + bytes(13), "FBX 6.1"),
        (b"Kaydara FBX Binary  \x00\x1a\x00" + (7400).to_bytes(4, "little") + b"\xff" * 13, "damaged"),
        (b"Kaydara FBX Binary  \x00\x1a\x00" + (7400).to_bytes(4, "little") + bytes(13), "is a head"),
    ],
)
def test_what_is_no_skeleton(tmp_path, content, match):
    (tmp_path / "a.fbx").write_bytes(content)
    with pytest.raises(RigError, match=match):
        export_motion(tmp_path / "b.fbx", talking(1.0), RATE, Form(skeleton=tmp_path / "a.fbx"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.fbx"]


@pytest.mark.slow
def test_a_file_that_is_cut_or_flipped_is_refused_or_read(tmp_path):
    """No cut and no flipped byte ends in anything but a file or a refusal."""
    whole = skeleton(tmp_path / "hero.fbx").read_bytes()
    rng = np.random.default_rng(0)
    for at in rng.integers(0, len(whole) - 200, 60):
        damaged = bytearray(whole)
        damaged[at] ^= int(rng.integers(1, 256))
        for content in (whole[:at], bytes(damaged)):
            (tmp_path / "a.fbx").write_bytes(content)
            with suppress(RigError):
                export_motion(tmp_path / "b.fbx", talking(0.2), RATE, Form(skeleton=tmp_path / "a.fbx"))
    assert not list(tmp_path.glob(".mannerism*"))


def test_properties_are_read_as_written():
    for value in (True, 7, np.int64(1 << 40), 0.5, b"name\x00\x01Model"):
        assert FbxNode("x", [encoded(value)]).value(0) == value
    with pytest.raises(ValueError, match="array"):
        FbxNode("x", [encoded(np.zeros(3))]).value(0)

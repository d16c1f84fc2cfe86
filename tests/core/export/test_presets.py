"""Every preset in every format that has it, read back by programs that are none of ours."""

from fractions import Fraction

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import OutputError
from mannerism.core.export import FORMATS, PRESETS, Form, export_motion
from mannerism.core.motion import HeadMotion
from mannerism.core.timing import FrameRate
from mannerism.tests.support import interchange
from mannerism.tests.support.talking_motion import talking

NTSC = FrameRate(Fraction(30000, 1001))
AXES = {"Y": np.eye(3), "Z": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])}
"""Rows are the file's axes; columns left, up and out of the face. Z up looks along −Y."""


def read(path, preset, motion):
    """What another program finds in a file."""
    names, mover = preset.names, preset.names[preset.shifted]
    match path.suffix:
        case ".bvh":
            return interchange.read_bvh(path, names, mover, 1 / preset.units_per_m)
        case ".fbx":
            return interchange.read_fbx(path, names, mover, motion.time_s)
        case ".glb":
            return interchange.read_gltf(path, names, mover)
        case _:
            return interchange.read_usd(path, names, mover)


def assert_moves_as(found, motion, axes):
    """Within 0.01° and 0.1 mm, at all frames, in the file's axes."""
    turn = rot.from_matrix(axes @ rot.to_matrix(motion.rotation) @ axes.T)
    assert found.time_s == pytest.approx(motion.time_s, abs=2e-7)
    assert np.degrees(rot.angle_between(found.turn, turn)).max() < 0.01
    assert np.abs(found.shift - motion.translation_m @ axes.T).max() < 1e-4


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("suffix", [".bvh", ".glb", ".usda", pytest.param(".fbx", marks=pytest.mark.slow)])
def test_another_program_reads_the_motion(tmp_path, name, suffix):
    preset, path = PRESETS[name], tmp_path / f"ü日本{suffix}"
    if suffix == ".fbx":
        pytest.importorskip("bpy")
    export_motion(path, talking(1.0), NTSC, Form(name))
    motion = talking(1.0).at(NTSC.grid(1.0))
    found = read(path, preset, motion)
    own = suffix == ".glb"
    up, unit_m = ("Y", 1.0) if own else (preset.up, 1 / preset.units_per_m)
    assert_moves_as(found, motion, AXES[up])
    rise = unit_m * (found.rest[preset.names[2]] - found.rest[preset.names[1]])
    assert rise == pytest.approx(0.09 * AXES[up][:, 1], abs=1e-5)
    if suffix != ".bvh":
        assert found.up.endswith(up)
        assert found.unit_m == pytest.approx(unit_m)


@pytest.mark.parametrize("suffix", [".bvh", ".glb", ".usda"])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_neck_takes_its_share(tmp_path, suffix, share):
    still = HeadMotion(np.array([0.0, 1.0]), rot.from_euler(0.0, np.array([0.0, 0.4]), 0.0), np.zeros((2, 3)))
    path = tmp_path / f"a{suffix}"
    export_motion(path, still, FrameRate(Fraction(1)), Form(neck_share=share))
    names = PRESETS["any"].names
    whole = read(path, PRESETS["any"], still)
    if suffix == ".bvh":
        neck = interchange.read_bvh(path, names[:2], "Root", 0.01)
        assert rot.angle_between(neck.turn[1], rot.IDENTITY) == pytest.approx(0.4 * share, abs=1e-4)
    assert rot.angle_between(whole.turn[1], rot.IDENTITY) == pytest.approx(0.4, abs=1e-4)


@pytest.mark.parametrize(
    ("suffix", "form", "match"),
    [
        (".csv", Form("unreal"), "same for all programs"),
        (".vrma", Form("unity"), "same for all programs"),
        (".bvh", Form("houdini"), "no preset “houdini”.*unreal"),
        (".bvh", Form(neck_share=1.5), "neck cannot take 1.5"),
        (".bvh", Form(neck_share=float("nan")), "neck cannot take nan"),
    ],
)
def test_what_a_format_cannot_be(tmp_path, suffix, form, match):
    with pytest.raises(OutputError, match=match):
        export_motion(tmp_path / f"a{suffix}", talking(1.0), NTSC, form)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [each for each in FORMATS if each != ".fbx"])
def test_the_same_bytes_each_time(tmp_path, suffix):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        export_motion(tmp_path / folder / f"a{suffix}", talking(1.0), NTSC)
    one, two = ((tmp_path / folder / f"a{suffix}").read_bytes() for folder in ("one", "two"))
    assert one == two

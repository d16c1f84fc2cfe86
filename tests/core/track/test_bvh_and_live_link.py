"""Head motion recorded by others: BVH of any skeleton, CSV of Live Link Face. Known turns in, known angles out."""

from fractions import Fraction

import numpy as np
import pytest

from mannerism.core import cli
from mannerism.core import rotation as rot
from mannerism.core.errors import MannerismError, StyleError
from mannerism.core.export import export_motion
from mannerism.core.motion import HeadMotion, no_progress
from mannerism.core.style import encode_style, read_style
from mannerism.core.style.population import load_population
from mannerism.core.timing import FrameRate
from mannerism.core.track.bvh import read_bvh
from mannerism.core.track.bvh_file import parse
from mannerism.core.track.livelink import read_live_link
from mannerism.core.track.read_reference import read_reference

BODY = """HIERARCHY
ROOT Hips
{{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Spine
  {{
    OFFSET {spine}
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT Neck
    {{
      OFFSET {neck}
      CHANNELS 3 Zrotation Xrotation Yrotation
      JOINT Head
      {{
        OFFSET {neck}
        CHANNELS 3 Zrotation Xrotation Yrotation
        End Site
        {{
          OFFSET {neck}
        }}
      }}
    }}
    JOINT LeftArm
    {{
      OFFSET {left}
      CHANNELS 3 Zrotation Xrotation Yrotation
      End Site
      {{
        OFFSET {left}
      }}
    }}
    JOINT RightArm
    {{
      OFFSET {right}
      CHANNELS 3 Zrotation Xrotation Yrotation
      End Site
      {{
        OFFSET {right}
      }}
    }}
  }}
}}
MOTION
Frames: {count}
Frame Time: 0.0333333
"""
Y_UP = {"spine": "0 40 0", "neck": "0 10 2", "left": "15 5 0", "right": "-15 5 0"}
Y_UP_BACKWARD = {"spine": "0 40 0", "neck": "0 10 -2", "left": "-15 5 0", "right": "15 5 0"}
Z_UP = {"spine": "0 0 40", "neck": "0 -2 10", "left": "15 0 5", "right": "-15 0 5"}
SKELETONS = {"y-up": Y_UP, "y-up-facing-backward": Y_UP_BACKWARD, "z-up": Z_UP}
DEGREES = 12.0


def write_body(path, skeleton, joint, axis, chest_turn=0.0):
    """A file in which one joint turns about one axis of the file, still for most of the time."""
    joints = ("Hips", "Spine", "Neck", "Head", "LeftArm", "RightArm")
    channels = {
        (name, letter): 3 + 3 * at + "ZXY".index(letter) for at, name in enumerate(joints) for letter in "XYZ"
    }
    rows = np.zeros((30, 21))
    rows[:, 0] = np.linspace(0, 100, 30)  # the body walks
    rows[:, channels["Spine", "Y"]] = chest_turn
    rows[20:, channels[joint, axis]] = DEGREES
    lines = [" ".join(f"{value:g}" for value in row) for row in rows]
    path.write_text(BODY.format(count=len(rows), **skeleton) + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def turn_deg(track, row=-1):
    """Pitch, yaw and roll of a frame in degrees."""
    return np.degrees(rot.to_euler(track.rotation))[row]


@pytest.mark.parametrize(
    ("skeleton", "axis", "expected"),
    [
        ("y-up", "X", (DEGREES, 0, 0)),
        ("y-up", "Y", (0, DEGREES, 0)),
        ("y-up", "Z", (0, 0, DEGREES)),
        ("y-up-facing-backward", "X", (-DEGREES, 0, 0)),
        ("y-up-facing-backward", "Y", (0, DEGREES, 0)),
        ("y-up-facing-backward", "Z", (0, 0, -DEGREES)),
        ("z-up", "X", (DEGREES, 0, 0)),
        ("z-up", "Z", (0, DEGREES, 0)),
        ("z-up", "Y", (0, 0, -DEGREES)),
    ],
)
@pytest.mark.parametrize("joint", ["Neck", "Head"])
def test_axes_of_a_body_in_bvh(tmp_path, skeleton, joint, axis, expected):
    track = read_bvh(write_body(tmp_path / "ü日本.bvh", SKELETONS[skeleton], joint, axis))
    assert turn_deg(track, 0) == pytest.approx((0, 0, 0), abs=1e-3)
    assert turn_deg(track) == pytest.approx(expected, abs=1e-3)
    assert track.time_s[:2] == pytest.approx([0, 0.0333333])
    assert not track.translation_m.any()


@pytest.mark.parametrize("joint", ["Hips", "Spine"])
def test_the_body_s_own_turning_is_not_the_head_s(tmp_path, joint):
    track = read_bvh(write_body(tmp_path / "a.bvh", Y_UP, joint, "Y"))
    assert rot.angle_between(track.rotation, rot.IDENTITY).max() < 1e-9


def test_a_turned_chest_carries_the_head_frame_along(tmp_path):
    track = read_bvh(write_body(tmp_path / "a.bvh", Y_UP, "Head", "X", chest_turn=90.0))
    assert turn_deg(track) == pytest.approx((DEGREES, 0, 0), abs=1e-3)


def test_our_own_bvh_reads_back(tmp_path):
    time_s = np.arange(0, 10, 1 / 30)
    angles = np.sin(np.outer(time_s, [3.1, 2.3, 1.7])) * [0.2, 0.4, 0.1]
    rotation = rot.continuous(rot.from_euler(*angles.T))
    motion = HeadMotion(time_s, rotation, 0.01 * angles)
    export_motion(tmp_path / "a.bvh", motion, FrameRate(Fraction(30)))
    track = read_bvh(tmp_path / "a.bvh")
    expected = rot.multiply(rot.inverse(rot.geodesic_median(rotation)), rotation)
    assert np.degrees(rot.angle_between(track.rotation, expected)).max() < 1e-3


def test_channels_multiply_in_the_order_of_the_file(tmp_path):
    path = write_body(tmp_path / "a.bvh", Y_UP, "Head", "X")
    recording = parse(path.read_text())
    assert recording.joints["Head"].channels == ("zrotation", "xrotation", "yrotation")
    rows = path.read_text().splitlines()
    words = rows[-1].split()
    words[12:15] = ["30", "20", "10"]
    path.write_text("\n".join([*rows[:-1], " ".join(words)]))
    z, x, y = (
        rot.from_rotvec(np.radians(angle) * np.eye(3)[axis]) for angle, axis in ((30, 2), (20, 0), (10, 1))
    )
    expected = rot.multiply(z, rot.multiply(x, y))
    assert rot.angle_between(read_bvh(path).rotation[-1], expected) < 1e-5


def write_live_link(path, yaw, pitch, roll, *, start="10:20:58:30.250", step=2):
    """A recording as the app writes it: two timecode frames of 60 a row, eyes and mouth beside the head."""
    hours, minutes, seconds, frames = start.split(":")
    first = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 60 + float(frames)
    lines = ["Timecode,BlendShapeCount,EyeBlinkLeft,JawOpen,HeadYaw,HeadPitch,HeadRoll,LeftEyeYaw"]
    for at, angles in enumerate(np.broadcast(yaw, pitch, roll)):
        count = (first + step * at) % (24 * 3600 * 60)
        whole, frame = divmod(count, 60)
        code = f"{int(whole) // 3600:02d}:{int(whole) // 60 % 60:02d}:{int(whole) % 60:02d}:{frame:06.3f}"
        lines.append(f"{code},61,0.1,0.2," + ",".join(f"{angle:.10f}" for angle in angles) + ",0.3")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def step_to(value):
    return np.where(np.arange(120) < 80, 0.0, value)


@pytest.mark.parametrize(
    ("column", "expected"),
    [("yaw", (0, 1, 0)), ("pitch", (-1, 0, 0)), ("roll", (0, 0, 1))],
)
def test_signs_and_unit_of_live_link(tmp_path, column, expected):
    """+HeadYaw is to the subject's left, +HeadPitch up, +HeadRoll to the right shoulder; radians."""
    values = {"yaw": np.zeros(120), "pitch": np.zeros(120), "roll": np.zeros(120), column: step_to(0.2)}
    track = read_live_link(write_live_link(tmp_path / "ü日本.csv", **values))
    assert turn_deg(track, 0) == pytest.approx((0, 0, 0), abs=1e-3)
    assert turn_deg(track) == pytest.approx(np.degrees(0.2) * np.array(expected), abs=1e-3)


@pytest.mark.parametrize("start", ["10:20:58:30.250", "23:59:58:30.250"])
def test_times_of_live_link(tmp_path, start):
    track = read_live_link(write_live_link(tmp_path / "a.csv", step_to(0.1), 0.0, 0.0, start=start))
    assert track.time_s == pytest.approx(np.arange(120) / 30, abs=1e-4)


def test_frames_without_a_face_are_left_out(tmp_path):
    path = write_live_link(tmp_path / "a.csv", step_to(0.1), 0.0, 0.0)
    lines = path.read_text().splitlines()
    lines[10] = lines[10].split(",")[0] + ",0"
    lines[20] = lines[19]
    path.write_text("\n".join(lines))
    track = read_live_link(path)
    assert len(track.time_s) == 118
    assert np.diff(track.time_s).max() == pytest.approx(2 / 30, abs=1e-4)


def test_head_rotation_switched_off(tmp_path):
    path = write_live_link(tmp_path / "a.csv", np.zeros(90), 0.0, 0.0)
    with pytest.raises(StyleError, match="Stream Head Rotation"):
        read_live_link(path)


@pytest.mark.parametrize(
    "text", ["HeadYaw\n1\n", "Timecode,HeadYaw,HeadPitch,HeadRoll\n", "Timecode,HeadYaw\n\0,\n"]
)
def test_bad_live_link_is_refused(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(StyleError, match=r"a\.csv"):
        read_live_link(path)


def test_a_style_from_rotation_alone(tmp_path):
    """Neither a voice nor displacement: both are the population's, and the style says so."""
    rng = np.random.default_rng(3)
    smooth = np.exp(-0.5 * np.square(np.arange(-15, 16) / 4.0))
    angles = [np.convolve(rng.normal(size=630), smooth, "valid") * 0.02 for _ in range(3)]
    path = write_live_link(tmp_path / "ü日本.csv", *angles)
    track, has_voice = read_reference(path, no_progress)
    style = encode_style(track, None)
    population = load_population().means()
    assert not has_voice
    assert any("shifts" in warning for warning in track.meta["warnings"])
    assert any("No sound" in reason for reason in style.reasons)
    for name in ("log_sigma_x", "lead_s", "coupling_energy"):
        assert style.statistics[name] == population[name]
    assert style.statistics["log_sigma_yaw"] != population["log_sigma_yaw"]


def test_the_command_encodes_them(tmp_path, capsys):
    angles = 0.1 * np.sin(np.arange(300) / 8)
    live = write_live_link(tmp_path / "ü日本.csv", angles, 0.5 * angles, 0.2 * angles)
    time_s = np.arange(300) / 30
    rotation = rot.continuous(rot.from_euler(0.5 * angles, angles, 0.2 * angles))
    export_motion(
        tmp_path / "b.BVH".lower(), HeadMotion(time_s, rotation, np.zeros((300, 3))), FrameRate(Fraction(30))
    )
    for source in (live, tmp_path / "b.bvh"):
        output = source.with_suffix(".style.json")
        assert cli.main(["encode", str(source), "-o", str(output)]) == cli.DONE
        printed = capsys.readouterr()
        assert printed.out.strip() == str(output)
        assert "shifts" in printed.err
        assert read_style(output).motion is not None


def test_a_csv_of_neither_kind_names_our_columns(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(MannerismError, match="time_s"):
        read_reference(path, no_progress)

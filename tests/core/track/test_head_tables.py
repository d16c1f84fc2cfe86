"""Tables of head pose by other programs: read where signs and units are known, else refused by name."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import MannerismError
from mannerism.core.motion import no_progress
from mannerism.core.motion_csv import COLUMNS, read_track
from mannerism.core.style.from_reference import style_from_reference
from mannerism.core.track.head_pose import canonical_face
from mannerism.core.track.openface import _POINTS
from mannerism.core.track.read_reference import read_reference
from mannerism.tests.support.recorded_body import head_angles, slopes_and_correlations

TIME_S = np.arange(240) / 30


def ours(time_s=TIME_S, columns=COLUMNS[:7]):
    values = np.column_stack([time_s, head_angles(TIME_S), np.full((len(time_s), 3), 0.001)])
    rows = [",".join(f"{value:.6f}" for value in row[: len(columns)]) for row in values]
    return "\n".join([",".join(columns), *rows]) + "\n"


def openface(*, landmarks=True):
    """The table of a head before a camera whose axes are right, down and away, 60 cm from it."""
    rotation = rot.from_euler(*np.radians(head_angles(TIME_S)).T)
    face = canonical_face()[list(_POINTS.values())]
    places = rot.rotate(rotation[:, None], np.broadcast_to(face, (len(TIME_S), *face.shape)))
    places = 1000.0 * (places * [1, -1, -1] + [0.0, 0.0, 0.6])
    names = ["frame", "face_id", "timestamp", "confidence", "success", "pose_Rx", "pose_Ry", "pose_Rz"]
    columns = [np.arange(240), np.zeros(240), TIME_S, np.full(240, 0.98), np.ones(240), *np.zeros((3, 240))]
    if landmarks:
        names += [f"{axis}_{point}" for axis in "XYZ" for point in _POINTS]
        columns += [*places[..., 0].T, *places[..., 1].T, *places[..., 2].T]
    rows = [", ".join(f"{value:.3f}" for value in row) for row in np.column_stack(columns)]
    return "\n".join([", ".join(names), *rows]) + "\n"


def read(tmp_path, text, name="ü日本.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_reference(path, no_progress)[0]


def check(track):
    slopes, correlations = slopes_and_correlations(track)
    assert slopes == pytest.approx(1.0, abs=0.05)
    assert correlations.min() > 0.98


def test_openface_by_its_landmarks(tmp_path):
    track = read(tmp_path, openface())
    check(track)
    assert track.valid.all()


def test_openface_rows_without_a_face_are_bridged(tmp_path):
    lines = openface().splitlines()
    for at in range(100, 106):
        cells = lines[at].split(", ")
        lines[at] = ", ".join([*cells[:3], "0.100", "0.000", *["0"] * (len(cells) - 5)])
    track = read(tmp_path, "\n".join(lines))
    check(track)
    assert (~track.valid).sum() == 6
    assert any("6 of 240" in sentence for sentence in track.meta["warnings"])


def test_openface_with_angles_alone_is_named(tmp_path):
    with pytest.raises(MannerismError, match=r"OpenFace.*signs.*Encode the video"):
        read(tmp_path, openface(landmarks=False))


def test_openface_with_two_faces_is_refused(tmp_path):
    head, *rows = openface().splitlines()
    others = [row.replace(", 0.000", ", 1.000", 1) for row in rows]
    with pytest.raises(MannerismError, match="several faces"):
        read(tmp_path, "\n".join([head, *(row for both in zip(rows, others, strict=True) for row in both)]))


def test_openface_with_a_stray_face_leaves_that_out(tmp_path):
    lines = openface().splitlines()
    lines[5:5] = [lines[5].replace(", 0.000", ", 1.000", 1).replace("0.2", "9.2")]
    track = read(tmp_path, "\n".join(lines))
    check(track)
    assert len(track.time_s) == 240
    assert any("left out: 1." in sentence for sentence in track.meta["warnings"])


@pytest.mark.parametrize(
    "text",
    [
        ours(),
        ours().replace(",", ", "),
        ours().replace(",", "\t"),
        ours().replace(",", ";"),
        "\n".join(line.replace(",", ";").replace(".", ",") for line in ours().splitlines()),
        "# made by hand\n\n" + ours(),
        ours().upper(),
        ours().encode("utf-16"),
        ours().replace("\n", "\r"),
    ],
)
def test_our_columns_in_any_dress(tmp_path, text):
    check(read(tmp_path, text))


def test_no_translation_is_said(tmp_path):
    track = read(tmp_path, ours(columns=COLUMNS[:4]))
    check(track)
    assert any("does not shift" in sentence for sentence in track.meta["warnings"])


def test_rows_without_numbers_are_bridged(tmp_path):
    lines = ours().splitlines()
    lines[50] = lines[50].split(",")[0] + ",nan,nan,nan,0,0,0"
    lines[60] = lines[60].split(",")[0] + ",lost"
    track = read(tmp_path, "\n".join(lines))
    check(track)
    assert np.flatnonzero(~track.valid).tolist() == [49, 59]
    assert any("2 of 240" in sentence for sentence in track.meta["warnings"])


@pytest.mark.parametrize("value", ["1e308", "inf", "-1e9"])
@pytest.mark.parametrize("column", [1, 3, 6])
def test_huge_numbers_are_refused(tmp_path, value, column):
    lines = ours().splitlines()
    cells = lines[40].split(",")
    cells[column] = value
    lines[40] = ",".join(cells)
    with pytest.raises(MannerismError, match="in row 40"):
        read(tmp_path, "\n".join(lines))


@pytest.mark.parametrize("stray", [1.7e9, 4e7, 1e308, np.nan, -5e9])
@pytest.mark.parametrize("at", [0, 120, 239])
def test_a_stray_time_costs_a_row_and_no_memory(tmp_path, stray, at):
    time_s = TIME_S.copy()
    time_s[at] = stray
    path = tmp_path / "a.csv"
    path.write_text(ours(time_s))
    said: list[str] = []
    style = style_from_reference(path, on_warning=said.append)
    assert style.motion is not None
    assert len(style.motion) == pytest.approx(199, abs=3)
    assert any("left out" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("unit", "name"), [(1e3, "milliseconds"), (1e6, "microseconds"), (1e9, "nanoseconds")]
)
@pytest.mark.parametrize("begin_s", [0.0, 1.7e9])
def test_times_of_smaller_units(tmp_path, unit, name, begin_s):
    path = tmp_path / "a.csv"
    path.write_text(ours((TIME_S + begin_s) * unit))
    track, _ = read_reference(path, no_progress)
    assert np.ptp(track.time_s) == pytest.approx(np.ptp(TIME_S), abs=0.001)
    assert f"they are read as {name}" in " ".join(track.meta["warnings"])


def test_a_motion_with_rows_far_apart_keeps_its_times(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "time_s,pitch_deg,yaw_deg,roll_deg,x_m,y_m,z_m\n0,0,0,0,0,0,0\n10,5,0,0,0,0,0\n20,0,0,0,0,0,0\n"
    )
    assert read_track(path).time_s.tolist() == [0.0, 10.0, 20.0]


@pytest.mark.parametrize("turn_deg", [180.0, -170.0, 120.0])
def test_a_head_that_is_recorded_from_behind_moves_about_its_own_rest(tmp_path, turn_deg):
    path = tmp_path / "a.csv"
    away = rot.from_euler(*np.radians([0.0, turn_deg, 0.0]))
    turned = rot.multiply(away, rot.from_euler(*np.radians(head_angles(TIME_S)).T))
    values = np.column_stack([TIME_S, np.degrees(rot.to_euler(turned))])
    np.savetxt(path, values, delimiter=",", header=",".join(COLUMNS[:4]), comments="")
    track, _ = read_reference(path, no_progress)
    slopes, correlations = slopes_and_correlations(track)
    assert slopes == pytest.approx([1.0] * 3, abs=0.03)
    assert min(correlations) > 0.99
    assert "far from 0 most of the time" in " ".join(track.meta["warnings"])


def test_shifts_in_another_unit_are_said(tmp_path):
    path = tmp_path / "a.csv"
    shifts = np.tile(500.0 * np.sin(2.0 * TIME_S)[:, None], 3)
    values = np.column_stack([TIME_S, head_angles(TIME_S), shifts])
    np.savetxt(path, values, delimiter=",", header=",".join(COLUMNS[:7]), comments="")
    track, _ = read_reference(path, no_progress)
    assert "check the unit of x_m, y_m, z_m" in " ".join(track.meta["warnings"])


def test_a_track_in_memory_with_a_gap_is_cut_as_well(tmp_path):
    track = read(tmp_path, ours())
    time_s = track.time_s + np.where(np.arange(240) < 60, 0.0, 1e9)
    moved = type(track)(time_s, track.rotation, track.translation_m, track.valid)
    said: list[str] = []
    style = style_from_reference(moved, on_warning=said.append)
    assert style.motion is not None
    assert len(style.motion) == pytest.approx(149, abs=3)
    assert any("jumps" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("frame,pitch,yaw,roll", "pitch, yaw, roll.*signs"),
        ("timestamp;head_rx;head_ry;head_rz", "head_rx"),
        ("a,b,c,d", "lacks"),
    ],
)
def test_tables_of_unknown_signs_are_named(tmp_path, header, says):
    with pytest.raises(MannerismError, match=f"(?s){says}.*positive down"):
        read(tmp_path, header + "\n" + "1,2,3,4\n" * 200)


def test_decimal_commas_between_commas_are_named(tmp_path):
    text = "\n".join([ours().splitlines()[0], *(line.replace(".", ",") for line in ours().splitlines()[1:])])
    with pytest.raises(MannerismError, match="decimal commas"):
        read(tmp_path, text)


def test_a_huge_cell_is_one_row_that_is_no_number(tmp_path):
    """Python's reader of tables refuses cells of more than 128 KiB, which need no such reader."""
    lines = ours().split("\n")
    lines[100] = lines[100].replace(",", "," + "1" * 200_000 + "x", 1)
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines))
    track, _ = read_reference(path, no_progress)
    assert track.valid.sum() == len(TIME_S) - 1

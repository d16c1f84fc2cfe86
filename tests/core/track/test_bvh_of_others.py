"""BVH as programs write it: any local frames, and files that depart from what they state."""

import numpy as np
import pytest

from mannerism.core import cli
from mannerism.core import rotation as rot
from mannerism.core.errors import StyleError
from mannerism.core.track.bvh import read_bvh
from mannerism.core.track.neutral import NO_DISPLACEMENT
from mannerism.tests.support.bvh_person import FRAMES, LEFT, RATE, UP, angles_deg, person, text

QUARTER = np.pi / 2
WORLDS = {
    "y up": rot.IDENTITY,
    "z up": rot.from_rotvec(QUARTER * LEFT),
    "turned about": rot.from_rotvec(2.5 * UP),
    "lying": rot.from_rotvec(-QUARTER * LEFT),
}


def read(tmp_path, content):
    path = tmp_path / "ü日本.bvh"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_bvh(path)


def assert_true(track, seconds=6.0, rows=slice(None)):
    """Each angle arrives as itself, to the rounding of the file."""
    assert len(track.time_s) == round(seconds * RATE)
    assert track.time_s[-1] == pytest.approx(seconds - 1 / RATE, abs=1e-3)
    found, true = np.degrees(rot.to_euler(track.rotation))[rows], angles_deg(seconds)[rows]
    for column in range(3):
        slope, _ = np.polyfit(true[:, column], found[:, column], 1)
        assert slope == pytest.approx(1.0, abs=0.04)
        assert np.corrcoef(true[:, column], found[:, column])[0, 1] > 0.995


def notes(track):
    """What is said of a file, besides that no BVH has a displacement."""
    return " ".join(sentence for sentence in track.meta["warnings"] if sentence != NO_DISPLACEMENT)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("frames", FRAMES)
def test_a_nod_arrives_as_a_nod_whatever_the_local_frames(tmp_path, frames, world):
    track = read(tmp_path, text(*person(frames, WORLDS[world])))
    assert_true(track)


@pytest.mark.parametrize("frames", FRAMES)
def test_a_chest_that_bends_meanwhile(tmp_path, frames):
    assert_true(read(tmp_path, text(*person(frames, bend_deg=20.0))))


LINES, ROWS = person()
NAN = "nan " * ROWS.shape[1]


def with_rows(*changes):
    rows = list(ROWS)
    for at, row in changes:
        rows[at] = row
    return text(LINES, rows)


READ = {
    "one row more than stated": text(LINES, ROWS, frames=len(ROWS) - 1),
    "lower case": text(LINES, ROWS).replace("HIERARCHY", "hierarchy").replace("JOINT", "joint").lower(),
    "no blanks after colons": text(LINES, ROWS).replace("Frames: ", "Frames:").replace("Time: ", "Time:"),
    "blanks before colons": text(LINES, ROWS).replace("Frames:", "Frames :").replace("Time:", "Time :"),
    "tabs": text(LINES, ROWS).replace("  ", "\t").replace(" ", "\t").replace("Frame\tTime", "Frame Time"),
    "carriage returns": text(LINES, ROWS).replace("\n", "\r"),
    "both line ends": text(LINES, ROWS).replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + text(LINES, ROWS),
    "utf-16": text(LINES, ROWS).encode("utf-16"),
    "a comment behind the rows": text(LINES, ROWS, tail="# exported by hand\nEnd\n"),
    "two joints of one name": text(LINES, ROWS).replace("LeftElbow", "Elbow").replace("RightElbow", "Elbow"),
    "blanks in names": text(LINES, ROWS).replace("LeftElbow", "Elbow of the left"),
    "decimal commas": "\n".join(
        [*LINES, "MOTION", f"Frames: {len(ROWS)}", "Frame Time: 0,033333"]
        + [" ".join(f"{value:.4f}" for value in row).replace(".", ",") for row in ROWS]
    ),
    "a frame over several lines": text(
        LINES,
        [
            " ".join(f"{v:.4f}" for v in row[:20]) + "\n" + " ".join(f"{v:.4f}" for v in row[20:])
            for row in ROWS
        ],
    ),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_read(tmp_path, content):
    track = read(tmp_path, content)
    assert_true(track)
    assert track.valid.all()


SAID = {
    "rows missing": (text(LINES, ROWS, frames=len(ROWS) + 6), "holds 180"),
    "many rows more": (text(LINES, ROWS, frames=len(ROWS) - 60), "holds 180"),
    "no count": (text(LINES, ROWS).replace("Frames: 180", "Frames: many"), "announces many frames"),
    "a rate as frame time": (text(LINES, ROWS, frame_time="30"), "30 frames a second"),
    "a rate with a fraction": (text(LINES, ROWS, frame_time="29.97"), "29.97 frames a second"),
    "milliseconds": (text(LINES, ROWS, frame_time="33.3333"), "must be milliseconds; it is read as 30"),
}


@pytest.mark.parametrize("kind", SAID)
def test_read_and_said(tmp_path, kind):
    content, sentence = SAID[kind]
    track = read(tmp_path, content)
    if "29.97" not in content:
        assert_true(track)
    assert sentence in notes(track)


@pytest.mark.parametrize(
    "row", [NAN, NAN.replace("nan", "-1.#IND"), NAN.replace("nan", "x"), "1 2 3", NAN.upper()]
)
@pytest.mark.parametrize("at", [0, 60, 179])
def test_a_row_without_numbers_is_bridged(tmp_path, row, at):
    if row == "1 2 3" and at == 179:
        pytest.skip("a last row that breaks off is not a row")
    track = read(tmp_path, with_rows((at, row)))
    assert np.flatnonzero(~track.valid).tolist() == [at]
    assert_true(track, rows=track.valid)
    assert "in 1 of 180 frames" in notes(track)


def test_a_lost_hand_is_no_lost_head(tmp_path):
    rows = ROWS.copy()
    rows[:, -2] = np.nan
    assert read(tmp_path, text(LINES, rows)).valid.all()


REFUSED = {
    "empty": ("", "is empty"),
    "prose": ("not a BVH at all", "it has no joints"),
    "no motion": ("\n".join(LINES), "no MOTION section"),
    "cut skeleton": (
        "\n".join(LINES[:20]) + "\nMOTION\nFrames: 0\nFrame Time: 0.03\n",
        "no rows after the frame time",
    ),
    "no rows": (text(LINES, []), "no rows after the frame time"),
    "one row": (text(LINES, ROWS[:1]), "fewer than two frames"),
    "all rows nan": (text(LINES, [NAN] * 180), "fewer than two frames"),
    "all rows huge": (text(LINES, np.full_like(ROWS, 1e30)), "1e+30 in frame 1"),
    "a huge offset": (
        text(LINES, ROWS).replace("OFFSET 0.0000 90.0000", "OFFSET of “Pelvis”"),
        "OFFSET of “Pelvis”",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refusal_names_its_cause(tmp_path, kind):
    content, cause = REFUSED[kind]
    with pytest.raises(StyleError, match=r"ü日本\.bvh") as caught:
        read(tmp_path, content)
    assert cause in caught.value.problem
    assert caught.value.remedy


def test_the_command_says_what_was_bridged(tmp_path, capsys):
    path = tmp_path / "a.bvh"
    path.write_text(with_rows((60, NAN)))
    assert cli.main(["encode", str(path), "-o", str(tmp_path / "a.style.json")]) == 0
    assert "bridged" in capsys.readouterr().err

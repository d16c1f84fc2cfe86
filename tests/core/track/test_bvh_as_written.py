"""BVH files as programs write them and as they get damaged: read, or refused by cause, never read wrongly."""

import re
import sys

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import StyleError
from mannerism.core.text_file import UnreadableError
from mannerism.core.track.bvh import read_bvh
from mannerism.core.track.bvh_file import frame_time
from mannerism.tests.support import recorded_body


@pytest.fixture
def text(tmp_path):
    return recorded_body.write(tmp_path / "whole.bvh", {"": rot.IDENTITY})


def lower_keywords(text):
    return re.sub(
        r"HIERARCHY|ROOT|JOINT|OFFSET|CHANNELS|End Site|[XYZ](?:position|rotation)|MOTION|Frame Time|Frames",
        lambda match: match[0].lower(),
        text,
    )


def in_rows(text, change):
    head, time, rows = text.partition("Frame Time: 0.033333\n")
    return head + time + "\n".join(change(rows.splitlines())) + "\n"


def with_row(at, row):
    return lambda text: in_rows(text, lambda rows: [*rows[:at], row(rows[at]), *rows[at + 1 :]])


def commas(text):
    head, motion, rows = text.partition("MOTION")
    return re.sub(r"(OFFSET.*)", lambda m: m[0].replace(".", ","), head) + motion + rows.replace(".", ",")


def nan_row(row):
    return " ".join(["nan"] * len(row.split()))


def shuffled(text):
    """Position channels after the rotations, as some exporters write them."""
    text = text.replace(
        "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation",
        "CHANNELS 6 Zrotation Xrotation Yrotation Xposition Yposition Zposition",
    )

    def moved(row):
        words = row.split()
        return " ".join([*words[3:6], *words[:3], *words[6:]])

    return in_rows(text, lambda rows: [moved(row) for row in rows])


def without_ends(text):
    return re.sub(r"\s*End Site\s*\{[^}]*\}", "", text)


READ = {
    "lower-case": (lower_keywords, ""),
    "upper-case": (lambda text: text.replace("Frames", "FRAMES").replace("Xrotation", "XROTATION"), ""),
    "colons": (lambda text: text.replace("Frames: ", "Frames:").replace("Time: ", "Time:"), ""),
    "no-colons": (lambda text: text.replace("Frames:", "Frames").replace("Time:", "Time"), ""),
    "blanks-before-colons": (lambda text: text.replace("Frames:", "Frames :").replace("Time:", "Time :"), ""),
    "one-row-more": (lambda text: text.replace("Frames: 180", "Frames: 179"), "announces 179"),
    "rows-fewer": (lambda text: text.replace("Frames: 180", "Frames: 300"), "announces 300"),
    "no-count": (lambda text: text.replace("Frames: 180\n", ""), "announces no frames"),
    "text-after": (lambda text: text + "# made by a tool\nthe end\n", "2 lines"),
    "cut-in-a-row": (lambda text: text[: text.rstrip().rindex(" ")] + "\n", "announces 180"),
    "text-between": (with_row(60, lambda row: f"// take two\n{row}"), "1 line "),
    "rate-for-time": (lambda text: text.replace("Time: 0.033333", "Time: 30"), "30 frames a second"),
    "milliseconds": (lambda text: text.replace("Time: 0.033333", "Time: 33.3333"), "milliseconds"),
    "time-zero": (lambda text: text.replace("Time: 0.033333", "Time: 0"), "30 frames a second are assumed"),
    "time-negative": (lambda text: text.replace("Time: 0.033333", "Time: -1"), "are assumed"),
    "no-time": (lambda text: text.replace("Frame Time: 0.033333\n", ""), "are assumed"),
    "one-name-twice": (lambda text: text.replace("LeftHand", "Hand").replace("RightHand", "Hand"), ""),
    "spines-of-one-name": (lambda text: text.replace("Chest", "Spine"), ""),
    "carriage-returns": (lambda text: text.replace("\n", "\r"), ""),
    "windows": (lambda text: text.replace("\n", "\r\n"), ""),
    "tabs": (lambda text: text.replace(" ", "\t").replace("Frame\tTime", "Frame Time"), ""),
    "glued-braces": (lambda text: re.sub(r"\n\s*\{", "{", text), ""),
    "no-motion-keyword": (lambda text: text.replace("MOTION\n", ""), ""),
    "no-ends": (without_ends, ""),
    "channels-shuffled": (shuffled, ""),
    "decimal-commas": (commas, "decimal commas"),
    "wrapped-rows": (lambda text: in_rows(text, lambda rows: [r.replace(" ", "\n", 3) for r in rows]), ""),
    "nan-row": (with_row(60, nan_row), "1 of 180 frames"),
    "words-in-a-row": (with_row(60, lambda row: re.sub(r"\S+", "-1.#IND", row)), "1 of 180 frames"),
    "short-row": (with_row(60, lambda row: row.rpartition(" ")[0]), "1 of 180 frames"),
    "nan-at-the-start": (with_row(0, nan_row), "1 of 180 frames"),
    "zeros-after-the-end": (lambda text: text + "\0" * 512, ""),
    "no-break-spaces": (lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"), ""),
    "minus-signs": (lambda text: text.replace("-", "\N{MINUS SIGN}"), ""),
    "keywords-with-colons": (
        lambda text: text.replace("OFFSET", "OFFSET:").replace("CHANNELS", "CHANNELS:"),
        "",
    ),
    "commas-between": (lambda text: in_rows(text, lambda rows: [r.replace(" ", ",") for r in rows]), ""),
    "commas-and-blanks-between": (
        lambda text: in_rows(text, lambda rows: [r.replace(" ", ", ") for r in rows]),
        "",
    ),
    "semicolons-and-decimal-commas": (
        lambda text: in_rows(text, lambda rows: [r.replace(".", ",").replace(" ", ";") for r in rows]),
        "decimal commas",
    ),
    "semicolons-blanks-and-decimal-commas": (
        lambda text: in_rows(text, lambda rows: [r.replace(".", ",").replace(" ", "; ") for r in rows]),
        "decimal commas",
    ),
    "columns-of-a-fixed-width": (
        lambda text: in_rows(text, lambda rows: [r.replace(" -", "-") for r in rows]),
        "",
    ),
    "time-with-a-unit": (lambda text: text.replace("Time: 0.033333", "Time: 33.3333ms"), "milliseconds"),
    "frame-rate": (lambda text: text.replace("Frame Time: 0.033333", "Frame Rate: 30"), "must be a rate"),
    "row-of-a-lost-body": (with_row(60, lambda row: re.sub(r"\S+", "-999.99", row)), "which is no pose"),
    "row-of-zeros": (with_row(0, lambda row: re.sub(r"\S+", "0.000", row)), "which is no pose"),
    "heads-in-a-chain": (lambda text: text.replace("JOINT Neck", "JOINT Head"), "“Head (2)” is taken"),
    "blank-lines": (lambda text: in_rows(text, lambda rows: "\n\n".join(rows).split("\n")), ""),
}


@pytest.mark.parametrize(("change", "says"), READ.values(), ids=READ)
def test_what_can_be_read_is(tmp_path, text, change, says):
    path = tmp_path / "ü日本.bvh"
    changed = change(text)
    assert changed != text
    path.write_bytes(changed.encode())
    track = read_bvh(path)
    slopes, correlations = recorded_body.slopes_and_correlations(track)
    assert slopes == pytest.approx(1.0, abs=0.05)
    assert correlations.min() > 0.99
    assert track.time_s[-1] == pytest.approx(5.97, abs=0.05)
    said = " ".join(track.meta["warnings"][:-1])
    assert says in said
    assert bool(says) == bool(said)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path, text, encoding):
    path = tmp_path / "a.bvh"
    path.write_bytes(text.replace("LeftHand", "LeftHänd").encode(encoding))
    assert recorded_body.slopes_and_correlations(read_bvh(path))[1].min() > 0.99


def test_lost_rows_are_bridged_and_marked(tmp_path, text):
    path = tmp_path / "a.bvh"
    path.write_text(in_rows(text, lambda rows: [*rows[:50], *map(nan_row, rows[50:53]), *rows[53:]]))
    track = read_bvh(path)
    assert np.flatnonzero(~track.valid).tolist() == [50, 51, 52]
    whole = read_bvh(tmp_path / "whole.bvh")
    assert np.degrees(rot.angle_between(track.rotation, whole.rotation)).max() < 1.5


REFUSED = {
    "empty": (lambda _text: "", "is empty"),
    "prose": (lambda _text: "not a BVH at all", "no joints"),
    "skeleton-alone": (lambda text: text.partition("MOTION")[0], "no MOTION"),
    "cut-hierarchy": (lambda text: text[: len(text.partition("MOTION")[0]) // 2], "no MOTION"),
    "no-rows": (lambda text: text.partition("0.033333\n")[0] + "0.033333\n", "no rows"),
    "one-row": (lambda text: in_rows(text, lambda rows: rows[:1]), "fewer than two frames"),
    "no-head": (
        lambda text: text.replace("Head", "Tail").replace("Neck", "Rope").replace("Left", "A"),
        "is a head",
    ),
    "no-rotation": (lambda text: text.replace("rotation", "position"), "has no rotation"),
    "other-width": (lambda text: in_rows(text, lambda rows: [f"{row} 1" for row in rows]), "49 numbers"),
    "huge": (with_row(50, lambda row: f"{row.rpartition(' ')[0]} 1e308"), r"1e\+308 in frame 51"),
    "overflow": (with_row(50, lambda row: f"{row.rpartition(' ')[0]} -1e999"), "-inf in frame 51"),
    "infinite": (with_row(50, lambda row: f"{row.rpartition(' ')[0]} inf"), "inf in frame 51"),
    "microsoft-infinite": (with_row(50, lambda row: f"{row.rpartition(' ')[0]} 1.#INF"), "inf in frame 51"),
    "huge-offset": (lambda text: text.replace("OFFSET 0.0000 95.0000", "OFFSET 0.0000 1e300"), "OFFSET"),
    "offset-of-words": (lambda text: text.replace("OFFSET 0.0000 95.0000", "OFFSET zero 95"), "OFFSET"),
    "channels-none": (lambda text: re.sub(r"CHANNELS .*", "CHANNELS 0", text), "none of whose joints"),
    "channels-miscounted": (lambda text: text.replace("CHANNELS 6", "CHANNELS 9", 1), "CHANNELS"),
    "channels-uncounted": (lambda text: text.replace("CHANNELS 6", "CHANNELS", 1), "CHANNELS"),
    "channels-twice": (
        lambda text: text.replace("  JOINT", "  CHANNELS 1 Xrotation\n  JOINT", 1),
        "CHANNELS twice",
    ),
    "time-of-two-seconds": (lambda text: text.replace("Time: 0.033333", "Time: 2"), "frame time of 2"),
    "all-nan": (lambda text: in_rows(text, lambda rows: list(map(nan_row, rows))), "fewer than two frames"),
    "mostly-nan": (
        lambda text: in_rows(text, lambda rows: [*rows[:50], *map(nan_row, rows[50:])]),
        "most of its rows",
    ),
    "bottomless": (lambda _text: "HIERARCHY\n" + "JOINT a\n{\n" * 5000, "more joints"),
    "binary": (lambda text: text.replace("Hand", "\0\0", 1), "no text"),
    "bottomless-in-width": (
        lambda _text: "ROOT a\n{\n" + "JOINT a\n{\nCHANNELS 0\n}\n" * 50_000,
        "more joints",
    ),
    "count-of-5000-digits": (
        lambda text: text.replace("CHANNELS 6", f"CHANNELS {'9' * 5000}", 1),
        "no count",
    ),
    "channels-of-other-names": (lambda text: text.replace("rotation", "rot"), "channels zrot, xrot, yrot"),
    "quaternions": (lambda text: text.replace("CHANNELS 3 Zrotation", "CHANNELS 3 Wrotation"), "wrotation"),
}


@pytest.mark.parametrize(("change", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_by_its_cause(tmp_path, text, change, says):
    path = tmp_path / "ü日本.bvh"
    path.write_text(change(text), encoding="utf-8")
    with pytest.raises(StyleError, match=f"ü日本.*{says}"):
        read_bvh(path)


@pytest.mark.parametrize(
    ("word", "rate_hz"),
    [("0.0083333", 120), ("0,04", 25), ("120", 120), ("59.94", 59.94), ("16.667", 60), ("nan", 30), ("", 30)],
)
def test_frame_times(word, rate_hz):
    assert 1 / frame_time(word)[0] == pytest.approx(rate_hz, rel=1e-3)


@pytest.mark.parametrize("word", ["1e308", "inf", "3", "1e-9", "4321"])
def test_frame_times_that_are_none(word):
    with pytest.raises(UnreadableError, match=f"frame time of {word}"):
        frame_time(word)


def test_several_bodies_are_said(tmp_path, text):
    head, _, rows = text.partition("MOTION\n")
    counts, _, rows = rows.partition("0.033333\n")
    other = re.sub(r"(ROOT|JOINT) ", r"\1 B_", head.partition("\n")[2])
    both = "\n".join(f"{row} {row}" for row in rows.splitlines())
    path = tmp_path / "a.bvh"
    path.write_text(f"{head}{other}MOTION\n{counts}0.033333\n{both}\n")
    track = read_bvh(path)
    assert recorded_body.slopes_and_correlations(track)[1].min() > 0.99
    assert any("“B_Head” is not" in sentence for sentence in track.meta["warnings"])


def test_angles_in_radians_are_doubted(tmp_path, text):
    def small(row):
        words = row.split()
        return " ".join([*words[:3], *(f"{np.radians(float(word)):.5f}" for word in words[3:])])

    path = tmp_path / "a.bvh"
    path.write_text(in_rows(text, lambda rows: list(map(small, rows))))
    assert any("check the unit" in sentence for sentence in read_bvh(path).meta["warnings"])


def test_joints_of_one_name_take_no_longer(tmp_path):
    """Of a body as large as may be: each pair of joints was compared once."""
    joint = "JOINT head\n{\nOFFSET 0 1 0\nCHANNELS 1 Xrotation\n}\n"
    path = tmp_path / "a.bvh"
    path.write_text(
        "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n"
        + joint * 1500
        + "}\nMOTION\nFrames: 3\nFrame Time: .03\n"
        + ("0 " * 1501 + "\n") * 3
    )
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        read_bvh(path)
    finally:
        sys.setprofile(None)
    assert calls < 600 * 1500

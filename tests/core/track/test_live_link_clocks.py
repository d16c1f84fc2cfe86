"""Live Link Face and programs with its columns: rates, damaged clocks, degrees, and columns that are not there."""

import re

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import StyleError
from mannerism.core.track.livelink import read_live_link
from mannerism.core.track.timecode import frame_rate, seconds
from mannerism.tests.support.recorded_body import head_angles, slopes_and_correlations

LOSSES = [("whole", 1.0), ("a-tenth-lost", 0.9)]


def code(time_s, rate_hz, *, mark=":"):
    """HH:MM:SS:FF.fff of a time of day, with as many frame numbers a second as the rate, rounded up."""
    count = int(np.ceil(rate_hz))
    whole, frame = divmod(round(time_s * rate_hz), count)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{frame:02d}.000"


def recorded(codes, time_s, *, unit=np.radians, columns="HeadYaw,HeadPitch,HeadRoll", separator=","):
    pitch, yaw, roll = unit(head_angles(time_s)).T
    lines = [f"Timecode,BlendShapeCount,JawOpen,{columns}"]
    lines += [
        f"{at},61,0.2,{a:.6f},{b:.6f},{c:.6f}" for at, a, b, c in zip(codes, yaw, -pitch, roll, strict=True)
    ]
    return "\n".join(lines).replace(",", separator) + "\n"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def check(track, seconds_long):
    slopes, correlations = slopes_and_correlations(track)
    assert slopes == pytest.approx(1.0, abs=0.05)
    assert correlations.min() > 0.98
    assert track.time_s[-1] == pytest.approx(seconds_long, abs=0.15)


@pytest.mark.parametrize(
    "rate_hz", [15, 17, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60, 72, 90, 100, 120]
)
@pytest.mark.parametrize("kept", [share for _, share in LOSSES], ids=[name for name, _ in LOSSES])
def test_rates(tmp_path, rate_hz, kept):
    time_s = np.arange(round(8 * rate_hz)) / rate_hz
    kept_rows = np.random.default_rng(3).random(len(time_s)) < kept
    kept_rows[0] = True
    time_s = time_s[kept_rows]
    codes = [code(at + 40_000, rate_hz) for at in time_s]
    check(read_live_link(write(tmp_path / "a.csv", recorded(codes, time_s))), 8.0)


@pytest.mark.parametrize(
    ("rate_hz", "step"), [(60, 2), (60, 4), (30, 2), (24, 2), (50, 2), (120, 4), (30, 3)]
)
def test_rows_that_skip_frame_numbers(tmp_path, rate_hz, step):
    time_s = np.arange(0, 8 * rate_hz, step) / rate_hz
    codes = [code(at + 40_000, rate_hz) for at in time_s]
    track = read_live_link(write(tmp_path / "a.csv", recorded(codes, time_s)))
    assert np.diff(track.time_s) == pytest.approx(step / rate_hz, abs=1e-6)
    check(track, 8.0)


def test_drop_frame_codes():
    """At 29.97 the numbers 0 and 1 are left out each minute but the tenth: no jump, and an hour is an hour."""
    minute = [f"11:08:{s:02d};{f:02d}.000" for s in (58, 59) for f in range(30)]
    minute += [f"11:09:00;{f:02d}.000" for f in range(2, 30)]
    assert np.diff(seconds(minute)) == pytest.approx(1.001 / 30, abs=1e-6)
    hour = seconds(["11:00:00;00", "11:00:00;01", "11:30:00;29", "11:59:59;29", "12:00:00;00"])
    assert hour[-1] - hour[0] == pytest.approx(3600.0, abs=0.01)


def test_other_ways_to_write_a_time():
    assert np.diff(seconds(["00:00:01.250", "00:00:01.500"])) == pytest.approx(0.25)
    assert np.diff(seconds(["00:00:01:250", "00:00:01:900"])) == pytest.approx(0.65)
    assert np.diff(seconds(["23:59:59:29.5", "00:00:00:00.0"])) == pytest.approx(0.5 / 30)
    assert np.isnan(seconds(["", "later", "1:2", "::::", "9" * 400 + ":0:0:0"])).all()


def test_one_damaged_code_does_not_set_the_rate():
    second, frames = np.repeat(np.arange(9.0), 30), np.tile(np.arange(30.0), 9)
    frames[100] = 77
    assert frame_rate(second, frames) == 30


@pytest.mark.parametrize(
    ("stamp", "cost"),
    [
        ("99:99:99:99.000", 1),
        ("00:00:00:00.000", 1),
        ("lost", 1),
        ("11:06:41:00.000", 1),
        ("9999999:0:0:0.0", 1),
    ],
)
def test_a_stray_stamp_costs_its_row(tmp_path, stamp, cost):
    time_s = np.arange(240) / 30
    codes = [code(at + 40_000, 30) for at in time_s]
    codes[100] = stamp
    track = read_live_link(write(tmp_path / "a.csv", recorded(codes, time_s)))
    check(track, 8.0)
    assert len(track.time_s) == 240 - cost
    assert any("left out" in sentence for sentence in track.meta["warnings"])


def test_a_gap_in_the_clock_cuts(tmp_path):
    time_s = np.arange(360) / 30
    codes = [code(at + (40_000 if at < 4 else 45_000), 30) for at in time_s]
    track = read_live_link(write(tmp_path / "a.csv", recorded(codes, time_s)))
    assert track.time_s[-1] == pytest.approx(8.0, abs=0.1)
    assert any("jumps" in sentence for sentence in track.meta["warnings"])


@pytest.mark.parametrize("strength", [1.0, 0.3])
def test_degrees_are_read_as_degrees_and_said(tmp_path, strength):
    time_s = np.arange(240) / 30
    codes = [code(at + 40_000, 30) for at in time_s]
    text = recorded(codes, time_s, unit=lambda angles: strength * angles)
    track = read_live_link(write(tmp_path / "a.csv", text))
    assert any("degrees" in sentence for sentence in track.meta["warnings"])
    turned = np.degrees(rot.to_euler(track.rotation)).std(axis=0)
    assert turned == pytest.approx(strength * head_angles(time_s).std(axis=0), rel=0.1)


@pytest.mark.parametrize("lost", ["HeadYaw", "HeadYaw,HeadPitch,HeadRoll"])
def test_a_recording_without_the_head(tmp_path, lost):
    time_s = np.arange(240) / 30
    text = recorded([code(at + 40_000, 30) for at in time_s], time_s)
    text = text.replace(lost, re.sub(r"Head", "Eye", lost))
    with pytest.raises(StyleError, match=r"no head rotation.*Stream Head Rotation"):
        read_live_link(write(tmp_path / "a.csv", text))


@pytest.mark.parametrize("value", ["1e308", "inf", "-inf", "1e999", "7e8"])
def test_huge_angles_are_refused(tmp_path, value):
    time_s = np.arange(240) / 30
    lines = recorded([code(at + 40_000, 30) for at in time_s], time_s).splitlines()
    lines[101] = lines[101].rpartition(",")[0] + f",{value}"
    with pytest.raises(StyleError, match=r"row 101.*no angle"):
        read_live_link(write(tmp_path / "a.csv", "\n".join(lines)))


@pytest.mark.parametrize(
    ("separator", "change"),
    [
        (";", lambda text: text.replace(".", ",")),
        ("\t", lambda text: text),
        (" , ", lambda text: text),
        (",", lambda text: text.replace("HeadYaw", "headyaw").replace("Timecode", "TIMECODE")),
        (",", lambda text: "\ufeff" + text.replace("\n", "\r\n")),
        (",", lambda text: "sep=,\n" + text),
    ],
)
def test_other_tables(tmp_path, separator, change):
    time_s = np.arange(240) / 30
    text = recorded([code(at + 40_000, 30) for at in time_s], time_s, separator=separator)
    text = change(text) if separator != ";" else re.sub(r"(?<=\d)\.(?=\d{6}\b)", ",", text)
    check(read_live_link(write(tmp_path / "a.csv", text)), 8.0)

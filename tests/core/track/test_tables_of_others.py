"""Tables of head motion as programs and phones write them: any rate, unit, separator, and broken clocks."""

import subprocess
import sys

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.clock import LONGEST_GAP_S, one_stretch
from mannerism.core.errors import MannerismError
from mannerism.core.motion import no_progress
from mannerism.core.table_file import Table
from mannerism.core.track.read_reference import read_reference
from mannerism.tests.support.bvh_person import angles_deg

SECONDS = 6.0
SHAPES = "Timecode,BlendShapeCount,EyeBlinkLeft,JawOpen,MouthClose"


def live_link(rate, *, unit=np.pi / 180, nominal=None, start_s=40_800, shift=None, rows=None):
    """A recording: `nominal` timecode frames a second; `shift` replaces timecodes by row."""
    nominal = nominal or int(np.ceil(rate))
    lines = [f"{SHAPES},HeadYaw,HeadPitch,HeadRoll"]
    for at, (pitch, yaw, roll) in enumerate(angles_deg(SECONDS, rate) * unit):
        whole, frame = divmod(at, nominal)
        second = (start_s + whole) % 86_400
        code = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}:{frame:02}.000"
        code = (shift or {}).get(at, code)
        if rows is None or at in rows:
            lines.append(f"{code},61,0.1,0.2,0.1,{yaw:.6f},{-pitch:.6f},{roll:.6f}")
    return "\n".join(lines) + "\n"


def track_csv(*, separator=",", comma=False, times=None):
    lines = [separator.join(["time_s", "pitch_deg", "yaw_deg", "roll_deg", "x_m", "y_m", "z_m", "valid"])]
    for at, angles in enumerate(angles_deg(SECONDS, 30.0)):
        time = (times or {}).get(at, f"{at / 30:.6f}")
        cells = [time, *(f"{angle:.5f}" for angle in angles), "0", "0", "0", "1"]
        lines.append(separator.join(cell.replace(".", ",") if comma else cell for cell in cells))
    return "\n".join(lines) + "\n"


def read(tmp_path, content, name="ü日本.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    track, has_voice = read_reference(path, no_progress)
    assert not has_voice
    return track


def assert_true(track, rate, rows=slice(None)):
    time_s = track.time_s - track.time_s[0]
    true = angles_deg(SECONDS, 1000.0)
    found = np.degrees(rot.to_euler(track.rotation))
    at = np.clip(np.round(time_s * 1000).astype(int), 0, len(true) - 1)
    for column in range(3):
        slope, _ = np.polyfit(true[at, column], found[:, column], 1)
        assert slope == pytest.approx(1.0, abs=0.03)
    assert time_s[-1] == pytest.approx(SECONDS - 1 / rate, abs=0.02)
    assert np.ptp(np.diff(time_s)[rows]) < 1.1e-3  # some timecodes are whole milliseconds


@pytest.mark.parametrize("rate", [10, 12, 15, 18, 20, 24, 25, 30, 48, 50, 60, 72, 90, 100, 120])
def test_any_rate(tmp_path, rate):
    assert_true(read(tmp_path, live_link(rate)), rate)


def test_two_timecode_frames_a_row(tmp_path):
    content = live_link(60, rows=set(range(0, 360, 2)))
    assert_true(read(tmp_path, content), 30)


def test_dropped_frames_are_no_jumps(tmp_path):
    kept = set(range(180)) - {29, 30, 31, 100}
    track = read(tmp_path, live_link(30, rows=kept))
    assert track.time_s[-1] == pytest.approx(SECONDS - 1 / 30, abs=1e-3)


def test_midnight(tmp_path):
    assert_true(read(tmp_path, live_link(30, start_s=86_397)), 30)


@pytest.mark.parametrize("rate", [15, 60])
def test_degrees_are_read_and_said(tmp_path, rate):
    track = read(tmp_path, live_link(rate, unit=1.0))
    assert_true(track, rate)
    assert "degrees" in " ".join(track.meta["warnings"])


@pytest.mark.parametrize(
    ("at", "code"),
    [(60, "99:99:99:99.000"), (60, "23:59:59:29.000"), (0, "01:00:00:00.000"), (179, "01:00:00:00.000")],
)
def test_a_stray_timecode_is_left_out_and_said(tmp_path, at, code):
    track = read(tmp_path, live_link(30, shift={at: code}))
    assert len(track.time_s) == 179
    assert np.diff(track.time_s).max() < 0.07
    assert "1 row was left out" in " ".join(track.meta["warnings"])


TRACKS = {
    "semicolons": track_csv(separator=";"),
    "decimal commas": track_csv(separator=";", comma=True),
    "tabs": track_csv(separator="\t"),
    "utf-16": track_csv(separator="\t").encode("utf-16"),
    "excel": "sep=;\n" + track_csv(separator=";"),
    "since 1970": track_csv(times={at: f"{1.7e9 + at / 30:.4f}" for at in range(180)}),
}


@pytest.mark.parametrize("content", TRACKS.values(), ids=TRACKS)
def test_other_separators_and_epochs(tmp_path, content):
    track = read(tmp_path, content)
    assert len(track.time_s) == 180
    assert_true(track, 30)


@pytest.mark.parametrize("time", ["1.7e9", "4e7", "-5", "nan", "inf", "1e300", "", "x"])
@pytest.mark.parametrize("at", [0, 90, 179])
def test_a_stray_time_is_left_out_and_said(tmp_path, time, at):
    track = read(tmp_path, track_csv(times={at: time}))
    assert len(track.time_s) == 179
    assert np.diff(track.time_s).max() < 0.07
    assert "left out" in " ".join(track.meta["warnings"])


def test_a_gap_cuts_and_is_said(tmp_path):
    later = {at: f"{60 + at / 30:.6f}" for at in range(140, 180)}
    track = read(tmp_path, track_csv(times=later))
    assert len(track.time_s) == 140
    assert "longest is used" in " ".join(track.meta["warnings"])


def test_a_short_gap_does_not_cut(tmp_path):
    later = {at: f"{LONGEST_GAP_S - 1 + at / 30:.6f}" for at in range(140, 180)}
    track = read(tmp_path, track_csv(times=later))
    assert len(track.time_s) == 180
    assert not track.meta.get("warnings")


@pytest.mark.parametrize("time", ["1.7e9", "4e7"])
def test_a_stray_time_costs_nothing(tmp_path, time):
    """In a process of its own: no more memory and hardly more time than without it."""
    sizes = []
    for name, times in (("plain", {}), ("stray", {179: time})):
        path = tmp_path / f"{name}.csv"
        path.write_text(track_csv(times=times))
        code = "import sys, resource; from mannerism.core.cli import main; rc = main(sys.argv[1:]); print(rc, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        command = [sys.executable, "-c", code, "encode", str(path), "-o", str(tmp_path / "a.style.json")]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        status, size = map(int, ran.stdout.split()[-2:])
        assert status == 0
        sizes.append(size)
    assert sizes[1] < 1.2 * sizes[0]


def test_the_clock_of_rows_that_follow_is_left_alone():
    time_s = np.cumsum(np.random.default_rng(0).uniform(0.01, 0.1, 500))
    rows, said = one_stretch(time_s)
    assert rows.tolist() == list(range(500))
    assert not said


def quoted(text):
    return "\n".join(",".join(f'"{cell}"' for cell in row.split(";")) for row in text.splitlines()) + "\n"


WHOLE = track_csv()
SHEETS = {
    "quoted decimal commas": quoted(track_csv(separator=";", comma=True)),
    "minus signs": WHOLE.replace("-", "\N{MINUS SIGN}"),
    "titles": "Ada, take 3\n".replace(",", "") + ";;;\n" + track_csv(separator=";", comma=True),
    "zeros after the end": WHOLE + "\0" * 512,
    "valid TRUE": WHOLE.replace(",1\n", ",TRUE\n"),
    "valid WAHR": WHOLE.replace(",1\n", ",WAHR\n"),
    "valid empty": WHOLE.replace(",1\n", ",\n"),
    "days": track_csv(times={at: f"{46354.5 + at / 30 / 86400:.10f}" for at in range(180)}),
    "backward": "\n".join([WHOLE.splitlines()[0], *WHOLE.splitlines()[:0:-1]]),
}


@pytest.mark.parametrize("content", SHEETS.values(), ids=SHEETS)
def test_tables_that_a_spreadsheet_saved(tmp_path, content):
    track = read(tmp_path, content)
    assert track.valid.all()
    assert_true(track, 30)


def test_rows_marked_as_not_valid_in_words(tmp_path):
    lines = WHOLE.splitlines()
    for at, word in enumerate(["FALSE", "no", "Falsch", "0"], 50):
        lines[at] = lines[at][:-1] + word
    assert np.flatnonzero(~read(tmp_path, "\n".join(lines)).valid).tolist() == [49, 50, 51, 52]


UNREADABLE = {
    "frame numbers": (track_csv(times={at: str(at) for at in range(180)}), "1 s apart.*Frame numbers"),
    "timecode of frame numbers": (
        live_link(30, shift={at: str(at) for at in range(180)}),
        "1 s apart.*Frame numbers",
    ),
    "a column twice": (WHOLE.replace("x_m", "pitch_deg", 1), "the column pitch_deg twice"),
    "no numbers": (WHOLE.replace("-", "~"), "most of its rows"),
}


@pytest.mark.parametrize(("content", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_right_is_refused_by_its_cause(tmp_path, content, says):
    with pytest.raises(MannerismError, match=says):
        read(tmp_path, content)


@pytest.mark.parametrize("unit", [np.pi / 180, 0.0])
def test_a_head_that_hardly_turns_is_said(tmp_path, unit):
    lines = [
        ",".join([f"{at / 30:.4f}", *(f"{angle * unit:.6f}" for angle in angles)])
        for at, angles in enumerate(angles_deg(SECONDS, 30.0))
    ]
    track = read(tmp_path, "\n".join(["time_s,pitch_deg,yaw_deg,roll_deg", *lines]))
    assert "check the unit of its angles" in " ".join(track.meta["warnings"])


CODES = {
    "decimal comma": lambda at: f"10:00:{at // 30:02}:{at % 30:02},000",
    "ISO 8601": lambda at: f"2026-11-28T10:00:{at / 30:06.3f}Z",
    "date and zone": lambda at: f"2026-11-28 10:00:{at / 30:06.3f}+01:00",
    "milliseconds": lambda at: f"10:00:{at // 30:02}:{at * 1000 // 30 % 1000:03}",
}


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_other_timecodes(tmp_path, code):
    content = live_link(30, shift={at: code(at) for at in range(180)})
    assert_true(read(tmp_path, content.replace(",", ";").replace(";000", ",000")), 30)


def test_a_lost_face_of_zeros_is_left_out(tmp_path):
    lines = live_link(30).splitlines()
    lines[60:70] = [line.partition(",")[0] + ",61,0,0,0,0,0,0" for line in lines[60:70]]
    track = read(tmp_path, "\n".join(lines))
    assert len(track.time_s) == 170
    assert "no head angles in 10 of 180 rows" in " ".join(track.meta["warnings"])


def test_columns_of_the_app_without_its_timecode_name_their_signs(tmp_path):
    content = live_link(30).replace("Timecode,BlendShapeCount", "time,count")
    content = "\n".join(
        line if at == 0 else f"{(at - 1) / 30:.4f},{line.partition(',')[2]}"
        for at, line in enumerate(content.splitlines())
    )
    assert "signs of Live Link Face: HeadPitch up" in " ".join(read(tmp_path, content).meta["warnings"])


def test_rows_that_are_all_numbers_are_read_at_once(tmp_path, monkeypatch):
    """Cell by cell a million rows would take ten times as long."""
    monkeypatch.setattr(Table, "_number", None)
    assert_true(read(tmp_path, WHOLE), 30)
    assert_true(read(tmp_path, live_link(60)), 60)
    assert_true(read(tmp_path, track_csv(separator=";", comma=True)), 30)

"""The command line: exit status, what goes where, and refusals in one line that leave no file."""

import re
import signal
import subprocess
import sys

import numpy as np
import pytest

from mannerism.core import cli, doctor
from mannerism.core import rotation as rot
from mannerism.core.errors import OutputError
from mannerism.core.files import check_writable, replacing
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import read_motion, write_motion
from mannerism.core.style import read_style

COMMAND = [sys.executable, "-m", "mannerism.core.cli"]


def run(*arguments):
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


def write_video(path, frames=20):
    """A grey picture that brightens: a whole video without a face."""
    import av

    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for level in range(frames):
            picture = np.full((48, 64, 3), 100 + level % 100, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    return path


def write_truncated(path):
    whole = write_video(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def write_picture(path):
    import av

    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb24"
        picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), "rgb24")
        container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


@pytest.fixture(scope="module")
def style_file(tmp_path_factory):
    """A style encoded by the command from a track CSV of 12 s."""
    folder = tmp_path_factory.mktemp("style")
    time_s = np.arange(0, 12, 0.04)
    phase = np.outer(time_s, [1.1, 0.7, 0.5]) * 2 * np.pi
    pitch, yaw, roll = (np.sin(phase) * [0.08, 0.12, 0.05] + 0.03 * np.cos(2.3 * phase)).T
    motion = HeadMotion(time_s, rot.continuous(rot.from_euler(pitch, yaw, roll)), 0.01 * np.sin(phase))
    write_motion(folder / "ü日本 track.csv", motion)
    path = folder / "ü日本 one.style.json"
    assert cli.main(["encode", str(folder / "ü日本 track.csv"), "-o", str(path)]) == cli.DONE
    return path


@pytest.fixture
def speech(tmp_path, write_wav, talk):
    return write_wav(tmp_path / "ü日本 one.wav", talk(3.0))


def refusal(capsys):
    """The one line on stderr, beside the progress of a slow machine; nothing is on stdout."""
    output = capsys.readouterr()
    assert output.out == ""
    (line,) = (line for line in output.err.splitlines() if not re.match(r" *\d+% ", line))
    assert line.startswith("mannerism: ")
    assert line.count(". ") >= 1, "a problem and a remedy"
    assert line.endswith(".")
    return line


@pytest.mark.slow
@pytest.mark.parametrize("command", ["track", "encode"])
@pytest.mark.parametrize(
    "write",
    [
        write_video,
        write_truncated,
        write_picture,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("not a video at all"),
        lambda _path: None,
    ],
    ids=["no-face", "truncated", "picture", "empty", "text", "absent"],
)
def test_bad_videos(tmp_path, capsys, command, write):
    source, output = tmp_path / "ü日本 one.mp4", tmp_path / "ü日本 out.json"
    write(source)
    if command == "track":
        output = output.with_suffix(".csv")
    before = set(tmp_path.iterdir())
    assert cli.main([command, str(source), "-o", str(output)]) == cli.REFUSED
    assert "ü日本 one.mp4" in refusal(capsys)
    assert set(tmp_path.iterdir()) == before


SOUNDS = {
    "silent": lambda write, path: write(path, np.zeros(32_000)),
    "no-samples": lambda write, path: write(path, np.zeros(0)),
    "short": lambda write, path: write(path, 0.1 * np.sin(np.arange(3_200) * 0.05)),
    "nothing": lambda _write, path: path.write_bytes(b""),
    "text": lambda _write, path: path.write_text("not a sound at all"),
    "absent": lambda _write, _path: None,
}


@pytest.mark.parametrize("make", SOUNDS.values(), ids=SOUNDS)
def test_bad_sounds(tmp_path, capsys, style_file, write_wav, make):
    capsys.readouterr()
    source = tmp_path / "ü日本 one.wav"
    make(write_wav, source)
    before = set(tmp_path.iterdir())
    output = tmp_path / "out.bvh"
    assert cli.main(["generate", str(source), "--style", str(style_file), "-o", str(output)]) == cli.REFUSED
    assert "ü日本 one.wav" in refusal(capsys)
    assert set(tmp_path.iterdir()) == before


STYLES = {
    "newer": lambda text: text.replace('"version": 1', '"version": 2'),
    "truncated": lambda text: text[: len(text) // 2],
    "empty": lambda _text: "",
    "not-a-style": lambda _text: '{"name": "Ada"}',
}


@pytest.mark.parametrize("change", STYLES.values(), ids=STYLES)
def test_bad_styles(tmp_path, capsys, style_file, change):
    text = style_file.read_text(encoding="utf-8")
    style = tmp_path / "ü日本 two.style.json"
    style.write_text(change(text), encoding="utf-8")
    capsys.readouterr()
    output = tmp_path / "out.csv"
    assert cli.main(["generate", "absent.wav", "--style", str(style), "-o", str(output)]) == cli.REFUSED
    assert "ü日本 two.style.json" in refusal(capsys)
    assert list(tmp_path.iterdir()) == [style]


SETTINGS = {
    "intensity": ("--intensity", "-1"),
    "personality": ("--personality", "2.5"),
    "voice": ("--voice", "-0.5"),
    "not-a-number": ("--intensity", "nan"),
    "seed": ("--seed", "-1"),
    "engine": ("--engine", "oracle"),
}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_bad_settings(tmp_path, capsys, style_file, speech, setting):
    capsys.readouterr()
    command = ["generate", str(speech), "--style", str(style_file), "-o", str(tmp_path / "out.csv"), *setting]
    assert cli.main(command) == cli.REFUSED
    refusal(capsys)
    assert list(tmp_path.iterdir()) == [speech]


@pytest.mark.slow
def test_a_take_as_a_shell_sees_it(tmp_path, style_file, speech):
    command = ("generate", speech, "--style", style_file, "--seed", 7, "--fps", "29.97")
    for name in ("ü日本 a.csv", "ü日本 b.csv"):
        done = run(*command, "-o", tmp_path / name)
        assert done.returncode == cli.DONE, done.stderr
        assert done.stdout.splitlines() == [str(tmp_path / name)]
        assert "Traceback" not in done.stderr
    assert (tmp_path / "ü日本 a.csv").read_bytes() == (tmp_path / "ü日本 b.csv").read_bytes()
    motion = read_motion(tmp_path / "ü日本 a.csv")
    assert motion.time_s == pytest.approx(np.arange(90) * 1001 / 30000, abs=1e-6)
    angle = np.degrees(rot.angle_between(motion.rotation, rot.IDENTITY))
    assert angle[0] < 1e-3
    assert angle.max() > 0.5


@pytest.mark.slow
def test_each_format_holds_the_same_motion(tmp_path, style_file, speech):
    pytest.importorskip("bpy", reason="FBX needs the bpy wheel")
    for suffix in ("csv", "bvh", "fbx"):
        output = tmp_path / f"a.{suffix}"
        assert cli.main(["generate", str(speech), "--style", str(style_file), "-o", str(output)]) == cli.DONE
        assert output.stat().st_size > 1000
    frames = len((tmp_path / "a.csv").read_text().splitlines()) - 1
    assert f"Frames: {frames}\n" in (tmp_path / "a.bvh").read_text()


def test_a_direction_is_obeyed_and_what_is_left_out_is_said(tmp_path, capsys, style_file, speech):
    shot = tmp_path / "shot.json"
    shot.write_text(
        '{"pins": [{"time_s": 1.5, "pitch_deg": 3, "yaw_deg": 12, "roll_deg": -2}, {"time_s": 99, "yaw_deg": 1}]}'
    )
    command = ["generate", str(speech), "--style", str(style_file), "--direct", str(shot), "--fps", "24"]
    assert cli.main([*command, "-o", str(tmp_path / "a.csv")]) == cli.DONE
    assert "The pin at 99 s lies after the sound's end" in capsys.readouterr().err
    motion = read_motion(tmp_path / "a.csv")
    np.testing.assert_allclose(np.degrees(rot.to_euler(motion.rotation[36])), [3, 12, -2], atol=0.01)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"pins": [{"time_s": 1.5, "jaw_deg": 3}]}', "“shot.json”: Pin 1 has an unknown entry: jaw_deg"),
        ('{"pins": [{"time_s": 1.5, "yaw_deg": 1e999}]}', "“shot.json”: Pin 1 has Infinity as yaw_deg"),
        ("", "“shot.json”: This is no JSON"),
        (None, "“shot.json” cannot be read"),
    ],
)
def test_bad_directions(tmp_path, capsys, style_file, speech, *, text, says):
    shot = tmp_path / "shot.json"
    if text is not None:
        shot.write_text(text)
    command = ["generate", str(speech), "--style", str(style_file), "--direct", str(shot)]
    assert cli.main([*command, "-o", str(tmp_path / "a.csv")]) == cli.REFUSED
    assert says in capsys.readouterr().err
    assert not (tmp_path / "a.csv").exists()


def test_intensity_0_is_rest(tmp_path, style_file, speech):
    command = ["generate", str(speech), "--style", str(style_file), "-o", str(tmp_path / "a.csv")]
    assert cli.main([*command, "--intensity", "0"]) == cli.DONE
    motion = read_motion(tmp_path / "a.csv")
    assert (motion.rotation == rot.IDENTITY).all()
    assert (motion.translation_m == 0).all()


@pytest.mark.slow
def test_the_strengths_reach_the_engine(tmp_path, style_file, speech):
    """Only with a voice that counts, and a person, does a take depend on them: each shows in the file."""
    command = ["generate", str(speech), "--style", str(style_file), "--seed", "3", "--engine", "puppet"]
    asked = {"as they are": (), "anybody": ("--personality", "0"), "deaf": ("--voice", "0")}
    for name, extra in asked.items():
        assert cli.main([*command, *extra, "-o", str(tmp_path / f"{name}.csv")]) == cli.DONE
    assert len({(tmp_path / f"{name}.csv").read_bytes() for name in asked}) == len(asked)


def test_a_style_without_the_reference_s_motion(tmp_path, style_file):
    track = style_file.with_name("ü日本 track.csv")
    output = tmp_path / "a.style.json"
    assert cli.main(["encode", str(track), "--no-motion", "-o", str(output)]) == cli.DONE
    assert read_style(output).motion is None
    assert read_style(style_file).motion is not None


@pytest.mark.parametrize(
    ("output", "remedy"), [("a.mov", ".csv"), ("nowhere/a.csv", "folder"), ("sub", ".csv")]
)
def test_an_output_that_cannot_be_is_refused_before_the_work(tmp_path, capsys, output, remedy):
    (tmp_path / "sub").mkdir()
    assert cli.main(["track", "absent.mp4", "-o", str(tmp_path / output)]) == cli.REFUSED
    assert remedy in refusal(capsys)


@pytest.mark.parametrize("name", ["file/a.csv", "nowhere/a.csv", "folder.csv"])
def test_check_writable_refuses_what_replacing_would(tmp_path, name):
    """A file for a folder stands for a read-only one: root may write in the latter."""
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(OutputError):
        check_writable(tmp_path / name)
    with pytest.raises(OutputError), replacing(tmp_path / name) as temporary:
        temporary.write_text("new")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder.csv"]
    check_writable(tmp_path / "fine.csv")
    assert not (tmp_path / "fine.csv").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("track", "a.mp4"),
        ("generate", "a.wav", "-o", "a.csv"),
        ("generate", "a.wav", "--style", "a.json", "-o", "a.csv", "--fps", "0"),
        ("generate", "a.wav", "--style", "a.json", "-o", "a.csv", "--fps", "1/0"),
        ("generate", "a.wav", "--style", "a.json", "-o", "a.csv", "--fps", "nan"),
    ],
)
def test_bad_usage(arguments, capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == cli.REFUSED
    assert "usage: mannerism" in capsys.readouterr().err


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from mannerism.core import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit as e: assert e.code == 0\n"
        "assert not {'numpy', 'av', 'librosa', 'mediapipe', 'tqdm', 'bpy'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert all(command in done.stdout for command in ("track", "encode", "generate", "doctor"))


@pytest.mark.slow
def test_a_refusal_as_a_shell_sees_it(tmp_path):
    done = run("track", tmp_path / "absent.mp4", "-o", tmp_path / "out.csv")
    assert done.returncode == cli.REFUSED
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_interrupted(tmp_path):
    """SIGINT as soon as a long job reports its progress: status 130, no traceback, no file."""
    source = write_video(tmp_path / "long.mp4", frames=15_000)
    command = [*COMMAND, "track", str(source), "-o", str(tmp_path / "out.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "%" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == cli.INTERRUPTED, err
    assert out == ""
    assert err.splitlines()[-1].startswith("mannerism: Interrupted")
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == [source]


def test_doctor_names_what_is_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("MANNERISM_FACE_MODEL", str(tmp_path / "absent.task"))
    monkeypatch.setattr(
        doctor,
        "REQUIREMENTS",
        (
            doctor.Requirement("numpy", "numpy", doctor.CAPABILITIES),
            doctor.Requirement("no-such-package", "no_such_package", ("FBX",)),
            doctor.Requirement("pip", "no_such_module", ("generate",)),
        ),
    )
    assert cli.main(["doctor"]) == cli.SOME_FAILED
    output = capsys.readouterr().out
    assert f"numpy                  {np.__version__}" in output
    assert "pip install no-such-package" in output
    assert "cannot be imported: ModuleNotFoundError" in output
    assert "encode                 needs face model" in output
    assert "generate               needs pip" in output
    assert "FBX                    needs no-such-package" in output


def test_doctor_tells_a_known_model_from_another(monkeypatch, tmp_path):
    (tmp_path / "a.task").write_bytes(b"mine")
    monkeypatch.setenv("MANNERISM_FACE_MODEL", str(tmp_path / "a.task"))
    monkeypatch.setattr(doctor, "REQUIREMENTS", ())
    health = doctor.examine()
    assert health.ready
    assert "your own, SHA-256" in doctor.report(health)

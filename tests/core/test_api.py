"""`import mannerism`: what it costs, its examples, and that the other ways in give the same as its functions."""

import doctest
import inspect
import json
import re
import subprocess
import sys
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import mannerism
from mannerism.core import api, cli
from mannerism.core.batch.line import make_line
from mannerism.core.batch.manifest_row import Line
from mannerism.core.errors import ConsentError, SettingsError
from mannerism.core.face.manner import FaceManner
from mannerism.core.gaze.manner import GazeManner
from mannerism.core.gaze.settings import GazeDoses
from mannerism.core.generate import ENGINES, GenerationSettings, first_seed
from mannerism.core.jobs.table import JOBS
from mannerism.core.motion import no_progress
from mannerism.core.motion_npz import load_channels, load_motion
from mannerism.core.portrait.analysis import reference_face
from mannerism.core.style.built_in import built_in_path
from mannerism.core.timing import FrameRate
from mannerism.tests.support.paths import EXAMPLES

LINE = EXAMPLES / "line_1.wav"
TRUTH = EXAMPLES / "reference.truth.csv"
HEAVY = {"av", "cv2", "librosa", "mediapipe", "scipy", "torch", "parselmouth"}
FUNCTIONS = [name for name in mannerism.__all__ if inspect.isfunction(getattr(api, name, None))]


def modules_after(statement):
    """Names of the packages that a process has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=EXAMPLES.parent,
        timeout=60,
    )
    return set(done.stdout.split())


def test_importing_costs_nothing():
    before, after = modules_after("import os"), modules_after("import mannerism; dir(mannerism)")
    assert not (after - before) & {*HEAVY, "numpy", "typing", "importlib.util"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        "mannerism.read_style('calm')",
        "mannerism.blend('calm', 'lively')",
        "mannerism.HeadMotion",
        "mannerism.export",
    ],
)
def test_what_is_light_loads_numpy_alone(statement):
    assert not modules_after(f"import mannerism; {statement}") & HEAVY


def test_every_public_name_is_there():
    assert set(mannerism.__all__) <= set(dir(mannerism))
    assert all(getattr(mannerism, name) is not None for name in mannerism.__all__)
    assert mannerism.generate is api.generate
    with pytest.raises(AttributeError, match="fly"):
        _ = mannerism.fly


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_documented(name):
    function = getattr(api, name)
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Parameter.empty
    text = inspect.getdoc(function) or ""  # Python 3.13 takes the indent off, earlier ones do not
    assert "See Also" in text
    described = re.findall(r"^([a-z_, ]+) : ", text, re.MULTILINE)
    assert set(signature.parameters) <= set(", ".join(described).split(", "))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FUNCTIONS, "mannerism"])
def test_the_example_in_the_documentation(name, tmp_path, monkeypatch):
    """In a folder that has `examples` in it, and takes what they write."""
    (tmp_path / "examples").symlink_to(EXAMPLES, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    (found,) = doctest.DocTestFinder(recurse=False).find(getattr(api, name, mannerism), name, globs={})
    options = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    assert doctest.DocTestRunner(optionflags=options).run(found).failed == 0


@pytest.mark.slow
def test_a_style_is_taken_as_itself_its_file_and_its_name():
    given = ("calm", built_in_path("calm"), str(built_in_path("calm")), mannerism.read_style("calm"))
    motions = [mannerism.generate(style, str(LINE), seed=5, engine="puppet", length_s=2.0) for style in given]
    for motion in motions[1:]:
        np.testing.assert_array_equal(motion.rotation, motions[0].rotation)


@pytest.mark.slow
def test_the_command_line_the_worker_and_a_batch_make_the_same_motion(tmp_path):
    strengths: dict[str, Any] = {"intensity": 1.2, "personality": 1.5, "voice": 0.5}
    shot = tmp_path / "shot.json"
    asked = mannerism.Direction(pins=(mannerism.Pin(1.5, 2.0, 9.0, -1.0),))
    mannerism.write_direction(shot, asked)
    motion = mannerism.generate("lively", LINE, seed=7, engine="puppet", direction=asked, **strengths)
    mannerism.export(tmp_path / "door.csv", motion, 24)
    options = [text for name, value in strengths.items() for text in (f"--{name}", str(value))]
    command = ["generate", str(LINE), "--style", "lively", "--seed", "7", "--engine", "puppet", *options]
    command += ["--direct", str(shot)]
    assert cli.main([*command, "--fps", "24", "-o", str(tmp_path / "command.csv")]) == cli.DONE
    settings = GenerationSettings(7, "puppet", **strengths)
    line = Line(
        "a",
        LINE,
        built_in_path("lively"),
        tmp_path / "line.csv",
        settings,
        FrameRate(Fraction(24)),
        direct=shot,
    )
    make_line(line, None, no_progress)
    expected = (tmp_path / "door.csv").read_bytes()
    assert (tmp_path / "command.csv").read_bytes() == expected
    assert (tmp_path / "line.csv").read_bytes() == expected
    out = tmp_path / "worker.npz"
    arguments = {"audio": str(LINE), "style": str(built_in_path("lively")), "motion_out": str(out)}
    text, speech = shot.read_text(), tmp_path / "speech.npz"
    arguments |= {"activity_out": str(speech), "direction": text}
    JOBS["generate"](no_progress, **arguments, seed=7, engine="puppet", **strengths)
    np.testing.assert_array_equal(load_motion(out).rotation, motion.rotation)
    time_s, curves = load_channels(speech)
    np.testing.assert_allclose(time_s, motion.time_s)
    assert 0.0 <= curves["activity"].min() < 0.5 < curves["activity"].max() <= 1.0


def test_the_seed_comes_from_the_name_of_the_sound():
    made, asked = (mannerism.generate("calm", LINE, seed=seed) for seed in (None, first_seed("line_1")))
    np.testing.assert_array_equal(made.rotation, asked.rotation)


def test_an_engine_of_ones_own():
    """It gets the settings, and its take is led from rest and back, and scaled."""
    given = []

    def still(style, speech, settings, progress):
        given.append(settings)
        return np.full((len(speech.time_s), 6), 0.1)

    motion = mannerism.generate("calm", LINE, engine=still, seed=3, intensity=0.5, voice=0.2)
    assert (given[0].seed, given[0].voice) == (3, 0.2)
    assert motion.translation_m[len(motion.time_s) // 2] == pytest.approx([0.05] * 3)
    assert (motion.translation_m[[0, -1]] == 0.0).all()
    own = mannerism.generate("calm", LINE, engine=ENGINES["puppet"], seed=3)
    named = mannerism.generate("calm", LINE, engine="puppet", seed=3)
    np.testing.assert_array_equal(own.rotation, named.rotation)
    with pytest.raises(ValueError, match="shape"):
        mannerism.generate("calm", LINE, engine=lambda *_: np.zeros((3, 6)))


def test_a_track_and_its_sound_to_a_style():
    """A sound beside a track couples the head to the voice; a track alone is one without sound."""
    alone = mannerism.encode_style(mannerism.core.motion_csv.read_track(TRUTH))
    assert alone.statistics == mannerism.encode_style(str(TRUTH)).statistics
    assert any("No sound" in reason for reason in alone.reasons)


def test_warnings_about_the_tracking_are_passed_on(tmp_path):
    track = mannerism.core.motion_csv.read_track(TRUTH)
    track.meta["warnings"] = ["The picture is damaged."]
    said: list[str] = []
    mannerism.encode_style(track, on_warning=said.append)
    assert said == ["The picture is damaged."]


@pytest.mark.parametrize("fps", [24, "24", Fraction(24), FrameRate(Fraction(24))])
def test_frame_rates_in_any_form(tmp_path, fps):
    motion = mannerism.read_motion(TRUTH)
    mannerism.export(tmp_path / "a.csv", motion, fps)
    assert mannerism.read_motion(tmp_path / "a.csv").time_s[1] == pytest.approx(1 / 24, abs=1e-6)


@pytest.mark.parametrize("fps", [0, -1, "fast", float("nan")])
def test_no_frame_rate_is_refused(tmp_path, fps):
    with pytest.raises(SettingsError):
        mannerism.export(tmp_path / "a.csv", mannerism.read_motion(TRUTH), fps)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("consent", [False, None, "yes", 1])
def test_a_portrait_wants_consent_said_in_so_many_words(tmp_path, consent):
    kept = tmp_path / "kept"
    with pytest.raises(ConsentError):
        mannerism.portrait(EXAMPLES / "reference.mp4", LINE, tmp_path / "a.mp4", consent=consent, folder=kept)
    assert not kept.exists()
    without: dict[str, Any] = {}
    with pytest.raises(TypeError):
        mannerism.portrait(EXAMPLES / "reference.mp4", LINE, tmp_path / "a.mp4", **without)


def test_progress_only_grows():
    shares = []
    mannerism.generate("calm", LINE, engine="puppet", progress=lambda share, _what: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


@pytest.mark.parametrize("names", ["arkit", "visemes"])
def test_the_command_face_writes_what_the_worker_does(tmp_path, names, capsys):
    out = tmp_path / "face.csv"
    command = ["face", str(LINE), "--names", names, "--seed", "3", "--strength", "1.2", "-o", str(out)]
    assert cli.main(command) == cli.DONE
    assert capsys.readouterr().out == f"{out}\n"
    JOBS["face"](
        no_progress,
        audio=str(LINE),
        names=names,
        seed=3,
        strength=1.2,
        doses=asdict(GazeDoses()),
        channels_out=str(tmp_path / "face.npz"),
    )
    time_s, curves = load_channels(tmp_path / "face.npz")
    header = out.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert header == ["time_s", *curves]
    rows = np.loadtxt(out, delimiter=",", skiprows=1)
    assert rows == pytest.approx(np.column_stack([time_s, *curves.values()]), abs=1e-5)


@pytest.mark.parametrize(
    "options",
    [
        ["--strength", "-1"],
        ["--strength", "nan"],
        ["--seed", "-1"],
        ["--fps", "24", "--seed", "-1"],
        ["--brows", "3"],
        ["--squint", "nan"],
    ],
)
def test_a_face_that_cannot_be_is_refused(tmp_path, options):
    assert cli.main(["face", str(LINE), *options, "-o", str(tmp_path / "a.csv")]) == cli.REFUSED
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_a_face_without_a_dose_is_left_out_and_the_rest_is_the_same_bit_for_bit():
    whole = mannerism.face(LINE, seed=3)
    parts = {"brows": ("brow",), "cheeks": ("cheek", "nose"), "squint": ("eyeSquint", "eyeWide")}
    for part, own in parts.items():
        without = mannerism.face(LINE, seed=3, expression={part: 0.0})
        left_out = whole.channels.keys() - without.channels.keys()
        assert left_out == {name for name in whole.channels if name.startswith(own)} != set()
        for name, values in without.channels.items():
            np.testing.assert_array_equal(values, whole.channels[name])


def test_a_face_follows_the_manner_of_a_reference(tmp_path, monkeypatch):
    """How it is measured is tested with the portrait."""
    manner = FaceManner(
        rest=None, gain_m=8e-3, correction_weights=None, blinks_per_minute=30.0, blink_s=0.2, brow_m=1e-3
    )
    monkeypatch.setattr(reference_face, "reference_manners", lambda path, _progress: (manner, GazeManner()))
    usual = mannerism.face(LINE, seed=3)
    theirs = mannerism.face(LINE, seed=3, reference=EXAMPLES / "reference.mp4")
    assert theirs.channels["jawOpen"].mean() > 1.2 * usual.channels["jawOpen"].mean()
    assert theirs.channels["eyeBlinkLeft"].sum() > usual.channels["eyeBlinkLeft"].sum()


def test_scores_name_the_lines_that_cannot_be_used(tmp_path):
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"person": "her"}) + "\n", encoding="utf-8")
    scores = mannerism.score(tmp_path / "pairs.jsonl")
    assert scores.rows == ()
    assert [line.place for line in scores.bad_lines] == ["line 1"]

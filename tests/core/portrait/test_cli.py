"""End-to-end `mannerism portrait` and the worker's job, on a few seconds of the shipped example."""

import csv
import json
import signal
import subprocess
import sys
import time
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

import mannerism
from mannerism.core import cli
from mannerism.core.errors import CancelledError, ConsentError
from mannerism.core.face.manner import face_manner
from mannerism.core.jobs.table import JOBS
from mannerism.core.media.sound import read_sound
from mannerism.core.media.video import Video
from mannerism.core.motion import no_progress
from mannerism.core.motion_csv import write_motion
from mannerism.core.motion_npz import save_motion
from mannerism.core.portrait.analysis.cache import reference_person
from mannerism.core.portrait.analysis.reference_face import reference_manners
from mannerism.core.portrait.output.preview import NAME
from mannerism.core.portrait.output.video_writer import SOUND_HZ, TAGS, write_video
from mannerism.core.portrait.reference.identity import Reference, fingerprint
from mannerism.tests.support.paths import REFERENCE
from mannerism.tests.support.synthetic_person import motion

pytestmark = pytest.mark.slow

REFERENCE_S, SPEECH_S = 3.0, 0.6
PICTURES = 15
WARP = ("--quality", "warp")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("ü日本")


@pytest.fixture(scope="module")
def reference(folder):
    """The beginning of the example."""
    if not REFERENCE.is_file():
        pytest.skip("the example is not checked out")
    path = folder / "ü reference.mp4"
    frames = (frame for frame in Video(REFERENCE) if frame.time_s < REFERENCE_S)
    pictures = [np.asarray(cv2.resize(frame.rgb, (192, 192)), np.uint8) for frame in frames]
    write_video(path, pictures, Fraction(25), read_sound(REFERENCE))
    return path


@pytest.fixture(scope="module")
def speech(folder, talk, write_wav):
    return write_wav(folder / "ü line.wav", talk(SPEECH_S))


@pytest.fixture(scope="module")
def head():
    return motion(np.linspace(0, 4, 25))


@pytest.fixture(scope="module")
def table(folder, head):
    path = folder / "ü motion.csv"
    write_motion(path, head)
    return path


@pytest.fixture(autouse=True)
def kept(folder, monkeypatch):
    """Where what is kept goes: nowhere near the user's own."""
    monkeypatch.setenv("MANNERISM_DATA", str(folder / "kept"))
    monkeypatch.delenv("MANNERISM_CONSENT", raising=False)
    return folder / "kept"


def test_without_consent_it_is_refused(folder, reference, speech, kept, capsys):
    out = folder / "none.mp4"
    assert cli.main(["portrait", str(reference), "--audio", str(speech), "-o", str(out)]) == cli.REFUSED
    (line,) = capsys.readouterr().err.splitlines()
    assert "consent" in line
    assert "--consent" in line
    assert not out.exists()
    assert not kept.exists()


def test_a_video_from_the_command_line(folder, reference, speech, table, capsys):
    out = folder / "ü out.mp4"
    command = [
        "portrait",
        str(reference),
        "--audio",
        str(speech),
        "--motion",
        str(table),
        "-o",
        str(out),
        *WARP,
    ]
    command += ["--size", "127", "--confidence", str(folder / "c.csv"), "--consent"]
    assert cli.main(command) == cli.DONE
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [str(out), str(folder / "c.csv")]
    with av.open(str(out)) as film:
        assert film.metadata.items() >= TAGS.items()
        assert {stream.type for stream in film.streams} == {"video", "audio"}
        pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(pictures) == PICTURES
    assert pictures[0].shape == (128, 128, 3)
    # It is her: near to some picture of the reference as a whole, and not one and the same all the time.
    small = [cv2.resize(frame.rgb, (32, 32), interpolation=cv2.INTER_AREA) for frame in Video(reference)]
    seen = cv2.resize(pictures[5], (32, 32), interpolation=cv2.INTER_AREA).astype(float)
    assert min(np.abs(seen - picture).mean() for picture in small) < 25
    assert np.abs(pictures[0].astype(float) - pictures[-1]).mean() > 0.5
    with (folder / "c.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == PICTURES
    assert all(0 <= float(row["confidence"]) <= 1 for row in rows)
    attested = json.loads((folder / "kept" / "consent.json").read_text(encoding="utf-8"))["attested"]
    assert list(attested) == [fingerprint(reference)]


def test_a_face_in_the_manner_of_the_reference(folder, reference, speech, kept):
    """It is close to that of the whole analysis, which is of smaller pictures here; nothing of it is kept."""
    person = reference_person(Reference.of(reference), 128, kept)
    points = person.mesh + person.expression
    expected = face_manner(points, person.clip.time_s, person.usable, speech=reference)
    before = sorted(kept.rglob("*"))
    found, _ = reference_manners(reference)
    assert found.gain_m == pytest.approx(expected.gain_m, rel=0.3)
    assert found.brow_m == pytest.approx(expected.brow_m, rel=0.3)
    assert found.blinks_per_minute == expected.blinks_per_minute
    out = folder / "face.csv"
    assert cli.main(["face", str(speech), "--reference", str(reference), "-o", str(out)]) == cli.DONE
    assert out.read_text(encoding="utf-8").startswith("time_s,jawOpen,")
    assert sorted(kept.rglob("*")) == before


def test_a_built_in_manner_is_taken_by_its_name(folder, reference, speech, kept):
    """A motion of its own, for no motion was given; the picture is then another than at rest."""
    out = folder / "calm.mp4"
    command = ["portrait", str(reference), "--audio", str(speech), "--style", "calm", "--fps", "5"]
    assert cli.main([*command, *WARP, "--size", "128", "--consent", "-o", str(out)]) == cli.DONE
    with av.open(str(out)) as film:
        assert film.streams.video[0].frames == ceil(5 * SPEECH_S)
    assert cli.main([*command[:5], "nobody", "--consent", "-o", str(folder / "x.mp4")]) == cli.REFUSED
    assert not list(kept.rglob("0*.png"))


def test_from_python_a_style_and_its_name_give_the_same_video(folder, reference, speech, kept):
    styles: dict[str, Any] = {"name": "calm", "style": mannerism.read_style("calm")}
    for name, style in styles.items():
        result = mannerism.portrait(
            str(reference),
            speech,
            folder / f"by {name}.mp4",
            consent=True,
            style=style,
            seed=3,
            fps=5,
            quality="warp",
            size=128,
            folder=kept,
        )
        assert result.time_s == pytest.approx(np.arange(ceil(5 * SPEECH_S)) / 5)
    assert (folder / "by name.mp4").read_bytes() == (folder / "by style.mp4").read_bytes()


def test_a_line_of_a_manifest_is_the_film_and_the_face_of_the_commands(folder, reference, speech, capsys):
    """Through the whole batch, in a process of its own; with the person's own face. Once more, and all is skipped."""
    own, batch = folder / "own", folder / "batch"
    own.mkdir()
    batch.mkdir()
    asked = ["--audio", str(speech), "--style", "calm", "--seed", "7", "--fps", "5", *WARP, "--size", "128"]
    assert cli.main(["portrait", str(reference), *asked, "--consent", "-o", str(own / "a.mp4")]) == cli.DONE
    asked = ["--reference", str(reference), "--style", "calm", "--seed", "7"]
    assert cli.main(["face", str(speech), *asked, "-o", str(own / "a.csv")]) == cli.DONE
    row = {"id": "a", "audio": str(speech), "style": "calm", "seed": 7, "reference": str(reference)}
    row |= {"face": "a.csv", "portrait": "a.mp4", "portrait_quality": "warp", "portrait_size": 128}
    manifest = batch / "lines.jsonl"
    manifest.write_text(json.dumps(row | {"portrait_fps": 5}), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["batch", str(manifest), "--jobs", "1", "--consent"]) == cli.DONE
    assert capsys.readouterr().out.splitlines() == [str(batch / name) for name in ("a.csv", "a.mp4")]
    for name in ("a.csv", "a.mp4"):
        assert (batch / name).read_bytes() == (own / name).read_bytes()
    assert cli.main(["batch", str(manifest), "--jobs", "1", "--consent"]) == cli.DONE
    assert "0 done, 2 skipped, 0 failed" in capsys.readouterr().err


def test_the_meter_needs_no_consent_and_keeps_nothing(reference, kept, capsys):
    before = sorted(kept.rglob("*"))
    assert cli.main(["coverage", str(reference), "--size", "128"]) == cli.DONE
    printed = capsys.readouterr().out
    assert "Mouth open" in printed
    assert "%" in printed
    assert sorted(kept.rglob("*")) == before


def test_consent_by_the_environment_and_the_references_own_sound(folder, reference, table, monkeypatch):
    """Afterwards nothing is analysed again, and no picture is left."""
    monkeypatch.setenv("MANNERISM_CONSENT", "1")
    out = folder / "own.mp4"
    command = ["portrait", str(reference), "--audio", str(reference), "--motion", str(table), *WARP]
    command += ["--size", "128", "--fps", "5", "--no-label", "-o", str(out)]
    assert cli.main(command) == cli.DONE
    with av.open(str(out)) as film:
        assert film.metadata["synthetic"] == "yes", "printed even without the label"
        sound_s = read_sound(reference).shape[1] / SOUND_HZ
        assert film.streams.video[0].frames == ceil(5 * sound_s)
    assert not list((folder / "kept").rglob("0*.png"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_interrupted_as_a_shell_sees_it(folder, reference, table, kept):
    """Status 130, no film, no traceback; the pictures that are drawn stay."""
    out = folder / "long.mp4"
    command = [
        sys.executable,
        "-m",
        "mannerism.core.cli",
        "portrait",
        str(reference),
        "--audio",
        str(REFERENCE),
    ]
    command += ["--motion", str(table), *WARP, "--size", "128", "--fps", "60", "--consent", "-o", str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 90
        while not list(kept.rglob("0*.png")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        printed, err = process.communicate(timeout=60)
    assert process.returncode == cli.INTERRUPTED, err
    assert printed == ""
    assert "carries on" in err.splitlines()[-1]
    assert "Traceback" not in err
    assert not out.exists()
    assert list(kept.rglob("0*.png"))


@pytest.fixture
def arguments(folder, reference, speech, head, kept):
    save_motion(folder / "motion.npz", head)
    (folder / "preview").mkdir(exist_ok=True)
    return {
        "reference": str(reference),
        "audio": str(speech),
        "start_s": 0.0,
        "length_s": 0.4,
        "motion": str(folder / "motion.npz"),
        "seed": 3,
        "fps": "30000/1001",
        "quality": "warp",
        "size": 128,
        "label": True,
        "out": str(folder / "ü job.mp4"),
        "cache": str(kept),
        "consent": fingerprint(reference),
        "preview": str(folder / "preview"),
        "style": "",
    }


def test_the_workers_job(folder, arguments):
    printed = []
    answer = JOBS["portrait"](lambda share, what: printed.append((share, what)), **arguments)
    assert answer["out"] == arguments["out"]
    json.dumps(answer)
    with Path(answer["confidence_csv"]).open(newline="", encoding="utf-8") as file:
        assert [float(row["time_s"]) for row in csv.DictReader(file)] == pytest.approx(
            np.arange(12) * 1001 / 30000, abs=1e-5
        )
    assert [share for share, _ in printed] == sorted(share for share, _ in printed)
    assert any("left" in what for _, what in printed)
    assert cv2.imdecode(np.fromfile(folder / "preview" / NAME, np.uint8), cv2.IMREAD_COLOR).shape == (
        128,
        128,
        3,
    )


def test_the_workers_job_wants_consent_for_this_very_file(arguments):
    for given in ("", "0" * 64):
        with pytest.raises(ConsentError):
            JOBS["portrait"](no_progress, **{**arguments, "consent": given, "out": arguments["out"] + ".mp4"})


def test_the_worker_forgets(arguments, kept):
    def escape(_share, what):
        if what.startswith("Picture 3"):
            raise CancelledError

    with pytest.raises(CancelledError):
        JOBS["portrait"](escape, **{**arguments, "seed": 4})
    assert list(kept.rglob("0*.png"))
    JOBS["forget"](no_progress, reference=arguments["reference"], cache=str(kept))
    left = {path.name for path in kept.rglob("*") if path.is_file()}
    left.discard("worker.log")  # of processes that other tests started
    assert left == {"consent.history.jsonl", "consent.json"}

"""Files of pairs, and `mannerism score` on them."""

import json

import numpy as np
import pytest

from mannerism.core import cli
from mannerism.core.errors import ScoreError
from mannerism.core.evaluate import BadLine, load_takes
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import write_motion, write_track
from mannerism.core.speech import extract_features
from mannerism.tools.synthetic.persons import draw_person, move, speak


@pytest.fixture(scope="module")
def folder(tmp_path_factory, talk, write_wav):
    """Two persons in a folder that is called as people call things, with a motion each."""
    place = tmp_path_factory.mktemp("pairs") / "Tränen & Köpfe"
    place.mkdir()
    for number, voice in enumerate(("Female1", "Male1")):
        random = np.random.default_rng(number)
        person = draw_person(str(number), random)
        write_wav(place / f"{number}.wav", talk(9.0, voice))
        speech = extract_features(place / f"{number}.wav")
        write_track(place / f"{number}.reference.csv", move(person, speak(8.0, random), random))
        write_track(place / f"{number}.target.csv", move(person, speech, random))
        made = move(person, speech, random)
        write_motion(place / f"{number}.csv", HeadMotion(made.time_s, made.rotation, made.translation_m))
    return place


def line(number, **changes):
    return {
        "person": f"person {number}",
        "reference_track": f"{number}.reference.csv",
        "target_track": f"{number}.target.csv",
        "audio": f"{number}.wav",
        "motion": f"{number}.csv",
        "seed": 0,
        "system": "mine",
        "kind": "other",
    } | changes


def write_pairs(folder, *lines):
    path = folder / "pairs.jsonl"
    rows = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in lines]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_table_on_stdout(folder, capsys):
    assert cli.main(["score", str(write_pairs(folder, line(0), "", line(1)))]) == 0
    output = capsys.readouterr()
    assert output.out.splitlines()[0] == "Another recording of the person"
    assert output.out.splitlines()[-1].startswith("mine")
    assert any(line.startswith("mine") and line.endswith("2 of 2") for line in output.out.splitlines())
    assert "verifier" in output.err


@pytest.mark.slow
def test_plain_values_on_stdout(folder, capsys):
    assert cli.main(["score", str(write_pairs(folder, line(0), line(1))), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["system"] == "real"
    assert rows[-1]["system"] == "mine"
    assert rows[-1]["figures"].keys() == {"kin", "sync_gap", "hold_gap"}


@pytest.mark.slow
def test_a_bad_line_fails_alone(folder, capsys):
    pairs = write_pairs(folder, line(0), "{", line(1, motion="missing.csv"), line(1))
    assert cli.main(["score", str(pairs)]) == 1
    output = capsys.readouterr()
    assert any(line.startswith("mine") and line.endswith("2 of 2") for line in output.out.splitlines())
    assert "line 2: This is no JSON" in output.err
    assert "line 3: “missing.csv” cannot be read" in output.err


@pytest.mark.slow
def test_only_bad_lines(folder, capsys):
    assert cli.main(["score", str(write_pairs(folder, "[]"))]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "line 1" in output.err
    assert "No line" in output.err


@pytest.mark.parametrize("content", [None, b"", b"\n \n", b"\xff\xfe\x00"])
def test_no_pairs_at_all(tmp_path, capsys, content):
    path = tmp_path / "pairs.jsonl"
    if content is not None:
        path.write_bytes(content)
    assert cli.main(["score", str(path)]) == 2
    assert "pairs.jsonl" in capsys.readouterr().err


def without(key):
    return {name: value for name, value in line(0).items() if name != key}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("nonsense", "JSON"),
        ("[" * 100_000, "JSON"),
        ("3", "object"),
        (without("audio"), "audio"),
        (without("person"), "person"),
        (line(0, style="a.json"), "style"),
        (line(0, person=" "), "empty"),
        (line(0, motion=3), "text"),
        (line(0, motion="a\0b"), "text"),
        (line(0, audio="a\0b"), "text"),
        (line(0, seed="1"), "seed"),
        (line(0, seed=True), "seed"),
        (line(0, kind="twin"), "kind"),
        (line(0, kind=["other"]), "kind"),
        (line(0, system="real"), "real"),
        (line(0, system="half gain"), "half gain"),
        (line(0, system=7), "7"),
        (line(0, audio="0.csv"), "0.csv"),
        (line(0, target_track="0.wav"), "0.wav"),
        (line(0, audio="missing.wav"), "missing.wav"),
    ],
)
def test_a_bad_line_tells_where_and_why(folder, row, said):
    (found,) = load_takes(write_pairs(folder, row))
    assert isinstance(found, BadLine)
    assert found.place == "line 1"
    assert said in f"{found.place} {found.problem}"


def test_what_may_be_left_out(folder):
    short = {key: line(0)[key] for key in ("person", "reference_track", "target_track", "audio", "motion")}
    (take,) = load_takes(write_pairs(folder, short))
    assert (take.system, take.seed, take.kind) == ("0", 0, "other")


def test_seeds_of_a_pair_belong_together(folder):
    takes = list(load_takes(write_pairs(folder, line(0), line(0, seed=1), line(1))))
    assert takes[0].pair == takes[1].pair != takes[2].pair
    # Paths are relative to the pairs, wherever one is.
    assert all(len(take.motion.valid) == 226 - 30 for take in takes)  # 9 s without the edges


def test_a_folder_is_no_file_of_pairs(tmp_path):
    with pytest.raises(ScoreError):
        list(load_takes(tmp_path))

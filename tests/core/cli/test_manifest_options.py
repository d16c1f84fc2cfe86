"""What is stated of a manifest on the command line, and what is said of it."""

import json

import pytest

from mannerism.core import cli
from mannerism.core.batch.status import read_status


@pytest.fixture
def table(tmp_path):
    """A table whose sounds are missing, so that each line fails in its own words."""
    (tmp_path / "lines.csv").write_text(
        "Line ID,WAV,Speaker,Locale,Dialogue,Notes\na,a.wav,Ada,en,Hello,x\nb,b.wav,Bob,de,Hallo,y\n"
    )
    (tmp_path / "cast.json").write_text(json.dumps({"Ada": "calm"}))
    return tmp_path / "lines.csv"


def test_a_table_with_all_that_it_leaves_out(table, capsys):
    options = ["--set", "out={language}/{id}.bvh", "--characters", str(table.with_name("cast.json"))]
    assert cli.main(["batch", str(table), "--jobs", "1", *options]) == cli.SOME_FAILED
    said = capsys.readouterr().err
    assert said.count("“Notes”") == 1
    assert "“a.wav” cannot be read" in said, "the line itself is whole"
    assert "“Bob” is not in the table of characters" in said
    first, second = read_status(table.with_name("lines.status.jsonl"))
    assert (first.id, first.character, first.text, first.language) == ("a", "Ada", "Hello", "en")
    assert (second.text, second.language) == ("Hallo", "de")


def test_a_farm_is_given_the_same_options(table, capsys):
    options = ["--set", "style=calm", "out={id}.bvh", "--characters", str(table.with_name("cast.json"))]
    assert cli.main(["submit", "deadline", str(table), *options]) == cli.DONE
    text = table.with_name("lines.deadline.txt").read_text()
    assert "--set style=calm --set out={id}.bvh" in text
    assert f"--characters {table.with_name('cast.json')}" in text
    assert "“Notes”" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--set", "style"], ["--set", "loud=1"], ["--set", "id=a"], ["--characters", "nothing.csv"]]
)
def test_what_cannot_be_stated_is_refused(table, options, capsys):
    assert cli.main(["batch", str(table), *options]) == cli.REFUSED
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_of_sounds_takes_no_options_of_manifests(tmp_path, capsys):
    out = ["--style", "calm", "-o", str(tmp_path / "out")]
    assert cli.main(["batch", str(tmp_path), *out, "--set", "style=calm"]) == cli.REFUSED
    assert "--set" in capsys.readouterr().err


def test_a_start_is_said_not_to_count_here(table, capsys):
    table.write_text("id,audio,style,out,start\na,a.wav,calm,a.bvh,12\n")
    cli.main(["batch", str(table), "--jobs", "1"])
    assert "“start” is for lists in Blender" in capsys.readouterr().err

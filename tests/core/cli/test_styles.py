"""Blends and built-in styles on the command line, and names of built-in styles wherever a file is taken."""

import json
from pathlib import Path

import pytest

from mannerism.core import cli
from mannerism.core.batch.manifest import folder_manifest, read_manifest
from mannerism.core.errors import StyleError
from mannerism.core.style import blend, built_in_styles, read_style, write_style
from mannerism.core.style.built_in import FOLDER, descriptions


@pytest.fixture
def speech(tmp_path, write_wav, talk):
    return write_wav(tmp_path / "ü日本 one.wav", talk(3.0))


def test_the_built_in_styles_are_listed_with_a_line_each(capsys):
    assert cli.main(["styles"]) == cli.DONE
    lines = capsys.readouterr().out.splitlines()
    for line, (name, description) in zip(lines, descriptions().items(), strict=True):
        assert line.startswith(name)
        assert line.endswith(f" {description}")


def test_a_blend_of_a_file_and_a_built_in_style(tmp_path, capsys):
    ada, out = tmp_path / "Ada ü日本.style.json", tmp_path / "ü 日本 c.style.json"
    write_style(ada, built_in_styles()["tilting"])
    command = ["blend", str(ada), "small nods", "--mix", "0.3", "-o", str(out)]
    assert cli.main(command) == cli.DONE
    assert capsys.readouterr().out == f"{out}\n"
    expected = blend(built_in_styles()["tilting"], built_in_styles()["small nods"], 0.3)
    assert read_style(out).statistics == expected.statistics


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["calm", "clam"], "calm, still"),
        (["calm", "absent.style.json"], "absent.style.json"),
        (["calm", "still", "--mix", "1.5"], "1.5"),
        (["calm", "still", "--mix", "nan"], "nan"),
    ],
)
def test_what_cannot_be_blended_is_refused_in_a_line(tmp_path, capsys, arguments, message):
    out = tmp_path / "c.style.json"
    assert cli.main(["blend", *arguments, "-o", str(out)]) == cli.REFUSED
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["calm"], ["calm", "still", "lively"], ["calm", "still", "--mix", "a"]]
)
def test_bad_usage_of_blend_is_status_2(tmp_path, arguments):
    with pytest.raises(SystemExit) as end:
        cli.main(["blend", *arguments, "-o", str(tmp_path / "c.style.json")])
    assert end.value.code == cli.REFUSED


def test_a_blend_that_is_no_style_file_is_refused(tmp_path, capsys):
    assert cli.main(["blend", "calm", "still", "-o", str(tmp_path / "c.bvh")]) == cli.REFUSED
    assert ".json" in capsys.readouterr().err


@pytest.mark.slow
def test_generate_takes_a_name_and_replay_refuses_it(tmp_path, capsys, speech):
    out = tmp_path / "one.csv"
    command = ["generate", str(speech), "--style", "emphatic nods", "-o", str(out)]
    assert cli.main([*command, "--engine", "puppet"]) == cli.DONE
    out.unlink()
    capsys.readouterr()
    assert cli.main([*command, "--engine", "replay"]) == cli.REFUSED
    assert "no recorded motion" in capsys.readouterr().err
    assert not out.exists()


def test_a_manifest_takes_a_name(tmp_path):
    rows = [
        {"id": style, "audio": "a.wav", "style": style, "out": f"{style}.csv"}
        for style in ("calm", "clam", "ada.style.json")
    ]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    calm, clam, ada = read_manifest(tmp_path / "lines.jsonl").lines
    assert (calm.style, calm.problem) == (FOLDER / "calm.style.json", "")
    assert "There is no style “clam”" in clam.problem
    assert (ada.style, ada.problem) == (tmp_path / "ada.style.json", "")


def test_a_folder_of_sounds_takes_a_name(tmp_path, speech, capsys):
    (line,) = folder_manifest(tmp_path, Path("calm"), tmp_path / "out", ".csv").lines
    assert line.style == FOLDER / "calm.style.json"
    with pytest.raises(StyleError, match="calm"):
        folder_manifest(tmp_path, Path("clam"), tmp_path / "out", ".csv")
    assert cli.main(["batch", str(tmp_path), "--style", "clam", "-o", str(tmp_path / "out")]) == cli.REFUSED

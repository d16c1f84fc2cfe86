"""What lines leave out: defaults of a manifest and of a run, and the table of characters."""

import json

import pytest

from mannerism.core.batch.characters import read_characters
from mannerism.core.batch.given import Given, characters_of, stated_fields
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.errors import BatchError

LINE = {"id": "a", "audio": "a.wav", "out": "a.bvh"}


def read(folder, *rows, **given):
    path = folder / "lines.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return read_manifest(path, given=Given(**given)).lines


def test_a_line_of_defaults(tmp_path):
    defaults = {"defaults": {"style": "calm", "intensity": 0.5, "out": "{character}/{id}.bvh"}}
    first, second = read(tmp_path, defaults, LINE, {"id": "b", "audio": "b.wav", "character": "Ada"})
    assert (first.problem, second.problem) == ("", "")
    assert first.settings.intensity == 0.5
    assert second.out == tmp_path.resolve() / "Ada" / "b.bvh"


def test_the_line_comes_first_then_its_character_the_run_and_the_manifest(tmp_path):
    """Each of the four states one more key than the one before it."""
    manifest = {"intensity": 0.1, "voice": 0.1, "personality": 0.1, "fps": 10, "style": "calm"}
    (line,) = read(
        tmp_path,
        {"defaults": manifest},
        LINE | {"intensity": 0.4, "character": " ADA"},
        stated={"intensity": 0.2, "voice": 0.2, "personality": 0.2},
        characters=characters_of({"Ada": {"intensity": 0.3, "voice": 0.3}}, "table"),
    )
    settings = line.settings
    assert (settings.intensity, settings.voice, settings.personality, line.rate.fps) == (0.4, 0.3, 0.2, 10)


def test_settings_as_one_object(tmp_path):
    (line,) = read(tmp_path, LINE | {"style": "calm", "settings": {"intensity": 0.5, "seed": 3}, "seed": 4})
    assert (line.settings.intensity, line.settings.seed) == (0.5, 4)


def test_a_key_of_the_line_comes_before_inherited_settings(tmp_path):
    (line,) = read(
        tmp_path, LINE | {"style": "calm", "settings": {"intensity": 0.5}}, stated={"intensity": 2.0}
    )
    assert line.settings.intensity == 0.5


def test_an_unknown_character_is_refused_with_the_known_ones(tmp_path):
    table = characters_of({"Ada": "calm", "Grete": "lively"}, "table")
    good, bad, none = read(
        tmp_path,
        LINE | {"character": "ADA"},
        LINE | {"id": "b", "out": "b.bvh", "character": "Bob"},
        LINE | {"id": "c", "out": "c.bvh"},
        characters=table,
    )
    assert good.problem == ""
    assert "Bob" in bad.problem
    assert "Ada, Grete" in bad.problem
    assert "Missing: style" in none.problem


def test_a_manifest_may_bring_its_characters(tmp_path):
    (line,) = read(tmp_path, {"characters": {"Ada": "calm"}}, LINE | {"character": "Ada"})
    assert (line.problem, line.style.name) == ("", "calm.style.json")


@pytest.mark.parametrize(
    ("defaults", "message"),
    [
        ({"id": "x"}, "“id” is unknown"),
        ({"loudness": 1}, "“loudness” is unknown"),
        ({"seed": "1"}, "seed is"),
        ([], "no object"),
    ],
)
def test_bad_defaults_are_refused_before_any_line(tmp_path, defaults, message):
    with pytest.raises(BatchError, match=message):
        read(tmp_path, {"defaults": defaults}, LINE)


@pytest.mark.parametrize("pattern", ["{nobody}.bvh", "{character}.bvh", "{out}.bvh", "{id.__class__}.bvh"])
def test_patterns_of_what_a_line_has_not(tmp_path, pattern):
    (line,) = read(
        tmp_path, {key: LINE[key] for key in ("id", "audio")}, stated={"style": "calm", "out": pattern}
    )
    assert "has no" in line.problem


def test_patterns_lead_nowhere_else(tmp_path):
    (line,) = read(tmp_path, {"id": "../../x", "audio": "a.wav"}, stated={"style": "calm", "out": "{id}.bvh"})
    assert "outside" in line.problem


def test_braces_of_a_line_are_letters(tmp_path):
    (line,) = read(tmp_path, LINE | {"style": "calm", "out": "{id}.bvh"})
    assert line.out.name == "{id}.bvh"


def test_texts_of_a_command_line():
    assert stated_fields(["style=a=b", "intensity=0.5", "seed = 7"]) == {
        "style": "a=b",
        "intensity": 0.5,
        "seed": 7,
    }
    for bad in ("style", "id=3", "loud=1", "intensity=much", "seed=-1.5"):
        with pytest.raises(BatchError):
            stated_fields([bad])


class TestTablesOfCharacters:
    """A row a character, or an object."""

    def test_csv(self, tmp_path):
        path = tmp_path / "cast.csv"
        path.write_text(
            "Name;Style;Intensity;Actor\nAda;calm;0,8;X\nGrete;grete.style.json;;Y\n", encoding="utf-8-sig"
        )
        found, (note,) = read_characters(path)
        assert found["ada"].fields["intensity"] == 0.8
        assert found["grete"].fields == {"style": str(tmp_path / "grete.style.json")}
        assert "“Actor”" in note

    def test_json(self, tmp_path):
        path = tmp_path / "cast.json"
        path.write_text(
            json.dumps({"Ada": "calm", "Grete": {"style": "grete.style.json", "engine": "puppet"}})
        )
        found, _ = read_characters(path)
        assert found["ada"].fields["style"].endswith("calm.style.json")
        assert found["grete"].fields["engine"] == "puppet"

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "style,intensity\ncalm,1\n",
            "name,style\nAda,calm\nada,lively\n",
            "name,style\n,calm\n",
            "name,style,seed,intensity\nAda,calm,3,loud\n",
            "name,style\nAda,no such style\n",
        ],
    )
    def test_csv_that_cannot_be_read(self, tmp_path, content):
        path = tmp_path / "cast.csv"
        path.write_text(content)
        with pytest.raises(BatchError):
            read_characters(path)

    @pytest.mark.parametrize(
        "content", ["", "[]", "{", '{"Ada": 3}', '{"Ada": {"out": "a.bvh"}}', '{"": "calm"}', "7"]
    )
    def test_json_that_cannot_be_read(self, tmp_path, content):
        path = tmp_path / "cast.json"
        path.write_text(content)
        with pytest.raises(BatchError):
            read_characters(path)

    def test_no_file(self, tmp_path):
        for name in ("cast.csv", "cast.json"):
            with pytest.raises(BatchError, match="no such file"):
                read_characters(tmp_path / name)

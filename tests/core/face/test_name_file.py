"""Preset files of shape-key names: what is written is read back, what is damaged is refused by its cause."""

import json

import pytest

from mannerism.core.errors import SettingsError
from mannerism.core.face.name_file import NamedKey, by_hand, load_names, rows_of, save_names

NAMED = (NamedKey("口", "viseme_aa", 0.5), NamedKey("口", "jawOpen", 0.25), NamedKey("blink", "eyeBlinkLeft"))


def test_round_trip(tmp_path):
    save_names(tmp_path / "a.face.json", NAMED)
    assert load_names(tmp_path / "a.face.json") == NAMED
    assert rows_of(by_hand(NAMED)) == NAMED


def test_rows_of_one_key_add_up_and_empty_ones_are_left_out():
    rows = (NamedKey("a", "jawOpen", 0.5), NamedKey("a", "jawOpen", 0.25), NamedKey("", "jawOpen"))
    assert by_hand(rows) == {"a": {"jawOpen": 0.75}}


def file(**changed):
    content = {"format": "mannerism face names", "version": 1, "names": [{"key": "a", "channel": "jawOpen"}]}
    return json.dumps({**content, **changed})


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no list of face names"),
        (file(format="other"), "no list of face names"),
        (file(version=2), "version"),
        (file(names=3), "version"),
        (file(names=[3]), "without a shape key"),
        (file(names=[{"key": "a", "channel": "nose"}]), "unknown channel “nose”"),
        (file(names=[{"key": "a", "channel": "jawOpen", "strength": "much"}]), "no number"),
        (file(names=[{"key": "a", "channel": "jawOpen", "strength": float("inf")}]), "no number"),
        (" " * 1_000_001, "too large"),
    ],
)
def test_damage_is_refused(tmp_path, text, cause):
    path = tmp_path / "a.face.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match=cause) as refusal:
        load_names(path)
    assert refusal.value.remedy


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(SettingsError, match="No such file"):
        load_names(tmp_path / "none.face.json")

"""Every text can be translated by a row of a file, in the context in which Blender looks it up."""

import json

import pytest

from mannerism import registration
from mannerism.bridge import translations
from mannerism.tools.build import texts

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.usefixtures("extension")


def listed():
    return {(each.context, each.text) for each in texts.texts() if each.context != texts.COMPOSED}


def test_every_class_is_looked_through():
    mine = {cls.__name__ for cls in registration.CLASSES}
    assert {cls.__name__ for cls in texts.classes()} == mine


def test_known_texts_of_each_kind_are_listed_in_their_context():
    known = {
        ("Operator", "Draw Take"),  # an operator's label
        ("*", "Layers"),  # a panel's
        ("*", "Seed"),  # a property's name
        ("*", "Where the speech is"),  # its tooltip
        ("*", "Speaker"),  # a choice
        ("*", "Star"),  # a property of Blender's own types
        ("*", "Select an armature or an object"),  # a row of text
        ("Operator", "Built-in"),  # a button that bears another label than its operator
        ("*", "Choose a speech first"),  # why a button is grey
        ("*", "The worker has ended"),  # a report
        ("*", "Keep Worker Warm"),  # a preference
    }
    assert known <= listed()
    assert ("*", "Draw Take") not in listed()


def test_contexts_are_those_that_blender_asks_with():
    contexts = bpy.app.translations.contexts
    assert (contexts.default, contexts.operator_default) == (texts.DEFAULT, texts.OPERATOR)
    found = listed()
    for cls in registration.CLASSES:
        if issubclass(cls, bpy.types.Operator):
            assert (cls.bl_rna.translation_context, cls.bl_label) in found, cls
            assert cls.bl_rna.translation_context == texts.OPERATOR
        for prop in cls.bl_rna.properties:
            if prop.is_runtime and not prop.is_hidden:
                assert (prop.translation_context, prop.name) in found, prop.identifier


def test_composed_texts_are_listed_apart():
    composed = {each.text for each in texts.texts() if each.context == texts.COMPOSED}
    assert "Generate for {}" in composed
    assert not any("{" in text for _, text in listed() if "{id}" not in text)


def test_a_language_is_a_file_and_nothing_else(tmp_path):
    rows = [[context, text, f"«{text}»"] for context, text in sorted(listed())]
    (tmp_path / "de_DE.json").write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / "ja_JP.json").write_text('[["*", "Seed", "シード"]]', encoding="utf-8")
    table = translations.table(tmp_path)
    assert table["ja_JP"] == {("*", "Seed"): "シード"}
    assert set(table["de_DE"]) == listed()
    translations.start(tmp_path)  # Blender refuses a table that it cannot read
    translations.start()
    assert translations.tip("Seed") == "Seed"


def test_shipped_languages_translate_what_there_is():
    """No row is left over from a text that has changed, and none is empty."""
    for locale, rows in translations.table().items():
        assert set(rows) <= listed(), locale
        assert all(text.strip() for text in rows.values()), locale


def test_registering_gives_and_takes_them_back():
    for _ in range(2):
        translations.stop()
        translations.start()

"""Every text can be translated by a row of a file, in the context in which Blender looks it up."""

import json
import re
from string import Formatter
from typing import Any

import pytest

from mannerism import registration
from mannerism.bridge import live_settings, translations
from mannerism.tools.build import texts

bpy = pytest.importorskip("bpy")
blf = pytest.importorskip("blf")
pytestmark = pytest.mark.usefixtures("extension")


def listed():
    return {(each.context, each.text) for each in texts.texts() if each.context != texts.COMPOSED}


def test_every_class_is_looked_through():
    mine = {cls.__name__ for cls in registration.CLASSES}
    assert {cls.__name__ for cls in texts.classes()} == mine


def test_known_texts_of_each_kind_are_listed_in_their_context():
    known = {
        ("Operator", "Draw Take"),  # an operator's label
        ("Mannerism", "Layers"),  # a panel's
        ("Mannerism", "Seed"),  # a property's name
        ("*", "Where the speech is"),  # its tooltip
        ("Mannerism", "Speaker"),  # a choice
        ("*", "Star"),  # a property of Blender's own types
        ("*", "Select an armature or an object"),  # a row of text
        ("Operator", "Built-in"),  # a button that bears another label than its operator
        ("*", "Choose a speech first"),  # why a button is grey
        ("*", "The worker has ended"),  # a report
        ("Mannerism", "Keep Worker Warm"),  # a preference
        ("*", "Generate for {}"),  # a text that is filled in
        ("*", "Drop a sound on the viewport"),  # a hint
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
        for prop in texts.own_properties(cls):
            if not texts.is_name(prop.name):
                assert (prop.translation_context, prop.name) in found, prop.identifier


def test_composed_texts_are_listed_apart():
    composed = {each.text for each in texts.texts() if each.context == texts.COMPOSED}
    assert "Take {} of {}" in composed
    assert not any("{}" in text for context, text in listed() if context != texts.DEFAULT)


def test_a_language_is_a_file_and_nothing_else(tmp_path):
    rows = [[context, text, f"«{text}»"] for context, text in sorted(listed())]
    (tmp_path / "de_DE.json").write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / "ja_JP.json").write_text('[["*", "Seed", "シード"]]', encoding="utf-8")
    table = translations.table(tmp_path)
    assert table["ja_JP"] == {("*", "Seed"): "シード"}
    assert set(table["de_DE"]) == listed()
    translations.start(tmp_path)  # Blender refuses a table that it cannot read
    translations.start()
    assert translations.tip("Draw Take") == "Draw Take"


LOCALES = ("de_DE", "ja_JP")
_LABEL, _BUTTON, _ROW = 90, 165, 165
"""Pixels of 11 points beside a field, on a button and in a row, in a sidebar as narrow as it opens."""


def test_these_languages_are_shipped():
    assert tuple(sorted(translations.table())) == LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_is_complete_and_has_nothing_left_over(locale):
    rows = translations.table()[locale]
    assert listed() - set(rows) == set(), "run tools/build/texts.py --missing"
    assert set(rows) - listed() == set()
    assert all(text.strip() for text in rows.values())


@pytest.mark.parametrize("locale", LOCALES)
def test_no_placeholder_is_lost_and_ends_stay(locale):
    for (_, text), translation in translations.table()[locale].items():
        assert _placeholders(translation) == _placeholders(text), text
        if "{" in text:
            translation.format(*_VALUES[: len(_placeholders(text))])
        assert translation[:1].isspace() == text[:1].isspace() or translation[:1] in "、。（", text
        assert translation.count("\n") == text.count("\n"), text


def _placeholders(text):
    return [spec for _, name, spec, _ in Formatter().parse(text) if name is not None]


_VALUES = (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_much_wider_than_in_english(locale):
    """In the interface's own font; a text in English that is wider than its place is as wide in another language."""
    rows = translations.table()[locale]
    blf.size(0, 11.0)
    widths = {"Mannerism": _LABEL, "Operator": _BUTTON, texts.DEFAULT: _ROW}
    for each in texts.texts():
        is_row = each.where.startswith("panels/")
        if each.context in widths and (each.context != texts.DEFAULT or is_row):
            english, other = (_width(text) for text in (each.text, rows[each.context, each.text]))
            assert other <= max(widths[each.context], 1.1 * english), rows[each.context, each.text]


def _width(text):
    return blf.dimensions(0, re.sub(r"{.*?}", "", text))[0]


def test_the_font_has_a_width_for_each_script():
    blf.size(0, 11.0)
    assert _width("アーマチュア") > _width("アーマ") > 20
    assert _width("Schlüsselbild {}") > 50


@pytest.mark.parametrize(
    ("locale", "nod", "made"), [("de_DE", "Nicken", "Für Ada erzeugen"), ("ja_JP", "うなずき", "Ada に生成")]
)
def test_names_and_texts_that_are_filled_in_are_translated(locale, nod, made):
    view = bpy.context.preferences.view
    if locale not in {item.identifier for item in view.bl_rna.properties["language"].enum_items_static}:
        pytest.skip("this Blender has no such language")
    before = view.language, view.use_translate_interface
    try:
        view.language, view.use_translate_interface = locale, True
        if bpy.app.translations.locale != locale:
            pytest.skip("this Blender is built without languages")
        assert translations.named("Nods") == nod
        assert translations.filled("Generate for {}", "Ada") == made
        assert translations.filled("Frame {:g}", 12.5).endswith("12.5")
    finally:
        view.language, view.use_translate_interface = before


def test_what_is_put_in_is_no_template():
    assert translations.filled("Removed “{}”", "{0} {x}") == "Removed “{0} {x}”"


def test_blenders_own_words_for_other_things_are_not_ours():
    face: Any = next(cls for cls in registration.CLASSES if cls.__name__ == "MANNERISM_PT_face")
    assert face.bl_rna.translation_context == translations.CONTEXT
    shape: Any = live_settings.MANNERISM_PG_shape
    shift = shape.bl_rna.properties["translation"]
    assert (shift.name, shift.translation_context) == ("Shift", translations.CONTEXT)


def test_registering_gives_and_takes_them_back():
    for _ in range(2):
        translations.stop()
        translations.start()

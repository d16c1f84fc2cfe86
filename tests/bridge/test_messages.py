"""What core says is shown in the language of the interface."""

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mannerism.bridge import messages, translations
from mannerism.bridge.message_table import LONGEST, MessageTable, Row
from mannerism.core.direct.direction import Gesture, Part, Pin
from mannerism.core.direct.direction_file import direction_from_json
from mannerism.core.errors import MannerismError
from mannerism.core.media.picture_damage import PictureDamage
from mannerism.core.style.blend import blend
from mannerism.core.style.built_in import style_path
from mannerism.core.track.bvh import read_bvh
from mannerism.panels import batch, words
from mannerism.tests.support.recorded_layout import Layout
from mannerism.tools.build import message_lists, texts
from mannerism.tools.build import messages as listed

bpy = pytest.importorskip("bpy")
blf = pytest.importorskip("blf")
LOCALES = ("de_DE", "ja_JP")
NAMES = (
    "Ada",
    "سلام.wav",
    "頭の動き",
    "a. b; c.mp4",
    "{0} {x}",
    "{",
    "It’s (2)",
    "C:\\x\\{}.wav",
    "„Ä“",
    "12.5",
)
"""Values such as users bring: names in any script, with braces, quotation marks and full stops."""


def rows(locale):
    return [Row(*row) for row in translations.messages(locale).items()]


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setattr(messages, "language", lambda: "de_DE")


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_translated_and_nothing_is_left_over(locale):
    there = translations.messages(locale)
    assert set(listed.templates()) - set(there) == set(), "run tools/build/texts.py --missing"
    assert set(there) - set(listed.templates()) == set()
    assert all(text.strip() for text in there.values())


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_each_value_once(locale):
    for row in rows(locale):
        count = len(row.literals) - 1
        fields = [name for _, name, _, _ in Formatter().parse(row.translation) if name is not None]
        assert fields == [""] * count or sorted(fields) == sorted(map(str, range(count))), row


@pytest.mark.parametrize(("locale", "pair"), [("de_DE", "„“"), ("ja_JP", "「」")])
def test_quotation_marks_are_those_of_the_language(locale, pair):
    for row in rows(locale):
        if "“key”" not in row.template and "“Ada”" not in row.template:  # JSON to be written so
            assert row.translation.count(pair[0]) == row.translation.count(pair[1]), row
            assert not set(row.translation) & {"”", '"'} - set(row.template) - {pair[1]}, row
            names = len(re.findall("“{}”", row.template))
            assert len(re.findall(f"{pair[0]}{{\\d*}}{pair[1]}", row.translation)) == names, row


@pytest.mark.slow
def test_messages_of_each_kind_are_collected():
    for text, path in {
        "No head bone was found in this rig": "core/rig/detect.py",  # a problem
        "Give a file with speech in it": "core/media/sound.py",  # a remedy
        "“{}” is still running": "core/worker/protocol.py",
        "The face is only {} pixels wide, which makes the track less exact.": "core/track/measure.py",  # a note
        "Picture {} of {}, {} left": "core/portrait/output/draw.py",  # progress
        "acting": "core/generate/actor.py",  # the same, of one word
        "The mouth is open for only {} s": "core/portrait/preflight/checks.py",  # of a table
        "“{}” has no bones": "bridge/gaze_point.py",
        "No line has failed": "operators/generate_many.py",
    }.items():
        assert listed.templates().get(text) == path


@pytest.mark.slow
def test_only_what_operators_can_raise_is_collected():
    modules = set(listed.modules())
    rooms = {Path(path).parent.as_posix() for path in modules}
    assert {"core/track", "core/generate", "core/portrait/preflight", "core/worker", "core/export"} <= rooms
    assert not rooms & {
        f"core/{room}" for room in ("cli", "cluster", "donate", "evaluate", "report", "submit", "stream")
    }
    assert not any(path.startswith(("training", "tests")) for path in modules)
    assert "core/batch/run.py" not in modules, "batches of the command line"


@pytest.mark.slow
def test_what_the_lists_name_is_in_the_code():
    there = {text for path in listed.modules() for text in listed.texts_of(listed.ROOT / path)}
    assert there >= message_lists.NAMES | message_lists.PIECES
    assert not there & set(message_lists.TOGETHER), "these are found without the list"


class TestTable:
    table = MessageTable(
        {
            "“{}” is {}": "„{}“ ist {}",
            "{} is {}": "{} ist {}",
            "“{}” is a link to “{}”": "„{}“ verweist auf „{}“",
            "“{}” is a folder": "„{}“ ist ein Ordner",
            "There is no such pin": "Diesen Pin gibt es nicht",
            "{} is missed by {}°": "{1}° neben {0}",
            "The pin at {} s": "Der Pin bei {} s",
            "Write {{}}": "{{}} schreiben",
            "{}. {}.": "{} / {} /",
            "{}; {}": "{} + {}",
            "{} and {}": "{} und {}",
            "{}, {}": "{}, {}",
            "“{}” lacks {}": "„{}“ fehlt {}",
            "It is late.": "Es ist spät.",
        }.items()
    )

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("“a” is a folder", "„a“ ist ein Ordner"),  # the one with more of its own letters
            ("“a” is a link to “b”", "„a“ verweist auf „b“"),
            ("The pin at 2 s is missed by 3°", "3° neben Der Pin bei 2 s"),  # a value that is a message
            ("“There is no such pin” is a folder", "„There is no such pin“ ist ein Ordner"),  # a name is none
            ("“x” is a folder. There is no such pin.", "„x“ ist ein Ordner / Diesen Pin gibt es nicht /"),
            (
                "“a. b” is a folder. There is no such pin.",
                "„a. b“ ist ein Ordner / Diesen Pin gibt es nicht /",
            ),
            ("“a” c” is a folder", "„a” c“ ist ein Ordner"),
            ("“{0}” is a folder", "„{0}“ ist ein Ordner"),
            ("Write {}", "{} schreiben"),
            ("schon deutsch; There is no such pin", "schon deutsch + Diesen Pin gibt es nicht"),
            ("salt and pepper", "salt and pepper"),  # what only joins is no message by itself
            ("The pin at 1 s and x", "Der Pin bei 1 s und x"),
            ("CUDA error 3. Restart. Now.", "CUDA error 3. Restart. Now."),
            ("“a” lacks b, c and d", "„a“ fehlt b, c and d"),  # a list of names is one value
            ("fps is 3.5", "fps ist 3.5"),  # a setting and its value
            ('audio is "a b"', 'audio ist "a b"'),
            ("PyTorch is broken", "PyTorch is broken"),
            ("It is late", "Es ist spät"),  # without its full stop
            ("", ""),
            (".", "."),
            ("{", "{"),
        ],
    )
    def test_known_answers(self, text, wanted):
        assert self.table.translated(text) == wanted

    def test_a_very_long_text_is_left_alone(self):
        text = "There is no such pin. " * (LONGEST // 10)
        assert self.table.translated(text) == text

    def test_a_refusal_is_translated_by_its_two_sentences(self):
        assert self.table.refusal("There is no such pin", "A. B") == "Diesen Pin gibt es nicht / A. B /"

    def test_notes_are_joined(self):
        assert self.table.joined(["„a“ ist ein Ordner", "x"]) == "„a“ ist ein Ordner + x"
        assert self.table.joined(["x"]) == "x"


TABLES = {locale: MessageTable(translations.messages(locale).items()) for locale in LOCALES}


@given(data=st.data(), locale=st.sampled_from(LOCALES))
@settings(max_examples=80, deadline=None)
def test_a_message_comes_out_as_its_translation_with_its_values(data, locale):
    row = Row(*data.draw(st.sampled_from(sorted(translations.messages(locale).items()))))
    count = len(row.literals) - 1
    plain = st.text("abcdefxyzäß頭سあ0123456789_-", min_size=3, max_size=12)
    values = data.draw(st.lists(plain, min_size=count, max_size=count))
    assume(row.says(values) and not set(values) & set(translations.messages(locale)))
    assert TABLES[locale].translated(row.template.format(*values)) == row.translation.format(*values)


@given(data=st.data(), locale=st.sampled_from(LOCALES))
@settings(max_examples=60, deadline=None)
def test_no_name_is_lost_or_changed(data, locale):
    row = Row(*data.draw(st.sampled_from(sorted(translations.messages(locale).items()))))
    count = len(row.literals) - 1
    names = [data.draw(st.sampled_from(NAMES) | st.text(max_size=20)) for _ in range(count)]
    said = TABLES[locale].translated(row.template.format(*names))
    for i, name in enumerate(names):
        assert not row.is_name(i) or name in said


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_comes_out(locale):
    for row in rows(locale):
        values = [f"wert{i}" for i in range(len(row.literals) - 1)]
        if row.says(values):
            text = row.template.format(*values)
            assert TABLES[locale].translated(text) == row.translation.format(*values)


def refusal(act) -> MannerismError:
    with pytest.raises(MannerismError) as found:
        act()
    return found.value


def test_refusals_of_core_in_german(german, tmp_path):
    (tmp_path / "頭 {0}.bvh").write_text("x", encoding="utf-8")
    for act, wanted in (
        (
            lambda: style_path("nobody"),
            "Einen Stil „nobody“ gibt es nicht. Eine Stildatei angeben oder eines davon: ",
        ),
        (lambda: Pin(3.0, yaw_deg=900.0), "Der Pin bei 3 s hat yaw 900°. Einen Wert von -90 bis 90 angeben."),
        (lambda: Part(1.0, 1.1, 3), "Der Teil von 1 bis 1.1 s ist kürzer als 0,4 s. Ihn länger machen."),
        (lambda: Gesture("jump", 1.0), "Eine Geste „jump“ gibt es nicht. Eines davon angeben: "),
        (lambda: blend(None, None, 3.0), "Eine Mischung von 3 ist außerhalb des Bereichs. "),  # type: ignore[arg-type]
        (lambda: direction_from_json("[]"), "Das ist kein JSON-Objekt. Siehe docs/direct.md"),
        (
            lambda: read_bvh(tmp_path / "頭 {0}.bvh"),
            "„頭 {0}.bvh“ ist keine BVH-Datei: sie hat keine Gelenke. Eine BVH-Datei mit einem Kopfgelenk oder ein Video",
        ),
        (lambda: read_bvh(tmp_path / "سلام.bvh"), "„سلام.bvh“ kann nicht gelesen werden"),
    ):
        assert messages.shown_refusal(refusal(act)).startswith(wanted)


def test_notes_that_are_put_together(german):
    damage = PictureDamage(0.04)
    damage.begun_s = 0.0
    damage.note_lost(2.0)
    damage.note_end(3.0, 0.0, 5.0)
    assert messages.shown(damage.sentence) == (
        "1 beschädigtes Bild nahe 2.0 s wird übergangen, und das Bild endet nach 3.0 von 5.0 s"
    )
    assert messages.shown("Picture 3 of 200, 4 min left") == "Bild 3 von 200, noch 4 min"


def test_a_list_of_notes_in_japanese(monkeypatch):
    monkeypatch.setattr(messages, "language", lambda: "ja_JP")
    notes = ["「x」を追加しました", "The face was lost in 8% of the time.", "“a; b” is empty"]
    assert messages.shown_list(notes) == "「x」を追加しました。時間の 8% で顔を見失いました。「a; b」は空です"


def test_what_was_shown_before_is_not_translated_again(german, monkeypatch):
    error = refusal(lambda: style_path("nobody"))
    note = "The face was lost in 8% of the time."
    before = messages.shown_refusal(error), messages.shown(note)
    monkeypatch.setattr(MessageTable, "translated", None)  # panels draw these at each redraw
    assert (messages.shown_refusal(error), messages.shown(note)) == before


def test_english_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(messages, "language", lambda: "")
    error = refusal(lambda: style_path("nobody"))
    assert messages.shown_refusal(error) == str(error)
    assert messages.shown_list(["A.", "B"]) == "A; B"


def test_the_language_is_that_of_the_interface():
    assert messages.language() == "" or bpy.app.translations.locale[:2] in {"de", "ja"}
    for locale, wanted in {
        "de_DE": "de_DE",
        "de": "de_DE",
        "ja_JP": "ja_JP",
        "fr_FR": "",
        "": "",
        "en_US": "",
    }.items():
        assert messages.file_of(locale) == wanted


def test_operators_report_in_it(extension, german, tmp_path):
    bpy.ops.mesh.primitive_cube_add()
    path = tmp_path / "سلام.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"„سلام\.csv“ fehlt pitch_deg, .*Eine CSV-Datei mit den Spalten"):
        bpy.ops.mannerism.import_motion(filepath=str(path))


def test_tables_are_read_with_the_first_message_alone(extension, monkeypatch):
    from mannerism import registration

    messages.read_table.cache_clear()
    registration.unregister()
    registration.register()
    messages.shown("There is no such pin")
    assert messages.read_table.cache_info().currsize == 0, "English needs none"
    monkeypatch.setattr(messages, "language", lambda: "ja_JP")
    registration.unregister()
    registration.register()
    assert messages.read_table.cache_info().currsize == 0
    assert messages.shown("There is no such pin") == "そのピンはありません"
    assert messages.read_table.cache_info().currsize == 1
    texts.texts()


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_progress_is_not_much_wider_than_in_english(locale):
    """It is drawn in one row, in a sidebar as narrow as it opens; see `test_translations.py`."""
    code = "".join((listed.ROOT / path).read_text(encoding="utf-8") for path in listed.modules())
    said = {re.sub("{.*?}", "{}", text) for text in re.findall(r'progress\([^"\n]*"([^"\n]+)"\)', code)} - {
        "{}"
    }
    assert {"tracking the face", "Picture {} of {}, {} left", "acting"} <= said
    blf.size(0, 11.0)
    for text in said:
        english, other = (
            blf.dimensions(0, each.replace("{}", ""))[0]
            for each in (text, translations.messages(locale)[text])
        )
        assert other <= max(165, 1.1 * english), text


class TestLines:
    """Messages in the sidebar, as many letters wide as it opens."""

    @pytest.mark.parametrize("locale", LOCALES)
    def test_none_is_wider(self, locale):
        for row in rows(locale):
            lines = words.lines_of(row.translation)
            assert max(map(words.width_of, lines)) <= words.MESSAGE_WIDTH + 2, row
            assert "".join(lines).replace(" ", "") == row.translation.replace(" ", "").replace("\n", "")

    def test_japanese_breaks_between_letters_and_before_no_full_stop(self):
        lines = words.lines_of("頭" * 17 + "。" + "首" * 3)
        assert lines == ("頭" * 16, "頭。首首首")
        assert words.lines_of("") == ()
        assert all(words.width_of(line) <= 36 for line in words.lines_of("/a" * 60 + "頭"))

    def test_english_is_wrapped_as_before(self):
        assert words.lines_of("Choose a speech first, and then generate") == (
            "Choose a speech first, and then",
            "generate",
        )

    def test_the_message_of_a_line_is_kept_in_english_and_shown_in_the_language(self, extension, german):
        line = bpy.context.scene.mannerism.lines.add()
        line.status, line.message = "FAILED", "“x” has no sound. Remove this line."
        layout = Layout()
        batch.draw_message(layout, line)
        assert "„x“ hat keinen Sound. Diese" in layout.text()
        assert line.message == "“x” has no sound. Remove this line."

    def test_a_panel_draws_translated_lines(self, german):
        drawn: list[Any] = []

        class Column:
            def label(self, **given):
                drawn.append((given["text"], given["icon"]))

        words.draw_words(Column(), "“Ada” is gone. Undo its removal, and generate again.", icon="ERROR")
        assert drawn == [
            ("„Ada“ ist nicht mehr da. Das", "ERROR"),
            ("Entfernen rückgängig machen und", "BLANK1"),
            ("erneut erzeugen.", "BLANK1"),
        ]

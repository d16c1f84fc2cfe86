"""Manifests as localisation tables: headers, separators, encodings, quotation marks, values, and rows that are bad."""

import csv
import io

import pytest

from mannerism.core.batch.manifest import read_manifest
from mannerism.core.errors import BatchError

HEADER = ("id", "audio", "style", "out")
ROWS = [("ü日本 1", "a.wav", "calm", "1.bvh"), ("ü日本 2", "b.wav", "calm", "2.bvh")]


def text_of(rows, separator=","):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue()


def write(folder, content, name="lines.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder, content, name="lines.csv"):
    return read_manifest(write(folder, content, name))


def lines_of(folder, *rows, header=HEADER):
    return read(folder, text_of([header, *rows])).lines


ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-8 with a mark": "utf-8-sig",
    "UTF-16 of a spreadsheet": "utf-16",
    "UTF-16, big end first, no mark": "utf-16-be",
    "UTF-16, no mark": "utf-16-le",
}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_separators_and_encodings(tmp_path, encoding, separator):
    found = read(tmp_path, text_of([HEADER, *ROWS], separator).encode(encoding))
    assert [(line.id, line.problem) for line in found.lines] == [("ü日本 1", ""), ("ü日本 2", "")]
    assert found.lines[1].audio == tmp_path / "b.wav"
    assert found.lines[1].out == tmp_path.resolve() / "2.bvh"
    assert found.notes == ()


HEADERS = {
    "as the keys": ("id", "audio", "text", "character", "language", "style", "out"),
    "a game's": ("Line ID", "VO file", "Dialogue", "Speaker", "Locale", "Style", "Motion File"),
    "shouted": ("LINE_ID", "WAV", "TEXT", "CHARACTER", "LANG", "MANNER", "BVH"),
    "of a studio": ("String Key", "Audio Filename", "Transcript", "Role", "Culture", "Head Style", "Output"),
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_headers_by_many_names(tmp_path, header):
    row = ("a", "a.wav", "Hello, you\nthere", "Ada", "de-DE", "calm", "a.bvh")
    (line,) = lines_of(tmp_path, row, header=header)
    assert line.problem == ""
    assert (line.id, line.audio.name, line.out.name) == ("a", "a.wav", "a.bvh")
    assert (line.text, line.character, line.language) == ("Hello, you\nthere", "Ada", "de-DE")


def test_all_values(tmp_path):
    header = (
        *HEADER,
        "Seed",
        "Engine",
        "Intensity",
        "Follow Voice",
        "Personality",
        "Frame Rate",
        "Start Frame",
        "Rig",
    )
    row = (*ROWS[0], "7.0", "puppet", "0,5", "2", "0.25", "30000/1001", "12", "rigs/ada.json")
    (line,) = lines_of(tmp_path, row, header=header)
    assert line.problem == ""
    settings = line.settings
    assert (settings.seed, settings.engine) == (7, "puppet")
    assert (settings.intensity, settings.voice, settings.personality) == (0.5, 2.0, 0.25)
    assert line.rate.fps * 1001 == 30000
    assert (line.start, line.rig_map) == (12, "rigs/ada.json")


def test_settings_in_one_cell(tmp_path):
    (line,) = lines_of(tmp_path, (*ROWS[0], "intensity=0.5; seed=3"), header=(*HEADER, "settings"))
    assert (line.settings.intensity, line.settings.seed, line.problem) == (0.5, 3, "")


def test_unknown_columns_are_named_once(tmp_path):
    found = read(tmp_path, text_of([(*HEADER, "Context", "Notes (PM)"), (*ROWS[0], "x", "y")]))
    (note,) = found.notes
    assert "“Context”, “Notes (PM)”" in note
    assert found.lines[0].problem == ""


def test_of_two_columns_of_one_key_the_plainer_counts_and_the_other_is_named(tmp_path):
    found = read(tmp_path, text_of([("File", *HEADER), ("x.wav", *ROWS[0])]))
    assert found.lines[0].audio.name == "a.wav"
    assert "“File”" in found.notes[0]


@pytest.mark.parametrize("above", ["\n", "# exported by hand\n", "sep=,\n", ",,,\n"])
def test_remarks_above_the_header(tmp_path, above):
    found = read(tmp_path, above + text_of([HEADER, *ROWS]))
    assert [line.problem for line in found.lines] == ["", ""]
    assert found.notes == ()


def test_a_title_above_the_header_is_named(tmp_path):
    found = read(tmp_path, "Act one; 2026\n" + text_of([HEADER, *ROWS]))
    assert "Act one" in found.notes[0]


def test_a_separator_that_is_stated_counts(tmp_path):
    assert [
        line.id for line in read(tmp_path, "sep=|\nid|audio|style|out\na|a,b;.wav|calm|a.bvh\n").lines
    ] == ["a"]


def test_empty_rows_and_cells_are_nothing(tmp_path):
    text = text_of(
        [(*HEADER, "seed"), (*ROWS[0], ""), ("", "", "", "", ""), ("  ", "", "", "", ""), (*ROWS[1], " ")]
    )
    assert [line.problem for line in read(tmp_path, text).lines] == ["", ""]


def test_a_short_row_lacks_what_it_lacks(tmp_path):
    (line,) = read(tmp_path, "id,audio,style,out\na,a.wav\n").lines
    assert "Missing: style, out" in line.problem
    assert line.audio == tmp_path / "a.wav", "it must not be overwritten"


def test_a_row_with_more_cells_than_columns_is_refused(tmp_path):
    bad, good = read(tmp_path, "id,audio,style,out\na,a,b.wav,calm,a.bvh\n" + text_of([ROWS[0]])).lines
    assert "5 cells" in bad.problem
    assert good.problem == ""


BAD = {
    "seed": ("seed", "seven", "seed is"),
    "a seed with a fraction": ("seed", "1.5", "seed is"),
    "a slider": ("intensity", "much", "intensity is"),
    "a slider too large": ("intensity", "9", "4"),
    "not a number": ("intensity", "nan", "intensity"),
    "infinity": ("personality", "inf", "personality"),
    "a rate": ("fps", "fast", "fps is"),
    "a start": ("start", "00:00:01", "start is"),
    "settings": ("settings", "loud", "settings is"),
    "settings of another": ("settings", "out=/etc/passwd", "settings is"),
}


@pytest.mark.parametrize(("key", "cell", "message"), BAD.values(), ids=BAD)
def test_bad_cells_are_named(tmp_path, key, cell, message):
    (line,) = lines_of(tmp_path, (*ROWS[0], cell), header=(*HEADER, key))
    assert message in line.problem


def test_a_direction_and_a_form_have_columns(tmp_path):
    header = (*HEADER, "Direction", "preset", "neck share")
    (line,) = lines_of(tmp_path, (*ROWS[0], "a.direct.json", "unity", "0,5"), header=header)
    assert not line.problem
    assert line.direct == tmp_path / "a.direct.json"
    assert (line.form.preset, line.form.neck_share) == ("unity", 0.5)


REFUSED = {
    "empty": b"",
    "a header alone": b"id,audio,style,out\n",
    "no header": b"a,a.wav,calm,a.bvh\n",
    "no ids": b"audio,style,out\na.wav,calm,a.bvh\n",
    "Western European": "id,audio,style,out\nü,ü.wav,calm,a.bvh\n".encode("cp1252"),
    "half a letter of UTF-16": "id,audio,style,out\n1,1.wav,calm,1.bvh\n".encode("utf-16")[:-1],
    "half a pair": b"\xff\xfe" + "id,audio\n".encode("utf-16-le") + b"\x00\xd8\n\x00",
    "a quotation that does not end": b'id,audio,style,out\n"a,a.wav,calm,a.bvh\nb,b.wav,calm,b.bvh\n',
    "a quotation within": b'id,audio,style,out\n"a"b,a.wav,calm,a.bvh\n',
    "a spreadsheet": b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00",
    "a cell without end": b"id,audio,style,out\na," + b"x" * 2_000_000,
    "an unknown default": b"id,audio,style,out,seed\n*,,,,many\na,a.wav,calm,a.bvh,\n",
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_tables_that_cannot_be_read(tmp_path, content):
    with pytest.raises(BatchError, match=r"lines\.csv"):
        read(tmp_path, content)


def test_speech_with_line_breaks_quotes_and_separators(tmp_path):
    speech = 'He said: "No,\r\nnever";\tand left.\u2028Bye'
    first, second = lines_of(tmp_path, (*ROWS[0], speech), (*ROWS[1], "x"), header=(*HEADER, "text"))
    assert first.text == speech
    assert (second.id, second.text, second.problem) == ("ü日本 2", "x", "")


def test_quotation_marks_of_programs_that_do_not_quote(tmp_path):
    rows = [
        "id\taudio\tstyle\tout\ttext",
        'a\ta.wav\tcalm\ta.bvh\t"Stop!" he said',
        'b\tb.wav\tcalm\tb.bvh\t"Go',
    ]
    found = read(tmp_path, "\n".join(rows), "lines.tsv")
    assert [(line.id, line.text) for line in found.lines] == [("a", '"Stop!" he said'), ("b", '"Go')]


def test_a_quotation_that_would_swallow_rows_is_a_letter(tmp_path):
    rows = ["id\taudio\tstyle\tout\ttext", 'a\ta.wav\tcalm\ta.bvh\t"Stop', 'b\tb.wav\tcalm\tb.bvh\tGo"']
    found = read(tmp_path, "\n".join(rows), "lines.tsv")
    assert [line.id for line in found.lines] == ["a", "b"]


def test_a_row_of_defaults(tmp_path):
    header = (*HEADER, "intensity", "language")
    rows = [
        ("*", "sounds/{id}.wav", "calm", "{language}/{id}.bvh", "0.5", "en"),
        ("a", *[""] * 5),
        ("b", "", "", "", "2", "de"),
    ]
    first, second = lines_of(tmp_path, *rows, header=header)
    assert (first.problem, second.problem) == ("", "")
    assert first.audio == tmp_path / "sounds" / "a.wav"
    assert [line.out.relative_to(tmp_path.resolve()).as_posix() for line in (first, second)] == [
        "en/a.bvh",
        "de/b.bvh",
    ]
    assert [line.settings.intensity for line in (first, second)] == [0.5, 2.0]


def test_numbers_of_rows_are_those_of_the_file(tmp_path):
    text = '# remark\nid,audio,style,out,text\n*,,calm,,"x\ny"\na,a.wav,,a.bvh,\n,b.wav,,b.bvh,\n'
    first, second = read(tmp_path, text).lines
    assert first.problem == ""
    assert second.id == "line 6"

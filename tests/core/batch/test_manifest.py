"""Manifests: each line's keys, where outputs may lie, and how bad lines are reported."""

import json
import os
import sys
from pathlib import Path

import pytest

from mannerism.core.batch import manifest
from mannerism.core.batch.manifest import folder_manifest, read_manifest
from mannerism.core.errors import BatchError
from mannerism.core.generate import GenerationSettings, first_seed
from mannerism.core.generate.engine import DEFAULT_ENGINE

GOOD = {"id": "ü日本 1", "audio": "a.wav", "style": "s.style.json", "out": "out/ü日本.bvh"}


def write(folder, *rows):
    path = folder / "ü日本 lines.jsonl"
    text = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def only(folder, **changes):
    (line,) = read_manifest(write(folder, GOOD | changes)).lines
    return line


def test_a_line_and_its_defaults(tmp_path):
    line = only(tmp_path)
    assert line.problem == ""
    assert (line.audio, line.style) == (tmp_path / "a.wav", tmp_path / "s.style.json")
    assert line.out == tmp_path.resolve() / "out" / "ü日本.bvh"
    assert line.settings.seed == first_seed("ü日本 1")
    assert (line.settings.engine, line.settings.intensity, line.rate.fps) == (DEFAULT_ENGINE, 1.0, 30)


def test_a_line_with_everything(tmp_path):
    line = only(tmp_path, seed=7, engine="replay", intensity=0.5, personality=2, voice=0, fps="30000/1001")
    assert line.problem == ""
    assert line.settings == GenerationSettings(7, "replay", intensity=0.5, personality=2.0, voice=0.0)
    assert line.rate.fps * 1001 == 30000


def test_a_line_with_a_direction(tmp_path):
    line = only(tmp_path, direct="shots/a.json")
    assert (line.problem, line.direct) == ("", tmp_path / "shots" / "a.json")
    assert only(tmp_path).direct is None
    assert "direct is 3" in only(tmp_path, direct=3).problem
    lines = read_manifest(write(tmp_path, GOOD | {"direct": "out/a.csv", "out": "out/a.csv"})).lines
    assert "would overwrite “a.csv”, the direction" in lines[0].problem


def test_the_seed_depends_on_nothing_but_the_id(tmp_path):
    """The first ten of a hundred ids, in any company and order, have the seeds they have alone."""
    rows = [GOOD | {"id": f"l{at}", "out": f"{at}.csv"} for at in range(100)]
    seeds = {line.id: line.settings.seed for line in read_manifest(write(tmp_path, *rows)).lines}
    again = {line.id: line.settings.seed for line in read_manifest(write(tmp_path, *rows[9::-1])).lines}
    assert again == {name: seeds[name] for name in again}
    assert len(set(seeds.values())) == 100


OUTSIDE = {
    "above": "../a.bvh",
    "above-after-below": "out/../../a.bvh",
    "absolute": "/somewhere/else/a.bvh",
    "through-a-link": "link/a.bvh",
    "a-link-itself": "link.bvh",
    "neighbour-with-the-same-start": "../lines-of-others/a.bvh",
}


@pytest.mark.parametrize("out", OUTSIDE.values(), ids=OUTSIDE)
def test_outputs_outside_the_folder_are_refused(tmp_path, out):
    home = tmp_path / "lines"
    home.mkdir()
    (home / "link").symlink_to(tmp_path, target_is_directory=True)
    (home / "link.bvh").symlink_to(tmp_path / "victim.bvh")
    line = only(home, out=out)
    assert "outside" in line.problem
    assert "--allow" in line.problem


def test_an_allowed_folder_takes_outputs(tmp_path):
    home = tmp_path / "lines"
    home.mkdir()
    path = write(home, GOOD | {"out": "../deep/er/a.bvh"}, GOOD | {"id": "2", "out": "../b.bvh"})
    inside, outside = read_manifest(path, [tmp_path / "deep"]).lines
    assert inside.problem == ""
    assert "outside" in outside.problem


BAD = {
    "unknown-key": ({"voice": "deep"}, "voice"),
    "no-suffix": ({"out": "a"}, "out"),
    "other-suffix": ({"out": "a.mov"}, ".bvh"),
    "id-is-a-number": ({"id": 3}, "id"),
    "empty-id": ({"id": " "}, "id"),
    "id-with-a-newline": ({"id": "a\nb"}, "id"),
    "audio-with-a-zero": ({"audio": "a\0.wav"}, "audio"),
    "half-a-character": ({"audio": "\ud800.wav"}, "audio"),
    "seed-is-a-fraction": ({"seed": 1.5}, "seed"),
    "seed-is-true": ({"seed": True}, "seed"),
    "seed-below-0": ({"seed": -1}, "seed"),
    "seed-too-large": ({"seed": 10**400}, "seed"),
    "intensity-too-large": ({"intensity": 10**400}, "intensity"),
    "intensity-below-0": ({"intensity": -0.1}, "intensity"),
    "personality-too-large": ({"personality": 2.1}, "personality"),
    "voice-no-number": ({"voice": "loud"}, "voice"),
    "fps-0": ({"fps": 0}, "fps"),
    "fps-by-0": ({"fps": "30/0"}, "fps"),
    "fps-prose": ({"fps": "fast"}, "fps"),
    "fps-too-large": ({"fps": "1e400"}, "fps"),
}


@pytest.mark.parametrize(("change", "message"), BAD.values(), ids=BAD)
def test_a_bad_value_is_named_by_its_key(tmp_path, change, message):
    problem = read_manifest(write(tmp_path, json.dumps(GOOD | change))).lines[0].problem
    assert message in problem
    assert problem.count(". ") >= 1
    assert problem.endswith("."), "a problem and a remedy"


@pytest.mark.parametrize("row", ["{", "[1]", "7", '{"id": NaN}', "[" * 100_000, "\0"])
def test_a_row_that_is_no_object(tmp_path, row):
    bad, good = read_manifest(write(tmp_path, row, GOOD)).lines
    assert "JSON" in bad.problem
    assert bad.id == "line 1"
    assert good.problem == ""


@pytest.mark.parametrize("key", ["id", "audio", "style", "out"])
def test_a_missing_key_is_named(tmp_path, key):
    row = {name: value for name, value in GOOD.items() if name != key}
    assert f"Missing: {key}" in read_manifest(write(tmp_path, row)).lines[0].problem


def test_doubles_are_refused_but_the_first_is_made(tmp_path):
    rows = [
        GOOD,
        GOOD | {"out": "b.bvh"},
        GOOD | {"id": "3", "out": "out/../out/ü日本.bvh"},
        GOOD | {"id": "4", "out": "c.bvh"},
    ]
    problems = [line.problem for line in read_manifest(write(tmp_path, *rows)).lines]
    assert problems[0] == problems[3] == ""
    assert "this id" in problems[1]
    assert "writes “ü日本.bvh” too" in problems[2]


def test_blank_lines_and_a_byte_order_mark_are_nothing(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text("\ufeff\n" + json.dumps(GOOD) + "\n\n", encoding="utf-8")
    (line,) = read_manifest(path).lines
    assert line.problem == ""


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00x", None])
def test_manifests_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "lines.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BatchError, match=r"lines\.jsonl"):
        read_manifest(path)


def test_chunks_together_are_the_whole(tmp_path):
    rows = [GOOD | {"id": str(at), "out": f"{at}.csv"} for at in range(7)]
    manifest = read_manifest(write(tmp_path, *rows, "{"))
    for count in (1, 3, 8, 20):
        parts = [line.id for index in range(count) for line in manifest.chunk(index, count).lines]
        assert sorted(parts) == sorted(line.id for line in manifest.lines)


def test_a_folder_of_sounds(tmp_path):
    for name in ("b.wav", "ü日本.FLAC", "notes.txt", "b.mp3"):
        (tmp_path / name).touch()
    manifest = folder_manifest(tmp_path, tmp_path / "s.style.json", tmp_path / "new" / "out", ".csv")
    out = (tmp_path / "new" / "out").resolve()
    assert [(line.id, line.out) for line in manifest.lines] == [
        ("b.mp3", out / "b.mp3.csv"),  # two sounds of one name are distinguished by their suffix
        ("b.wav", out / "b.wav.csv"),
        ("ü日本", out / "ü日本.csv"),
    ]
    assert manifest.path.parent.is_dir()


def test_a_folder_without_sounds(tmp_path):
    with pytest.raises(BatchError, match="no sound"):
        folder_manifest(tmp_path, tmp_path / "s.style.json", tmp_path / "out", ".csv")


NAMES = {
    "Japanese, ideographic space": "台詞\u3000一",
    "Persian, joiner": "می\u200cروم",
    "no-break space": "a\u00a0b",
    "emoji, joiner": "👩\u200d🎤",
    "direction marks": "\u202bשלום\u202c \u2066x\u2069",
    "blank": " ",
    "blank at the ends": " a ",
    "a line separator": "a\u2028b",
    "a next line": "a\x85b",
    "a tab": "a\tb",
    "a newline": "a\nb",
    "soft hyphen": "a\u00adb",
    "private use": "\ue000",
    "quotes and globs": "'\"[*]?{}$(x);&|",
    "dots": "a...",
    "a leading dash": "-o",
    "hidden": ".a",
    "not decomposed": "é",
    "decomposed": "e\u0301",
    "hash and percent": "#1 100%",
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids some")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_that_a_system_allows(tmp_path, name):
    line = only(tmp_path, audio=f"{name}.wav", out=f"{name}/{name}.csv")
    assert line.problem == ""
    assert line.out == tmp_path.resolve() / name / f"{name}.csv"
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / f"{name}.wav").touch()
    (found,) = folder_manifest(tmp_path / "sounds", tmp_path / "s.style.json", tmp_path / "o", ".csv").lines
    assert found.problem == ""
    assert found.out.name == f"{name}.csv"


@pytest.mark.skipif(sys.platform != "linux", reason="others forbid it")
def test_a_name_that_is_no_text(tmp_path):
    name = os.fsdecode(b"\xe9.wav")
    (tmp_path / name).touch()
    (found,) = folder_manifest(tmp_path, tmp_path / "s.style.json", tmp_path / "o", ".csv").lines
    assert found.problem == ""
    assert (found.id, found.out.name) == ("\\udce9", os.fsdecode(b"\xe9.csv"))


@pytest.mark.parametrize(
    "out", ["x" * 100_000 + ".bvh", "x" * 300 + ".bvh", "y/" * 3000 + "x.bvh", "a\0.bvh", "\ud800.bvh", ""]
)
@pytest.mark.parametrize("key", ["out", "audio", "style"])
def test_names_that_no_system_allows(tmp_path, out, key):
    bad, good = read_manifest(
        write(tmp_path, json.dumps(GOOD | {key: out}), GOOD | {"id": "2", "out": "2.csv"})
    ).lines
    assert good.problem == ""
    if len(out) > 40_000 or key == "out" or not out or "\0" in out or "\ud800" in out:
        assert bad.problem
    assert len(bad.problem) < 300


TWINS = {
    "case": ("Out/Take.bvh", "out/take.bvh"),
    "Unicode form": ("é.csv", "e\u0301.csv"),
    "both": ("É.csv", "e\u0301.csv"),
    "Greek": ("ΟΔΟΣ.csv", "οδος.csv"),
}


@pytest.mark.parametrize(("first", "second"), TWINS.values(), ids=TWINS)
def test_twins_are_refused_with_both_names(tmp_path, first, second):
    rows = [GOOD | {"id": "ada", "out": first}, GOOD | {"id": "bob", "out": second}]
    good, bad = read_manifest(write(tmp_path, *rows)).lines
    assert good.problem == ""
    assert bad.id == "bob"
    assert "“ada”" in bad.problem


def test_names_that_are_alike_but_no_twins(tmp_path):
    names = ["straße", "strasse", "a", "ä", "ａ", "a\u200d", "a b", "a\u00a0b", "1", "１"]
    rows = [GOOD | {"id": name, "out": f"{name}.csv"} for name in names]
    assert [line.problem for line in read_manifest(write(tmp_path, *rows)).lines] == [""] * len(names)


class TestOutputsThatAreInputs:
    """Each would overwrite what some line reads, or what the batch keeps."""

    @pytest.fixture
    def home(self, tmp_path):
        for name in ("take.bvh", "other.wav", "s.style.json"):
            (tmp_path / name).write_text(name)
        return tmp_path

    def problems(self, home, *rows):
        path = write(home, *(GOOD | {"audio": "other.wav"} | row for row in rows))
        return [line.problem for line in read_manifest(path).lines]

    @pytest.mark.parametrize("out", ["take.bvh", "./x/../take.bvh", "TAKE.bvh", "Take.BVH"])
    def test_its_own_sound(self, home, out):
        (problem,) = self.problems(home, {"audio": "take.bvh", "out": out})
        assert "take.bvh”, the sound of" in problem

    def test_its_own_style(self, home):
        assert "the style of" in self.problems(home, {"style": "take.bvh", "out": "take.bvh"})[0]

    def test_the_sound_of_a_later_line_and_of_a_bad_one(self, home):
        first, second = self.problems(
            home, {"out": "take.bvh"}, {"id": "2", "audio": "take.bvh", "out": "b.mov"}
        )
        assert "the sound of “2”" in first
        assert "b.mov" in second

    @pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
    @pytest.mark.parametrize("target", ["other.wav", "s.style.json", "ü日本 lines.jsonl", "take.bvh"])
    def test_through_links(self, home, link, target):
        write(home, GOOD)
        getattr(home / "link.bvh", link)(home / target)
        (problem,) = self.problems(
            home,
            {"audio": "take.bvh", "style": "s.style.json", "out": "link.bvh"}
            | ({"audio": "other.wav"} if target == "other.wav" else {}),
        )
        assert problem

    def test_a_sound_through_a_link(self, home):
        (home / "linked.wav").symlink_to(home / "take.bvh")
        assert "linked.wav" in self.problems(home, {"audio": "linked.wav", "out": "take.bvh"})[0]

    def test_the_status(self, home):
        (home / "ü日本 lines.status.jsonl").write_text("")
        (home / "link.bvh").hardlink_to(home / "ü日本 lines.status.jsonl")
        assert "of the batch itself" in self.problems(home, {"out": "link.bvh"})[0]


def test_a_key_given_twice_is_refused(tmp_path):
    row = json.dumps(GOOD)[:-1] + ', "out": "b.bvh"}'
    assert "twice" in read_manifest(write(tmp_path, row)).lines[0].problem


def test_a_manifest_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "LARGEST_BYTES", 1 << 16)
    path = write(tmp_path, *[GOOD] * 1000)
    with pytest.raises(BatchError, match="larger"):
        read_manifest(path)


@pytest.mark.parametrize("key", ["audio", "out"])
@pytest.mark.parametrize("address", ["https://example.org/a.csv", "file:///tmp/a.csv"])
def test_an_address_is_named_as_one(tmp_path, key, address):
    (line,) = read_manifest(write(tmp_path, GOOD | {key: address})).lines
    assert "is an address" in line.problem


def test_a_manifest_at_an_address_is_named_as_one():
    with pytest.raises(BatchError, match="is an address on a network"):
        read_manifest(Path("https://example.org/lines.jsonl"))


@pytest.mark.parametrize("text", ['[{"id": "a"}]', '[\n{"id": "a"}\n]', " [ \n"])
def test_a_json_array_is_refused_as_a_whole(tmp_path, text):
    path = tmp_path / "lines.jsonl"
    path.write_text(text)
    with pytest.raises(BatchError, match="is one JSON array"):
        read_manifest(path)


@pytest.mark.parametrize("before", [0, 3, 5000])
def test_the_line_in_another_encoding_is_counted(tmp_path, before):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"id": "a"}\n' * before + b'{"id": "\xe9"}\n')
    with pytest.raises(BatchError, match=f"not UTF-8 text near line {before + 1}\\b"):
        read_manifest(path)


def test_numbers_of_thousands_of_digits_are_said_in_plain_words(tmp_path):
    bad, _ = read_manifest(write(tmp_path, '{"id": ' + "9" * 5000 + "}", GOOD)).lines
    assert "thousands of digits" in bad.problem
    assert "set_int" not in bad.problem

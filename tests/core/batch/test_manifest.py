"""Manifests: each line's keys, where outputs may lie, and how bad lines are reported."""

import json

import pytest

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
        parts = [line.id for index in range(count) for line in manifest.chunk(index, count)]
        assert sorted(parts) == sorted(line.id for line in manifest.lines)


def test_a_folder_of_sounds(tmp_path):
    for name in ("b.wav", "ü日本.FLAC", "notes.txt", "b.mp3"):
        (tmp_path / name).touch()
    manifest = folder_manifest(tmp_path, tmp_path / "s.style.json", tmp_path / "new" / "out", ".csv")
    out = (tmp_path / "new" / "out").resolve()
    assert [(line.id, line.out) for line in manifest.lines] == [
        ("b.mp3", out / "b.mp3.csv"),  # two sounds of one name are told apart by their suffix
        ("b.wav", out / "b.wav.csv"),
        ("ü日本", out / "ü日本.csv"),
    ]
    assert manifest.path.parent.is_dir()


def test_a_folder_without_sounds(tmp_path):
    with pytest.raises(BatchError, match="no sound"):
        folder_manifest(tmp_path, tmp_path / "s.style.json", tmp_path / "out", ".csv")

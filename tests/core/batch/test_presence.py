"""Folders that are listed once say what asking for each file says."""

import json
import os

import pytest

from mannerism.core.batch import presence as presence_module
from mannerism.core.batch.chunk import read_indexed
from mannerism.core.batch.collisions import known_of
from mannerism.core.batch.manifest import places_of, read_manifest
from mannerism.core.batch.presence import Presence
from mannerism.core.same_file import identities

posix = pytest.mark.skipif(os.name == "nt", reason="is asked for each file there")


def asked_often(folder):
    """A presence that has listed the folder."""
    presence = Presence()
    for at in range(presence_module._FIRST_LISTED):
        presence.is_absent(f"{folder}/{at}")
    return presence


@posix
@pytest.mark.parametrize(
    "name", ["a.bvh", "A.BVH", "link.bvh", "broken.bvh", "folder.bvh", "ä.bvh", "\u212a.bvh"]
)
def test_nothing_that_may_be_there_is_called_absent(tmp_path, name):
    (tmp_path / "a.bvh").touch()
    (tmp_path / "link.bvh").symlink_to("a.bvh")
    (tmp_path / "broken.bvh").symlink_to("nowhere")
    (tmp_path / "folder.bvh").mkdir()
    (tmp_path / "k.bvh").touch()
    presence = asked_often(tmp_path)
    assert not presence.is_absent(str(tmp_path / name))
    assert presence.is_absent(str(tmp_path / "b.bvh"))


@posix
def test_names_that_the_system_may_refuse_are_left_to_it(tmp_path):
    presence = asked_often(tmp_path)
    assert not presence.is_absent(str(tmp_path / ("n" * 300)))
    assert presence.is_absent(str(tmp_path / "n" / "b.bvh")) is False, "asked for the first time"


@posix
def test_a_folder_that_is_not_there_holds_nothing(tmp_path):
    assert asked_often(tmp_path / "new").is_absent(str(tmp_path / "new" / "a.bvh"))


@posix
def test_a_large_folder_is_listed_only_for_many_files(tmp_path, monkeypatch):
    listed = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: listed.append(folder) or scandir(folder))
    monkeypatch.setattr(presence_module, "_ENTRIES_A_FILE", 1)
    for at in range(100):
        (tmp_path / f"{at}.bvh").touch()
    presence = Presence()
    absent = [presence.is_absent(f"{tmp_path}/x{at}.bvh") for at in range(200)]
    assert absent.index(True) == 127
    assert all(absent[127:])
    assert len(listed) == 3, "at 32, 64 and 128 files"


@posix
def test_what_an_output_is_known_by_is_the_same(tmp_path):
    (tmp_path / "a.bvh").touch()
    (tmp_path / "twin.bvh").hardlink_to(tmp_path / "a.bvh")
    presence = asked_often(tmp_path)
    for name in ("a.bvh", "A.bvh", "twin.bvh", "b.bvh"):
        path = tmp_path / name
        assert known_of(str(path), presence) == tuple(identities(path))


def test_the_text_of_a_path_is_that_of_the_path(tmp_path):
    places = places_of(tmp_path / "lines.jsonl", [])
    for given in (
        "a",
        "a/b",
        "./a",
        "a//b",
        "a/./b",
        "a/.",
        "a/",
        ".",
        "..",
        "../a",
        "a/../b",
        "/a",
        "//a",
        "a./b",
        " a",
    ):
        assert places.joined(given) == str(places.folder / given)


def test_links_and_twins_are_found_among_many(tmp_path):
    """A hundred lines in one folder, of which the last ones write over what others read."""
    (tmp_path / "o").mkdir()
    (tmp_path / "a.wav").touch()
    (tmp_path / "o" / "hard.bvh").hardlink_to(tmp_path / "a.wav")
    (tmp_path / "o" / "soft.bvh").symlink_to(tmp_path / "a.wav")
    (tmp_path / "o" / "far.bvh").symlink_to(tmp_path.parent / "far.bvh")
    names = [*map(str, range(100)), "hard", "soft", "far", "7", "HARD"]
    path = tmp_path / "lines.jsonl"
    rows = [
        {"id": f"l{at}", "audio": "a.wav", "style": "calm", "out": f"o/{n}.bvh"} for at, n in enumerate(names)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    problems = [line.problem for line in read_manifest(path).lines]
    assert not any(problems[:100])
    for problem, words in zip(
        problems[100:], ("overwrite", "is a link to", "outside", "writes “7.bvh” too", ""), strict=True
    ):
        assert words in problem


def test_an_index_knows_skeletons_and_directions_too(tmp_path):
    """A line of one chunk would overwrite what only a line of another one reads."""
    rows = [{"id": f"l{at}", "audio": "a.wav", "style": "calm", "out": f"o/{at}.bvh"} for at in range(4)]
    rows[0]["skeleton"] = "o/1.bvh"
    rows[2]["direct"] = "o/3.bvh"
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for at in (1, 3):
        (line,) = read_indexed(path, (at, 4)).lines
        assert line == read_manifest(path).lines[at]
        assert "would overwrite" in line.problem

"""Who is learned from and who judges."""

from collections import defaultdict
from pathlib import Path

import pytest

from mannerism.tests.support.paths import CLIPS
from mannerism.training.data.catalogue import Clip, find_clips
from mannerism.training.data.dataset import DatasetError
from mannerism.training.data.split import FROZEN, Split, draw, read_split


def clip(person, number, seconds, source="a"):
    name = f"{person}_{number}"
    return Clip(name, Path(f"{name}.mp4"), person, source, name, seconds=seconds)


def crowd():
    clips = [clip(f"one{i}", 1, 16.0, "a" if i % 3 else "b") for i in range(60)]
    clips += [clip(f"two{i}", k, 10.0) for i in range(12) for k in (1, 2)]
    clips += [clip(f"many{i}", k, 20.0) for i in range(3) for k in range(6)]
    clips += [clip(f"short{i}", 1, 5.0) for i in range(10)]
    return clips


def test_no_person_is_in_two_parts():
    clips = crowd()
    parts = draw(clips).parts(clips)  # raises if one were
    judges = {part: {person for person, own in parts.items() if own == part} for part in ("test", "valid")}
    assert 0.15 < sum(person.startswith("one") for person in judges["test"]) / 60 < 0.25
    assert sum(person.startswith("two") for person in judges["test"]) == 9
    assert sum(person.startswith("two") for person in judges["valid"]) == 3
    assert not any(person.startswith(("many", "short")) for person in judges["test"] | judges["valid"])


def test_the_draw_hangs_on_ids_alone():
    clips = crowd()
    assert draw(reversed(clips)).part_of_clip == draw(clips).part_of_clip


def test_who_cannot_give_a_pair_does_not_judge():
    assert draw([clip("a", 1, 14.9), clip("b", 1, 7.9), clip("b", 2, 7.9)]).part_of_clip == {}


def test_a_split_through_a_person_is_refused():
    clips = [clip("a", 1, 20.0), clip("a", 2, 20.0)]
    with pytest.raises(DatasetError, match="“a”"):
        Split({"a_1": "test"}).parts(clips)


def test_a_damaged_split_is_refused(tmp_path):
    path = tmp_path / "split.json"
    path.write_text('{"test": ["a"]}')
    with pytest.raises(DatasetError):
        read_split(path)
    with pytest.raises(DatasetError):
        read_split(tmp_path / "none.json")


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the clips that the split was drawn from are not here")
def test_the_frozen_split_is_the_rules_own():
    clips = find_clips(CLIPS)
    frozen = read_split(FROZEN)
    assert frozen.part_of_clip == draw(clips).part_of_clip
    sessions = defaultdict(set)
    for each in clips:
        if frozen.part_of_clip.get(each.id) == "test":
            sessions[each.person].add(each.session)
    assert len(sessions) >= 20
    assert sum(len(own) > 1 for own in sessions.values()) >= 5


# catalogues


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_folder_a_person(tmp_path):
    """As a studio keeps takes, and as VoxCeleb2 keeps persons, videos and utterances."""
    touch(tmp_path, "Zoë/take 1.mov", "Zoë/take 2.mp4", "id7/x-Y/00001.mp4", "id7/x-Y/00002.mp4", "solo.mp4")
    touch(tmp_path, "Zoë/notes.txt")
    found = {each.id: each for each in find_clips(tmp_path, source="own")}
    assert {name: (each.person, each.session) for name, each in found.items()} == {
        "Zoë_take 1": ("Zoë", "Zoë_take 1"),
        "Zoë_take 2": ("Zoë", "Zoë_take 2"),
        "id7_x-Y_00001": ("id7", "id7_x-Y"),
        "id7_x-Y_00002": ("id7", "id7_x-Y"),
        "solo": ("solo", "solo"),
    }


def test_a_catalogue(tmp_path):
    touch(tmp_path, "a.webm", "in/b.mp4", "unlisted.mp4")
    (tmp_path / "catalog.tsv").write_text(
        "clip\tperson\tsource\tsession\tlicence\tseconds\na\tp\thdtf\tday 1\tCC BY\t12.5\nin/b\tp\thdtf\t\t\t\n"
    )
    first, second = find_clips(tmp_path)
    assert first == Clip("a", tmp_path / "a.webm", "p", "hdtf", "day 1", "CC BY", 12.5)
    assert second == Clip("in_b", tmp_path / "in/b.mp4", "p", "hdtf", "in_b")


@pytest.mark.parametrize(
    "table", ["clip\tperson\na\tp\n", "clip\tperson\tsource\na\tp\tx\na\tp\tx\n", "clip\tperson\tsource\n"]
)
def test_catalogues_that_cannot_be_used(tmp_path, table):
    (tmp_path / "catalog.tsv").write_text(table)
    with pytest.raises(DatasetError):
        find_clips(tmp_path)

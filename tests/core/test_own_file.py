"""Files of the program itself: what else may lie in their place is refused by name."""

import json
import os

import numpy as np
import pytest

from mannerism.core.arrays_file import FLOATS, ArraysFileError, read_arrays, write_arrays
from mannerism.core.errors import TableError
from mannerism.core.files import write_json
from mannerism.core.motion_csv import COLUMNS, read_track
from mannerism.core.own_file import UnusableFileError, read_own, read_own_json

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither these links nor pipes")


def link(path):
    path.with_name("secret").write_text("{}")
    path.symlink_to("secret")


def huge(path):
    with path.open("wb") as file:
        file.truncate(1 << 42)


def deep(path):
    path.write_text("[" * 40 + "]" * 40)


def very_deep(path):
    path.write_text('{"a":' * 200_000)


ODD = {
    "link": link,
    "dangling link": lambda path: path.symlink_to("nowhere"),
    "pipe": os.mkfifo,
    "huge": huge,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "deep": deep,
    "very deep": very_deep,
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_json(tmp_path, make):
    path = tmp_path / "ü 日本.json"
    make(path)
    with pytest.raises(UnusableFileError, match=r"ü 日本\.json"):
        read_own_json(path, 1 << 20)


def test_json_within_the_limits(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"a": [[[{"b": 1}]]] * 1000}))
    assert read_own_json(path, 1 << 20)["a"][0] == [[{"b": 1}]]
    with pytest.raises(UnusableFileError, match=r"a\.json"):
        read_own(path, 100)


@pytest.mark.parametrize("kind", [kind for kind in ODD if "deep" not in kind])
def test_arrays(tmp_path, kind):
    path = tmp_path / "ü 日本.npz"
    ODD[kind](path)
    with pytest.raises(ArraysFileError, match=r"ü 日本\.npz"):
        read_arrays(path, {"a": FLOATS})


def test_arrays_of_a_package_may_be_links(tmp_path):
    write_arrays(tmp_path / "a.npz", {"a": np.zeros(3)})
    (tmp_path / "b.npz").symlink_to("a.npz")
    assert len(read_arrays(tmp_path / "b.npz", {"a": FLOATS}, linked=True)["a"]) == 3
    with pytest.raises(ArraysFileError, match=r"b\.npz” is a link"):
        read_arrays(tmp_path / "b.npz", {"a": FLOATS})


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_what_describes_a_track(tmp_path, make):
    table = tmp_path / "a.csv"
    table.write_text(",".join(COLUMNS) + "\n0,0,0,0,0,0,0,1\n1,0,0,0,0,0,0,1\n")
    make(tmp_path / "a.meta.json")
    with pytest.raises(TableError, match=r"a\.meta\.json"):
        read_track(table)


def test_half_a_character_can_be_written(tmp_path):
    write_json(tmp_path / "a.json", {"é \udc80": 1})
    assert json.loads((tmp_path / "a.json").read_text()) == {"é \udc80": 1}

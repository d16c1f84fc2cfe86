"""Arrays in files: what is refused, by name, before it is loaded; what is read comes back as it was."""

import ast
import io
import stat
import zipfile
from typing import Any, cast

import numpy as np
import pytest

from mannerism.core.arrays_file import FLOATS, ArraysFileError, ArraySpec, read_arrays, write_arrays
from mannerism.core.errors import OutputError
from mannerism.tests.support.paths import ROOT

SPECS = {"curve": ArraySpec("f", 1), "count": ArraySpec("iu", 0)}
GOOD = {"curve": np.arange(4.0), "count": np.array(3)}


def npy(array, **header):
    """The bytes of an array's member, its header altered."""
    file = io.BytesIO()
    header_data = np.lib.format.header_data_from_array_1_0(array) | header
    np.lib.format.write_array_header_1_0(file, header_data)
    return file.getvalue() + array.tobytes()


def archive(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize("compressed", [True, False])
def test_arrays_come_back_as_they_were(tmp_path, compressed):
    arrays = {
        **GOOD,
        "text": np.array(["ü", "日本"]),
        "f order": np.asfortranarray(np.ones((2, 3), np.float32)),
    }
    write_arrays(tmp_path / "a.npz", arrays, compressed=compressed)
    found = read_arrays(tmp_path / "a.npz", SPECS, optional={"text": ArraySpec("U", 1)}, others=FLOATS)
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert (found[name] == array).all()


def test_files_are_those_of_numpy(tmp_path):
    """So that files of earlier versions are read, and earlier versions read these."""
    np.savez_compressed(tmp_path / "numpy.npz", **cast("dict[str, Any]", GOOD))
    write_arrays(tmp_path / "ours.npz", GOOD)
    assert (tmp_path / "numpy.npz").read_bytes() == (tmp_path / "ours.npz").read_bytes()
    assert (read_arrays(tmp_path / "numpy.npz", SPECS)["curve"] == GOOD["curve"]).all()


def test_a_stream_stays_open(tmp_path):
    stream = io.BytesIO()
    write_arrays(stream, GOOD)
    assert read_arrays(stream, SPECS)["count"] == 3
    assert not stream.closed


def test_objects_are_not_written(tmp_path):
    with pytest.raises(TypeError, match="curve"):
        write_arrays(tmp_path / "a.npz", {"curve": np.array([None])})
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder(tmp_path):
    with pytest.raises(OutputError):
        write_arrays(tmp_path / "absent" / "a.npz", GOOD)


GOOD_MEMBERS = {"curve.npy": npy(GOOD["curve"]), "count.npy": npy(GOOD["count"])}
BAD = {
    "missing": ({"curve.npy": GOOD_MEMBERS["curve.npy"]}, "lacks “count”"),
    "unknown": (GOOD_MEMBERS | {"more.npy": npy(np.ones(1))}, "“more” does not belong"),
    "nested": (GOOD_MEMBERS | {"a/curve.npy": npy(np.ones(1))}, "“a/curve.npy” is no plain array"),
    "outside": (GOOD_MEMBERS | {"../curve.npy": npy(np.ones(1))}, "no plain array"),
    "no array": (GOOD_MEMBERS | {"read me.txt": b"hello"}, "“read me.txt” is no plain array"),
    "objects": (GOOD_MEMBERS | {"curve.npy": npy(np.arange(4.0), descr="|O")}, "“curve” holds object"),
    "text": (GOOD_MEMBERS | {"curve.npy": npy(np.array(["a"]))}, "“curve” holds <U1"),
    "fields": (GOOD_MEMBERS | {"curve.npy": npy(np.zeros(2, [("a", "f8")]))}, "“curve” holds"),
    "axes": (GOOD_MEMBERS | {"curve.npy": npy(np.ones((2, 2)))}, r"“curve” has the shape \(2, 2\)"),
    "negative": (GOOD_MEMBERS | {"curve.npy": npy(np.arange(4.0), shape=(-4,))}, r"shape \(-4,\)"),
    "huge": (GOOD_MEMBERS | {"curve.npy": npy(np.arange(4.0), shape=(10**14,))}, "“curve” has not the size"),
    "short": (GOOD_MEMBERS | {"curve.npy": npy(np.arange(4.0), shape=(3,))}, "“curve” has not the size"),
    "no header": (GOOD_MEMBERS | {"curve.npy": b"hello"}, "magic"),
    "version": (GOOD_MEMBERS | {"curve.npy": b"\x93NUMPY\x09\x00" + bytes(20)}, "unknown version"),
    "bomb": (GOOD_MEMBERS | {"curve.npy": npy(np.zeros(1 << 21))}, "larger than the 1048576 allowed"),
}


@pytest.mark.parametrize(("members", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_by_name(tmp_path, members, words):
    path = archive(tmp_path / "a.npz", members)
    with pytest.raises(ArraysFileError, match=words):
        read_arrays(path, SPECS, largest_bytes=1 << 20)


def test_a_good_archive_made_the_same_way_is_read(tmp_path):
    """The refusals above prove nothing if this is refused too."""
    assert read_arrays(archive(tmp_path / "a.npz", GOOD_MEMBERS), SPECS)["count"] == 3


def test_the_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = archive(tmp_path / "a.npz", {"curve.npy": npy(np.zeros(1 << 21))})
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(ArraysFileError, match="larger"):
        read_arrays(path, SPECS, largest_bytes=1 << 20)


def test_a_file_larger_than_allowed(tmp_path):
    path = archive(tmp_path / "a.npz", GOOD_MEMBERS, zipfile.ZIP_STORED)
    with pytest.raises(ArraysFileError, match="more than the 100"):
        read_arrays(path, SPECS, largest_bytes=100)


def test_a_symbolic_link_as_a_member(tmp_path):
    link = zipfile.ZipInfo("curve.npy")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = archive(tmp_path / "a.npz", {link: "/etc/passwd", "count.npy": GOOD_MEMBERS["count.npy"]})
    with pytest.raises(ArraysFileError, match=r"“curve\.npy” is no plain array"):
        read_arrays(path, SPECS)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice(tmp_path):
    path = archive(tmp_path / "a.npz", GOOD_MEMBERS)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("curve.npy", GOOD_MEMBERS["curve.npy"])
    with pytest.raises(ArraysFileError, match=r"“curve\.npy”"):
        read_arrays(path, SPECS)


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_no_archive(tmp_path, content):
    path = tmp_path / "a.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArraysFileError):
        read_arrays(path, SPECS)


# Single arrays, mapped or kept by the training alone.
NPY_READERS = {
    "training/data/measurement_cache.py",
    "training/evaluation/classifier.py",
    "training/face/phonetics.py",
    "training/portrait/lip_reading.py",  # the mean face that comes with the lip reader
}


@pytest.mark.slow
def test_there_is_one_reader_and_one_writer():
    readers, writers = set(), set()
    for room in ("core", "bridge", "operators", "training"):
        for path in (ROOT / room).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"np", "numpy"}:
                    readers |= {name} if node.attr == "load" else set()
                    writers |= {name} if node.attr.startswith("savez") else set()
    assert readers == NPY_READERS
    assert writers == {"core/arrays_file.py"}

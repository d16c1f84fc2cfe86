"""Weights come back as they were written, and a file that is not right is refused with what to do."""

import os
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import save_file

from mannerism.core.errors import MissingPartError, OutputError
from mannerism.core.network.weights import read_weights, write_weights

VERSION_KEY = "mannerism_network"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "gewichte ü日本.safetensors"


def refusal(path):
    with pytest.raises(MissingPartError) as caught:
        read_weights(path)
    assert path.name in caught.value.problem
    return caught.value


def test_what_was_written_is_read_as_float64(path):
    first = np.random.default_rng(0).standard_normal((3, 4, 5))
    arrays: dict[str, npt.NDArray[Any]] = {
        "first": first.transpose(2, 1, 0),
        "of.none": np.zeros((0, 2), np.float32),
    }
    write_weights(path, arrays, {"trained_on": "überall"})
    weights = read_weights(path)
    assert weights.metadata == {"trained_on": "überall"}
    assert weights.arrays.keys() == arrays.keys()
    for name, array in weights.arrays.items():
        assert array.dtype == np.float64
        assert array.flags.c_contiguous
        np.testing.assert_array_equal(array, arrays[name].astype(np.float16))
    assert path.stat().st_size < 2 * first.size + 500


def test_a_file_is_read_once_until_it_changes(path):
    write_weights(path, {"a": np.ones(3)}, {})
    weights = read_weights(path)
    assert read_weights(path) is weights
    write_weights(path, {"a": np.full(3, 2.0)}, {})
    os.utime(path, (1e9, 1e9))  # where the clock of the disk is coarse
    assert read_weights(path).arrays["a"].tolist() == [2, 2, 2]


def test_readers_cannot_spoil_what_they_share(path):
    write_weights(path, {"a": np.ones(3)}, {"b": "c"})
    weights = read_weights(path)
    with pytest.raises(ValueError, match="read-only"):
        weights.arrays["a"][0] = 0.0
    mappings: tuple[Any, ...] = (weights.arrays, weights.metadata)
    for mapping in mappings:
        with pytest.raises(TypeError):
            mapping["new"] = None


def test_a_missing_file_is_refused(path):
    assert "No such file" in refusal(path).problem


def test_a_folder_is_refused(path):
    path.mkdir()
    refusal(path)


@pytest.mark.parametrize("kept", [0, 5, 40, -1])
def test_a_truncated_file_is_refused(path, kept):
    write_weights(path, {"a": np.ones(30)}, {})
    path.write_bytes(path.read_bytes()[:kept])
    assert refusal(path).remedy == "Install Mannerism again"


def test_a_file_of_another_kind_is_refused(path):
    path.write_bytes(b"\x89PNG\r\n" + bytes(range(256)) * 4)
    assert "damaged" in refusal(path).problem


def test_somebody_elses_weights_are_refused(path):
    save_file({"a": np.ones(3, np.float32)}, path)
    assert "holds no weights of this product" in refusal(path).problem
    save_file({"a": np.ones(3, np.float32)}, path, {VERSION_KEY: "first"})
    assert "holds no weights of this product" in refusal(path).problem


def test_a_newer_file_is_refused(path):
    save_file({"a": np.ones(3, np.float16)}, path, {VERSION_KEY: "2"})
    refused = refusal(path)
    assert "newer version (weights format 2, this reads 1)" in refused.problem
    assert refused.remedy == "Update Mannerism"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_neither_read_nor_written(path, value):
    with pytest.raises(ValueError, match="“a” does not fit"):
        write_weights(path, {"a": np.array([1.0, value])}, {})
    assert not path.exists()
    save_file({"a": np.array([1.0, value], np.float16)}, path, {VERSION_KEY: "1"})
    assert "no numbers" in refusal(path).problem


@pytest.mark.filterwarnings("error")
def test_values_beyond_float16_are_not_written(path):
    with pytest.raises(ValueError, match="float16"):
        write_weights(path, {"a": np.array([70_000.0])}, {})


def test_a_folder_that_is_not_there_is_not_written_to(path):
    with pytest.raises(OutputError):
        write_weights(path / "b.safetensors", {"a": np.ones(3)}, {})


def test_without_safetensors_it_says_what_to_install(path, monkeypatch):
    write_weights(path, {"a": np.ones(3)}, {})
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(MissingPartError, match="pip install safetensors"):
        read_weights(path)

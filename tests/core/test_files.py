"""Making room for a file, and what is said where one cannot be written."""

from errno import ENAMETOOLONG, ENOSPC

import pytest

from mannerism.core.errors import DiskFullError
from mannerism.core.files import output_error, put_aside


@pytest.mark.parametrize("name", ["a.csv", "n" * 251 + ".csv", "日" * 83 + "ab.csv", "n" * 255])
def test_what_is_in_the_way_is_kept_however_long_its_name(tmp_path, name):
    for content in ("one", "two", "three"):
        (tmp_path / name).write_text(content)
        said = put_aside(tmp_path / name)
        assert said.startswith(f"The file that was at “{name}” is kept as “")
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["one", "three", "two"]
    assert all(".earlier" in path.name for path in tmp_path.iterdir())


def test_the_remedy_fits_the_cause(tmp_path):
    assert "shorter name" in output_error(tmp_path / "a", OSError(ENAMETOOLONG, "too long")).remedy
    full = output_error(tmp_path / "a", OSError(ENOSPC, "full"))
    assert isinstance(full, DiskFullError)
    assert "Free some space" in full.remedy

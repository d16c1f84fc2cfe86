"""What tests of batches share."""

import shutil

import pytest

from mannerism.tests.support.paths import EXAMPLES


@pytest.fixture
def home(tmp_path):
    """A folder with a sound of the example."""
    shutil.copy(EXAMPLES / "line_1.wav", tmp_path / "a.wav")
    return tmp_path.resolve()

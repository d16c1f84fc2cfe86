"""Memory: frames of a file are copies of their own, and pages and large blocks go back to the system."""

import subprocess
import sys

import numpy as np
import pytest

from mannerism.core.portrait.analysis.large_blocks import return_large_blocks
from mannerism.core.portrait.model import picture_file
from mannerism.core.portrait.model.picture_file import write_pictures

FRAMES = np.random.default_rng(0).integers(0, 255, (6, 4, 4, 3), np.uint8)
_PEAK = """
import resource, sys
from pathlib import Path
from mannerism.core.portrait.model.picture_file import open_pictures
pictures = open_pictures(Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
total = sum(int(picture[0, 0, 0]) + int(picture.sum() > 0) for picture in pictures)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("limit", [1, 1 << 30])
def test_frames_are_the_same_however_often_pages_go_back(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(picture_file, "_MOST_MAPPED", limit)
    kept = write_pictures(tmp_path / "frames.npy", FRAMES, FRAMES.shape)
    assert len(kept) == 6
    np.testing.assert_array_equal(np.stack(list(kept)), FRAMES)
    np.testing.assert_array_equal(kept[2], FRAMES[2])
    np.testing.assert_array_equal(kept[-1], FRAMES[-1])
    np.testing.assert_array_equal(kept[1:4][1], FRAMES[2])
    np.testing.assert_array_equal(kept[np.array([0, 5])], FRAMES[[0, 5]])
    assert not np.shares_memory(kept[2], kept)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts pages as Linux does")
def test_a_long_file_of_frames_does_not_stay_in_memory(tmp_path):
    shape = (1000, 256, 256, 3)
    frame = np.ones(shape[1:], np.uint8)
    write_pictures(tmp_path / "long.npy", (frame for _ in range(shape[0])), shape)
    made = subprocess.run(
        [sys.executable, "-c", _PEAK, str(tmp_path / "long.npy")], capture_output=True, text=True, check=True
    )
    assert int(made.stdout) < 120_000  # of 197 000 kilobytes


def test_returning_large_blocks_changes_nothing_else():
    return_large_blocks()
    assert np.ones(2_000_000).sum() == 2_000_000

"""The same bytes whatever lies in memory that is not written yet, and no reading beyond images."""

import os
import subprocess
import sys

import pytest

FLOWS = """
import hashlib

import cv2
import numpy as np

from mannerism.core.portrait.model.optical_flow import FlowPreset, optical_flow, zero_flow

rng, digest = np.random.default_rng(0), hashlib.sha256()
for preset in FlowPreset:
    for width in (1, 7, 13, 40, 64, 92, 200, 500):
        for height in (1, 7, 10, 15, 31, 64, 200):
            images = rng.integers(0, 255, (2, height, width)).astype(np.uint8)
            first, second = (cv2.GaussianBlur(image, (0, 0), 2) for image in images)
            for start in (None, zero_flow(first)):
                flow = optical_flow(first, second, preset, start)
                assert flow.shape == (height, width, 2) and np.isfinite(flow).all()
                digest.update(np.ascontiguousarray(flow))
print(digest.hexdigest())
"""
FILMS = """
import hashlib
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from mannerism.core.portrait.output.video_writer import write_video

rng, digest = np.random.default_rng(0), hashlib.sha256()
for width, height in ((32, 48), (64, 64), (66, 96), (160, 160), (192, 192), (256, 128)):
    noise = cv2.GaussianBlur(rng.integers(0, 255, (height, width, 3)).astype(np.uint8), (0, 0), 3)
    pictures = [np.roll(noise, (i, 2 * i), (0, 1)) for i in range(12)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        write_video(path, pictures, Fraction(10), None)
        digest.update(path.read_bytes())
print(digest.hexdigest())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="glibc fills memory on request")
@pytest.mark.parametrize("code", [FLOWS, FILMS], ids=["optical flow", "film"])
def test_the_same_whatever_lies_in_memory(code):
    def printed(filled_with):
        run = subprocess.run(
            [sys.executable, "-c", code],
            check=False,
            env={**os.environ, "MALLOC_PERTURB_": str(filled_with)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    assert len({printed(filled_with) for filled_with in (0, 1, 127)}) == 1

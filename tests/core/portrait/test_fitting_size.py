"""Size of a video: as large as the reference shows the head, and said."""

from types import SimpleNamespace

import numpy as np
import pytest

from mannerism.core.batch.product import portrait_of
from mannerism.core.errors import BatchError
from mannerism.core.portrait.model.options import AUTO_SIZE
from mannerism.core.portrait.preflight.fitting_size import fitting_size, size_note


def survey(face_px, width=1920, height=1080, bars=0):
    """What a survey knows of a face so high, before a bright wall with bars above and below."""
    landmarks = np.zeros((3, 478, 3))
    landmarks[:, 1, 1] = face_px
    small = np.full((3, 180, 320), 100, np.uint8)
    if bars:
        small[:, :bars] = small[:, -bars:] = 0
    return SimpleNamespace(
        landmarks=landmarks, found=np.ones(3, np.bool_), width=width, height=height, small=small
    )


@pytest.mark.parametrize(
    ("face_px", "width", "height", "size"),
    [
        (400, 1920, 1080, 768),
        (250, 1920, 1080, 512),
        (150, 1920, 1080, 256),
        (400, 1280, 720, 512),
        (300, 384, 384, 256),
    ],
)
def test_the_size_is_what_the_reference_fills(face_px, width, height, size):
    assert fitting_size(survey(face_px, width, height)) == size


def test_bars_show_nothing():
    assert fitting_size(survey(400, 1280, 720, bars=40)) == 256


def test_the_sentence_says_how_large_it_is_and_what_would_be_larger():
    assert size_note(survey(150), 256).endswith(
        "so that the video is 256 pixels wide; record larger or nearer for 512."
    )
    assert size_note(survey(250), 512).endswith("wide; record larger or nearer for 768.")
    assert (
        size_note(survey(400), 768)
        == "The reference shows the head 960 pixels large, so that the video is 768 pixels wide."
    )


def test_a_manifest_says_auto_or_pixels(tmp_path):
    def size(**fields):
        return portrait_of({"reference": "ada.mp4", **fields}, tmp_path)[0].size

    assert size() == size(portrait_size="auto") == AUTO_SIZE
    assert size(portrait_size=128) == 128
    for wrong in (0, 7, 4096):
        with pytest.raises(BatchError, match=f"portrait_size is {wrong}"):
            size(portrait_size=wrong)

"""Turns keep their size where pixels are not square, whichever axis is the coarser one and however it is turned."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import MissingPartError
from mannerism.core.track import track_video
from mannerism.core.track.landmarks import find_model
from mannerism.tests.support.media_files import set_display_matrix, write_pictures
from mannerism.tests.support.paths import REFERENCE
from mannerism.tools.synthetic.warped_face import frontal_face

SIDE = 224  # as of calls; the face is 90 pixels wide
OPTIONS = {"crf": "12", "preset": "veryfast"}
TURNED = (0, -1, 1, 0)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pictures():
    """A face that turns about all axes."""
    try:
        face = frontal_face(REFERENCE, find_model())
    except MissingPartError as error:
        pytest.skip(str(error))
    assert face is not None
    time_s = np.arange(60) / 25
    pitch, yaw, roll = (
        np.radians(amplitude) * np.sin(2 * np.pi * hertz * time_s + phase)
        for amplitude, hertz, phase in ((8, 0.9, 1.0), (12, 0.6, 0.0), (6, 0.5, 2.0))
    )
    shown = (face.turned(turn) for turn in rot.from_euler(pitch, yaw, roll))
    return [cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for picture in shown]


def angles_deg(path):
    return np.degrees(rot.to_euler(track_video(path).rotation))


@pytest.fixture(scope="module")
def square(pictures, tmp_path_factory):
    """The pictures, and the angles that are measured in them as they are."""
    path = tmp_path_factory.mktemp("square") / "a.mp4"
    return pictures, angles_deg(write_pictures(path, pictures, options=OPTIONS))


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(
    ("aspect", "stored"),
    [(Fraction(1, 2), (SIDE, SIDE // 2)), (Fraction(2), (SIDE // 2, SIDE)), (Fraction(45, 64), (SIDE, 158))],
)
def test_turns_keep_their_size(tmp_path, square, aspect, stored, is_turned):
    pictures, whole = square
    lying = [np.rot90(picture, -1) if is_turned else picture for picture in pictures]
    squeezed = [
        cv2.resize(np.ascontiguousarray(picture), stored, interpolation=cv2.INTER_AREA) for picture in lying
    ]
    path = write_pictures(tmp_path / "a.mp4", squeezed, aspect=aspect, options=OPTIONS)
    measured = angles_deg(set_display_matrix(path, TURNED) if is_turned else path)
    slopes = [np.polyfit(*pair, 1)[0] for pair in zip(whole.T, measured.T, strict=True)]
    assert slopes[1] == pytest.approx(1.0, abs=0.04)  # yaw, the largest of the three
    assert slopes == pytest.approx([1.0] * 3, abs=0.06)

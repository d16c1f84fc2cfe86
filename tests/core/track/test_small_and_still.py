"""A small face in a recording of a screen is found, and a photo that was made a film is said to be one."""

import re

import cv2
import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import MissingPartError
from mannerism.core.track import track_video
from mannerism.core.track.landmarks import Region, find_model
from mannerism.core.track.small_faces import _agreed, _starts
from mannerism.tests.support.media_files import damage_packets, flip_bits, write_pictures
from mannerism.tests.support.synthetic_reference import example_pictures


@pytest.fixture(scope="module", autouse=True)
def model():
    try:
        return find_model()
    except MissingPartError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def pictures():
    return example_pictures(range(60, 120, 3))


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height", "face_px"), [(1920, 1080, 55), (1280, 720, 40)])
def test_a_small_face_on_a_screen(tmp_path, pictures, width, height, face_px):
    screen = np.full((height, width, 3), 235, np.uint8)
    for row in range(30, height, 60):
        cv2.putText(
            screen, "Some text in a window", (40, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (20, 20, 20), 2
        )
    side = round(384 * face_px / 133)  # the face is 133 of the example's 384 pixels wide
    shown = []
    for picture in pictures:
        frame = screen.copy()
        small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
        frame[-side - 20 : -20, -side - 30 : -30] = small
        shown.append(frame)
    track = track_video(
        write_pictures(tmp_path / "a.mp4", shown, options={"crf": "18", "preset": "ultrafast"})
    )
    full = track_video(write_pictures(tmp_path / "b.mp4", pictures, options={"crf": "12"}))
    assert track.valid.mean() > 0.7
    said_px = re.findall(r"only (\d+) pixels wide", " ".join(track.meta["warnings"]))
    assert [int(number) for number in said_px] == pytest.approx([face_px], rel=0.1)
    small, whole = (np.degrees(rot.to_euler(one.rotation)).T for one in (track, full))
    for turn, known in zip(small, whole, strict=True):
        assert np.corrcoef(turn, known)[0, 1] > 0.9
        assert np.polyfit(known, turn, 1)[0] == pytest.approx(1.0, abs=0.25)


def test_tiles_and_the_face_that_frames_agree_on():
    assert _starts(1080, 540) == [0, 270, 540]
    assert _starts(540, 540) == [0]
    here, there = np.array([[500.0, 400.0, 60.0]]), np.array([[100.0, 100.0, 50.0]])
    region = _agreed([here, np.concatenate([there, here + 5.0]), here - 5.0], 1920, 1080)
    left, top, side = region.square(1920, 1080)
    assert left < 440
    assert left + side > 560
    assert top < 340
    assert side < 400
    assert _agreed([here, np.zeros((0, 3)), np.zeros((0, 3))], 1920, 1080) is None
    assert Region(0.9, 0.9, 0.5).square(200, 100) == (150, 50, 50)


@pytest.mark.parametrize("kind", ["repeated", "noisy", "zoomed"])
def test_a_photo_as_a_film(tmp_path, pictures, kind):
    rng, photo = np.random.default_rng(0), cv2.resize(pictures[0], (224, 224), interpolation=cv2.INTER_AREA)

    def shown(index):
        if kind == "noisy":
            return np.clip(photo + rng.normal(0.0, 6.0, photo.shape), 0, 255).astype(np.uint8)
        if kind == "zoomed":
            matrix = cv2.getRotationMatrix2D((112, 112), 0, 1 + 0.002 * index)
            return cv2.warpAffine(photo, matrix, (224, 224))
        return photo

    path = write_pictures(tmp_path / "a.mp4", [shown(index) for index in range(60)])
    said = " ".join(track_video(path).meta["warnings"])
    assert "does not move" in said
    assert "photo" in said


def test_damage_is_bridged_and_said(tmp_path, pictures):
    shown = [cv2.resize(pictures[i // 3 % 20], (224, 224), interpolation=cv2.INTER_AREA) for i in range(60)]
    track = track_video(damage_packets(write_pictures(tmp_path / "a.mp4", shown), 0.5, 4))
    assert track.time_s[-1] == pytest.approx(59 / 25, abs=0.05)
    assert 1 <= (~track.valid).sum() <= 8
    assert "damaged pictures from 1.2 to" in " ".join(track.meta["warnings"])
    assert "does not move" not in " ".join(track.meta["warnings"])


@pytest.mark.slow
def test_pictures_that_are_made_up_in_part_are_not_measured(tmp_path, pictures):
    shown = [cv2.resize(pictures[i // 3 % 20], (224, 224), interpolation=cv2.INTER_AREA) for i in range(60)]
    path = write_pictures(tmp_path / "a.mp4", shown, options={"g": "10"})
    assert track_video(path).valid.all()
    track = track_video(flip_bits(path, (31, 32, 33), 12))
    assert len(track.valid) == 60
    unmeasured = set(np.flatnonzero(~track.valid).tolist())
    assert {31, 32, 33} <= unmeasured <= set(range(31, 40))  # picture 40 stands alone again
    said = " ".join(track.meta["warnings"])
    assert "decoded in part and not measured" in said
    assert "from 1.4 to 1.6 s follow from damaged ones" in said

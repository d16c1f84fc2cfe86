"""Preflight checks: each fault is found where present and not elsewhere, with a problem and a remedy."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import CancelledError, MissingPartError, VideoError
from mannerism.core.portrait.preflight.checks import CHECKS, find_faults, speech_fault
from mannerism.core.portrait.preflight.survey import survey
from mannerism.core.track.landmarks import FaceFinder, find_model
from mannerism.tests.support import synthetic_reference as synthetic
from mannerism.tests.support.paths import EXAMPLES, REFERENCE

pytestmark = pytest.mark.slow

COUNT = 60
FIRST = 40


@pytest.fixture(scope="module")
def model():
    try:
        return find_model()
    except MissingPartError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def pictures():
    return synthetic.example_pictures(range(FIRST, FIRST + COUNT))


@pytest.fixture(scope="module")
def surveyed(model, tmp_path_factory):
    """The survey of pictures, as a video at these times with that sound."""
    folder = tmp_path_factory.mktemp("ü 日本")

    def look(pictures, time_s=None, sound="syllables", name="reference.mp4"):
        return survey(synthetic.write_reference(folder / name, pictures, time_s, sound))

    return look


@pytest.fixture(scope="module")
def plain(surveyed, pictures):
    """What is looked at where nothing was changed."""
    return surveyed(pictures)


@pytest.fixture(scope="module")
def known(plain):
    """Faults that so short a piece of the example has already."""
    return names(plain)


def names(seen, size=256):
    return {fault.name for fault in find_faults(seen, size)}


def phases(cycles=4.0):
    return np.linspace(0.0, 2 * np.pi * cycles, COUNT)


def test_a_short_piece_of_the_example_is_only_short(known):
    assert known <= {"little_time", "few_teeth", "one_pose"}
    assert "little_time" in known


def test_each_fault_is_a_problem_and_a_remedy(plain):
    faults = find_faults(plain)
    assert faults
    for fault in faults:
        for sentence in (fault.problem, fault.remedy):
            assert sentence
            assert "{" not in sentence
            assert not sentence.endswith(".")
        assert str(fault) == f"{fault.problem}. {fault.remedy}"
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_a_hand_before_the_face(surveyed, pictures, known):
    hidden = [synthetic.with_hand(p) if 20 <= i < 28 else p for i, p in enumerate(pictures)]
    seen = surveyed(hidden)
    assert names(seen) - known == {"covered"}
    (fault,) = [fault for fault in find_faults(seen) if fault.name == "covered"]
    assert "in 4 of 30 pictures" in fault.problem


def test_glasses(surveyed, pictures, known, model):
    with FaceFinder(model) as finder:
        faces = [finder.find(p)[0, :, :2] * 384 for p in pictures]
    worn = [synthetic.with_glasses(p, face) for p, face in zip(pictures, faces, strict=True)]
    assert names(surveyed(worn)) - known == {"glasses"}


def test_hair_that_swings(surveyed, pictures, known):
    swinging = [synthetic.with_lock(p, phase) for p, phase in zip(pictures, phases(3), strict=True)]
    still = [synthetic.with_lock(p, 0.0) for p in pictures]
    assert names(surveyed(swinging)) - known == {"hair"}
    assert names(surveyed(still)) - known == set()


def test_a_background_that_moves(surveyed, pictures, known):
    still = [synthetic.in_room(p, 0) for p in pictures]
    moving = [synthetic.in_room(p, round(12 * np.sin(a))) for p, a in zip(pictures, phases(), strict=True)]
    assert names(surveyed(still)) - known == set()
    assert names(surveyed(moving)) - known == {"moving_camera"}


def test_black_bars(surveyed, pictures, known):
    barred = [np.pad(p, ((48, 48), (0, 0), (0, 0))) for p in pictures]
    assert names(surveyed(barred)) - known == {"bars"}


def test_a_head_at_the_edge(surveyed, plain, pictures, known):
    hair = np.quantile(plain.landmarks[plain.found, 10, 1], 0.5)
    cut = [p[int(hair) // 2 * 2 :] for p in pictures]
    seen = surveyed(cut)
    assert names(seen) - known == {"at_edge"}


def test_captions_that_change(surveyed, pictures, known):
    def captioned(picture, number):
        word = ("Are you listening", "", "to what I say now", "")[number // 15 % 4]
        page = picture.copy()
        cv2.putText(page, word, (20, 350), cv2.FONT_HERSHEY_DUPLEX, 1.1, (255, 255, 255), 2, cv2.LINE_AA)
        return page

    seen = surveyed([captioned(p, i) for i, p in enumerate(pictures)])
    assert names(seen) - known >= {"captions"}


def test_light_that_changes(surveyed, pictures, known):
    rows, columns = np.indices((384, 384))
    lamp = np.exp(-((rows - 170) ** 2 + (columns - 192) ** 2) / 2 / 60**2)[..., None]

    def lit(share):
        return [
            np.clip(p * (1 + share * np.sin(a) * lamp), 0, 255).astype(np.uint8)
            for p, a in zip(pictures, phases(1.5), strict=True)
        ]

    assert names(surveyed(lit(0.02))) - known == set()
    assert names(surveyed(lit(0.12))) - known == {"light"}


def test_arms_that_wave(surveyed, pictures, known):
    waving = [synthetic.with_arms(p, phase) for p, phase in zip(pictures, phases(), strict=True)]
    assert names(surveyed(waving)) - known == {"gestures"}


def test_one_pose(surveyed, pictures, known):
    assert "one_pose" in names(surveyed([pictures[0]] * COUNT))


def test_a_closed_mouth(surveyed, known):
    opening = np.genfromtxt(EXAMPLES / "reference.face.csv", delimiter=",", names=True)
    shut = np.sort(np.argsort(opening["mouth_opening_m"])[:COUNT])
    assert "closed_mouth" not in known
    assert "closed_mouth" in names(surveyed(synthetic.example_pictures(shut)))


def test_teeth(surveyed, pictures, known, model):
    def with_teeth(picture, face):
        upper, lower = face[[13, 14]]
        if lower[1] - upper[1] < 6:
            return picture
        middle = np.rint(upper + 0.35 * (lower - upper)).astype(int)
        return cv2.ellipse(picture.copy(), middle, (16, 4), 0, 0, 360, (245, 240, 230), -1)

    with FaceFinder(model) as finder:
        faces = [finder.find(p)[0, :, :2] * 384 for p in pictures]
    smiling = [with_teeth(p, face) for p, face in zip(pictures, faces, strict=True)]
    assert "few_teeth" in known
    assert names(surveyed(smiling)) == known - {"few_teeth"}


def test_a_face_that_is_lost(surveyed, pictures, known):
    gone = [cv2.GaussianBlur(p, (0, 0), 40) if 10 <= i < 20 else p for i, p in enumerate(pictures)]
    assert names(surveyed(gone)) - known == {"lost_face"}


def test_a_profile(plain, known):
    turn = rot.to_matrix(rot.from_euler(0.0, np.radians(45.0), 0.0))
    away = plain.landmarks.copy()
    middle = away[:5].mean(axis=1, keepdims=True)
    away[:5] = (away[:5] - middle) @ turn.T + middle
    assert names(replace(plain, landmarks=away)) - known == {"profile"}


def test_two_people(surveyed, pictures, known):
    both = [np.hstack([p, p[:, ::-1]]) for p in pictures]
    assert names(surveyed(both)) - known == {"two_people"}


def test_a_cut_to_another_person(surveyed, pictures, known):
    def at(picture, column):
        wide = np.full((384, 1000, 3), 128, np.uint8)
        wide[:, column : column + 384] = picture
        return wide

    cut = [at(p if i < 40 else p[:, ::-1], 0 if i < 40 else 616) for i, p in enumerate(pictures)]
    seen = surveyed(cut)
    assert {"cut", "lost_face"} <= names(seen) - known
    assert "two_people" not in names(seen)
    assert not seen.found[-5:].any()


def test_a_video_from_a_phone_that_lies_on_its_side(model, plain, pictures, known, tmp_path):
    lying = [np.rot90(p) for p in pictures]
    seen = survey(synthetic.lay_on_its_side(synthetic.write_reference(tmp_path / "phone.mp4", lying)))
    assert names(seen) - known == {"lies_on_its_side"}
    np.testing.assert_allclose(seen.landmarks, plain.landmarks, atol=4.0)


def test_ten_pictures_a_second(surveyed, known):
    rare = synthetic.example_pictures(range(0, COUNT, 2))
    assert "slow" not in known
    assert "slow" in names(surveyed(rare, synthetic.even_times(len(rare), 10.0)))


def test_uneven_times(surveyed, pictures, known):
    steps = np.where(np.arange(COUNT) % 2, 0.02, 0.06)
    seen = surveyed(pictures, np.cumsum(steps))
    assert names(seen) - known == {"uneven"}
    assert seen.steps_s.min() == pytest.approx(0.02, abs=0.002)


def test_very_large_pictures(surveyed, pictures, known):
    wide = [
        cv2.copyMakeBorder(p, 0, 0, 850, 850, cv2.BORDER_CONSTANT, value=(128, 128, 128)) for p in pictures
    ]
    seen = surveyed(wide)
    assert names(seen) - known == {"very_large"}
    assert seen.found.all()
    assert max(seen.small.shape[1:]) == 320
    assert seen.face_px == pytest.approx(140, rel=0.1)


def test_a_small_face(surveyed, pictures, known):
    def far(picture):
        room = np.full((384, 384, 3), 128, np.uint8)
        room[120:264, 120:264] = cv2.resize(picture, (144, 144), interpolation=cv2.INTER_AREA)
        return room

    found = names(surveyed([far(p) for p in pictures])) - known
    assert "small_face" in found
    assert "soft" not in found


def test_a_size_beyond_what_the_source_shows(plain, known):
    assert names(plain, size=768) - known == {"soft"}


def test_a_reference_of_more_than_a_minute(plain, known):
    assert names(replace(plain, duration_s=90.0)) - known == {"long"}


@pytest.mark.parametrize(
    ("sound", "fault"),
    [
        (None, "no_sound"),
        (np.zeros(48_000, np.float32), "silent"),
        (np.sin(np.arange(48_000) * 0.3).astype(np.float32) * 0.3, "no_pauses"),
    ],
)
def test_sound_without_speech(surveyed, pictures, known, sound, fault):
    assert names(surveyed(pictures, sound=sound)) - known == {fault}


def test_a_file_that_breaks_off(model, pictures, known, tmp_path):
    whole, broken = tmp_path / "whole.mkv", tmp_path / "broken.mkv"
    synthetic.write_reference(whole, pictures * 2)
    broken.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.75)])
    assert "cut_short" not in names(survey(whole))
    assert "cut_short" in names(survey(broken))


def test_a_speech_that_is_none(talk):
    rate = synthetic.RATE_HZ
    hum = np.sin(np.arange(4 * rate) * 0.3).astype(np.float32) * 0.3
    assert speech_fault(talk(6.0)[None], rate) is None
    assert speech_fault(hum[None, : 2 * rate], rate) is None
    assert speech_fault(np.stack([hum, hum]), rate).name == "no_speech"
    for length in (0, 100, 4 * rate):
        assert speech_fault(np.zeros((1, length), np.float32), rate).name == "silent_speech"


def refusal(path):
    with pytest.raises(VideoError) as caught:
        survey(path)
    assert caught.value.remedy
    return caught.value.problem


def test_less_than_two_seconds(model, pictures, tmp_path):
    path = synthetic.write_reference(tmp_path / "short.mp4", pictures[:30])
    assert "shows only 1.2 s" in refusal(path)


def test_no_face(model, tmp_path):
    wall = [np.full((96, 96, 3), 90 + i, np.uint8) for i in range(COUNT)]
    assert "No face" in refusal(synthetic.write_reference(tmp_path / "wall.mp4", wall))


def test_hardly_a_face(model, pictures, tmp_path):
    wall = np.full((384, 384, 3), 90, np.uint8)
    few = [p if i < 6 else wall for i, p in enumerate(pictures)]
    assert "only 3 of 30" in refusal(synthetic.write_reference(tmp_path / "few.mp4", few))


def test_a_user_can_stop_it(model):
    def stop(_share, _what):
        raise CancelledError

    with pytest.raises(CancelledError):
        survey(REFERENCE, stop)

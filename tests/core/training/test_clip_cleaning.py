"""What is kept of a clip: offsets, cuts, listeners and noise that are known beforehand."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.recording import Measured
from mannerism.core.recording.cuts import find_cuts, noise_deg
from mannerism.core.recording.lips import Lips, estimate_offset, expected, lip_features, lips_of
from mannerism.core.recording.listener_detection import listening, runs
from mannerism.core.speech import extract_features
from mannerism.tests.support.synthetic_face import face_of, mouth_of
from mannerism.training.data.fit_lips import fit


@pytest.fixture(scope="module")
def voices(talk, write_wav, tmp_path_factory):
    folder = tmp_path_factory.mktemp("voices")
    return [
        extract_features(write_wav(folder / f"{voice}.wav", talk(24.0, voice, first_line=line)))
        for voice, line in (("Female1", 0), ("Male1", 3))
    ]


# in step


def offset_of(face, voice):
    return estimate_offset(lips_of(face, voice.time_s), expected(voice))


@pytest.mark.slow
@pytest.mark.parametrize("late_s", [-0.25, -0.1, 0.07, 0.2])
@pytest.mark.parametrize("fps", [25.0, 29.97, 10.0])
def test_a_known_offset_is_found(voices, late_s, fps):
    """Lips made from two bands of the voice; the picture's own lead is not at stake."""
    voice = voices[0]
    here = offset_of(face_of(voice, fps=fps), voice)
    there = offset_of(face_of(voice, fps=fps, late_s=late_s), voice)
    assert here.confidence > 2.0
    assert abs(here.offset_s) < 0.12
    assert there.offset_s - here.offset_s == pytest.approx(-late_s, abs=0.03)


@pytest.mark.slow
def test_after_the_offset_is_applied_none_is_left(voices):
    voice = voices[0]
    face = face_of(voice, late_s=0.16)
    found = offset_of(face, voice)
    again = estimate_offset(lips_of(face, voice.time_s, found.offset_s), expected(voice))
    assert abs(again.offset_s) < 0.02


@pytest.mark.slow
def test_nobody_elses_voice_fits(voices):
    mine, other = voices
    face = face_of(mine)
    assert offset_of(face, other).confidence < 0.5 * offset_of(face, mine).confidence


def test_lips_that_never_move_tell_nothing(voices):
    face = face_of(voices[0])
    face = replace(face, mouth_m=np.full(len(face.time_s), 0.002))
    found = offset_of(face, voices[0])
    assert (found.offset_s, found.confidence) == (0.0, 0.0)


def test_the_same_lips_give_the_same_offset(voices):
    face = face_of(voices[0], late_s=0.1)
    assert offset_of(face, voices[0]) == offset_of(face, voices[0])


def test_weights_learned_from_one_voice_tell_another_persons_offset(voices):
    mine, other = voices
    learned = fit([Measured(face_of(mine), mine, np.zeros(0, np.float32))], None)
    face = face_of(other, late_s=0.15)
    found = estimate_offset(lips_of(face, other.time_s), lip_features(other) @ learned)
    assert found.offset_s == pytest.approx(-0.15, abs=0.02)
    assert found.confidence > 3.0


# who speaks


def test_a_stretch_of_still_lips_is_a_listeners(voices):
    voice = voices[0]
    lips = lips_of(face_of(voice), voice.time_s)
    still = (voice.time_s > 8.0) & (voice.time_s < 16.0)
    rng = np.random.default_rng(0)
    opening = np.where(still, 1.0 + 0.1 * rng.normal(size=len(still)), lips.opening_mm)
    away = listening(Lips(opening, lips.visible), expected(voice), voice.column("activity"))
    assert away[still].mean() > 0.6  # the rest of it are the pauses of whoever asks
    assert away[~still].mean() < 0.05


def test_lips_that_speak_are_kept(voices):
    for voice in voices:
        lips = lips_of(face_of(voice), voice.time_s)
        assert not listening(lips, expected(voice), voice.column("activity")).any()


def test_still_lips_in_silence_are_a_pause(voices):
    voice = voices[0]
    lips = lips_of(face_of(voice), voice.time_s)
    quiet = (voice.time_s > 8.0) & (voice.time_s < 14.0)
    opening = np.where(quiet, 1.0, lips.opening_mm)
    activity = np.where(quiet, 0.0, voice.column("activity"))
    away = listening(Lips(opening, lips.visible), np.where(quiet, 0.0, expected(voice)), activity)
    assert not away[(voice.time_s > 9.5) & (voice.time_s < 12.5)].any()


def test_runs():
    mask = np.array([1, 1, 0, 1, 1, 1, 0, 1], np.bool_)
    assert runs(mask, 2) == [(0, 2), (3, 6)]
    assert runs(mask, 4) == []
    assert runs(np.zeros(3, np.bool_), 1) == []


# cuts and noise


def changes(face, seed=0):
    return np.abs(np.random.default_rng(seed).normal(1.0, 0.3, len(face.time_s))).astype(np.float32)


def turned(face, frames, degrees, metres=0.0):
    rotation, position = face.rotation.copy(), face.position_m.copy()
    rotation[frames] = rot.multiply(rot.from_rotvec(np.radians([0.0, degrees, 0.0])), rotation[frames])
    position[frames] += [metres, 0.0, 0.0]
    return replace(face, rotation=rotation, position_m=position)


def test_another_picture_is_a_cut(voices):
    face = face_of(voices[0])
    change = changes(face)
    change[[240, 500]] = 40.0
    assert find_cuts(face, change) == pytest.approx(face.time_s[[240, 500]])


@pytest.mark.slow
def test_a_jump_cut_is_a_cut_and_neither_sign_alone(voices):
    """The same background: the picture changes by little, but the head is suddenly elsewhere."""
    face = face_of(voices[0])
    jumped, change = turned(face, slice(300, None), 9.0, 0.03), changes(face)
    change[300] = 6.0
    assert find_cuts(jumped, change) == pytest.approx([face.time_s[300]])
    assert len(find_cuts(face, change)) == 0
    assert len(find_cuts(jumped, changes(face))) == 0


def test_a_slip_of_the_detector_is_none(voices):
    face = face_of(voices[0])
    change = changes(face)
    change[300] = 6.0
    assert len(find_cuts(turned(face, slice(300, 302), 15.0), change)) == 0


def test_a_shaking_camera_is_none(voices):
    face = face_of(voices[0])
    assert len(find_cuts(face, changes(face) + np.float32(15.0))) == 0


@pytest.mark.parametrize("deviation", [0.05, 0.3, 0.8])
def test_known_noise_comes_back(voices, deviation):
    found = noise_deg(face_of(voices[0], noise_deg=deviation))
    assert found == pytest.approx([deviation] * 3, rel=0.15)


def test_slips_are_no_noise(voices):
    face = face_of(voices[0], noise_deg=0.1)
    for at in range(50, 700, 50):
        face = turned(face, slice(at, at + 1), 20.0)
    assert noise_deg(face) == pytest.approx([0.1] * 3, rel=0.3)


def test_the_made_up_mouth_leads_its_voice(voices):
    """What the tests above rest on."""
    voice = voices[0]
    late = mouth_of(voice, voice.time_s, 0.2)
    assert late[5:] == pytest.approx(mouth_of(voice, voice.time_s)[:-5], abs=1e-9)

"""Analysis of the shipped example: crop, tracking, matte, background, cache and forgetting."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mannerism.core.errors import MissingPartError, OutputError, VideoError
from mannerism.core.portrait.analysis import cache, first_pass
from mannerism.core.portrait.analysis.analyse import analyse
from mannerism.core.portrait.analysis.clip_reader import cut, pixels, read_clip, smooth
from mannerism.core.portrait.analysis.face_fit import fit_face
from mannerism.core.portrait.analysis.fine_hair import with_fine_hair
from mannerism.core.portrait.analysis.matte import MATTE, drop_silhouette, find_person_model, person_matte
from mannerism.core.portrait.analysis.usable_frames import usable_pictures
from mannerism.core.portrait.model.person import Square
from mannerism.core.portrait.model.picture_file import write_pictures
from mannerism.core.portrait.reference.identity import Reference
from mannerism.core.track.landmarks import FaceFinder, find_model
from mannerism.tests.support.paths import REFERENCE

pytestmark = pytest.mark.slow

SIZE = 128
SECONDS = 1.6
RATE_HZ = 25


@pytest.fixture(scope="module")
def models():
    try:
        find_model()
        find_person_model()
    except MissingPartError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def clip(models, tmp_path_factory):
    return read_clip(REFERENCE, SIZE, folder=tmp_path_factory.mktemp("ü clip"), seconds=SECONDS)


@pytest.fixture(scope="module")
def person(clip):
    return analyse(clip)


def test_the_clip_is_the_part_asked_for(clip):
    assert len(clip) == clip.footage.frames == round(SECONDS * RATE_HZ)
    assert clip.pictures.shape == (len(clip), SIZE, SIZE, 3)
    assert isinstance(clip.pictures, np.memmap)
    assert np.diff(clip.time_s) == pytest.approx(1 / RATE_HZ)


def test_landmarks_lie_where_a_fresh_look_at_the_pictures_finds_them(clip):
    with FaceFinder(find_model()) as finder:
        faces = [finder.find(np.ascontiguousarray(picture))[0] for picture in clip.pictures[::10]]
    seen = pixels(np.stack(faces), SIZE, SIZE)
    away = seen[..., :2] - clip.landmarks[::10, :, :2]
    eyes = np.linalg.norm(clip.landmarks[0, 33, :2] - clip.landmarks[0, 263, :2])
    assert np.abs(away.mean(axis=(0, 1))).max() < 0.01 * eyes
    assert np.linalg.norm(away, axis=2).mean() < 0.03 * eyes
    assert clip.landmarks[0, 4, 2] > clip.landmarks[0, 234, 2]  # the nose is nearer than the ear


def test_a_later_part_is_cut_alike(clip, tmp_path):
    square = Square(100, 40, 200)
    later = read_clip(REFERENCE, SIZE, folder=tmp_path, start_s=1.0, seconds=0.6, square=square)
    assert later.footage.square == square
    assert later.time_s == pytest.approx(clip.time_s[-len(later) :])
    scale = clip.footage.square.side / square.side
    moved = (clip.landmarks[-len(later) :, :, :2] + 0.5) * scale - 0.5 - np.array([100, 40]) * SIZE / 200
    away = later.landmarks[..., :2] - moved
    assert np.abs(away.mean(axis=(0, 1))).max() < 0.4
    assert np.linalg.norm(away, axis=2).mean() < 1.0


def test_a_part_that_is_not_there_is_refused(models, tmp_path):
    with pytest.raises(VideoError, match="no picture in the part"):
        read_clip(REFERENCE, SIZE, folder=tmp_path, start_s=100.0)
    with pytest.raises(VideoError, match="only 5 of 5"):
        read_clip(REFERENCE, SIZE, folder=tmp_path, seconds=0.2)


def test_a_square_is_cut_and_continued_beyond_the_edges():
    picture = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert np.array_equal(cut(picture, Square(1, 1, 2), (4, 4), 2), picture[1:3, 1:3])
    beyond = cut(picture, Square(-1, 0, 4), (4, 4), 4)
    assert np.array_equal(beyond[:, 0], picture[:, 0])
    assert np.array_equal(beyond[:, 1:], picture[:, :3])
    wide = cut(picture, Square(0, 0, 4), (8, 4), 4)  # pixels twice as wide as high
    assert np.abs(wide[:, 1:3].astype(int) - picture[:, [0, 1]]).max() <= 1


def test_smoothing_neither_lags_nor_shrinks_what_lips_do():
    time_s = np.cumsum(np.tile([0.03, 0.05], 40))  # a variable frame rate
    wave = np.sin(2 * np.pi * 3 * time_s)
    smoothed = smooth(time_s, wave)
    assert smoothed @ wave / (wave @ wave) == pytest.approx(0.9, abs=0.06)
    assert np.abs(smoothed - 0.9 * wave)[2:-2].max() < 0.1
    assert smooth(time_s, 2 + 3 * time_s)[3:-3] == pytest.approx((2 + 3 * time_s)[3:-3], abs=0.03)


def test_the_person_is_told_from_the_background(person):
    landmarks = np.clip(np.round(person.landmarks()), 0, SIZE - 1).astype(int)
    face = person.matte[np.arange(len(person.clip))[:, None], landmarks[..., 1], landmarks[..., 0]]
    assert face.mean() > 0.95 * 255
    assert person.matte[:, :10, :10].mean() < 5
    assert person.usable.all()
    assert person.background is not None
    assert np.abs(person.background[:10, :10, :3].astype(int) - person.clip.pictures[0][:10, :10]).mean() < 3


def test_the_face_points_fit_and_the_neutral_pose_is_among_the_poses(person):
    away = person.landmarks() - person.clip.landmarks[..., :2]  # since the pictures are brought into step
    assert 0 < np.abs(away).mean() < 0.3
    motion = person.stage.motion(person.poses, person.clip.time_s)
    assert np.abs(motion.translation_m).max() < 0.1
    again = person.stage.poses(motion)
    assert again.shift == pytest.approx(person.poses.shift)


@pytest.mark.parametrize(
    ("hidden", "hand"), [([10, 25], (22, 8)), (list(range(10, 18)), (26, 16))], ids=["briefly", "for long"]
)
def test_a_hand_before_the_face_is_left_out(clip, hidden, hand):
    pictures = np.array(clip.pictures)
    for frame in hidden:
        nose = clip.landmarks[frame, 1, :2].astype(int).tolist()
        cv2.ellipse(pictures[frame], nose, hand, 20, 0, 360, (190, 140, 120), -1)
    usable = usable_pictures(replace(clip, pictures=pictures), fit_face(clip.landmarks))
    assert np.flatnonzero(~usable).tolist() == hidden


def test_a_matte_in_a_file_is_the_one_in_memory(clip, person, tmp_path):
    few = replace(clip, pictures=clip.pictures[:4], time_s=clip.time_s[:4], landmarks=clip.landmarks[:4])
    silhouette = person_matte(few, folder=tmp_path)
    assert isinstance(silhouette, np.memmap)
    matte = with_fine_hair(few, silhouette, person.background, folder=tmp_path)
    assert isinstance(matte, np.memmap)
    assert np.array_equal(matte[:3], person.matte[:3])
    del silhouette
    drop_silhouette(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [MATTE]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_said(tmp_path):
    full = tmp_path / "pictures.npy"
    full.symlink_to("/dev/full")
    with pytest.raises(OutputError, match="Free some space"):
        write_pictures(full, iter(np.zeros((3, 64, 64, 3), np.uint8)), (3, 64, 64, 3))


@pytest.fixture
def short(monkeypatch, models):
    monkeypatch.setattr(first_pass, "LONGEST_REFERENCE_S", 0.6)


def test_a_reference_is_analysed_once_and_then_forgotten(short, tmp_path, monkeypatch):
    folder, video = tmp_path / "cache", tmp_path / "日本.mp4"
    shutil.copy(REFERENCE, video)
    first = cache.reference_person(Reference.of(video), 64, folder)
    with monkeypatch.context() as patched:
        patched.setattr(cache, "read_clip", lambda *_, **__: pytest.fail("analysed again"))
        second = cache.reference_person(Reference.of(video), 64, folder)
    assert second.clip.footage == first.clip.footage
    assert second.stage.scale == first.stage.scale
    for name in ("mesh", "expression", "background", "usable", "matte"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    for part in ("poses", "surround", "stage"):
        for name, value in vars(getattr(first, part)).items():
            assert np.array_equal(value, getattr(getattr(second, part), name))
    other = folder / "another reference"
    other.mkdir()
    cache.forget(Reference.of(video), folder)
    assert list(folder.iterdir()) == [other]


def analysed(folder):
    """What is kept of analyses, without the first pass, which serves every size."""
    return {entry for entry in folder.iterdir() if "-pass-" not in entry.name}


def test_an_analysis_that_was_stopped_leaves_nothing(short, tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(cache, "analyse", stop)
    with pytest.raises(KeyboardInterrupt):
        cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    assert analysed(tmp_path) == set()


def test_what_a_killed_analysis_leaves_is_dropped_by_the_next(short, tmp_path, monkeypatch):
    cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    (entry,) = analysed(tmp_path)
    old, new = (entry.with_name(f"{entry.name}-{end}") for end in ("killed", "at_work"))
    entry.rename(old)
    new.mkdir()
    for path in (old, *old.rglob("*")):
        os.utime(path, (0, 0))
    cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    assert analysed(tmp_path) == {entry, new}


def test_an_analysis_that_is_still_written_to_is_not_abandoned(short, tmp_path):
    entry = cache.entry_of(Reference.of(REFERENCE), 64, tmp_path)
    begun = entry.with_name(f"{entry.name}-long")
    (begun / "whole").mkdir(parents=True)
    (begun / "whole" / "pictures.npy").touch()
    for path in (begun, begun / "whole"):
        os.utime(path, (0, 0))
    cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    assert begun.is_dir()


def test_of_two_that_analyse_at_once_both_have_the_person(short, tmp_path, monkeypatch):
    make = cache._make

    def make_while_another_does(reference, size, folder, making, progress):
        make(reference, size, folder, making, progress)
        monkeypatch.setattr(cache, "_make", make)
        cache.reference_person(reference, size, folder)

    monkeypatch.setattr(cache, "_make", make_while_another_does)
    person = cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    assert person.matte.shape == (15, 64, 64)
    assert len(analysed(tmp_path)) == 1


DAMAGE = {
    "a link to itself": lambda file, whole: (file.unlink(), file.symlink_to(file.name)),
    "a link": lambda file, whole: (file.rename(file.with_name("away")), file.symlink_to("away")),
    "huge": lambda file, whole: os.truncate(file, 1 << 42),
    "empty": lambda file, whole: file.write_bytes(b""),
    "a pipe": lambda file, whole: (file.unlink(), os.mkfifo(file)),
    "a folder": lambda file, whole: (file.unlink(), file.mkdir()),
    "of another": lambda file, whole: (
        np.save(file.with_suffix(".npy"), np.zeros((3, 64, 64), np.uint8))
        or file.with_suffix(".npy").replace(file)
    ),
    "of objects": lambda file, whole: file.write_bytes(whole.replace(b"|u1", b"|O1")),
    "nested": lambda file, whole: file.write_bytes(
        b"\x93NUMPY\x01\x00" + (9000).to_bytes(2, "little") + b"(" * 9000
    ),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither these links nor pipes")
def test_what_is_no_file_of_ours_is_not_used(short, tmp_path):
    """A damaged entry is taken out of use, and made anew like one that is missing."""
    cache.reference_person(Reference.of(REFERENCE), 64, tmp_path / "kept")
    (entry,) = analysed(tmp_path / "kept")
    for kind, damage in DAMAGE.items():
        for name in ("person.npz", "matte.npy", "pictures.npy"):
            copy = tmp_path / kind / "entry"
            shutil.copytree(entry, copy)
            assert cache._found(copy) is not None
            damage(copy / name, (copy / name).read_bytes())
            assert cache._found(copy) is None, f"{name}: {kind}"
            assert list(copy.parent.iterdir()) == []


def test_an_entry_that_is_a_link_is_not_followed(short, tmp_path):
    cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    (entry,) = analysed(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    entry.rename(elsewhere)
    entry.symlink_to(elsewhere)
    cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    assert not entry.is_symlink()
    assert (elsewhere / "person.npz").is_file()


@pytest.mark.parametrize("name", ["person.npz", "matte.npy"])
def test_a_damaged_entry_is_made_anew(short, tmp_path, name):
    cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    (entry,) = analysed(tmp_path)
    whole = (entry / name).read_bytes()
    (entry / name).write_bytes(whole[: len(whole) // 2])
    person = cache.reference_person(Reference.of(REFERENCE), 64, tmp_path)
    assert person.matte.shape == (15, 64, 64)


def test_a_reference_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(VideoError, match="Check the path"):
        cache.reference_person(Reference.of(tmp_path / "none.mp4"), 64, tmp_path)


def test_a_cache_that_cannot_be_made_is_refused(short, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be kept"):
        cache.reference_person(Reference.of(REFERENCE), 64, tmp_path / "file" / "cache")

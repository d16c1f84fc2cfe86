"""Pictures kept until a video is whole: what is there stays, and a full disk says so."""

import os
import time

import numpy as np
import pytest

from mannerism.core.data_folder import data_folder
from mannerism.core.errors import OutputError
from mannerism.core.portrait.output.frame_store import Frames, drop_all_frames

RNG = np.random.default_rng(0)


def noise(size=96):
    return RNG.integers(0, 256, (size, size, 3), np.uint8)


def test_pictures_come_back_as_they_were(tmp_path):
    frames = Frames.of(tmp_path / "ü日本", "reference", "digest", 5)
    pictures = [noise() for _ in range(5)]
    for number in (3, 0, 4):
        frames.keep(number, pictures[number])
    again = Frames.of(tmp_path / "ü日本", "reference", "digest", 5)
    assert again.missing() == [1, 2]
    for number in again.missing():
        again.keep(number, pictures[number])
    assert all((a == b).all() for a, b in zip(again.pictures(), pictures, strict=True))
    again.drop()
    assert not again.folder.exists()


def test_videos_do_not_share_pictures(tmp_path):
    first, second = (Frames.of(tmp_path, "reference", digest, 1) for digest in ("one", "two"))
    first.keep(0, noise())
    assert second.missing() == [0]


def test_a_damaged_picture_is_drawn_anew(tmp_path):
    frames = Frames.of(tmp_path, "reference", "digest", 2)
    frames.keep(0, noise())
    frames.path(1).write_bytes(b"")
    with pytest.raises(OutputError, match="Picture 1") as caught:
        list(frames.pictures())
    assert "again" in caught.value.remedy
    assert frames.missing() == [1]


def test_a_full_disk_says_so_and_keeps_them(small_disk):
    frames = Frames.of(small_disk, "reference", "digest", 50)
    with pytest.raises(OutputError, match=r"disk is full: \d+ of 50") as caught:
        for number in range(50):
            frames.keep(number, noise(64))
    assert str(frames.folder) in caught.value.problem
    assert "MB" in caught.value.remedy
    kept = 50 - len(frames.missing())
    assert kept > 0
    assert f"{kept} of 50" in caught.value.problem
    assert len(list(frames.folder.iterdir())) == kept, "nothing half-written"


def test_leftovers_go_after_a_week(tmp_path):
    old, recent = (Frames.of(tmp_path, "reference", digest, 1) for digest in ("old", "recent"))
    for frames in (old, recent):
        frames.keep(0, noise())
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(old.folder, (long_ago, long_ago))
    Frames.of(tmp_path, "reference", "new", 1)
    assert not old.folder.exists()
    assert recent.missing() == []
    # A folder that somebody comes back to is not left over.
    os.utime(recent.folder, (long_ago, long_ago))
    assert Frames.of(tmp_path, "reference", "recent", 1).missing() == []


def test_all_of_a_reference_goes_at_once(tmp_path):
    mine, yours = (Frames.of(tmp_path, reference, "digest", 1) for reference in ("mine", "yours"))
    for frames in (mine, yours):
        frames.keep(0, noise())
    drop_all_frames(tmp_path, "mine")
    assert not mine.folder.exists()
    assert yours.missing() == []


def test_no_room_for_pictures(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="MANNERISM_DATA"):
        Frames.of(tmp_path / "file", "reference", "digest", 1)


def test_the_place_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MANNERISM_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.delenv("MANNERISM_DATA")
    assert data_folder().name.lower() == "mannerism"

"""Portrait pipeline: early refusals, resuming after a kill, results."""

import csv
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from mannerism.core.errors import (
    AudioError,
    CancelledError,
    ConsentError,
    MissingPartError,
    OutputError,
    PortraitError,
    VideoError,
)
from mannerism.core.motion import HeadMotion, no_progress
from mannerism.core.portrait import job
from mannerism.core.portrait.job import CONFIDENCE_COLUMNS, forget, make_portrait, write_confidence
from mannerism.core.portrait.model.request import PortraitRequest
from mannerism.core.portrait.output.preview import NAME, Preview
from mannerism.core.portrait.output.video_writer import TAGS
from mannerism.core.portrait.preflight.checks import Fault
from mannerism.core.portrait.reference.consent import attest, consent_of, withdraw
from mannerism.core.portrait.reference.identity import Reference, fingerprint
from mannerism.tests.support import portrait_stand_in
from mannerism.tests.support.portrait_stand_in import Painter, grey, stand_in
from mannerism.tests.support.synthetic_person import motion

SECONDS, PICTURES = 1.2, 30


@pytest.fixture
def painter(monkeypatch):
    painter = Painter()
    stand_in(lambda name, value: monkeypatch.setattr(job, name, value), painter)
    return painter


@pytest.fixture
def request_(tmp_path, talk, write_wav):
    reference = tmp_path / "ü日本 Ada.mp4"
    reference.write_bytes(b"a video of Ada")
    audio = write_wav(tmp_path / "ü日本 line.wav", talk(SECONDS))
    attest(Reference.of(reference), tmp_path / "kept")
    return PortraitRequest(
        reference,
        audio,
        tmp_path / "ü日本 out.mp4",
        tmp_path / "kept",
        motion=motion(np.zeros(30)),
        quality="warp",
        label=False,
    )


def greys(path):
    with av.open(str(path)) as film:
        return [float(frame.to_ndarray(format="gray").mean()) for frame in film.decode(video=0)]


@pytest.mark.slow
def test_the_film_holds_all_pictures_in_order_and_the_sound(painter, request_):
    result = make_portrait(request_)
    assert sorted(painter.drawn) == list(range(PICTURES))
    assert greys(result.out) == pytest.approx([grey(number) for number in range(PICTURES)], abs=2)
    with av.open(str(result.out)) as film:
        assert film.metadata.items() >= TAGS.items()
        assert [stream.type for stream in film.streams] == ["video", "audio"]
    assert result.time_s == pytest.approx(np.arange(PICTURES) / 25)
    assert result.notes == ("It is large.", "Painted.", "Mind it.")
    assert [path.name for path in (request_.folder / "frames").rglob("*")] == [], (
        "pictures go with the film whole"
    )


def test_a_size_that_is_given_needs_no_words(painter, request_):
    assert make_portrait(replace(request_, size=256)).notes == ("Painted.", "Mind it.")
    sized = request_.at_size(256)
    assert sized.digest(PICTURES) == replace(request_, size=256).digest(PICTURES)
    assert sized.identity is request_.identity
    assert painter.drawn


@pytest.mark.slow
@pytest.mark.parametrize("fps", ["10", "24000/1001", "30000/1001", "60"])
def test_pictures_last_as_long_as_the_sound(painter, request_, fps):
    result = make_portrait(replace(request_, fps=Fraction(fps)))
    count = len(greys(result.out))
    assert count == len(result.time_s) == len(painter.drawn)
    assert SECONDS - 1e-6 <= count / Fraction(fps) < SECONDS + 1 / Fraction(fps)


def test_a_part_of_the_sound(painter, request_):
    result = make_portrait(replace(request_, start_s=0.4, length_s=0.4))
    assert len(result.time_s) == len(painter.drawn) == 10


def test_the_confidence_of_each_picture(painter, request_, tmp_path):
    result = make_portrait(request_)
    write_confidence(tmp_path / "c.csv", result)
    with (tmp_path / "c.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(CONFIDENCE_COLUMNS)
    assert len(rows) == len(painter.drawn)
    for name in CONFIDENCE_COLUMNS:
        assert [float(row[name]) for row in rows] == pytest.approx(getattr(result, name), abs=1e-3)


@pytest.mark.slow
def test_the_label_is_on_unless_left_off(painter, request_):
    with_label = make_portrait(replace(request_, label=True, out=request_.out.with_stem("with")))
    without = make_portrait(request_)
    corner = (slice(-14, None), slice(-40, None))
    spread = []
    for path in (with_label.out, without.out):
        with av.open(str(path)) as film:
            spread.append(np.ptp(next(film.decode(video=0)).to_ndarray(format="gray")[corner]))
    assert spread[0] > 150
    assert spread[1] < 30
    assert len(painter.drawn) == 2 * PICTURES


def test_without_consent_nothing_happens(painter, request_):
    withdraw(request_.identity, request_.folder)
    before = set(request_.out.parent.rglob("*"))
    with pytest.raises(ConsentError, match="Ada"):
        make_portrait(request_)
    assert painter.drawn == []
    assert set(request_.out.parent.rglob("*")) == before


def test_no_more_sound_is_read_than_a_video_may_have(painter, request_, monkeypatch):
    monkeypatch.setattr(job, "LONGEST_AUDIO_S", 1.0)
    with pytest.raises(PortraitError, match="longer"):
        make_portrait(request_)
    make_portrait(replace(request_, length_s=1.0))
    assert len(painter.drawn) == 25


BAD: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "quality": ({"quality": "best"}, PortraitError, "best"),
    "small": ({"size": 16}, PortraitError, "16"),
    "large": ({"size": 100_000}, PortraitError, "100000"),
    "time": ({"refine_s": float("nan")}, PortraitError, "minutes"),
    "seed": ({"seed": -1}, PortraitError, "-1"),
    "past the end": ({"start_s": 60.0}, PortraitError, "0.00 s"),
    "too short": ({"length_s": 0.01}, PortraitError, "0.01 s"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_refused_at_once(painter, request_, case):
    changes, error, told = BAD[case]
    with pytest.raises(error, match=told):
        make_portrait(replace(request_, **changes))
    assert painter.drawn == []
    assert not request_.out.exists()


def test_bad_files_are_refused_at_once(painter, request_, tmp_path):
    with pytest.raises(PortraitError, match=r"\.mp4"):
        make_portrait(replace(request_, out=tmp_path / "a.mov"))
    with pytest.raises(PortraitError, match="own source"):
        make_portrait(replace(request_, out=tmp_path / "x" / ".." / request_.reference.name))
    with pytest.raises(OutputError):
        make_portrait(replace(request_, out=tmp_path / "nowhere" / "a.mp4"))
    with pytest.raises(VideoError, match="absent"):
        make_portrait(replace(request_, reference=tmp_path / "absent.mp4"))
    with pytest.raises(AudioError, match="absent"):
        make_portrait(replace(request_, audio=tmp_path / "absent.wav"))
    assert painter.drawn == []
    assert request_.reference.read_bytes() == b"a video of Ada"


def test_esc_keeps_what_is_drawn(painter, request_):
    def escape(_share, what):
        if what.startswith("Picture 8"):
            raise CancelledError

    with pytest.raises(CancelledError):
        make_portrait(request_, escape)
    before = len(painter.drawn)
    assert 8 <= before < PICTURES
    assert not request_.out.exists()
    make_portrait(request_)
    assert sorted(painter.drawn) == list(range(PICTURES)), "none twice"


@pytest.mark.slow
def test_after_a_kill_it_carries_on(request_, painter):
    """SIGKILL in the middle: what was drawn is not drawn again, and the film is as it would have been."""
    request_ = replace(request_, motion=None, label=True)
    paths = (request_.reference, request_.audio, request_.out, request_.folder)
    command = [sys.executable, portrait_stand_in.__file__, *map(str, paths), "0.1"]
    with subprocess.Popen(command) as process:
        deadline = time.monotonic() + 60
        while len(list(request_.folder.rglob("0*.png"))) < 6 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    kept = {int(path.stem) for path in request_.folder.rglob("0*.png")}
    assert 6 <= len(kept) < PICTURES
    assert not request_.out.exists()
    shares = []
    make_portrait(request_, lambda share, what: shares.append(share) if what.startswith("Picture") else None)
    assert sorted(painter.drawn) == sorted(set(range(PICTURES)) - kept)
    assert shares == sorted(shares)
    resumed = request_.out.read_bytes()
    make_portrait(request_)
    assert request_.out.read_bytes() == resumed
    assert not list(request_.folder.rglob("0*.png"))


def test_a_full_disk_says_so_and_more_room_carries_on(painter, request_, small_disk):
    attest(request_.identity, small_disk)
    request_ = replace(request_, folder=small_disk, motion=motion(np.zeros(2)))
    (small_disk / "other").write_bytes(bytes(196 << 10))
    with pytest.raises(OutputError, match=r"disk is full: \d+ of 30 pictures are in .*ü disk") as caught:
        make_portrait(request_)
    assert "MB" in caught.value.remedy
    assert not request_.out.exists()
    kept = {int(path.stem) for path in small_disk.rglob("0*.png")}
    assert 0 < len(kept) < PICTURES
    (small_disk / "other").unlink()
    painter.drawn.clear()
    make_portrait(request_)
    assert sorted(painter.drawn) == sorted(set(range(PICTURES)) - kept)


OTHERS: dict[str, dict[str, Any]] = {
    "seed": {"seed": 1},
    "fps": {"fps": Fraction(24)},
    "quality": {"quality": "refined"},
    "size": {"size": 128},
    "part": {"length_s": 1.0},
    "motion": {"motion": motion(np.linspace(0, 1, 30))},
    "no motion": {"motion": None},
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_video_shares_no_pictures(request_, other):
    assert replace(request_, **OTHERS[other]).digest(PICTURES) != request_.digest(PICTURES)


def test_what_does_not_change_pictures_does_not_draw_them_anew(request_, tmp_path):
    same = replace(request_, label=True, out=tmp_path / "other.mp4", refine_s=1.0, size=request_.size - 1)
    assert same.digest(PICTURES) == request_.digest(PICTURES)
    assert request_.digest(PICTURES) != request_.digest(PICTURES + 1)
    request_.audio.write_bytes(request_.audio.read_bytes()[:-2])
    assert same.digest(PICTURES) != PICTURES


def test_the_newest_picture_can_be_watched(painter, request_, tmp_path):
    folder = tmp_path / "preview"
    folder.mkdir()
    seen: list[Any] = []
    make_portrait(request_, no_progress, seen.append)
    assert len(seen) == len(painter.drawn)
    newest = tmp_path / "newest.png"
    newest.write_bytes(b"a picture")
    preview = Preview(folder)
    preview(newest)
    newest.write_bytes(b"another, at once")
    preview(newest)
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert (folder / NAME).read_bytes() == b"a picture", "now and then is enough"
    Preview(tmp_path / "nowhere")(newest)


def test_a_motion_that_ends_early_is_told(painter, request_):
    short = HeadMotion(np.array([0.0, 0.4]), np.tile([1.0, 0, 0, 0], (2, 1)), np.zeros((2, 3)))
    notes = make_portrait(replace(request_, motion=short)).notes
    assert any("ends after 0.4 s" in note for note in notes)
    assert painter.drawn


def test_a_turn_that_is_held_back_is_told(painter, request_, monkeypatch):
    plain = getattr(job, "plan_frames")  # noqa: B009  the stand-in

    def turned(*arguments, **named):
        plan = plain(*arguments, **named)
        return replace(plan, held_back_deg=np.where(np.arange(PICTURES) < 10, 7.0, 0.0))

    monkeypatch.setattr(job, "plan_frames", turned)
    notes = make_portrait(request_).notes
    assert any("For 0.4 s" in note and "7°" in note for note in notes)
    assert painter.drawn


def test_what_is_wrong_with_the_reference_is_reported_and_blocks_high_quality(monkeypatch, request_):
    painter, fault = Painter(), Fault("short", "It is short", "Give a longer one", blocks_high_quality=True)
    stand_in(lambda name, value: monkeypatch.setattr(job, name, value), painter, fault)
    assert "It is short. Give a longer one." in make_portrait(request_).notes
    painter.drawn.clear()
    with pytest.raises(PortraitError, match="It is short"):
        make_portrait(replace(request_, quality="high"))
    assert painter.drawn == []


def test_high_without_a_graphics_card_is_refused_before_anybody_waits(painter, request_, monkeypatch):
    def none():
        raise MissingPartError("There is no card", "Choose Refined")

    monkeypatch.setattr(job, "graphics_card", none)
    monkeypatch.setattr(job, "read_sound", lambda *_: pytest.fail("began"))
    with pytest.raises(MissingPartError, match="no card"):
        make_portrait(replace(request_, quality="high"))


@pytest.mark.slow
def test_a_silent_speech_is_told(painter, request_, tmp_path, write_wav):
    silent = write_wav(tmp_path / "silent.wav", np.zeros(16_000))
    assert not any("silent" in note for note in make_portrait(request_).notes)
    assert any(
        "The speech is silent." in note for note in make_portrait(replace(request_, audio=silent)).notes
    )


def test_forget_leaves_nothing(painter, request_):
    def escape(_share, what):
        if what.startswith("Picture 8"):
            raise CancelledError

    with pytest.raises(CancelledError):
        make_portrait(request_, escape)
    analysed = request_.folder / f"{fingerprint(request_.reference)}-256-1"
    analysed.mkdir()
    forget(request_.reference, request_.folder)
    assert consent_of(request_.identity, request_.folder) is None
    left = [path.name for path in request_.folder.rglob("*") if path.is_file()]
    assert sorted(left) == ["consent.history.jsonl", "consent.json"]
    for name in left:
        assert fingerprint(request_.reference) not in (request_.folder / name).read_text()
    assert not analysed.exists()
    assert painter.drawn

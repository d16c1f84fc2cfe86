"""Each reference is tracked, decoded and hashed once for a video, and not again for the next one."""

import os
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from mannerism.core import files
from mannerism.core.errors import MissingPartError
from mannerism.core.media import container
from mannerism.core.media.sound import Sound
from mannerism.core.media.video import Video
from mannerism.core.portrait.analysis.matte import find_person_model
from mannerism.core.portrait.driving import plan
from mannerism.core.portrait.driving.kept_manner import own_style
from mannerism.core.portrait.job import make_portrait
from mannerism.core.portrait.model.options import SMALLEST_SIZE
from mannerism.core.portrait.model.request import PortraitRequest
from mannerism.core.portrait.reference import identity
from mannerism.core.portrait.reference.consent import attest
from mannerism.core.speech import extract_features
from mannerism.core.style import encode_style, read_style, write_style
from mannerism.core.track import track_video
from mannerism.core.track.landmarks import FaceFinder, find_model
from mannerism.tests.support.paths import EXAMPLES, REFERENCE
from mannerism.tests.support.synthetic_reference import FPS, example_pictures, write_reference

FIRST, PICTURES = 40, 150  # at 25 a second


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    try:
        find_model()
        find_person_model()
    except MissingPartError as error:
        pytest.skip(str(error))
    path = tmp_path_factory.mktemp("reference") / "Ada.mp4"
    speech = np.concatenate(list(Sound(REFERENCE).part(FIRST / FPS, PICTURES / FPS)))
    write_reference(path, example_pictures(range(FIRST, FIRST + PICTURES)), sound=speech)
    os.utime(path, (1e9, 1e9))
    return path


@pytest.fixture
def count(monkeypatch, reference):
    """How often the reference is looked at (pictures), decoded, listened to, hashed, opened."""
    done: Counter[str] = Counter()
    find, video, pieces = FaceFinder.find, Video.__iter__, Sound._pieces
    hashed, opened = files.sha256_of, container.open_media

    def note(what, original, path_of):
        def noted(*arguments, **options):
            done[what] += path_of(*arguments) == reference
            return original(*arguments, **options)

        return noted

    def look(self, rgb, region=None):
        done["looks"] += bool(rgb.any())  # a finder warms up with a black picture
        return find(self, rgb)

    monkeypatch.setattr(FaceFinder, "find", look)
    monkeypatch.setattr(Video, "__iter__", note("decodes", video, lambda self: self.path))
    monkeypatch.setattr(Sound, "_pieces", note("listens", pieces, lambda self, *_: self.path))
    monkeypatch.setattr(identity, "sha256_of", note("hashes", hashed, lambda path: path))
    for module in ("mannerism.core.media.video", "mannerism.core.media.sound"):
        monkeypatch.setattr(f"{module}.open_media", note("opens", opened, lambda path: path))
    monkeypatch.setattr(
        plan, "correct", lambda _person, drive, *_: (drive, None)
    )  # it looks at what is drawn
    now = reference.stat().st_ctime + 10.0
    monkeypatch.setattr(identity, "time", lambda: now)
    identity._remembered.cache_clear()
    return done


@pytest.fixture
def request_(reference, tmp_path):
    audio = EXAMPLES / "line_1.wav"
    return PortraitRequest(
        reference,
        audio,
        tmp_path / "out.mp4",
        tmp_path / "kept",
        quality="warp",
        size=SMALLEST_SIZE,
        length_s=0.6,
        fps=Fraction(10),
    )


@pytest.mark.slow
def test_the_first_film_and_the_next(count, request_):
    attest(request_.identity, request_.folder)
    make_portrait(request_)
    assert PICTURES < count["looks"] <= 2.5 * PICTURES
    assert count["decodes"] <= 2
    assert count["hashes"] == 1
    assert count["listens"] <= 3  # loudness, speech for the head's manner, speech for the face's
    assert count["opens"] <= 8  # one for a first look at the sound's channels
    first = request_.out.read_bytes()
    count.clear()
    make_portrait(replace(request_))
    assert request_.out.read_bytes() == first
    make_portrait(replace(request_, seed=1))
    assert not +count


@pytest.mark.slow
def test_the_sound_of_the_reference_itself_is_not_hashed_apart(count, request_):
    attest(request_.identity, request_.folder)
    own = replace(request_, audio=request_.reference)
    own.digest(6)
    assert count["hashes"] == 1


@pytest.mark.slow
def test_the_own_style_is_that_of_encode(request_, tmp_path):
    track = track_video(request_.reference)
    write_style(tmp_path / "encoded.style.json", encode_style(track, extract_features(request_.reference)))
    kept = own_style(request_.identity, request_.folder, lambda *_: None)
    encoded = read_style(tmp_path / "encoded.style.json")
    assert kept.statistics == encoded.statistics
    assert kept.learned == encoded.learned
    there = sorted(path.name for path in request_.folder.rglob("*.*") if path.is_file())
    assert there == ["own.style.json", "pass.npz"]

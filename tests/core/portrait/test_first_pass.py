"""First pass over a reference: frames processed, length read, reuse of a cached pass."""

import numpy as np
import pytest

from mannerism.core.errors import MissingPartError
from mannerism.core.portrait.analysis import first_pass, kept_pass
from mannerism.core.portrait.analysis.first_pass import sample_frames, scan_frames
from mannerism.core.portrait.analysis.kept_pass import reference_pass
from mannerism.core.portrait.reference.identity import Reference
from mannerism.core.track import measure_face
from mannerism.core.track.landmarks import find_model
from mannerism.core.track.measure import measurements_of
from mannerism.tests.support.synthetic_reference import example_pictures, write_reference

PICTURES = 30


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    try:
        find_model()
    except MissingPartError as error:
        pytest.skip(str(error))
    path = tmp_path_factory.mktemp("ü pass") / "Ada.mp4"
    return write_reference(path, example_pictures(range(PICTURES)))


@pytest.fixture
def shorter(monkeypatch):
    monkeypatch.setattr(first_pass, "LONGEST_REFERENCE_S", 0.79)  # twenty pictures


@pytest.mark.slow
def test_samples_are_every_other_picture_of_the_pass(reference):
    samples, whole = sample_frames(reference), scan_frames(reference)
    assert len(samples.samples) == len(whole.samples) == PICTURES // 2
    assert samples.sightings is None
    assert whole.whole
    assert len(whole.sightings.time_s) == len(whole.time_s) == PICTURES
    for one, other in zip(samples.samples, whole.samples, strict=True):
        assert one.time_s == other.time_s
        assert np.array_equal(one.faces, other.faces)
        assert np.array_equal(one.skin, other.skin)


@pytest.mark.slow
def test_heads_are_those_that_tracking_measures(reference):
    made = scan_frames(reference)
    assert made.heads is not None
    measured = measurements_of(
        made.heads, made.facts, name="Ada", cut_short=made.cut_short, source_sha256="", model_sha256=""
    )
    tracked = measure_face(reference)
    for name in ("time_s", "found", "rotation", "position_m", "mouth_m", "width", "frame_rate", "rival"):
        assert np.array_equal(getattr(measured, name), getattr(tracked, name))


@pytest.mark.slow
def test_a_long_reference_is_read_to_the_end_only_for_its_heads(reference, shorter, tmp_path, monkeypatch):
    known = Reference.of(reference)
    part = reference_pass(known, tmp_path)
    assert not part.whole
    assert len(part.heads.time_s) == len(part.sightings.time_s) == 20
    whole = reference_pass(known, tmp_path, to_end=True)
    assert whole.whole
    assert (len(whole.heads.time_s), len(whole.sightings.time_s)) == (PICTURES, 20)
    monkeypatch.setattr(kept_pass, "scan_frames", lambda *_, **__: pytest.fail("looked at again"))
    kept = reference_pass(known, tmp_path, to_end=True)
    assert np.array_equal(kept.heads.rotation, whole.heads.rotation)
    assert np.array_equal(kept.sightings.faces, whole.sightings.faces)
    assert kept.facts == whole.facts


@pytest.mark.slow
def test_a_damaged_pass_is_made_anew(reference, tmp_path):
    known = Reference.of(reference)
    made = reference_pass(known, tmp_path)
    (file,) = tmp_path.rglob("pass.npz")
    file.write_bytes(file.read_bytes()[:1000])
    assert np.array_equal(reference_pass(known, tmp_path).sightings.faces, made.sightings.faces)

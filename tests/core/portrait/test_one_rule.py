"""Agreement of preflight and analysis on frames with an occluded face."""

import numpy as np
import pytest

from mannerism.core.errors import MissingPartError
from mannerism.core.portrait.analysis import clip_reader
from mannerism.core.portrait.analysis.face_fit import fit_face
from mannerism.core.portrait.analysis.first_pass import scan_frames
from mannerism.core.portrait.analysis.usable_frames import usable_pictures
from mannerism.core.portrait.preflight.checks import find_faults
from mannerism.core.portrait.preflight.survey import survey_of
from mannerism.core.track.landmarks import find_model
from mannerism.tests.support.synthetic_reference import example_pictures, with_hand, write_reference

COUNT = 120
START = 10


@pytest.fixture(scope="module")
def pictures():
    try:
        find_model()
    except MissingPartError as error:
        pytest.skip(str(error))
    return example_pictures(range(COUNT))


def sentence_and_mask(pictures, hidden, folder, monkeypatch):
    """What the check says is not used, of how many pictures looked at, and what the analysis uses."""
    shown = [with_hand(p) if START <= i < START + hidden else p for i, p in enumerate(pictures)]
    path = write_reference(folder / "reference.mp4", shown)
    first = scan_frames(path)
    faults = {fault.name: fault.problem for fault in find_faults(survey_of(path, first))}
    left_out, of = (
        faults.get("covered", " in 0 of 60 pictures").split(" in ")[-1].split(" pictures")[0].split(" of ")
    )
    monkeypatch.setattr(clip_reader, "averaged_landmarks", lambda _pictures, points, _progress: points)
    clip = clip_reader.read_clip(path, 256, folder=folder, sightings=first.sightings)
    return int(left_out), int(of), usable_pictures(clip, fit_face(clip.landmarks))


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [0, 10, 40, 100])
def test_both_say_the_same_of_a_hand(pictures, tmp_path, monkeypatch, hidden):
    left_out, of, usable = sentence_and_mask(pictures, hidden, tmp_path, monkeypatch)
    assert of == COUNT // 2
    assert left_out / of == pytest.approx((~usable).mean(), abs=2 / of)
    with_a_hand = np.zeros(COUNT, bool)
    with_a_hand[START : START + hidden] = True
    expected = with_a_hand if hidden <= COUNT // 2 else ~with_a_hand  # most of the time is what is usual
    assert (~usable == expected).mean() > 0.97

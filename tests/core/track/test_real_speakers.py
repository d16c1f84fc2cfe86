"""Tracking of real people talking: found in nearly all frames, and still enough. Skips without the clips."""

import numpy as np
import pytest

from mannerism.benchmarks.tracking import noise_deg, ten_clips
from mannerism.core.errors import MissingPartError
from mannerism.core.motion import HeadPoseTrack
from mannerism.core.rotation import IDENTITY, angle_between, from_euler
from mannerism.core.track import track_video
from mannerism.core.track.landmarks import find_model
from mannerism.tests.support.paths import CLIPS


@pytest.mark.slow
def test_two_of_the_ten_clips_track_whole_and_still():
    if not (CLIPS / "catalog.tsv").is_file():
        pytest.skip("no clips of real people here")
    try:
        model = find_model()
    except MissingPartError as error:
        pytest.skip(str(error))
    clips = ten_clips(CLIPS / "catalog.tsv")
    assert len({clip.stem.partition("_")[0] for clip in clips}) == 10
    tracks = [track_video(clip, model=model) for clip in (clips[0], clips[9])]
    assert min(track.valid.mean() for track in tracks) >= 0.95
    assert (np.median([noise_deg(track) for track in tracks], axis=0) <= 0.25).all()
    for track in tracks:
        assert np.degrees(np.median(angle_between(track.rotation[track.valid], IDENTITY))) < 15
        assert np.abs(track.translation_m[track.valid]).max() < 0.5


def test_the_noise_figure_is_the_deviation_of_white_noise_and_blind_to_slow_motion():
    random = np.random.default_rng(0)
    time_s = np.arange(5000) / 25
    noise = np.radians(random.normal(0, [0.3, 0.2, 0.1], (5000, 3)))
    slow = np.radians(10) * np.sin(2 * np.pi * 0.2 * time_s)[:, None]

    def measured(angles):
        rotation = from_euler(*angles.T)
        return noise_deg(HeadPoseTrack(time_s, rotation, np.zeros((5000, 3)), np.ones(5000, bool)))

    assert measured(noise + slow) == pytest.approx([0.3, 0.2, 0.1], rel=0.05)
    assert (measured(np.repeat(slow, 3, axis=1)) < 0.02).all()

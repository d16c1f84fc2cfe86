"""Real voices, and one real person from video to take; skipped where the clips are not at hand."""

import csv

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import MissingPartError
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.speech import extract_features
from mannerism.core.speech.windows import smooth
from mannerism.core.style import Style, encode_style
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import rate, to_grid
from mannerism.core.style.voice_coupling import log_speed
from mannerism.tests.support.paths import CLIPS

pytestmark = pytest.mark.skipif(
    not (CLIPS / "catalog.tsv").exists(), reason="MANNERISM_CLIPS names no folder of real speakers"
)


@pytest.fixture(scope="module")
def clips():
    """Each tenth clip of 14 s and more from the presenters and the vlogs: a rule, not a choice."""
    with (CLIPS / "catalog.tsv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["source"] in {"wth", "fi"}]
    long = [CLIPS / f"{row['clip']}.mp4" for row in rows if float(row["seconds"]) >= 14.0]
    return long[::10][:8]


@pytest.fixture(scope="module")
def voices(clips):
    return [extract_features(path) for path in clips]


@pytest.mark.slow
def test_real_voices_are_heard(voices):
    for speech in voices:
        assert np.isfinite(speech.values).all()
        assert 0.4 < (speech.column("activity") > 0.5).mean() <= 1.0
        assert np.abs(np.median(speech.column("f0")[speech.column("voicing") > 0.5])) < 1.0
        assert 0.3 < (speech.column("voicing") > 0).mean() < 0.95


@pytest.mark.slow
def test_nobodys_manner_follows_the_right_voice(voices):
    """Correlation of log speed with energy at the manner's lead, right voice against all the others."""
    style = Style(load_population().means(), speech_s=12.0, confidence=1.0)
    count = min(len(speech.time_s) for speech in voices)
    lead = round(style.statistics["lead_s"] * 25)
    energies = np.stack([np.maximum(smooth(speech.column("energy"), 0.1), -2.5)[:count] for speech in voices])
    right, wrong = [], []
    for own, speech in enumerate(voices):
        for seed in range(6):
            motion = generate(style, speech, GenerationSettings(seed=seed))
            speed = smooth(log_speed(rate(np.degrees(rot.to_rotvec(motion.rotation)))), 0.1)[:count]
            found = [
                np.corrcoef(speed[25 : -25 - lead], energy[25 + lead : -25])[0, 1] for energy in energies
            ]
            right.append(found.pop(own))
            wrong += found
    assert np.mean(right) > np.mean(wrong) + 0.1
    assert abs(np.mean(wrong)) < 0.08


@pytest.mark.slow
def test_from_a_person_to_a_take(clips, voices):
    from mannerism.core.track import track_video

    try:
        track = track_video(clips[0])
    except MissingPartError as error:
        pytest.skip(str(error))
    style = encode_style(track, voices[0])
    assert 0.3 < style.confidence < 1.0
    real = to_grid(track)
    motion = generate(style, voices[1], GenerationSettings(seed=1))
    made = np.degrees(rot.to_rotvec(motion.rotation))
    ratio = np.abs(rate(made)).mean(axis=0) / np.abs(rate(real.angles_deg))[real.valid].mean(axis=0)
    assert (ratio > 0.4).all()
    assert (ratio < 2.5).all()

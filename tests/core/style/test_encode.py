"""Tracks to styles: known answers for the statistics, shrinkage, confidence, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import StyleError
from mannerism.core.motion import GRID_HZ, HeadPoseTrack
from mannerism.core.speech import extract_features
from mannerism.core.speech.features import NAMES
from mannerism.core.style import STATISTICS, encode_style
from mannerism.core.style.from_reference import style_from_reference
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import to_grid
from mannerism.core.style.statistics import measure
from mannerism.core.style.voice_coupling import raw_drives, shifted


def make_track(angles_deg, time_s, translation_m=None, valid=None):
    """A track from (N, 3) rotation vectors in degrees."""
    count = len(time_s)
    return HeadPoseTrack(
        np.asarray(time_s, np.float64),
        rot.continuous(rot.from_rotvec(np.radians(angles_deg))),
        np.zeros((count, 3)) if translation_m is None else translation_m,
        np.ones(count, np.bool_) if valid is None else valid,
    )


def nodding(time_s, size_deg=4.0, frequency_hz=1.5):
    """Pitch alone, a sine whose turns lie unlike two samples apart: rounding would decide between equal ones."""
    angles = np.zeros((len(time_s), 3))
    angles[:, 0] = size_deg * np.sin(2 * np.pi * frequency_hz * np.asarray(time_s) + 0.1)
    return angles


def coloured(count, seed, sigma=(4.0, 6.0, 3.0), rate_hz=30.0):
    """Smooth Gaussian motion (N, 3), degrees."""
    white = np.random.default_rng(seed).normal(size=(count + 60, 3))
    kernel = np.exp(-0.5 * np.square(np.arange(-30, 31) / (0.12 * rate_hz)))
    smooth = np.stack([np.convolve(column, kernel, mode="valid") for column in white.T], axis=1)
    return smooth / smooth.std(axis=0) * sigma


@pytest.fixture(scope="module")
def speech(talk, write_wav, tmp_path_factory):
    return extract_features(write_wav(tmp_path_factory.mktemp("speech") / "a.wav", talk(30.0)))


def test_a_nodding_head():
    time_s = np.arange(0, 20, 1 / 30)
    found = measure(to_grid(make_track(nodding(time_s), time_s)), None)
    assert np.exp(found["log_sigma_pitch"]) == pytest.approx(4 / np.sqrt(2), rel=0.02)
    speed = 2 / np.pi * 4 * 2 * np.pi * 1.5
    assert np.exp(found["log_speed_pitch"]) == pytest.approx(speed, rel=0.03)
    bands = [found[f"psd_pitch_{band}"] for band in range(1, 6)]
    assert int(np.argmax(bands)) == 2  # 1 to 2 Hz
    assert 10 ** bands[2] * speed**2 == pytest.approx(
        4**2 / 2, rel=0.15
    )  # all of its power in a band 1 Hz wide
    assert found["centroid_pitch"] == pytest.approx(1.5, abs=0.05)
    assert found["nod_rate"] == pytest.approx(1.5, abs=0.11)  # not the half ones at the ends
    # Half of the depth is left by what counts as slow, the whole swing is reported.
    assert np.exp(found["log_nod_size"]) == pytest.approx(8.0, rel=0.15)
    assert found["asymmetry"] == pytest.approx(0.0, abs=0.02)
    assert found["log_sigma_yaw"] == pytest.approx(np.log(0.01))


def test_down_faster_than_up_is_positive():
    time_s = np.arange(0, 20, 1 / 30)
    phase = (time_s % 1.0)[:, None]
    saw = np.where(phase < 0.25, phase / 0.25, (1.0 - phase) / 0.75) * [[6.0, 0, 0]]
    assert measure(to_grid(make_track(saw, time_s)), None)["asymmetry"] > 0.5


def test_gaussian_motion():
    time_s = np.arange(9000) / 30
    angles = coloured(9000, seed=1)
    angles[:, 2] = 0.8 * angles[:, 2] + 0.6 * angles[:, 1] / 2.0  # roll follows yaw: correlation 0.6
    found = measure(to_grid(make_track(angles, time_s)), None)
    assert np.exp(found["log_sigma_yaw"]) == pytest.approx(6.0, rel=0.02)
    assert found["kurtosis"] == pytest.approx(0.0, abs=0.3)
    assert found["correlation_yaw_roll"] == pytest.approx(0.6, abs=0.05)
    assert found["correlation_pitch_yaw"] == pytest.approx(0.0, abs=0.07)
    assert 0.03 < found["hold"] < 0.12


def test_frame_rate_and_uneven_times_do_not_matter():
    def at(time_s):
        angles = np.column_stack(
            [
                3 * np.sin(2 * np.pi * 0.9 * time_s) + np.sin(2 * np.pi * 2.1 * time_s),
                5 * np.sin(2 * np.pi * 0.35 * time_s),
                2 * np.cos(2 * np.pi * 0.6 * time_s),
            ]
        )
        return measure(to_grid(make_track(angles, time_s, 0.01 * np.sin(angles))), None)

    truth = at(np.arange(0, 16, 1 / 60))
    uneven = np.cumsum(np.random.default_rng(2).uniform(0.02, 0.06, 400))
    for time_s, allowed in (
        (np.arange(0, 16, 1001 / 30000), 0.03),
        (uneven[uneven < 16], 0.05),
        (np.arange(0.013, 16, 1 / 12), 0.12),
    ):
        found = at(time_s)
        for name in ("log_sigma_pitch", "log_speed_pitch", "log_speed_yaw", "log_sigma_x", "centroid_pitch"):
            assert found[name] == pytest.approx(truth[name], abs=allowed), name


def test_tremble_above_the_cutoff_is_not_style():
    time_s = np.arange(0, 20, 1 / 30)
    still = measure(to_grid(make_track(nodding(time_s), time_s)), None)
    noise = 0.3 * np.sin(2 * np.pi * 10.0 * time_s)[:, None]
    grid = to_grid(make_track(nodding(time_s) + noise, time_s))
    assert measure(grid, None)["log_speed_pitch"] == pytest.approx(still["log_speed_pitch"], abs=0.02)
    assert grid.noise_deg == pytest.approx(0.3 / np.sqrt(2), rel=0.2)


def test_invalid_frames_do_not_count():
    time_s = np.arange(0, 20, 1 / 30)
    angles = coloured(600, seed=3)
    clean = measure(to_grid(make_track(angles, time_s)), None)
    lost = (time_s > 7.0) & (time_s < 9.0)
    angles[lost] = 40.0
    found = measure(to_grid(make_track(angles, time_s, valid=~lost)), None)
    for name in ("log_sigma_pitch", "log_speed_yaw", "hold", "sd_log_speed", "psd_yaw_3"):
        assert found[name] == pytest.approx(clean[name], abs=0.25), name


@pytest.mark.slow
def test_a_head_that_leads_its_voice(speech):
    """Gaussian motion played faster with energy that comes 0.2 s later."""
    for lead_s in (0.08, 0.28):
        energy = shifted(raw_drives(speech)[:, 0], lead_s)
        active = shifted(speech.column("activity"), lead_s) > 0.5
        drive = np.where(active, (energy - energy[active].mean()) / energy[active].std(), 0.0)
        clock = np.cumsum(np.exp(0.6 * drive) * np.where(active, 1.0, 0.25)) / GRID_HZ
        path = coloured(3000, seed=4)
        angles = np.column_stack([np.interp(clock, np.arange(3000) / 30, path[:, i]) for i in range(3)])
        found = measure(to_grid(make_track(angles, speech.time_s)), speech)
        assert found["lead_s"] == pytest.approx(lead_s, abs=0.09)
        assert found["coupling_energy"] > 0.3
        assert 0.5 < found["log_pause_ratio"] < 2.0


def test_shrinkage_is_the_best_linear_prediction():
    population = load_population()
    spread = population.spreads["log_sigma_pitch"]
    measured = {"log_sigma_pitch": spread.mean + 1.0}
    for speech_s in (3.0, 12.0, 60.0):
        expected = spread.between / (spread.between + spread.situation + spread.sampling / speech_s)
        moved = population.shrink(measured, speech_s)["log_sigma_pitch"] - spread.mean
        assert moved == pytest.approx(expected)
    assert population.shrink(measured, 5.0)["log_speed_yaw"] == population.spreads["log_speed_yaw"].mean
    # Amplitude of pitch is the person's, of yaw it is rather the occasion's.
    assert spread.trust(12.0) > population.spreads["log_sigma_yaw"].trust(12.0)


@pytest.mark.slow
def test_encode(speech):
    time_s = np.arange(0.0, 14.0, 1 / 30)
    calm, lively = coloured(len(time_s), 5, (1.5, 1.5, 1.0)), coloured(len(time_s), 5, (8.0, 9.0, 6.0))
    one, other = (encode_style(make_track(angles, time_s), speech) for angles in (calm, lively))
    assert one.statistics.keys() == STATISTICS.keys()
    for name in ("log_sigma_pitch", "log_speed_roll", "log_speed_pitch"):
        assert one.statistics[name] < load_population().means()[name] < other.statistics[name]
    assert one.confidence == pytest.approx(other.confidence, abs=0.02)
    assert 0.5 < one.confidence <= 1.0
    kept = one.reference_motion
    assert kept is not None
    grid = to_grid(make_track(calm, time_s))
    difference = np.degrees(rot.to_rotvec(kept.rotation)) - grid.angles_deg
    assert np.abs(difference).max() < 1e-4
    assert encode_style(make_track(calm, time_s), speech, keep_motion=False).motion is None


@pytest.mark.slow
def test_confidence_falls_with_each_shortcoming(speech):
    def confidence(seconds=14.0, noise_deg=0.0, lost=0.0, has_speech=True):
        time_s = np.arange(0.0, seconds, 1 / 30)
        rng = np.random.default_rng(6)
        angles = coloured(len(time_s), 7) + rng.normal(0, 1, (len(time_s), 3)) * noise_deg
        track = make_track(angles, time_s, valid=time_s > lost * seconds)
        style = encode_style(track, speech if has_speech else None)
        return style.confidence, " ".join(style.reasons)

    best, reasons = confidence()
    assert not reasons
    for change, says in (
        ({"seconds": 6.0}, "Only"),
        ({"noise_deg": 0.6}, "trembles"),
        ({"has_speech": False}, "No sound"),
    ):
        worse, reasons = confidence(**change)
        assert worse < best - 0.05, change
        assert says in reasons
    time_s = np.arange(0.0, 14.0, 1 / 30)
    gap = (time_s > 5) & (time_s < 8)
    torn = encode_style(make_track(coloured(len(time_s), 7), time_s, valid=~gap), speech)
    assert torn.confidence < best
    assert "lost" in " ".join(torn.reasons)


def test_without_sound_the_voice_is_everybodys():
    time_s = np.arange(0.0, 14.0, 1 / 30)
    style = encode_style(make_track(coloured(len(time_s), 8), time_s), None)
    for name in ("lead_s", "log_pause_ratio", "coupling_energy", "coupling_onset", "coupling_accent"):
        assert style.statistics[name] == load_population().means()[name]


def test_what_is_beyond_the_sound_is_no_speech(talk, write_wav, tmp_path):
    """A sound that ends in the middle of a word, while the picture goes on."""
    time_s = np.arange(0.0, 12.0, 1 / 30)
    short = extract_features(write_wav(tmp_path / "short.wav", talk(5.0)[: 16_000 * 4]))
    active = short.column("activity")
    active[-1] = 1.0
    values = short.values.copy()
    values[:, NAMES.index("activity")] = active
    style = encode_style(make_track(nodding(time_s), time_s), replace(short, values=values))
    assert style.speech_s <= 4.4
    later = make_track(nodding(time_s), time_s + 60.0)
    said: list[str] = []
    with pytest.raises(StyleError, match="are together for only"):
        style_from_reference(later, speech=tmp_path / "short.wav", on_warning=said.append)
    assert any("the picture is from 60.0 to 72.0 s" in sentence for sentence in said)


@pytest.mark.slow
def test_a_still_head_is_a_manner_too(speech):
    time_s = np.arange(0.0, 10.0, 1 / 30)
    style = encode_style(make_track(np.zeros((len(time_s), 3)), time_s), speech)
    assert all(np.isfinite(value) for value in style.statistics.values())
    assert style.statistics["log_sigma_pitch"] < load_population().means()["log_sigma_pitch"] - 1.0


def test_too_little_speech(talk, write_wav, tmp_path, speech):
    time_s = np.arange(0.0, 2.5, 1 / 30)
    with pytest.raises(StyleError, match=r"only 2\.5 s of tracked head motion"):
        encode_style(make_track(nodding(time_s), time_s), speech)
    time_s = np.arange(0.0, 12.0, 1 / 30)
    with pytest.raises(StyleError, match=r"only 0\.0 s of tracked head motion"):
        encode_style(make_track(nodding(time_s), time_s, valid=np.zeros(len(time_s), np.bool_)), None)
    mostly_silent = np.concatenate([talk(1.5), np.zeros(16_000 * 10)])
    quiet = extract_features(write_wav(tmp_path / "quiet.wav", mostly_silent))
    with pytest.raises(StyleError, match="of tracked speech"):
        encode_style(make_track(nodding(time_s), time_s), quiet)
